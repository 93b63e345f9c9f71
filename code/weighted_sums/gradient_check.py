"""Gradient checking: compare a gradient with finite differences of the cost."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from jaxtyping import Float

from weighted_sums.workshop.checks import as_float, function, same_shape


def central_difference(
    f: Callable[[Float[np.ndarray, " parameter"]], float],
    x: Float[np.ndarray, " parameter"],
    h: float | None = None,
) -> Float[np.ndarray, " parameter"]:
    r"""Estimate the gradient of `f` at `x`, entry by entry, with a step of `h` to either side.

    Implements {eq}`central-difference`:
    $\partial f / \partial x_i \approx (f(x + h e_i) - f(x - h e_i)) / 2h$.
    Without `h` the step is the cube root of the precision of `x`, times the entry's size where that
    exceeds 1: this balances the truncation error against the rounding error. Raises ValueError
    unless `x` is a vector and `h` is positive.
    """
    function(f, "f")
    x = as_float(x, "x")
    if x.ndim != 1 or (h is not None and not 0 < h < math.inf):
        raise ValueError(f"expected a vector and a positive step, not shape {x.shape} and h = {h}")
    grads, relative = np.empty_like(x), float(np.finfo(x.dtype).eps) ** (1 / 3)
    for i in range(len(x)):
        size = h or relative * max(1, abs(float(x[i])))
        step = np.zeros_like(x)
        step[i] = size
        grads[i] = (f(x + step) - f(x - step)) / (2 * size)
    return grads


def directional_difference(
    f: Callable[[Float[np.ndarray, " parameter"]], float],
    x: Float[np.ndarray, " parameter"],
    direction: Float[np.ndarray, " parameter"],
    h: float | None = None,
) -> float:
    r"""Estimate the directional derivative of `f` at `x`, with a step of `h` to either side.

    Two calls of `f` check a whole gradient at once: the directional derivative equals the weighted
    sum {eq}`directional`, $\sum_i \partial f/\partial x_i \; d_i$. Without `h` the step follows
    from the precision of `x`, and grows with `x` where its entries are larger than those of
    `direction`. Raises ValueError when the shapes differ.
    """
    function(f, "f")
    x, direction = as_float(x, "x"), as_float(direction, "the direction")
    same_shape(x, direction, ("x", "the direction"))
    size, step = np.abs(x).max(initial=0), np.abs(direction).max(initial=0)
    scale = max(1.0, float(size / step)) if step else 1.0

    def along(t: Float[np.ndarray, " parameter"]) -> float:
        return f(x + scale * t * direction)

    h = None if h is None else h / scale
    return float(central_difference(along, np.zeros(1, x.dtype), h)[0]) / scale


def relative_error(
    found: Float[np.ndarray, "..."] | float, expected: Float[np.ndarray, "..."] | float
) -> float:
    r"""Return the distance of `found` from `expected`, relative to the sum of their norms.

    Implements {eq}`relative-error`. Raises ValueError when the shapes differ.
    """
    same_shape(found, expected, ("the gradient found", "the one expected"))
    found, expected = np.asarray(found, np.float64), np.asarray(expected, np.float64)
    largest = max(np.abs(found).max(initial=0), np.abs(expected).max(initial=0))
    if largest == 0:
        return 0.0
    found, expected = found / largest, expected / largest  # their squares cannot overflow now
    norms = np.linalg.norm(found) + np.linalg.norm(expected)
    return float(np.linalg.norm(found - expected) / norms)
