"""Reading NumPy's `npz` files without trusting them: what a file announces is checked first."""

from __future__ import annotations

import io
import math
import zipfile
from pathlib import Path

import numpy as np


def read_arrays(path: Path) -> dict[str, np.ndarray]:
    """Return the arrays of numbers and strings that `numpy.savez` wrote to the file at `path`.

    Raises ValueError, or an error of `zipfile`, for a file that was written in another way, or that
    announces more or fewer bytes than it holds.
    """
    found = {}
    with zipfile.ZipFile(path) as archive:
        members = archive.infolist()
        if not members:
            raise ValueError("it is empty")
        stored = all(m.compress_type == zipfile.ZIP_STORED for m in members)
        if not stored or sum(m.file_size for m in members) > path.stat().st_size:
            raise ValueError("it announces more bytes than it can hold")
        if min(m.header_offset for m in members) or not _ends_with_directory(path):
            raise ValueError("it holds bytes before its arrays or after its directory")
        for member in members:
            content = io.BytesIO(archive.read(member))
            found[member.filename.removesuffix(".npy")] = _array(content, member.file_size)
    if len(found) < len(members):
        raise ValueError("two of its arrays have the same name")
    return found


def _ends_with_directory(path: Path) -> bool:
    # the central directory ends with 22 bytes; the last two are the length of a comment
    with path.open("rb") as file:
        file.seek(-22, 2)
        end = file.read()
    return end[:4] == b"PK\x05\x06" and end[-2:] == b"\0\0"


def _array(file: io.BytesIO, size: int) -> np.ndarray:
    # NumPy's own reader allocates as much as the header announces
    if np.lib.format.read_magic(file) != (1, 0):
        raise ValueError("it was not written by `numpy.save`")
    shape, fortran_order, dtype = np.lib.format.read_array_header_1_0(file)
    if dtype.kind not in "fU" or math.prod(shape) * dtype.itemsize != size - file.tell():
        raise ValueError(f"it announces {dtype} {shape} in {size} bytes")
    content = np.frombuffer(bytearray(file.read()), dtype)
    return content.reshape(shape, order="F" if fortran_order else "C")
