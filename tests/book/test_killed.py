"""A build that is killed at any moment costs its own work and nothing else."""

import os
import random
import signal
import sqlite3
import subprocess
import time
from contextlib import suppress

import psutil

KILLS, ROUNDS = 20, 2
LIMIT = 60  # seconds a process may live on without its build; a kernel looks each second


def begin(book, token):
    """Start a build whose processes all carry `token`, in a process group of its own."""
    return subprocess.Popen(
        book.command("site"),
        env={**book.environment(), "KILLED_BUILD": token},
        start_new_session=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )


def kill(build, group):
    """End a build without a word, alone or with its process group (a kernel has its own)."""
    with suppress(ProcessLookupError):  # it may have ended by itself a moment before
        os.killpg(build.pid, signal.SIGKILL) if group else build.kill()
    build.wait()


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


def test_after_twenty_kills_at_random_moments_the_book_is_right(book):
    rebuilt(book)
    change(book, KILLS)
    started = time.monotonic()
    rebuilt(book)
    duration = time.monotonic() - started
    chance = random.Random(20)
    for number in range(KILLS):
        change(book, number)
        build = begin(book, token := f"{os.getpid()} {number}")
        time.sleep(chance.uniform(0, duration))
        assert build.poll() in (None, 0), build.stderr.read()
        kill(build, group=number % 2)
        wait_until_gone(token)
        assert_whole(book)
        if (number + 1) % (KILLS // ROUNDS) == 0:
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
        "\n```{code-cell} ipython3\n"
        "import pathlib, subprocess, time\n"
        f"pathlib.Path({str(sign)!r}).touch()\n"
        "subprocess.Popen(['sleep', '1000'])\n"
        "time.sleep(1000)\n```\n",
    )
    build = begin(book, token := f"{os.getpid()} sleeper")
    end = time.monotonic() + LIMIT
    while not sign.exists():
        assert time.monotonic() < end
        time.sleep(0.1)
    assert any("ipykernel" in " ".join(p.cmdline()) for p in left_running(token))
    kill(build, group=False)
    wait_until_gone(token)
