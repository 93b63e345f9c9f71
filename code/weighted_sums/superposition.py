"""How many nearly perpendicular directions fit into a space?"""

from __future__ import annotations

import math

import numpy as np
from jaxtyping import Float

from weighted_sums.workshop.checks import as_float, whole_number


def random_directions(
    count: int, dim: int, rng: np.random.Generator
) -> Float[np.ndarray, "direction dim"]:
    """Draw `count` unit vectors, uniformly distributed over all directions."""
    return _unit(rng.standard_normal((count, dim), dtype=np.float32))


def cosines(directions: Float[np.ndarray, "direction dim"]) -> Float[np.ndarray, " pair"]:
    """Cosine of the angle between each pair of `directions`, which must be unit vectors."""
    first, second = np.triu_indices(len(directions), k=1)
    return (directions @ directions.T)[first, second]


def degrees(
    cosines: Float[np.ndarray, "..."] | float,
) -> Float[np.ndarray, "..."] | float:
    """Angles with these `cosines`, from 0 to 180 degrees."""
    return np.degrees(np.arccos(np.clip(as_float(cosines, "cosines"), -1, 1)))


def welch_bound(count: int, dim: int) -> float:
    """Lower bound of the largest |cosine| among `count` directions in `dim` dimensions.

    Implements {eq}`welch`. Source: Welch (1974). Raises ValueError for fewer than two directions.
    """
    whole_number(count, "count", least=2)
    whole_number(dim, "dim")
    return math.sqrt(max(count - dim, 0) / (dim * (count - 1)))


def log10_capacity(dim: int, tolerance: float) -> float:
    r"""Decimal logarithm of a number of directions that surely fit, {eq}`nearly-perpendicular`.

    All their angles lie within `tolerance` degrees of 90. A basis of `dim` directions always fits.
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
    r"""Make `directions` more nearly perpendicular by gradient descent.

    Each step follows the negative gradient of {eq}`crowding`,
    $\sum_{i \ne j} (x_i \cdot x_j)^{18}$, and rescales the vectors to length 1. The longest step
    of a vector is `learning_rate` times the largest |cosine|.
    """
    x = as_float(directions, "directions").copy()
    for _ in range(steps):
        cosine = x @ x.T
        np.fill_diagonal(cosine, 0)
        largest = np.abs(cosine).max()
        if largest == 0:
            break  # all are perpendicular
        cosine /= largest
        gradient = _power_17(cosine) @ x
        longest = np.sqrt((gradient * gradient).sum(axis=-1).max())
        x = _unit(x - learning_rate * largest / longest * gradient)
    return x


def _power_17(x: np.ndarray) -> np.ndarray:
    result = x * x
    for _ in range(3):  # x ** 17 takes far longer in NumPy
        result *= result
    result *= x
    return result


def _unit(x: np.ndarray) -> np.ndarray:
    return x / np.linalg.norm(x, axis=-1, keepdims=True)
