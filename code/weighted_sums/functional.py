"""Functions of several Variables that no sign or method stands for: maximum, where, concatenate."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from weighted_sums.autodiff import Variable, apply


def maximum(a: Any, b: Any) -> Variable:
    """Return the larger entry of two; equal entries get half of the gradient each."""
    return apply("maximum", a, b)


def where(condition: Any, a: Any, b: Any) -> Variable:
    """Return the entries of `a` where the `condition` holds, else those of `b`.

    The gradient of each entry goes to the one that was taken. The condition, an array of truth
    values, is a constant; raises ValueError for anything else.
    """
    mask = np.array(condition)
    if mask.dtype != bool:
        raise ValueError(f"a condition must be boolean, not {mask.dtype}")
    return apply("where", a, b, condition=mask)


def concatenate(parts: Sequence[Any], axis: int = 0) -> Variable:
    """Join `parts` along an existing axis; each part gets its slice of the gradient.

    They are joined pairwise, so that an entry is copied only log₂(number of parts) times. Raises
    ValueError for no parts, and for parts that do not fit.
    """
    parts = list(parts)
    if not parts:
        raise ValueError("concatenate needs at least one part")
    while len(parts) > 1:
        pairs = [parts[i : i + 2] for i in range(0, len(parts), 2)]
        parts = [apply("concatenate", *p, axis=axis) if len(p) > 1 else p[0] for p in pairs]
    return parts[0]
