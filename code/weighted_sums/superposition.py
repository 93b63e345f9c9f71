"""How many directions fit into a space, if a right angle need not be quite right?"""

from __future__ import annotations

import math

import numpy as np
from jaxtyping import Float

from weighted_sums.workshop.checks import as_float, whole_number


def random_directions(
    count: int, dim: int, rng: np.random.Generator
) -> Float[np.ndarray, "direction dim"]:
    """Draw `count` vectors of length 1, no direction likelier than another."""
    return _unit(rng.standard_normal((count, dim), dtype=np.float32))


def cosines(directions: Float[np.ndarray, "direction dim"]) -> Float[np.ndarray, " pair"]:
    """Cosine of the angle between each two of the `directions`, which have length 1."""
    first, second = np.triu_indices(len(directions), k=1)
    return (directions @ directions.T)[first, second]


def degrees(
    cosines: Float[np.ndarray, "..."] | float,
) -> Float[np.ndarray, "..."] | float:
    """Angles from 0 to 180 degrees that have these `cosines`."""
    return np.degrees(np.arccos(np.clip(as_float(cosines, "cosines"), -1, 1)))


def welch_limit(count: int, dim: int) -> float:
    """Return what the largest |cosine| of `count` directions in `dim` dimensions cannot go below.

    Implements {eq}`welch`. Source: Welch (1974). Raises ValueError for fewer than two directions.
    """
    whole_number(count, "count", least=2)
    whole_number(dim, "dim")
    return math.sqrt(max(count - dim, 0) / (dim * (count - 1)))


def log10_capacity(dim: int, tolerance: float) -> float:
    r"""Decimal logarithm of how many directions fit at least, {eq}`nearly-perpendicular`.

    All angles then lie within `tolerance` degrees of 90. A basis of `dim` right angles always fits.
    Raises ValueError unless the tolerance lies between 0 and 45 degrees.
    """
    if not 0 < tolerance <= 45:
        raise ValueError(f"the tolerance must lie between 0 and 45 degrees, not {tolerance}")
    cosine = math.sin(math.radians(tolerance))
    by_chance = -dim / 2 * math.log10(1 - cosine * cosine) - math.log10(4)
    return max(by_chance, math.log10(dim))


def push_apart(
    directions: Float[np.ndarray, "direction dim"], steps: int, learning_rate: float = 0.3
) -> Float[np.ndarray, "direction dim"]:
    r"""Turn `directions` away from each other, mostly from those that are closest to a line.

    Each step goes against the gradient of {eq}`crowding`, $\sum_{i \ne j} (x_i \cdot x_j)^{18}$,
    and brings the lengths back to 1. It moves the direction that is pushed hardest by
    `learning_rate` times the largest |cosine|.
    """
    x = as_float(directions, "directions").copy()
    for _ in range(steps):
        cosine = x @ x.T
        np.fill_diagonal(cosine, 0)
        largest = np.abs(cosine).max()
        if largest == 0:
            break  # at right angles nothing pushes
        cosine /= largest
        push = _power_17(cosine) @ x
        hardest = np.sqrt((push * push).sum(axis=-1).max())
        x = _unit(x - learning_rate * largest / hardest * push)
    return x


def _power_17(x: np.ndarray) -> np.ndarray:
    result = x * x
    for _ in range(3):  # NumPy's own power of a whole number takes far longer
        result *= result
    result *= x
    return result


def _unit(x: np.ndarray) -> np.ndarray:
    return x / np.linalg.norm(x, axis=-1, keepdims=True)
