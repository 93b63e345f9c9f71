"""A build that is killed in any of its phases costs its own work and nothing else."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import suppress

import psutil

LIMIT = 60  # seconds a process may live on without its build; a kernel looks each second

# runs the build and kills it at the n-th call of a function (with some words in its arguments)
RUNNER = """
import functools, importlib, os, signal, sys
module, name, calls, words, sys.argv[1:] = *sys.argv[1:5], sys.argv[5:]
owner = functools.reduce(getattr, name.split(".")[:-1], importlib.import_module(module))
function, left = getattr(owner, name.split(".")[-1]), [int(calls)]

def deadly(*arguments, **settings):
    left[0] -= words in str(arguments)
    if not left[0]:
        os.kill(os.getpid(), signal.SIGKILL)
    return function(*arguments, **settings)

setattr(owner, name.split(".")[-1], deadly)
from bookbuild.__main__ import main
sys.exit(main(sys.argv[1:]))
"""
PHASES = {
    "the text is checked": ("bookbuild.guards", "check", 1),
    "the first chapter is kept": ("bookbuild.cache", "keep", 1),
    "the second chapter's results are written, its record is there": ("nbformat", "writes", 2),
    "a page is read": ("sphinx.builders", "Builder.read_doc", 2),
    "a notebook is written": ("bookbuild.notebooks.builder", "NotebookBuilder.write_doc", 2),
    "a page is written": ("sphinx.builders.html", "StandaloneHTMLBuilder.write_doc", 2),
    "the site is finished": ("bookbuild.finish", "finish", 1),
    "the notebooks stand, the site does not": ("bookbuild.build", "publish", 2),
    "the old site is aside, the new one not in its place": ("os", "replace", 2, "_build/html"),
    "it is noted what was built": ("bookbuild.freshness", "note", 1),
}


def start(book, token, line):
    """Start a process whose children all carry `token`, in a process group of its own."""
    return subprocess.Popen(
        line,
        env={**book.environment(), "KILLED_BUILD": token},
        start_new_session=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )


def left_running(token):
    """The processes of a build that are still there."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.environ().get("KILLED_BUILD") == token:
                found.append(process)
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue
    return [p for p in found if p.is_running() and p.status() != psutil.STATUS_ZOMBIE]


def wait_until_gone(token):
    end = time.monotonic() + LIMIT
    while left := left_running(token):
        assert time.monotonic() < end, [p.cmdline() for p in left]
        time.sleep(0.1)


def published(book):
    """What a reader gets, byte for byte."""
    built = book.root / "_build"
    files = [*(built / "notebooks").rglob("*"), *(built / "html").rglob("*.html")]
    return {str(p.relative_to(built)): p.read_bytes() for p in files if p.is_file()}


def assert_whole(book):
    """The site stands, or its last state is ready to be put back; the cache can be read."""
    built = book.root / "_build"
    site = built / "html" if (built / "html").exists() else built / "html.old"
    pages = [*(site / "chapters").rglob("*.html")]
    assert len(pages) == 3
    assert all(page.read_text("utf-8").rstrip().endswith("</html>") for page in pages)
    database = sqlite3.connect(built / "cache" / "global.db")
    assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    database.close()


def change(book, number):
    """Change what both chapters show, and the prose of one."""
    for name in ("first", "second"):
        book.write(f"code/mini/{name}.py", f"VALUE = '{name} value {number}'\n")
    book.append("chapters/two.md", f"\n{'One more sentence. ' * (number + 1)}\n")


def rebuilt(book):
    done = book.build("site")
    assert done.returncode == 0, done.stderr
    return published(book)


def test_after_a_kill_in_every_phase_the_book_is_right(book):
    rebuilt(book)
    for number, (phase, point) in enumerate(PHASES.items()):
        change(book, number)
        point = [*map(str, point), ""][:4]
        line = [sys.executable, "-c", RUNNER, *point, *book.command("site")[3:]]
        build = start(book, token := f"{os.getpid()} {number}", line)
        told = build.communicate()[1]
        assert build.returncode == -signal.SIGKILL, (phase, told)
        wait_until_gone(token)
        assert_whole(book)
        assert (book.root / "_build" / "html").exists() == ("the old site is aside" not in phase)
    after = rebuilt(book)
    assert f"second value {number}".encode() in after["html/chapters/two.html"]
    os.rename(book.root / "_build", book.root / ".earlier")
    undisturbed = rebuilt(book)
    assert sorted(after) == sorted(undisturbed)
    assert [name for name in after if after[name] != undisturbed[name]] == []


def test_a_kernel_without_its_build_ends_even_when_a_cell_runs(book):
    sign = book.root / "begun"
    book.append(
        "chapters/one.md",
        "\n```{code-cell} ipython3\n:tags: [remove-cell]\n"
        "import pathlib, subprocess, time\n"
        f"pathlib.Path({str(sign)!r}).touch()\n"
        "subprocess.Popen(['sleep', '1000'])\n"
        "time.sleep(1000)\n```\n",
    )
    build = start(book, token := f"{os.getpid()} sleeper", book.command("execute"))
    end = time.monotonic() + LIMIT
    while not sign.exists():
        assert time.monotonic() < end
        time.sleep(0.1)
    assert any("ipykernel" in " ".join(p.cmdline()) for p in left_running(token))
    with suppress(ProcessLookupError):
        build.kill()  # alone: its kernel has a process group of its own
    build.wait()
    wait_until_gone(token)
