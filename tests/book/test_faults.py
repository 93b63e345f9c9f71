"""What a machine may do to a build: the message says it, and nothing good is lost."""

import os
import shutil
import subprocess
import sys

import psutil
import pytest

STUCK = """
```{code-cell} ipython3
import ctypes, signal
signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
ctypes.PyDLL(None).pause()
```
"""
WATCH = """
import os, sys

def watch(event, given):
    host = given[1] if event == "socket.connect" else given[0]
    host = host[0] if isinstance(host, tuple) else host
    if host not in ("127.0.0.1", "::1", "localhost", None, b"localhost"):
        with open(os.environ["CALLED"], "a", encoding="utf-8") as file:
            print(event, host, file=file)

events = ("socket.connect", "socket.getaddrinfo")
sys.addaudithook(lambda event, given: watch(event, given) if event in events else None)
"""


def kernels(book):
    """The kernels that run in the small book's folder."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.cwd().startswith(str(book.root)) and process.status() != "zombie":
                found.append(process)
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue
    return found


def test_a_cell_that_hangs_and_heeds_no_signal_is_ended_and_named(book):
    config = book.read("_config.yml")
    book.write("_config.yml", config.replace("timeout: 300", "timeout: 5"))
    line = book.read("chapters/two.md").count("\n") + 2
    book.append("chapters/two.md", STUCK)
    done = book.build("site")
    assert done.returncode == 1
    assert f"chapters/two.md:{line}: cell 2 failed" in done.stderr
    assert "ctypes.PyDLL(None).pause()" in done.stderr
    assert "the cell took longer than 5 seconds" in done.stderr
    assert "failed: chapters/two.md; the last good book is left as it was" in done.stderr
    assert kernels(book) == []
    # what the others found out is kept
    again = book.build("chapter", "one")
    assert "cached" in again.stdout


def inside(script, *arguments):
    """Run a shell script where it may mount what it likes; skip where the system forbids that."""
    probe = "mount -t tmpfs none /mnt"
    if subprocess.run(["unshare", "-rm", "sh", "-c", probe], capture_output=True).returncode:
        pytest.skip("this system gives no mount namespace to try this in")
    line = ["unshare", "-rm", "sh", "-euc", script, "sh", *map(str, arguments)]
    return line


@pytest.mark.skipif(not shutil.which("unshare"), reason="unshare of util-linux is not here")
@pytest.mark.parametrize("built", [False, True])
def test_a_checkout_that_cannot_be_written_is_said_to_be_so(new_book, built):
    book = new_book
    if built:
        (book.root / "_build").mkdir()
    script = 'mount --bind "$1" "$1"; mount -o remount,ro,bind "$1"; shift; exec "$@"'
    line = inside(script, book.root, *book.command("site"))
    done = subprocess.run(line, env=book.environment(), capture_output=True, text=True)
    assert done.returncode == 1
    assert f"{book.root}/_build" in done.stderr
    assert "cannot be written: Read-only file system" in done.stderr
    assert "Traceback" not in done.stderr


FULL = """
built=$1/_build; page=$1/chapters/one.md; kept=$2; shift 2
mkdir -p "$built"; mount -t tmpfs -o size=200M none "$built"
"$@" >&2
cp "$built/html/chapters/one.html" "$kept"
echo "One more sentence." >> "$page"
head -c $(($(df --output=avail -B1 "$built" | tail -1) - 200000)) /dev/zero > "$built/ballast"
"$@" && exit 7
cmp "$built/html/chapters/one.html" "$kept"
rm "$built/ballast"
"$@" >&2
grep -q "One more sentence" "$built/html/chapters/one.html"
"""


@pytest.mark.skipif(not shutil.which("unshare"), reason="unshare of util-linux is not here")
def test_a_full_disk_is_named_and_the_last_good_book_stays(book, tmp_path):
    line = inside(FULL, book.root, tmp_path / "kept.html", *book.command("site"))
    done = subprocess.run(line, env=book.environment(), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert f"no space is left on the disk that holds {book.root}/_build" in done.stderr
    assert "the last good book is left as it was" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_build_calls_no_other_host_and_leaves_no_encoding_to_the_locale(book, tmp_path):
    hook, called = tmp_path / "hook", tmp_path / "called"
    hook.mkdir()
    (hook / "sitecustomize.py").write_text(WATCH)
    environment = {
        "PYTHONPATH": os.pathsep.join([str(hook), book.environment()["PYTHONPATH"]]),
        "CALLED": str(called),
        "PYTHONWARNDEFAULTENCODING": "1",
        "PYTHONWARNINGS": "always::EncodingWarning",
    }
    # the watch works: this call is noted
    call = "from socket import *; socket(type=SOCK_DGRAM).connect(('192.0.2.1', 9))"
    subprocess.run([sys.executable, "-c", call], env={**os.environ, **environment}, timeout=60)
    assert called.read_text() == "socket.connect 192.0.2.1\n"
    called.unlink()
    done = book.build("site", **environment)
    assert done.returncode == 0, done.stderr
    assert not called.exists(), called.read_text()
    ours = [line for line in done.stderr.splitlines() if "_ext/bookbuild/" in line]
    assert [line for line in ours if "EncodingWarning" in line] == []
