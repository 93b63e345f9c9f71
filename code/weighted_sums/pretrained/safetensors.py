"""The format safetensors: a header in JSON, and behind it all numbers without a gap.

The header is not believed: each offset is held against the size of the file before it is used, and
no byte may belong to two arrays, or to none.
"""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np

from weighted_sums.pretrained.headers import LONGEST, covered, map_file, refusal, sizes, unique_keys

HALF_OF_A_FLOAT = "BF16"  # a float32 without its last two bytes
TYPES = {
    "F64": "<f8", "F32": "<f4", "F16": "<f2", HALF_OF_A_FLOAT: "<u2", "BOOL": "?",
    "I64": "<i8", "I32": "<i4", "I16": "<i2", "I8": "i1",
    "U64": "<u8", "U32": "<u4", "U16": "<u2", "U8": "u1",
}  # fmt: skip


def read_safetensors(path: Path, sha256: str | None = None) -> dict[str, np.ndarray]:
    """Return the arrays of a safetensors file by name, read from the disk when they are used.

    Numbers of the type BF16, which NumPy lacks, become float32. ValueError names the file and what
    is wrong with it: its hash, where one is given, or a header that does not fit the content.
    """
    content = map_file(path, sha256)
    length = int.from_bytes(content[:8].tobytes(), "little")
    if not 2 <= length <= min(len(content) - 8, LONGEST):
        raise refusal(path, f"a header of {length} bytes does not fit into {len(content)}")
    try:
        header = _header(content[8 : 8 + length].tobytes().decode())
        arrays = {
            name: _array(name, entry, content[8 + length :]) for name, entry in header.items()
        }
        covered([entry["data_offsets"] for entry in header.values()], content[8 + length :])
    except (AttributeError, LookupError, RecursionError, TypeError) as error:
        raise refusal(path, f"its header makes no sense ({error!r:.200})") from None
    except (OverflowError, ValueError) as error:
        raise refusal(path, error) from None
    return arrays


def _header(text: str) -> dict[str, Any]:
    """What stands in the header of the arrays; notes about them must be texts with names."""
    if not text.startswith("{"):
        raise ValueError("its header does not begin with {")
    header = json.loads(text, object_pairs_hook=unique_keys, parse_constant=_no_number)
    notes = header.pop("__metadata__", {})
    if not isinstance(notes, dict) or not all(isinstance(note, str) for note in notes.values()):
        raise ValueError("its __metadata__ is no list of texts with names")
    for name in (*header, *notes, *notes.values()):
        name.encode()  # half of a character can be written in JSON, but is no text
    return header


def _no_number(constant: str) -> None:
    raise ValueError(f"its header holds {constant}, which is no JSON")


def _array(name: str, entry: Any, content: np.ndarray) -> np.ndarray:
    start, end = entry["data_offsets"]
    if entry["dtype"] not in TYPES:
        raise ValueError(
            f"{name!r:.100} is of type {entry['dtype']!r:.50}; known are {list(TYPES)}"
        )
    shape, kind = sizes(entry["shape"]), np.dtype(TYPES[entry["dtype"]])
    if not type(start) is type(end) is int or not 0 <= start <= end <= len(content):
        raise ValueError(f"there are no bytes {start} to {end} for {name!r:.100}")
    if end - start != math.prod(shape) * kind.itemsize:
        raise ValueError(f"{shape} numbers of {name!r:.100} do not stand in bytes {start} to {end}")
    if kind.kind == "b" and np.any(content[start:end] > 1):
        raise ValueError(f"a yes or no of {name!r:.100} is neither")
    found = content[start:end].view(kind).reshape(shape)
    if entry["dtype"] == HALF_OF_A_FLOAT:
        return (found.astype("<u4") << 16).view("<f4")
    return found
