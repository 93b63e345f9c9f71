"""Weights that others have trained: files of numbers with a header that says what they are.

Two formats, safetensors and GGUF. Nothing in them is executed, and the header is not believed: each
length and offset is held against the size of the file before anything is read or made room for.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from jaxtyping import Float, UInt8

from weighted_sums.downloads import verified

SAFETENSORS_TYPES = {"F32": "<f4", "F16": "<f2", "I64": "<i8"}

GGUF_MAGIC = b"GGUF"
GGUF_VERSION = 3
STRING, ARRAY = 8, 9
NUMBERS = dict(enumerate(("u1", "i1", "<u2", "<i2", "<u4", "<i4", "<f4", "?"))) | {
    10: "<u8",
    11: "<i8",
    12: "<f8",
}


class Stored(NamedTuple):
    """How GGUF stores a type: this many numbers in this many bytes, and how to get them back."""

    numbers: int
    bytes: int
    unpack: Callable[[np.ndarray], np.ndarray]


def from_4_bits(blocks: UInt8[np.ndarray, "block byte"]) -> Float[np.ndarray, "block number"]:
    """Return the numbers of type Q4_1: 32 in 20 bytes, each a step from 0 to 15 above the least.

    A block is the size of a step, the least number (both float16), and 16 bytes; the low halves of
    the bytes are the first 16 steps, the high halves the others.
    """
    step, least = blocks[:, :4].copy().view("<f2").astype(np.float32).T[..., None]
    halves = np.concatenate([blocks[:, 4:] & 15, blocks[:, 4:] >> 4], axis=1)
    return halves * step + least


def from_8_bits(blocks: UInt8[np.ndarray, "block byte"]) -> Float[np.ndarray, "block number"]:
    """Return the numbers of type Q8_0: 32 in 34 bytes, a step (float16) and how often it is taken.

    The 32 bytes are whole numbers from −128 to 127.
    """
    step = blocks[:, :2].copy().view("<f2").astype(np.float32)
    return blocks[:, 2:].view(np.int8) * step


GGUF_TYPES = {
    0: Stored(1, 4, lambda blocks: blocks.view("<f4")),
    1: Stored(1, 2, lambda blocks: blocks.view("<f2").astype(np.float32)),
    3: Stored(32, 20, from_4_bits),
    8: Stored(32, 34, from_8_bits),
}


def read_safetensors(path: Path, sha256: str | None = None) -> dict[str, np.ndarray]:
    """Return the arrays of a safetensors file by name, read from the disk when they are used.

    ValueError names the file and what is wrong with it: its hash, where one is given, or a header
    that does not fit the content.
    """
    content = _content(path, sha256)
    length = int.from_bytes(content[:8].tobytes(), "little")
    if not 2 <= length <= len(content) - 8:
        raise _refusal(path, f"a header of {length} bytes does not fit into {len(content)}")
    try:
        header = json.loads(content[8 : 8 + length].tobytes().decode())
        items = [(name, entry) for name, entry in header.items() if name != "__metadata__"]
        return {name: _array(entry, content[8 + length :]) for name, entry in items}
    except (AttributeError, KeyError, RecursionError, TypeError, ValueError) as error:
        raise _refusal(path, f"its header makes no sense ({error!r})") from None


def _array(entry: dict[str, Any], content: np.ndarray) -> np.ndarray:
    start, end = entry["data_offsets"]
    shape, kind = _sizes(entry["shape"]), np.dtype(SAFETENSORS_TYPES[entry["dtype"]])
    if not 0 <= start <= end <= len(content) or end - start != math.prod(shape) * kind.itemsize:
        raise ValueError(f"{shape} numbers do not stand in bytes {start} to {end}")
    return content[start:end].view(kind).reshape(shape)


class Weights:
    """The arrays of a GGUF file by name, unpacked to float32 when they are asked for."""

    def __init__(self, path: Path, sha256: str | None = None) -> None:
        """Read the header. ValueError names the file and says what is wrong with it."""
        self.path = path
        reader = _Reader(path, _content(path, sha256))
        if reader.take(4).tobytes() != GGUF_MAGIC:
            raise _refusal(path, "it does not begin with GGUF")
        if (version := reader.number("<u4")) != GGUF_VERSION:
            raise _refusal(path, f"it has version {version}, known is {GGUF_VERSION}")
        arrays, notes = reader.number("<u8"), reader.number("<u8")
        self.about = {reader.string(): reader.value() for _ in range(notes)}
        entries = [reader.entry() for _ in range(arrays)]
        self._blocks = reader.blocks(entries, self.about.get("general.alignment", 32))

    def __getitem__(self, name: str) -> Float[np.ndarray, "..."]:
        """The array `name`; its last axis is the one that the file names first."""
        shape, stored, blocks = self._blocks[name]
        return stored.unpack(blocks).reshape(shape)

    def shapes(self) -> dict[str, tuple[int, ...]]:
        """The shape of every array."""
        return {name: shape for name, (shape, *_) in self._blocks.items()}


class _Reader:
    """Takes one thing after the other from a file, and refuses to go beyond its end."""

    def __init__(self, path: Path, content: np.ndarray) -> None:
        self.path, self.content, self.place = path, content, 0

    def take(self, count: int) -> np.ndarray:
        if count > len(self.content) - self.place:
            raise _refusal(self.path, f"it ends where {count} bytes more were promised")
        self.place += count
        return self.content[self.place - count : self.place]

    def number(self, kind: str) -> Any:
        return self.take(np.dtype(kind).itemsize).view(kind)[0].item()

    def string(self) -> str:
        try:
            return self.take(self.number("<u8")).tobytes().decode()
        except UnicodeDecodeError:
            raise _refusal(self.path, "a name in its header is no text") from None

    def value(self) -> Any:
        kind = self.number("<u4")
        if kind == ARRAY:
            kind, count = self.number("<u4"), self.number("<u8")
            if kind == STRING:
                return [self.string() for _ in range(count)]
            dtype = np.dtype(self.known(NUMBERS, kind))
            return self.take(count * dtype.itemsize).view(dtype).tolist()
        return self.string() if kind == STRING else self.number(self.known(NUMBERS, kind))

    def entry(self) -> tuple[str, tuple[int, ...], Stored, int]:
        name, axes = self.string(), self.number("<u4")
        if axes > 4:
            raise _refusal(self.path, f"its array {name!r} has {axes} axes")
        shape = tuple(self.number("<u8") for _ in range(axes))[::-1]
        stored = self.known(GGUF_TYPES, self.number("<u4"))
        if not axes or 0 in shape or shape[-1] % stored.numbers:
            raise _refusal(self.path, f"its array {name!r} of shape {shape} is no whole blocks")
        return name, shape, stored, self.number("<u8")

    def blocks(self, entries: list, alignment: Any) -> dict[str, tuple]:
        if not isinstance(alignment, int) or alignment < 1:
            raise _refusal(self.path, f"it aligns its arrays to {alignment!r} bytes")
        start = -(-self.place // alignment) * alignment
        found = {}
        for name, shape, stored, offset in entries:
            count = math.prod(shape) // stored.numbers
            self.place = min(start + offset, len(self.content))
            found[name] = shape, stored, self.take(count * stored.bytes).reshape(-1, stored.bytes)
        if len(found) < len(entries):
            raise _refusal(self.path, "two of its arrays have the same name")
        return found

    def known(self, kinds: dict[int, Any], kind: int) -> Any:
        if kind not in kinds:
            raise _refusal(self.path, f"it holds type {kind}; known are {sorted(kinds)}")
        return kinds[kind]


def _content(path: Path, sha256: str | None) -> np.ndarray:
    if sha256 is not None:
        verified(path, sha256)
    if path.stat().st_size < 8:
        raise _refusal(path, "it is too short to have a header")
    return np.memmap(path, dtype=np.uint8, mode="r").view(np.ndarray)


def _sizes(shape: Any) -> tuple[int, ...]:
    if not all(type(size) is int and size >= 0 for size in shape):
        raise ValueError(f"{shape} is no shape")
    return tuple(shape)


def _refusal(path: Path, reason: str) -> ValueError:
    return ValueError(f"{path} is damaged or is another kind of file: {reason}")
