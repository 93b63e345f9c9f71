"""Small surfaces to descend on: each has a height and the gradient of that height.

A point is a vector whose coordinates lie along the last axis, so that the height of a whole grid of
points can be computed at once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

Points = Float[np.ndarray, "*point dim"]
Heights = Float[np.ndarray, "*point"] | float  # a number for a single point


@dataclass(frozen=True)
class Landscape:
    """The height at every point, and the vector of its partial derivatives, {eq}`gradient`."""

    height: Callable[[Points], Heights]
    gradient: Callable[[Points], Points]


def bowl(curvatures: Float[np.ndarray, " dim"]) -> Landscape:
    r"""A quadratic, {eq}`bowl`: $f(x) = \frac12 \sum_i L_i x_i^2$; minimum at zero if all L > 0."""

    def height(x: Points) -> Heights:
        return 0.5 * (x * x) @ curvatures

    def gradient(x: Points) -> Points:
        return curvatures * x

    return Landscape(height, gradient)


def _double_well_height(x: Points) -> Heights:
    x = x[..., 0]
    return (x * x - 1) ** 2 + 0.3 * x


def _double_well_gradient(x: Points) -> Points:
    return 4 * x * (x * x - 1) + 0.3


def _saddle_height(x: Points) -> Heights:
    squares = x * x
    return squares[..., 0] - squares[..., 1] + 0.5 * squares[..., 1] ** 2


def _saddle_gradient(x: Points) -> Points:
    across, along = x[..., 0], x[..., 1]
    return np.stack([2 * across, -2 * along + 2 * along * along * along], axis=-1)


CENTRES = np.array([[-1.1, -0.5], [1.2, 0.6]])  # of the two Gaussian dips in `TWO_DIPS`
DEPTHS = np.array([1.0, 1.6])


def _dips(
    x: Points,
) -> tuple[Float[np.ndarray, "*point minimum dim"], Float[np.ndarray, "*point minimum"]]:
    """Return the vector from each centre to `x`, and the depth of its dip at `x`."""
    offset = x[..., None, :] - CENTRES
    return offset, DEPTHS * np.exp(-(offset * offset).sum(axis=-1))


def _two_dips_height(x: Points) -> Heights:
    return 0.15 * (x * x).sum(axis=-1) - _dips(x)[1].sum(axis=-1)


def _two_dips_gradient(x: Points) -> Points:
    offset, depth = _dips(x)
    return 0.3 * x + 2 * (offset * depth[..., None]).sum(axis=-2)


RAVINE = bowl(np.array([1.0, 20.0]))
"""Flat along the first coordinate, steep along the second."""

DOUBLE_WELL = Landscape(_double_well_height, _double_well_gradient)
"""A curve with two minima: a deep one left of zero, a shallower one right of it."""

SADDLE = Landscape(_saddle_height, _saddle_gradient)
"""A saddle at zero: up along the first coordinate, down along the second, to minima at 1 and -1."""

TWO_MINIMA = Landscape(_two_dips_height, _two_dips_gradient)
"""A wide bowl with two minima in it, the right one deeper."""
