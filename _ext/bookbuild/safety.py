"""What a build owes its checkout: it is alone there, and what it leaves half-made is never used.

A build may be killed at any moment. So a product is put in its place by renaming, a file that a
later build reads is written beside and renamed, and the folder that Sphinx and TeX work in goes
back to its last good state after every build that did not end well.
"""

from __future__ import annotations

import errno
import fcntl
import os
import shutil
import tempfile
from collections.abc import Container, Iterator
from contextlib import contextmanager
from pathlib import Path

FOLDERS = ("html", "notebooks")  # what is published as a folder
KEPT = "the last good book is left as it was"
FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
FORBIDDEN = {errno.EACCES, errno.EPERM, errno.EROFS}
LITTLE = 2**20  # bytes: with less than this left, the disk is why anything failed
BUILDING, KEEPING = "building", "keeping"


class BuildError(Exception):
    """The build cannot go on; the message says why."""


@contextmanager
def alone(root: Path) -> Iterator[None]:
    """Keep a second build out of this checkout, and clear away what a killed one has left.

    The lock belongs to this process alone, not to those that it starts, and ends with it.
    """
    built = root / "_build"
    built.mkdir(exist_ok=True)
    with open(built / "lock", "wb") as lock:
        try:
            fcntl.lockf(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BuildError(f"another build is running in {root}; wait for it to end") from None
        recover(built)
        yield


def recover(built: Path) -> None:
    """Finish or undo what a killed build was publishing."""
    for name in FOLDERS:
        target = built / name
        new, old = _beside(target, ".new"), _beside(target, ".old")
        if old.is_dir() and not target.exists():
            os.replace(old, target)
        for rest in (new, old):
            shutil.rmtree(rest, ignore_errors=True)
    for rest in built.glob("dead-*"):
        shutil.rmtree(rest, ignore_errors=True)


def publish(source: Path, target: Path, leave: Container[str] = ()) -> None:
    """Put a finished copy of the folder `source` in the place of `target`."""
    new, old = _beside(target, ".new"), _beside(target, ".old")
    try:
        mirror(source, new, leave)
    except OSError:  # a full disk has room again
        shutil.rmtree(new, ignore_errors=True)
        raise
    if target.exists():
        os.replace(target, old)
    os.replace(new, target)
    shutil.rmtree(old, ignore_errors=True)


def publish_file(source: Path, target: Path) -> None:
    """Put a finished copy of the file `source` in the place of `target`."""
    new = _beside(target, ".new")
    try:
        shutil.copy(source, new)
    except OSError:
        new.unlink(missing_ok=True)
        raise
    os.replace(new, target)


def write_whole(path: Path, text: str) -> None:
    """Write a file so that nobody ever finds half of it."""
    new = _beside(path, ".new")
    new.write_text(text, "utf-8")
    os.replace(new, path)


@contextmanager
def workspace(folder: Path) -> Iterator[None]:
    """Let a build work in `folder`; if it does not end well, the next finds it as it was before.

    Sphinx and TeX take what they find in their folders for whole and current, and Sphinx tells a
    warning only when it reads a page anew: neither holds after a build that failed or was killed.
    """
    state, good = _beside(folder, ".state"), _beside(folder, ".good")
    before = state.read_text("utf-8") if state.is_file() else ""
    if before == BUILDING:
        _discard(folder)
        if good.is_dir():
            mirror(good, folder)
    elif before == KEEPING:
        mirror(folder, good)
    write_whole(state, BUILDING)
    folder.mkdir(parents=True, exist_ok=True)
    yield
    write_whole(state, KEEPING)
    mirror(folder, good)
    state.unlink()


def mirror(source: Path, target: Path, leave: Container[str] = ()) -> None:
    """Make the folder `target` the same as `source`, copying only the files that differ."""
    target.mkdir(parents=True, exist_ok=True)
    wanted = {entry.name: entry for entry in os.scandir(source) if entry.name not in leave}
    for there in list(os.scandir(target)):
        here = wanted.get(there.name)
        if there.is_dir() and not (here and here.is_dir()):
            shutil.rmtree(there)
        elif not there.is_dir() and not (here and here.is_file()):
            os.unlink(there)
    for name, here in wanted.items():
        if here.is_dir():
            mirror(Path(here), target / name)
        elif not _same(here, target / name):
            shutil.copy2(here, target / name)


def _same(here: os.DirEntry, there: Path) -> bool:
    try:
        other = there.stat()
    except FileNotFoundError:
        return False
    mine = here.stat()
    return (mine.st_size, mine.st_mtime_ns) == (other.st_size, other.st_mtime_ns)


def _discard(folder: Path) -> None:
    # a TeX that outlives its build goes on writing: it takes its folder along
    if folder.exists():
        dead = Path(tempfile.mkdtemp(prefix="dead-", dir=folder.parent))
        os.replace(folder, dead / folder.name)
        shutil.rmtree(dead, ignore_errors=True)


def _beside(path: Path, ending: str) -> Path:
    return path.with_name(path.name + ending)


def refusal(error: BaseException, root: Path) -> str | None:
    """Say in a sentence which wish of the build the disk refused; None where it refused none."""
    built = root / "_build"
    seen: set[int] = set()
    cause: BaseException | None = error
    while cause is not None and id(cause) not in seen:
        seen.add(id(cause))
        number = cause.errno if isinstance(cause, OSError) else None
        if number in FULL or (number is None and is_full(root)):
            return f"no space is left on the disk that holds {built}; {KEPT}"
        if number in FORBIDDEN:
            return f"{cause.filename or built} cannot be written: {cause.strerror}"
        cause = cause.__cause__ or cause.__context__
    return None


def is_full(root: Path) -> bool:
    """Whether the disk has no room for a build to go on."""
    built = root / "_build"
    return built.is_dir() and shutil.disk_usage(built).free < LITTLE
