"""Whatever step a kill comes at: what was good is still there, and half of it is nowhere."""

import itertools
import os
import shutil
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from bookbuild import safety

STEPS = [(os, "replace"), (os, "unlink"), (shutil, "copy2"), (shutil, "rmtree")]


class Killed(BaseException):
    """The end of a process, which no handler may notice."""


@pytest.fixture
def kill_at(monkeypatch):
    """Run something and end it as it takes its n-th step on the disk; tell whether it got there."""

    def run(step, action, *given):
        left = iter(range(step))

        def counted(function):
            def call(*arguments, **settings):
                if next(left, None) is not None:
                    return function(*arguments, **settings)
                if function is shutil_copy2:
                    Path(arguments[1]).write_text("ha")  # a kill in the middle of a file
                raise Killed

            return call

        with monkeypatch.context() as patch:
            for module, name in STEPS:
                patch.setattr(module, name, counted(getattr(module, name)))
            try:
                action(*given)
            except Killed:
                return True
        return False

    shutil_copy2 = shutil.copy2
    return run


def fill(folder, words):
    for name in ("a.html", "sub/b.html"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(words)


def words_in(folder):
    """The words that every file of a folder holds."""
    files = {str(p.relative_to(folder)): p.read_text() for p in folder.rglob("*") if p.is_file()}
    assert set(files) == {"a.html", "sub/b.html"}
    (words,) = set(files.values())
    return words


def test_a_kill_while_a_site_is_published_leaves_the_old_or_the_new_one(tmp_path, kill_at):
    for step in itertools.count():
        built = tmp_path / str(step)
        fill(built / "html", "old")
        fill(built / "work", "the new one")
        killed = kill_at(step, safety.publish, built / "work", built / "html")
        safety.recover(built)
        assert sorted(os.listdir(built)) == ["html", "work"]
        assert words_in(built / "html") in ("old", "the new one")
        if not killed:
            break
    assert step > 4
    assert words_in(built / "html") == "the new one"


def work(folder, words):
    with safety.workspace(folder):
        fill(folder, words)


def fail(folder, words):
    with suppress(safety.BuildError), safety.workspace(folder):
        fill(folder, words)
        raise safety.BuildError


def test_a_kill_in_a_workspace_gives_the_next_build_the_last_good_state(tmp_path, kill_at):
    for step in itertools.count():
        folder = tmp_path / str(step) / "work"
        folder.parent.mkdir()
        work(folder, "good")
        killed = kill_at(step, work, folder, "better")
        safety.recover(folder.parent)
        with safety.workspace(folder):
            assert words_in(folder) in ("good", "better")
        assert words_in(folder) == words_in(folder.with_name("work.good"))
        if not killed:
            break
    assert step > 4


def test_a_failed_build_leaves_its_workspace_as_it_was(tmp_path):
    folder = tmp_path / "work"
    work(folder, "good")
    fail(folder, "a page with a warning that would not be told again")
    with safety.workspace(folder):
        assert words_in(folder) == "good"


def test_a_first_build_that_failed_leaves_an_empty_workspace(tmp_path):
    folder = tmp_path / "work"
    fail(folder, "half")
    with safety.workspace(folder):
        assert list(folder.iterdir()) == []


def test_a_mirror_copies_what_differs_and_drops_what_is_gone(tmp_path):
    source, target = tmp_path / "source", tmp_path / "target"
    fill(source, "same")
    safety.mirror(source, target)
    kept = (target / "a.html").stat().st_ino
    (source / "sub/b.html").unlink()
    (source / "sub/c").mkdir()
    (source / "sub/c/d").write_text("new")
    (target / "sub/c").write_text("a file where a folder belongs")
    (target / "gone").mkdir()
    safety.mirror(source, target, leave={"sub"})
    assert sorted(str(p.relative_to(target)) for p in target.rglob("*")) == ["a.html"]
    safety.mirror(source, target)
    assert (target / "sub/c/d").read_text() == "new"
    assert (target / "a.html").stat().st_ino == kept


HOLD = """
import sys, time
from pathlib import Path
from bookbuild import safety
with safety.alone(Path(sys.argv[1])):
    print("in", flush=True)
    time.sleep(float(sys.argv[2]))
"""


def hold(folder, seconds):
    """Another process that builds in `folder`."""
    line = [sys.executable, "-c", HOLD, str(folder), str(seconds)]
    return subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_two_builds_at_once_are_refused_until_the_first_is_gone(tmp_path):
    first = hold(tmp_path, 1000)
    assert first.stdout.readline() == "in\n"
    out, told = hold(tmp_path, 0).communicate()
    assert out == ""
    assert f"another build is running in {tmp_path}; wait for it to end" in told
    first.kill()
    first.wait()
    second = hold(tmp_path, 0)
    assert second.communicate()[0] == "in\n"


def test_a_file_is_written_whole_or_not_at_all(tmp_path, kill_at):
    path = tmp_path / "times.json"
    path.write_text("old")
    assert kill_at(0, safety.write_whole, path, "new")
    assert path.read_text() == "old"
