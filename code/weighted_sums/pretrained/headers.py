"""Headers that are not believed: each length in them is held against the file before it is used."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import UInt8

from weighted_sums.workshop.checks import as_float
from weighted_sums.workshop.downloads import verified

LONGEST = 10_000_000  # bytes of a header; that of a model with 128,000 tokens has 7 million
AXES = 8
STRING, ARRAY = 8, 9
KINDS = dict(enumerate(("u1", "i1", "<u2", "<i2", "<u4", "<i4", "<f4", "?")))
NUMBERS = {
    kind: np.dtype(name) for kind, name in {**KINDS, 10: "<u8", 11: "<i8", 12: "<f8"}.items()
}


class Reader:
    """Takes one thing of GGUF's kinds after the other, and refuses to go beyond the header's end.

    Nothing is made room for that the file does not hold, whatever it says: the end is that of the
    file, or `LONGEST` bytes. What is refused raises ValueError with the reason.
    """

    def __init__(self, content: UInt8[np.ndarray, " byte"]) -> None:
        """Begin at the beginning of `content`, a file's bytes."""
        self.content, self.place = content[:LONGEST], 0

    def take(self, count: int) -> np.ndarray:
        """Return the next `count` bytes."""
        if count > len(self.content) - self.place:
            raise ValueError(f"its header ends where {count} bytes more were promised")
        self.place += count
        return self.content[self.place - count : self.place]

    def whole(self, size: int) -> int:
        """Return the next whole number, of `size` bytes and not negative."""
        return int.from_bytes(self.take(size).tobytes(), "little")

    def string(self) -> str:
        """Return the next text, which its length in bytes precedes."""
        try:
            return self.take(self.whole(8)).tobytes().decode()
        except UnicodeDecodeError:
            raise ValueError("a name in its header is no text") from None

    def value(self) -> Any:
        """Return what the number of its kind precedes: one thing, a list of texts or an array."""
        kind = self.whole(4)
        if kind == STRING:
            return self.string()
        if kind != ARRAY:
            return self._numbers(kind, 1)[0].item()
        kind, count = self.whole(4), self.whole(8)
        if kind == STRING:
            return [self.string() for _ in range(count)]
        return self._numbers(kind, count)

    def _numbers(self, kind: int, count: int) -> np.ndarray:
        dtype = self.known(NUMBERS, kind)
        found = self.take(count * dtype.itemsize)
        if dtype.kind == "b" and np.any(found > 1):
            raise ValueError("a yes or no in its header is neither")
        return found.view(dtype)

    def known(self, kinds: dict[int, Any], kind: int) -> Any:
        """Return the entry `kind`; one that is not among `kinds` is refused."""
        if kind not in kinds:
            raise ValueError(f"it holds type {kind}; known are {sorted(kinds)}")
        return kinds[kind]


class Named:
    """Gives the arrays of a file by name, and knows which of them nobody has asked for."""

    def __init__(self, where: Any, arrays: Any, names: Iterable[str]) -> None:
        """Take `arrays`, of these `names`, from a file that errors shall call `where`."""
        self.where, self.arrays, self.left = where, arrays, dict.fromkeys(names)

    def __call__(self, name: str) -> np.ndarray:
        """Give the array `name`, once, in numbers that can be computed with."""
        if name not in self.left:
            left = f"{list(self.left)!s:.300}"
            raise ValueError(f"{self.where} has no array {name!r} to give, only {left}")
        del self.left[name]
        return as_float(self.arrays[name], name)

    def check_all_used(self) -> None:
        """Raise ValueError when arrays are left over: the model would not be the file's."""
        if self.left:
            raise ValueError(
                f"{self.where} holds {len(self.left)} arrays that no part of the model takes: "
                f"{list(self.left)!s:.300}"
            )


def map_file(path: Path, sha256: str | None) -> UInt8[np.ndarray, " byte"]:
    """Return the bytes of a file, read from the disk when they are used, once its hash is right."""
    if sha256 is not None:
        verified(path, sha256)
    if path.stat().st_size < 8:
        raise refusal(path, "it is too short to have a header")
    return np.memmap(path, dtype=np.uint8, mode="r").view(np.ndarray)


def sizes(shape: Any) -> tuple[int, ...]:
    """Return a shape that a header gives as a list of up to eight axes; ValueError for another."""
    right = type(shape) is list and len(shape) <= AXES
    if not right or not all(type(size) is int and size >= 0 for size in shape):
        raise ValueError(f"{shape} is no shape")
    return tuple(shape)


def unique_keys(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """Make a dictionary of `pairs`; ValueError when one name stands for two things."""
    found = {}
    for name, thing in pairs:
        if name in found:
            raise ValueError(f"two things in it have the name {name!r}")
        found[name] = thing
    return found


def covered(
    spans: Iterable[Sequence[int]], content: UInt8[np.ndarray, " byte"], step: int = 1
) -> None:
    """Raise ValueError unless the `spans`, from a first byte to an end, cover all of `content`.

    No two may share a byte. Between them, and behind the last, there may be zeros, as many as lead
    to a multiple of `step` bytes, and nothing else.
    """
    last = 0
    for start, stop in sorted(span for span in spans if span[0] < span[1]):
        if start < last:
            raise ValueError(f"two of its arrays share the byte {start} of the content")
        _check_gap(content, last, start, -(-last // step) * step)
        last = stop
    _check_gap(content, last, len(content), -(-last // step) * step)


def _check_gap(content: np.ndarray, start: int, stop: int, most: int) -> None:
    if stop not in (start, most) or np.any(content[start:stop]):
        raise ValueError(f"the bytes {start} to {stop} of its content belong to no array")


def refusal(path: Path, reason: Exception | str) -> ValueError:
    """Return the error that says why the file at `path` is not read; a long reason is cut."""
    return ValueError(f"{path} is damaged or is another kind of file: {reason!s:.500}")
