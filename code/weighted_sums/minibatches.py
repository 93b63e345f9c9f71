"""What an epoch deals: every example once, in small hands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

import numpy as np

from weighted_sums.workshop.checks import whole_number


@runtime_checkable
class Batches(Protocol):
    """Whatever can deal the batches of an epoch: what `gradient` gets behind the network."""

    def deal(self, rng: np.random.Generator) -> Iterator[tuple[np.ndarray, ...]]:
        """Deal one epoch, with the help of chance."""


@dataclass(frozen=True)
class Minibatches:
    """Examples dealt in small hands, shuffled anew for every epoch.

    Raises ValueError unless inputs and wishes are arrays of finite numbers, as many of one as of
    the other, and a hand holds from one example to all of them.
    """

    x: np.ndarray
    y: np.ndarray
    size: int

    def __post_init__(self) -> None:
        for name, array in (("inputs", self.x), ("wanted outputs", self.y)):
            _check_numbers(name, array)
        whole_number(self.size, "the size of a mini-batch", least=0)
        if len(self.x) != len(self.y):
            raise ValueError(f"{len(self.x)} inputs do not fit {len(self.y)} wanted outputs")
        if not 1 <= self.size <= len(self.x):
            raise ValueError(
                f"a mini-batch of {self.size} cannot be drawn from {len(self.x)} examples"
            )

    def __len__(self) -> int:
        """Mini-batches in an epoch; the last may be smaller than the others."""
        return -(-len(self.x) // self.size)

    def deal(self, rng: np.random.Generator) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """Deal all examples once, in a random order: {eq}`minibatch-gradient` averages a hand."""
        order = rng.permutation(len(self.x))
        for start in range(0, len(order), self.size):
            hand = order[start : start + self.size]
            yield self.x.take(hand, axis=0), self.y.take(hand, axis=0)


def _check_numbers(name: str, array: Any) -> None:
    # once, before the training, and without a table of what is finite
    if not isinstance(array, np.ndarray) or not array.ndim or array.dtype.kind not in "fiub":
        raise ValueError(f"{name} must be an array of numbers, a row for each example")
    if array.size and not np.isfinite([array.min(), array.max()]).all():
        row = int(np.argwhere(~np.isfinite(array))[0][0])
        raise ValueError(f"{name} must be finite, but row {row} holds nan or an infinite number")
