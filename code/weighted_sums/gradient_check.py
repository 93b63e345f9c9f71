"""Is a gradient right? Nudge the parameters, and compare what the cost does with what it said."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from jaxtyping import Float

from weighted_sums.descent import central_difference


def directional_difference(
    f: Callable[[Float[np.ndarray, " dim"]], float],
    x: Float[np.ndarray, " dim"],
    direction: Float[np.ndarray, " dim"],
    h: float | None = None,
) -> float:
    r"""Slope of `f` at `x` along `direction`, from a nudge of `h` to either side.

    Two calls of `f` check a whole gradient at once: the slope must equal the weighted sum
    {eq}`directional`, $\sum_i \partial f/\partial x_i \; d_i$.
    """

    def along(t: Float[np.ndarray, " dim"]) -> float:
        return f(x + t * direction)

    return float(central_difference(along, np.zeros(1, x.dtype), h)[0])


def relative_error(
    found: Float[np.ndarray, "..."] | float, expected: Float[np.ndarray, "..."] | float
) -> float:
    r"""Distance of `found` from `expected` as a share of their lengths, {eq}`relative-error`."""
    apart = np.linalg.norm(np.subtract(found, expected))
    return float(apart / max(np.linalg.norm(found) + np.linalg.norm(expected), 1e-300))
