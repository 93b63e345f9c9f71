"""What a build owes its checkout: it is alone there, and what it leaves half-made is never used.

A build may be killed at any moment. So a product is put in its place by renaming, a file that a
later build reads is written beside and renamed, and the folder that Sphinx and TeX work in is begun
anew after every build that did not end well.
"""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

FOLDERS = ("html", "notebooks")  # what is published as a folder
KEPT = "the last good book is left as it was"
FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
FORBIDDEN = {errno.EACCES, errno.EPERM, errno.EROFS}
LITTLE = 2**20  # bytes: with less than this left, the disk is why anything failed
GRACE = 2.0  # seconds: the processes of a build that was killed end a moment after it


class BuildError(Exception):
    """The build cannot go on; the message says why."""


@contextmanager
def alone(root: Path) -> Iterator[None]:
    """Keep a second build out of this checkout, and clear away what a killed one has left.

    BuildError if another build is running there.
    """
    built = root / "_build"
    built.mkdir(exist_ok=True)
    try:
        with FileLock(built / "lock", timeout=GRACE):
            recover(built)
            yield
    except Timeout:
        raise BuildError(f"another build is running in {root}; wait for it to end") from None


def recover(built: Path) -> None:
    """Finish or undo what a killed build was publishing."""
    for name in FOLDERS:
        target, old = built / name, _beside(built / name, ".old")
        if old.is_dir() and not target.exists():
            os.replace(old, target)
        shutil.rmtree(old, ignore_errors=True)
    for rest in built.glob("dead-*"):
        shutil.rmtree(rest, ignore_errors=True)


@contextmanager
def workspace(folder: Path) -> Iterator[None]:
    """Let a build work in `folder`, which is emptied if the last build there did not end well.

    Sphinx and TeX take what they find in their folders for whole and current, and Sphinx tells a
    warning only when it reads a page anew: neither holds after a build that failed or was killed.
    """
    unfinished = folder / "unfinished"
    if unfinished.exists():
        # renamed first: a TeX that outlives its build for a moment goes on writing
        dead = Path(tempfile.mkdtemp(prefix="dead-", dir=folder.parent))
        os.replace(folder, dead / folder.name)
        shutil.rmtree(dead, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    unfinished.touch()
    yield
    unfinished.unlink()


def publish(source: Path, target: Path) -> None:
    """Put the finished folder `source` in the place of `target`."""
    old = _beside(target, ".old")
    if target.exists():
        os.replace(target, old)
    os.replace(source, target)
    shutil.rmtree(old, ignore_errors=True)


def publish_file(source: Path, target: Path) -> None:
    """Put a finished copy of the file `source` in the place of `target`."""
    new = _beside(target, ".new")
    try:
        shutil.copy(source, new)
    except OSError:  # a full disk has room again
        new.unlink(missing_ok=True)
        raise
    os.replace(new, target)


def write_whole(path: Path, text: str) -> None:
    """Write a file so that nobody ever finds half of it."""
    new = _beside(path, ".new")
    new.write_text(text, "utf-8")
    os.replace(new, path)


def _beside(path: Path, ending: str) -> Path:
    return path.with_name(path.name + ending)


def refusal(error: BaseException | None, root: Path) -> str | None:
    """Say in a sentence which wish of the build the disk refused; None where it refused none."""
    built = root / "_build"
    full = built.is_dir() and shutil.disk_usage(built).free < LITTLE
    while error is not None:
        number = error.errno if isinstance(error, OSError) else None
        if full or number in FULL:
            return f"no space is left on the disk that holds {built}; {KEPT}"
        if number in FORBIDDEN:
            return f"{error.filename or built} cannot be written: {error.strerror}"
        error = error.__cause__ or error.__context__
    return None
