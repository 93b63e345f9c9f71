"""The format GGUF: metadata, names and shapes in a header, and after it arrays, often quantised.

Nothing in a file is executed and its header is not trusted: every length and offset is checked
against the size of the file before anything is read or allocated.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from jaxtyping import Float, UInt8

from weighted_sums.pretrained.headers import (
    HeaderReader,
    check_coverage,
    map_file,
    unique_keys,
    unreadable,
)

MAGIC = b"GGUF"
VERSION = 3
# fmt: off
TYPE_NAMES = {
    0: "F32", 1: "F16", 2: "Q4_0", 3: "Q4_1", 6: "Q5_0", 7: "Q5_1", 8: "Q8_0", 9: "Q8_1",
    10: "Q2_K", 11: "Q3_K", 12: "Q4_K", 13: "Q5_K", 14: "Q6_K", 15: "Q8_K",
    24: "I8", 25: "I16", 26: "I32", 27: "I64", 28: "F64", 30: "BF16",
}
# fmt: on
MAX_ENTRIES = 10_000  # arrays, and keys of metadata; SmolLM2 has 272 and 33
MAX_AXES = 4
ALIGNMENT = 32  # bytes, unless the file says otherwise


class BlockType(NamedTuple):
    """A type of GGUF: a block has this many numbers in this many bytes, and is dequantised so."""

    numbers: int
    bytes: int
    dequantize: Callable[[np.ndarray], np.ndarray]


class Entry(NamedTuple):
    """What the header says of an array: its shape, its type and its offset in the content."""

    shape: tuple[int, ...]
    type: BlockType
    offset: int


class StoredArray(NamedTuple):
    """An array as it lies in the file, a row for each block."""

    shape: tuple[int, ...]
    type: BlockType
    blocks: np.ndarray


def dequantize_q4_1(blocks: UInt8[np.ndarray, "block byte"]) -> Float[np.ndarray, "block number"]:
    """Return the numbers of type Q4_1: 32 in 20 bytes, each 0 to 15 steps above the minimum.

    A block is the size of a step, the minimum (both float16), and 16 bytes; the low halves of the
    bytes are the first 16 numbers of steps, the high halves the others.
    """
    step, minimum = blocks[:, :4].copy().view("<f2").astype(np.float32).T[..., None]
    steps = np.concatenate([blocks[:, 4:] & 15, blocks[:, 4:] >> 4], axis=1)
    return steps * step + minimum


def dequantize_q8_0(blocks: UInt8[np.ndarray, "block byte"]) -> Float[np.ndarray, "block number"]:
    """Return the numbers of type Q8_0: 32 in 34 bytes, a step (float16) and multiples of it.

    The multiples are 32 integers from −128 to 127.
    """
    step = blocks[:, :2].copy().view("<f2").astype(np.float32)
    return blocks[:, 2:].view(np.int8) * step


TYPES = {
    0: BlockType(1, 4, lambda blocks: blocks.view("<f4")),
    1: BlockType(1, 2, lambda blocks: blocks.view("<f2").astype(np.float32)),
    3: BlockType(32, 20, dequantize_q4_1),
    8: BlockType(32, 34, dequantize_q8_0),
}


class GGUFFile:
    """The arrays of a GGUF file by name, dequantised to float32 when they are accessed."""

    def __init__(self, path: Path, sha256: str | None = None) -> None:
        """Read the header. ValueError names the file and says what is wrong with it."""
        self.path = path
        content = map_file(path, sha256)
        try:
            self.metadata, entries, end = _read_header(HeaderReader(content))
            self._arrays = _locate(entries, content[end:], _alignment(self.metadata))
        except ValueError as error:
            raise unreadable(path, error) from None

    def __getitem__(self, name: str) -> Float[np.ndarray, "..."]:
        """The array `name`; its last axis is the one that the file lists first.

        ValueError lists the arrays that there are when none has that name.
        """
        if name not in self._arrays:
            names = ", ".join(self._arrays)
            raise ValueError(f"{self.path} holds no array {name!r}, only {names:.500}")
        stored = self._arrays[name]
        return stored.type.dequantize(stored.blocks).reshape(stored.shape)

    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Return the shape of every array."""
        return {name: stored.shape for name, stored in self._arrays.items()}


def _read_header(reader: HeaderReader) -> tuple[dict[str, Any], dict[str, Entry], int]:
    """Return the metadata, the entries of the arrays, and the byte at which the content begins."""
    if reader.take(4).tobytes() != MAGIC:
        raise ValueError("it does not begin with GGUF")
    _check_version(reader.unsigned(4))
    arrays, keys = reader.unsigned(8), reader.unsigned(8)
    if max(arrays, keys) > MAX_ENTRIES:
        raise ValueError(
            f"it promises {keys} keys of metadata and {arrays} arrays; at most {MAX_ENTRIES} "
            "are accepted"
        )
    metadata = unique_keys((reader.string(), reader.value()) for _ in range(keys))
    entries = unique_keys(_read_entry(reader) for _ in range(arrays))
    alignment = _alignment(metadata)
    end = -(-reader.offset // alignment) * alignment
    if np.any(reader.content[reader.offset : end]):
        raise ValueError("bytes between its header and its arrays belong to neither")
    return metadata, entries, end


def _check_version(version: int) -> None:
    if version == VERSION:
        return
    swapped = int.from_bytes(version.to_bytes(4, "little"), "big")
    if swapped < 9:
        raise ValueError(f"it has version {swapped} in the wrong byte order (big-endian)")
    raise ValueError(f"it has version {version}; the known version is {VERSION}")


def _alignment(metadata: dict[str, Any]) -> int:
    alignment = metadata.get("general.alignment", ALIGNMENT)
    if type(alignment) is not int or alignment < 8 or alignment % 8:
        raise ValueError(f"it aligns its arrays to {alignment!r} bytes")
    return alignment


def _read_entry(reader: HeaderReader) -> tuple[str, Entry]:
    name, axes = reader.string(), reader.unsigned(4)
    if not 1 <= axes <= MAX_AXES:
        raise ValueError(f"its array {name!r:.100} has {axes} axes")
    shape = tuple(reader.unsigned(8) for _ in range(axes))[::-1]
    code = reader.unsigned(4)
    if code not in TYPES:
        known = ", ".join(TYPE_NAMES[code] for code in TYPES)
        found = TYPE_NAMES.get(code, "unknown")
        raise ValueError(
            f"its array {name!r:.100} has type {code} ({found}); the known types are {known}"
        )
    if 0 in shape or shape[-1] % TYPES[code].numbers:
        raise ValueError(f"its array {name!r:.100} of shape {shape} is not made of whole blocks")
    return name, Entry(shape, TYPES[code], reader.unsigned(8))


def _locate(
    entries: dict[str, Entry], content: np.ndarray, alignment: int
) -> dict[str, StoredArray]:
    found, spans = {}, []
    for name, (shape, block_type, begin) in entries.items():
        end = begin + math.prod(shape) // block_type.numbers * block_type.bytes
        if end > len(content):
            raise ValueError(f"its array {name!r:.100} of shape {shape} goes beyond the file's end")
        blocks = content[begin:end].reshape(-1, block_type.bytes)
        found[name] = StoredArray(shape, block_type, blocks)
        spans.append((begin, end))
    check_coverage(spans, content, alignment)
    return found
