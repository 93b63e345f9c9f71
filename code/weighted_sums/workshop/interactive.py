"""Interactive figures: a static picture, and the payload from which a script redraws it."""

from __future__ import annotations

import base64
import html
import json
from dataclasses import dataclass, field
from typing import Any

import numpy as np

DTYPES = ("float32", "float16", "int8", "uint8")


@dataclass(frozen=True)
class Interactive:
    """A figure with a static form, and its payload for the module `interactive/figures/NAME.mjs`.

    `payload` holds what JSON can represent, finite numbers only, and arrays made by `packed`.
    `data` are bytes that the page fetches only when the reader asks for them. Notebook and PDF show
    `figure`; the site shows the same picture and replaces it where scripts run.
    """

    name: str
    payload: dict[str, Any]
    figure: Any
    data: bytes = field(default=b"", repr=False)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        picture = self.figure._repr_mimebundle_()
        return {"text/html": self._html(picture["image/svg+xml"]), **picture}

    def _html(self, svg: str) -> str:
        picture = base64.b64encode(svg.encode()).decode()
        data = f' data-bytes="{base64.b64encode(self.data).decode()}"' if self.data else ""
        return (
            f'<img alt="" src="data:image/svg+xml;base64,{picture}">'
            f'<script type="application/json" data-interactive="{html.escape(self.name)}"{data}>'
            f"{self._json()}</script>"
        )

    def _json(self) -> str:
        try:
            text = json.dumps(self.payload, allow_nan=False, separators=(",", ":"))
        except (TypeError, ValueError) as error:
            raise ValueError(f"the payload of the figure {self.name!r}: {error}") from None
        return text.replace("<", "\\u003c")  # so that no string can end the script


def packed(array: Any, dtype: str = "float32") -> dict[str, Any]:
    """Return an array for a payload: its shape, and its little-endian `dtype` numbers in base64.

    Raises ValueError for a dtype that the page cannot read, and for numbers out of its range.
    """
    if dtype not in DTYPES:
        raise ValueError(f"the page reads arrays of {', '.join(DTYPES)}, not of {dtype!r}")
    values = np.asarray(array)
    with np.errstate(over="ignore"):
        converted = values.astype(np.dtype(dtype).newbyteorder("<"))
    integers = dtype in ("int8", "uint8")
    if not np.isfinite(converted).all() or (integers and not np.array_equal(converted, values)):
        raise ValueError(
            f"an array of shape {values.shape} holds numbers that {dtype} cannot represent"
        )
    text = base64.b64encode(converted.tobytes()).decode()
    return {"dtype": dtype, "shape": list(values.shape), "base64": text}


def packed_tree(tree: Any, dtype: str = "float32", data: bytearray | None = None) -> Any:
    """Return parameters for a payload: named tuples as objects, lists as lists, arrays packed.

    With `data`, the numbers are appended there, and the payload holds only their offsets.
    """
    if hasattr(tree, "_asdict"):
        parts = tree._asdict().items()
        return {name: packed_tree(part, dtype, data) for name, part in parts}
    if isinstance(tree, list | tuple):
        return [packed_tree(part, dtype, data) for part in tree]
    leaf = packed(tree, dtype)
    if data is not None:
        leaf["offset"] = len(data)
        data += base64.b64decode(leaf.pop("base64"))
    return leaf
