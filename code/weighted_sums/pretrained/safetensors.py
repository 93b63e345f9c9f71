"""The format safetensors: a header in JSON, and after it all arrays without a gap.

The header is not trusted: each offset is checked against the size of the file before it is used,
and every byte must belong to exactly one array.
"""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np

from weighted_sums.pretrained.headers import (
    MAX_HEADER_BYTES,
    check_coverage,
    map_file,
    unique_keys,
    unreadable,
    valid_shape,
)

BFLOAT16 = "BF16"  # a float32 without its last two bytes
TYPES = {
    "F64": "<f8", "F32": "<f4", "F16": "<f2", BFLOAT16: "<u2", "BOOL": "?",
    "I64": "<i8", "I32": "<i4", "I16": "<i2", "I8": "i1",
    "U64": "<u8", "U32": "<u4", "U16": "<u2", "U8": "u1",
}  # fmt: skip


def read_safetensors(path: Path, sha256: str | None = None) -> dict[str, np.ndarray]:
    """Return the arrays of a safetensors file by name, memory-mapped.

    Numbers of the type BF16, which NumPy lacks, become float32. ValueError names the file and what
    is wrong with it: its hash, where one is given, or a header that does not match the content.
    """
    content = map_file(path, sha256)
    length = int.from_bytes(content[:8].tobytes(), "little")
    if not 2 <= length <= min(len(content) - 8, MAX_HEADER_BYTES):
        raise unreadable(path, f"a header of {length} bytes does not fit into {len(content)}")
    try:
        header = _header(content[8 : 8 + length].tobytes().decode())
        arrays = {
            name: _array(name, entry, content[8 + length :]) for name, entry in header.items()
        }
        check_coverage([entry["data_offsets"] for entry in header.values()], content[8 + length :])
    except (AttributeError, LookupError, RecursionError, TypeError) as error:
        raise unreadable(path, f"its header has the wrong structure ({error!r:.200})") from None
    except (OverflowError, ValueError) as error:
        raise unreadable(path, error) from None
    return arrays


def _header(text: str) -> dict[str, Any]:
    """Return the entries of the arrays; the metadata must map strings to strings."""
    if not text.startswith("{"):
        raise ValueError("its header does not begin with {")
    header = json.loads(text, object_pairs_hook=unique_keys, parse_constant=_refuse_constant)
    metadata = header.pop("__metadata__", {})
    if not isinstance(metadata, dict) or not all(isinstance(m, str) for m in metadata.values()):
        raise ValueError("its __metadata__ does not map strings to strings")
    for string in (*header, *metadata, *metadata.values()):
        string.encode()  # JSON can hold half of a surrogate pair, UTF-8 cannot
    return header


def _refuse_constant(constant: str) -> None:
    raise ValueError(f"its header holds {constant}, which is not JSON")


def _array(name: str, entry: Any, content: np.ndarray) -> np.ndarray:
    begin, end = entry["data_offsets"]
    if entry["dtype"] not in TYPES:
        raise ValueError(
            f"{name!r:.100} is of type {entry['dtype']!r:.50}; the known types are {list(TYPES)}"
        )
    shape, dtype = valid_shape(entry["shape"]), np.dtype(TYPES[entry["dtype"]])
    if not type(begin) is type(end) is int or not 0 <= begin <= end <= len(content):
        raise ValueError(f"there are no bytes {begin} to {end} for {name!r:.100}")
    if end - begin != math.prod(shape) * dtype.itemsize:
        raise ValueError(f"bytes {begin} to {end} do not hold the {shape} numbers of {name!r:.100}")
    if dtype.kind == "b" and np.any(content[begin:end] > 1):
        raise ValueError(f"a Boolean of {name!r:.100} is neither 0 nor 1")
    array = content[begin:end].view(dtype).reshape(shape)
    if entry["dtype"] == BFLOAT16:
        return (array.astype("<u4") << 16).view("<f4")
    return array
