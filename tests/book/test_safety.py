"""Whatever step a kill comes at: what was good is still there, and half of it is nowhere."""

import itertools
import os
import shutil
import subprocess
import sys
from contextlib import suppress

import pytest

from bookbuild import safety

STEPS = [(os, "replace"), (os, "unlink"), (shutil, "rmtree")]


class Killed(BaseException):
    """The end of a process, which no handler may notice."""


@pytest.fixture
def kill_at(monkeypatch):
    """Run something and end it as it takes its n-th step on the disk; tell whether it got there."""

    def run(step, action, *given):
        left = iter(range(step))

        def counted(function):
            def call(*arguments, **settings):
                if next(left, None) is None:
                    raise Killed
                return function(*arguments, **settings)

            return call

        with monkeypatch.context() as patch:
            for module, name in STEPS:
                patch.setattr(module, name, counted(getattr(module, name)))
            try:
                action(*given)
            except Killed:
                return True
        return False

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
        assert set(os.listdir(built)) <= {"html", "work"}
        assert words_in(built / "html") in ("old", "the new one")
        if not killed:
            break
    assert step > 2
    assert words_in(built / "html") == "the new one"
    assert not (built / "work").exists()


def test_a_workspace_keeps_what_a_good_build_left_there(tmp_path):
    with safety.workspace(tmp_path / "work"):
        fill(tmp_path / "work", "good")
    with safety.workspace(tmp_path / "work"):
        (tmp_path / "work/unfinished").rename(tmp_path / "unfinished")
        assert words_in(tmp_path / "work") == "good"
        (tmp_path / "unfinished").rename(tmp_path / "work/unfinished")


@pytest.mark.parametrize("ending", [safety.BuildError, Killed])
def test_a_workspace_is_empty_after_a_build_that_did_not_end_well(tmp_path, ending):
    with suppress(ending), safety.workspace(tmp_path / "work"):
        fill(tmp_path / "work", "half")
        raise ending
    with safety.workspace(tmp_path / "work"):
        assert os.listdir(tmp_path / "work") == ["unfinished"]
    assert os.listdir(tmp_path) == ["work"]


HOLD = """
import os, sys, time
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
