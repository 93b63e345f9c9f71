"""Is a gradient right? Nudge the parameters, and compare what the cost does with what it said."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from jaxtyping import Float

from weighted_sums.workshop.checks import as_float, function, same_shape


def central_difference(
    f: Callable[[Float[np.ndarray, " dim"]], float],
    x: Float[np.ndarray, " dim"],
    h: float | None = None,
) -> Float[np.ndarray, " dim"]:
    r"""Gradient of `f` at `x`, one entry after the other, from a nudge of `h` to either side.

    Implements {eq}`central-difference`:
    $\partial f / \partial x_i \approx (f(x + h e_i) - f(x - h e_i)) / 2h$.
    Without `h` the nudge is the cube root of the precision of `x`, times the entry where that is
    larger than 1: this balances the error of the formula against that of rounding. Raises
    ValueError unless `x` is one vector and `h` positive.
    """
    function(f, "f")
    x = as_float(x, "x")
    if x.ndim != 1 or (h is not None and not 0 < h < math.inf):
        raise ValueError(f"one vector and a positive nudge are wanted, not {x.shape} and {h}")
    grads, relative = np.empty_like(x), float(np.finfo(x.dtype).eps) ** (1 / 3)
    for i in range(len(x)):
        size = h or relative * max(1, abs(float(x[i])))
        nudge = np.zeros_like(x)
        nudge[i] = size
        grads[i] = (f(x + nudge) - f(x - nudge)) / (2 * size)
    return grads


def directional_difference(
    f: Callable[[Float[np.ndarray, " dim"]], float],
    x: Float[np.ndarray, " dim"],
    direction: Float[np.ndarray, " dim"],
    h: float | None = None,
) -> float:
    r"""Slope of `f` at `x` along `direction`, from a nudge of `h` to either side.

    Two calls of `f` check a whole gradient at once: the slope must equal the weighted sum
    {eq}`directional`, $\sum_i \partial f/\partial x_i \; d_i$. Without `h` the nudge suits the
    precision of `x`, and its size where the entries of `x` are larger than the direction's. Raises
    ValueError when the shapes differ.
    """
    function(f, "f")
    x, direction = as_float(x, "x"), as_float(direction, "the direction")
    same_shape(x, direction, ("x", "the direction"))
    largest, longest = np.abs(x).max(initial=0), np.abs(direction).max(initial=0)
    scale = max(1.0, float(largest / longest)) if longest else 1.0

    def along(t: Float[np.ndarray, " dim"]) -> float:
        return f(x + scale * t * direction)

    h = None if h is None else h / scale
    return float(central_difference(along, np.zeros(1, x.dtype), h)[0]) / scale


def relative_error(
    found: Float[np.ndarray, "..."] | float, expected: Float[np.ndarray, "..."] | float
) -> float:
    r"""Distance of `found` from `expected` as a share of their lengths, {eq}`relative-error`.

    Raises ValueError when the shapes differ.
    """
    same_shape(found, expected, ("what was found", "what was expected"))
    found, expected = np.asarray(found, np.float64), np.asarray(expected, np.float64)
    largest = max(np.abs(found).max(initial=0), np.abs(expected).max(initial=0))
    if largest == 0:
        return 0.0
    found, expected = found / largest, expected / largest  # their squares have room now
    lengths = np.linalg.norm(found) + np.linalg.norm(expected)
    return float(np.linalg.norm(found - expected) / lengths)
