"""Writing files atomically: whole, or not at all."""

from __future__ import annotations

import glob
import os
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

ABANDONED = 3600  # seconds after which the writer of a file must have been killed


@contextmanager
def atomic_write(path: Path, mode: str = "xb", **options: Any) -> Iterator[IO]:
    """Open a new file that replaces `path` when the block succeeds, and is removed when it fails.

    Until then `path` is unchanged. The new file has a name of its own, `….part`, so that two
    processes may write the same path at once: the last one to succeed wins. Files that a killed
    process left are removed after an hour. `mode` and `options` are those of `open`.
    """
    _sweep(path)
    part = path.with_name(f"{path.name}.{secrets.token_hex(4)}.part")
    try:
        with part.open(mode, **options) as file:
            yield file
        os.replace(part, path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def _sweep(path: Path) -> None:
    for stale in path.parent.glob(f"{glob.escape(path.name)}.????????.part"):
        with suppress(OSError):  # another process may be sweeping too
            if time.time() - stale.stat().st_mtime > ABANDONED:
                stale.unlink()
