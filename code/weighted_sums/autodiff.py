"""Reverse mode: arrays that remember how they were computed, and so can find their own slopes.

Wrap the arrays by which you want to differentiate in `Variable`, compute with them as usual, and
call `backward` on the result. What is not a Variable, plain numbers and arrays, is a constant.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from weighted_sums.variables import Variable as Variable
from weighted_sums.variables import apply as apply
from weighted_sums.variables import topological_order as topological_order
from weighted_sums.workshop.parameters import leaves, rebuild


def cost_and_gradient(cost: Callable, network: Any, *batch: Any) -> tuple[float, Any]:
    """Return `cost(network, *batch)` and its slopes, structured like `network`."""
    variables = [Variable(p) for p in leaves(network)]
    found = cost(rebuild(iter(variables), network), *batch)
    found.backward()
    return float(found._data), rebuild((v.grad for v in variables), network)


def maximum(a: Any, b: Any) -> Variable:
    """Take the larger entry of two; where they are equal, each gets half of the slope."""
    return apply("maximum", a, b)


def where(condition: Any, a: Any, b: Any) -> Variable:
    """Take the entries of `a` where the `condition` holds, else those of `b`.

    Each gets the slope of the entries that were taken from it. The condition, an array of truth
    values, is a constant; ValueError for another.
    """
    chosen = np.array(condition)
    if chosen.dtype != bool:
        raise ValueError(f"a condition is true or false, not {chosen.dtype}")
    return apply("where", a, b, condition=chosen)


def concatenate(parts: Sequence[Any], axis: int = 0) -> Variable:
    """Join `parts` along an axis that they have; each gets its part of the slope.

    They are joined two by two, so that no entry is copied more often than the number of parts can
    be halved. ValueError for no parts, and for parts that do not fit.
    """
    parts = list(parts)
    if not parts:
        raise ValueError("there must be a part to join others to")
    while len(parts) > 1:
        pairs = [parts[i : i + 2] for i in range(0, len(parts), 2)]
        parts = [apply("concatenate", *p, axis=axis) if len(p) > 1 else p[0] for p in pairs]
    return parts[0]
