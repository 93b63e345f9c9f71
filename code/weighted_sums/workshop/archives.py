"""NumPy's `npz` files, read without believing them: what one says of itself is held to its size."""

from __future__ import annotations

import math
import zipfile
from pathlib import Path

import numpy as np


def arrays_of(path: Path) -> dict[str, np.ndarray]:
    """Return the arrays of numbers and texts in the file at `path`, as `numpy.savez` wrote them.

    Raises ValueError, or an error of `zipfile`, for a file that was not written so, that promises
    more than it holds, or holds more than it promises.
    """
    found = {}
    with zipfile.ZipFile(path) as archive:
        members = archive.infolist()
        if not members:
            raise ValueError("it holds nothing")
        stored = all(m.compress_type == zipfile.ZIP_STORED for m in members)
        if not stored or sum(m.file_size for m in members) > path.stat().st_size:
            raise ValueError("it promises more than it can hold")
        if min(m.header_offset for m in members) or not _ends_with_its_list(path):
            raise ValueError("it holds bytes before its arrays or behind their list")
        for member in members:
            with archive.open(member) as file:
                found[member.filename.removesuffix(".npy")] = _array(file, member.file_size)
    if len(found) < len(members):
        raise ValueError("two of its arrays have the same name")
    return found


def _ends_with_its_list(path: Path) -> bool:
    # the end of an archive's list of members: 22 bytes, of which the last two count a comment's
    with path.open("rb") as file:
        file.seek(-22, 2)
        end = file.read()
    return end[:4] == b"PK\x05\x06" and end[-2:] == b"\0\0"


def _array(file: zipfile.ZipExtFile, size: int) -> np.ndarray:
    # NumPy's own reader makes room for as much as the header promises
    if np.lib.format.read_magic(file) != (1, 0):
        raise ValueError("it was not written by `save`")
    shape, by_column, kind = np.lib.format.read_array_header_1_0(file)
    if kind.kind not in "fU" or math.prod(shape) * kind.itemsize != size - file.tell():
        raise ValueError(f"it promises {kind} {shape} in {size} bytes")
    content = np.frombuffer(bytearray(file.read()), kind)
    return content.reshape(shape, order="F" if by_column else "C")
