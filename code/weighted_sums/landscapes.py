"""Small surfaces to walk on: each has a height and the gradient of that height.

A place is a vector; its coordinates lie along the last axis, so that a whole grid of places can be
measured at once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

Places = Float[np.ndarray, "*place dim"]
Heights = Float[np.ndarray, "*place"] | float  # of a single place, a number


@dataclass(frozen=True)
class Landscape:
    """A height for every place, and the vector of its partial derivatives, {eq}`gradient`."""

    height: Callable[[Places], Heights]
    gradient: Callable[[Places], Places]


def bowl(curvatures: Float[np.ndarray, " dim"]) -> Landscape:
    r"""A quadratic, {eq}`bowl`: $f(x) = \frac12 \sum_i L_i x_i^2$, lowest at zero if all L > 0."""

    def height(x: Places) -> Heights:
        return 0.5 * (x * x) @ curvatures

    def gradient(x: Places) -> Places:
        return curvatures * x

    return Landscape(height, gradient)


def _two_minima_height(x: Places) -> Heights:
    x = x[..., 0]
    return (x * x - 1) ** 2 + 0.3 * x


def _two_minima_gradient(x: Places) -> Places:
    return 4 * x * (x * x - 1) + 0.3


def _saddle_height(x: Places) -> Heights:
    squares = x * x
    return squares[..., 0] - squares[..., 1] + 0.5 * squares[..., 1] ** 2


def _saddle_gradient(x: Places) -> Places:
    across, along = x[..., 0], x[..., 1]
    return np.stack([2 * across, -2 * along + 2 * along * along * along], axis=-1)


HOLLOWS = np.array([[-1.1, -0.5], [1.2, 0.6]])  # where the two hollows of `TWO_HOLLOWS` are sunk
DEPTHS = np.array([1.0, 1.6])


def _pulls(
    x: Places,
) -> tuple[Float[np.ndarray, "*place hollow dim"], Float[np.ndarray, "*place hollow"]]:
    """From each hollow to `x`, and how much of the hollow's depth is left there."""
    apart = x[..., None, :] - HOLLOWS
    return apart, DEPTHS * np.exp(-(apart * apart).sum(axis=-1))


def _two_hollows_height(x: Places) -> Heights:
    return 0.15 * (x * x).sum(axis=-1) - _pulls(x)[1].sum(axis=-1)


def _two_hollows_gradient(x: Places) -> Places:
    apart, depth = _pulls(x)
    return 0.3 * x + 2 * (apart * depth[..., None]).sum(axis=-2)


RAVINE = bowl(np.array([1.0, 20.0]))
"""Flat along the first coordinate, steep along the second."""

TWO_MINIMA = Landscape(_two_minima_height, _two_minima_gradient)
"""One coordinate, and two valleys: a deep one left of zero, a shallower one right of it."""

SADDLE = Landscape(_saddle_height, _saddle_gradient)
"""A pass at zero: up along the first coordinate, down along the second, to a hollow at 1 or -1."""

TWO_HOLLOWS = Landscape(_two_hollows_height, _two_hollows_gradient)
"""A wide bowl with two hollows in it, the right one deeper."""
