"""What a build owes its checkout: it is alone there, and what it leaves half-made is never used.

A build may be killed at any moment. So a product is put in its place by renaming, a file that a
later build reads is written beside and renamed, and the folder that Sphinx and TeX work in is begun
anew after every build that did not end well.
"""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

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
    """Finish or undo what a killed build was publishing or clearing away."""
    for old in built.glob("*.old"):
        if not old.with_suffix("").exists():
            os.replace(old, old.with_suffix(""))
        shutil.rmtree(old, ignore_errors=True)


@contextmanager
def workspace(folder: Path) -> Iterator[None]:
    """Let a build work in `folder`, which is emptied if the last build there did not end well.

    Sphinx and TeX take what they find in their folders for whole and current, and Sphinx tells a
    warning only when it reads a page anew: neither holds after a build that failed or was killed.
    """
    unfinished = folder / "unfinished"
    if unfinished.exists():
        # renamed first: a TeX that outlives its build for a moment goes on writing
        os.replace(folder, old := folder.with_suffix(".old"))
        shutil.rmtree(old, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    unfinished.touch()
    yield
    unfinished.unlink()


def publish(source: Path, target: Path) -> None:
    """Put the finished folder `source` in the place of `target`."""
    old = target.with_suffix(".old")
    if target.exists():
        os.replace(target, old)
    os.replace(source, target)
    shutil.rmtree(old, ignore_errors=True)


def write_whole(path: Path, text: str) -> None:
    """Write a file so that nobody ever finds half of it."""
    new = path.with_suffix(".new")
    new.write_text(text, "utf-8")
    os.replace(new, path)


def reason(error: BaseException, root: Path) -> str | None:
    """Say why a build failed, and what the disk refused it; None where nothing here explains it."""
    built, chain = root / "_build", [error]
    while cause := chain[-1].__cause__ or chain[-1].__context__:
        chain.append(cause)
    told = [str(error)] if isinstance(error, BuildError) else []
    refused = {cause.errno: cause for cause in chain if isinstance(cause, OSError)}
    full = built.is_dir() and shutil.disk_usage(built).free < LITTLE
    if full or refused.keys() & FULL:
        told.append(f"no space is left on the disk that holds {built}; {KEPT}")
    elif forbidden := [refused[number] for number in refused.keys() & FORBIDDEN]:
        told.append(f"{forbidden[0].filename or built} cannot be written: {forbidden[0].strerror}")
    return "\n".join(told) or None
