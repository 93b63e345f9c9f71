"""Weights that others have trained: files of numbers with a header that says what they are.

Two formats, GGUF and that of the module `safetensors`. Nothing in them is executed, and the header
is not believed: each length and offset is held against the size of the file before anything is read
or made room for.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from jaxtyping import Float, UInt8

from weighted_sums.pretrained.headers import Reader, covered, map_file, refusal, unique_keys
from weighted_sums.pretrained.safetensors import read_safetensors as read_safetensors

GGUF_MAGIC = b"GGUF"
GGUF_VERSION = 3
# fmt: off
TYPE_NAMES = {
    0: "F32", 1: "F16", 2: "Q4_0", 3: "Q4_1", 6: "Q5_0", 7: "Q5_1", 8: "Q8_0", 9: "Q8_1",
    10: "Q2_K", 11: "Q3_K", 12: "Q4_K", 13: "Q5_K", 14: "Q6_K", 15: "Q8_K",
    24: "I8", 25: "I16", 26: "I32", 27: "I64", 28: "F64", 30: "BF16",
}
# fmt: on
MOST = 10_000  # arrays, and notes about them; SmolLM2 has 272 and 33
MOST_AXES = 4


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


class Weights:
    """The arrays of a GGUF file by name, unpacked to float32 when they are asked for."""

    def __init__(self, path: Path, sha256: str | None = None) -> None:
        """Read the header. ValueError names the file and says what is wrong with it."""
        self.path = path
        content = map_file(path, sha256)
        try:
            self.about, entries, end = _gguf_header(Reader(content))
            self._blocks = _blocks(entries, content[end:], self.about.get("general.alignment", 32))
        except ValueError as error:
            raise refusal(path, error) from None

    def __getitem__(self, name: str) -> Float[np.ndarray, "..."]:
        """The array `name`; its last axis is the one that the file names first.

        ValueError says which arrays there are when there is none of that name.
        """
        if name not in self._blocks:
            names = ", ".join(self._blocks)
            raise ValueError(f"{self.path} holds no array {name!r}, only {names:.500}")
        shape, stored, blocks = self._blocks[name]
        return stored.unpack(blocks).reshape(shape)

    def shapes(self) -> dict[str, tuple[int, ...]]:
        """The shape of every array."""
        return {name: shape for name, (shape, *_) in self._blocks.items()}


def _gguf_header(reader: Reader) -> tuple[dict[str, Any], dict[str, tuple], int]:
    """What the file says of itself, what it says of its arrays, and where those begin."""
    if reader.take(4).tobytes() != GGUF_MAGIC:
        raise ValueError("it does not begin with GGUF")
    if (version := reader.whole(4)) != GGUF_VERSION:
        other = int.from_bytes(version.to_bytes(4, "little"), "big")
        kind = f"{version}, known is {GGUF_VERSION}"
        kind = f"{other} with the bytes of numbers in the other order" if other < 9 else kind
        raise ValueError(f"it has version {kind}")
    arrays, notes = reader.whole(8), reader.whole(8)
    if max(arrays, notes) > MOST:
        raise ValueError(f"it promises {notes} notes and {arrays} arrays, {MOST} are possible")
    about = unique_keys((reader.string(), reader.value()) for _ in range(notes))
    entries = unique_keys(_entry(reader) for _ in range(arrays))
    alignment = about.get("general.alignment", 32)
    if type(alignment) is not int or alignment < 8 or alignment % 8:
        raise ValueError(f"it aligns its arrays to {alignment!r} bytes")
    end = -(-reader.place // alignment) * alignment
    if np.any(reader.content[reader.place : end]):
        raise ValueError("bytes between its header and its arrays belong to neither")
    return about, entries, end


def _entry(reader: Reader) -> tuple[str, tuple[tuple[int, ...], Stored, int]]:
    name, axes = reader.string(), reader.whole(4)
    if not 1 <= axes <= MOST_AXES:
        raise ValueError(f"its array {name!r:.100} has {axes} axes")
    shape = tuple(reader.whole(8) for _ in range(axes))[::-1]
    kind = reader.whole(4)
    if kind not in GGUF_TYPES:
        known = ", ".join(TYPE_NAMES[number] for number in GGUF_TYPES)
        found = TYPE_NAMES.get(kind, "unknown")
        raise ValueError(f"its array {name!r:.100} has type {kind} ({found}); known are {known}")
    stored = GGUF_TYPES[kind]
    if 0 in shape or shape[-1] % stored.numbers:
        raise ValueError(f"its array {name!r:.100} of shape {shape} is no whole blocks")
    return name, (shape, stored, reader.whole(8))


def _blocks(entries: dict[str, tuple], content: np.ndarray, alignment: int) -> dict[str, tuple]:
    found, spans = {}, []
    for name, (shape, stored, start) in entries.items():
        end = start + math.prod(shape) // stored.numbers * stored.bytes
        if end > len(content):
            raise ValueError(f"its array {name!r:.100} of shape {shape} goes beyond its end")
        found[name] = shape, stored, content[start:end].reshape(-1, stored.bytes)
        spans.append((start, end))
    covered(spans, content, alignment)
    return found
