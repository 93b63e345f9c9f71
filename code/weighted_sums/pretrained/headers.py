"""File headers that are not trusted: every length is checked against the file before it is used."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from jaxtyping import UInt8

from weighted_sums.workshop.checks import as_float
from weighted_sums.workshop.downloads import verified

MAX_HEADER_BYTES = 10_000_000  # that of a model with 128,000 tokens has 7 million
MAX_AXES = 8
STRING, ARRAY = 8, 9
SMALL_TYPES = dict(enumerate(("u1", "i1", "<u2", "<i2", "<u4", "<i4", "<f4", "?")))
DTYPES = {
    code: np.dtype(name) for code, name in {**SMALL_TYPES, 10: "<u8", 11: "<i8", 12: "<f8"}.items()
}

Value = TypeVar("Value")


class HeaderReader:
    """Reads the values of a GGUF header one after another, and never beyond the header's end.

    The end is that of the file, or `MAX_HEADER_BYTES`, so no memory is allocated for lengths that
    the file only claims. Raises ValueError with the reason.
    """

    def __init__(self, content: UInt8[np.ndarray, " byte"]) -> None:
        """Begin at the first of a file's bytes, `content`."""
        self.content, self.offset = content[:MAX_HEADER_BYTES], 0

    def take(self, count: int) -> np.ndarray:
        """Return the next `count` bytes."""
        if count > len(self.content) - self.offset:
            raise ValueError(f"its header ends where {count} more bytes were promised")
        self.offset += count
        return self.content[self.offset - count : self.offset]

    def unsigned(self, size: int) -> int:
        """Return the next unsigned integer, of `size` bytes."""
        return int.from_bytes(self.take(size).tobytes(), "little")

    def string(self) -> str:
        """Return the next string, which is preceded by its length in bytes."""
        try:
            return self.take(self.unsigned(8)).tobytes().decode()
        except UnicodeDecodeError:
            raise ValueError("a string in its header is not valid UTF-8") from None

    def value(self) -> Any:
        """Return the next value, preceded by its type: a scalar, a list of strings or an array."""
        code = self.unsigned(4)
        if code == STRING:
            return self.string()
        if code != ARRAY:
            return self._numbers(code, 1)[0].item()
        code, count = self.unsigned(4), self.unsigned(8)
        if code == STRING:
            return [self.string() for _ in range(count)]
        return self._numbers(code, count)

    def _numbers(self, code: int, count: int) -> np.ndarray:
        if code not in DTYPES:
            raise ValueError(f"it holds type {code}; the known types are {sorted(DTYPES)}")
        dtype = DTYPES[code]
        numbers = self.take(count * dtype.itemsize)
        if dtype.kind == "b" and np.any(numbers > 1):
            raise ValueError("a Boolean in its header is neither 0 nor 1")
        return numbers.view(dtype)


class NamedArrays:
    """Hands out the arrays of a file by name, and knows which of them are still unused."""

    def __init__(self, source: Any, arrays: Any, names: Iterable[str]) -> None:
        """Take `arrays` with these `names`; error messages call their file `source`."""
        self.source, self.arrays, self.unused = source, arrays, dict.fromkeys(names)

    def __call__(self, name: str) -> np.ndarray:
        """Return the array `name`, once, as float32 or float64."""
        if name not in self.unused:
            unused = f"{list(self.unused)!s:.300}"
            raise ValueError(f"{self.source} has no unused array {name!r}, only {unused}")
        del self.unused[name]
        return as_float(self.arrays[name], name)

    def check_all_used(self) -> None:
        """Raise ValueError when arrays are left over: the model would not be the file's."""
        if self.unused:
            raise ValueError(
                f"{self.source} holds {len(self.unused)} arrays that no part of the model uses: "
                f"{list(self.unused)!s:.300}"
            )


def map_file(path: Path, sha256: str | None) -> UInt8[np.ndarray, " byte"]:
    """Return a memory map of a file's bytes, after checking its hash where one is given."""
    if sha256 is not None:
        verified(path, sha256)
    if path.stat().st_size < 8:
        raise unreadable(path, "it is too short to have a header")
    return np.memmap(path, dtype=np.uint8, mode="r").view(np.ndarray)


def valid_shape(shape: Any) -> tuple[int, ...]:
    """Return a shape given in a header, a list of at most eight sizes; ValueError for another."""
    valid = type(shape) is list and len(shape) <= MAX_AXES
    if not valid or not all(type(size) is int and size >= 0 for size in shape):
        raise ValueError(f"{shape} is not a shape")
    return tuple(shape)


def unique_keys(pairs: Iterable[tuple[str, Value]]) -> dict[str, Value]:
    """Make a dictionary of `pairs`; ValueError when a key occurs twice."""
    found: dict[str, Value] = {}
    for key, value in pairs:
        if key in found:
            raise ValueError(f"two of its entries have the name {key!r}")
        found[key] = value
    return found


def check_coverage(
    spans: Iterable[Sequence[int]], content: UInt8[np.ndarray, " byte"], alignment: int = 1
) -> None:
    """Raise ValueError unless the `spans`, pairs (first byte, end), cover all of `content`.

    No two may overlap. Between them and after the last, only zeros are allowed, as many as pad to
    a multiple of `alignment` bytes.
    """
    last = 0
    for begin, end in sorted((begin, end) for begin, end in spans if begin < end):
        if begin < last:
            raise ValueError(f"two of its arrays overlap at byte {begin} of the content")
        _check_padding(content, last, begin, -(-last // alignment) * alignment)
        last = end
    _check_padding(content, last, len(content), -(-last // alignment) * alignment)


def _check_padding(content: np.ndarray, begin: int, end: int, padded: int) -> None:
    if end not in (begin, padded) or np.any(content[begin:end]):
        raise ValueError(f"the bytes {begin} to {end} of its content belong to no array")


def unreadable(path: Path, reason: Exception | str) -> ValueError:
    """Return the error that says why the file at `path` is not read; a long reason is cut."""
    return ValueError(f"{path} is damaged or is another kind of file: {reason!s:.500}")
