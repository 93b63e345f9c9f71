"""Mini-batches: an epoch goes through every example once, a few at a time, in random order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

import numpy as np

from weighted_sums.workshop.checks import whole_number


@runtime_checkable
class Batches(Protocol):
    """Anything that yields the batches of an epoch: the gradient's arguments after the network."""

    def epoch(self, rng: np.random.Generator) -> Iterator[tuple[np.ndarray, ...]]:
        """Yield the batches of one epoch; `rng` is the only source of randomness."""


@dataclass(frozen=True)
class Minibatches:
    """Examples in mini-batches of `batch_size`, shuffled anew for every epoch.

    Raises ValueError unless inputs `x` and targets `y` are arrays of finite numbers with equally
    many rows, and a mini-batch holds from one example to all of them.
    """

    x: np.ndarray
    y: np.ndarray
    batch_size: int

    def __post_init__(self) -> None:
        for name, array in (("inputs", self.x), ("targets", self.y)):
            _check_numbers(name, array)
        whole_number(self.batch_size, "batch_size", least=0)
        if len(self.x) != len(self.y):
            raise ValueError(f"{len(self.x)} inputs do not fit {len(self.y)} targets")
        if not 1 <= self.batch_size <= len(self.x):
            raise ValueError(
                f"a mini-batch of {self.batch_size} cannot be drawn from {len(self.x)} examples"
            )

    def __len__(self) -> int:
        """Mini-batches in an epoch; the last may be smaller than the others."""
        return -(-len(self.x) // self.batch_size)

    def epoch(self, rng: np.random.Generator) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """Yield every example once, in random order: batches B of {eq}`minibatch-gradient`."""
        order = rng.permutation(len(self.x))
        for start in range(0, len(order), self.batch_size):
            batch = order[start : start + self.batch_size]
            yield self.x.take(batch, axis=0), self.y.take(batch, axis=0)


def _check_numbers(name: str, array: Any) -> None:
    # min and max need no array of booleans as large as the data
    if not isinstance(array, np.ndarray) or not array.ndim or array.dtype.kind not in "fiub":
        raise ValueError(f"{name} must be an array of numbers, with a row for each example")
    if array.size and not np.isfinite([array.min(), array.max()]).all():
        row = int(np.argwhere(~np.isfinite(array))[0][0])
        raise ValueError(f"{name} must be finite, but row {row} holds nan or an infinite number")
