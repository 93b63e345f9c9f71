"""Two small tasks that attention solves in a way one can see: reversal and induction."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from weighted_sums.transformer import IGNORE_INDEX, counted_targets
from weighted_sums.workshop import checks

Batch = tuple[np.ndarray, np.ndarray]


@dataclass(frozen=True)
class Reversal:
    """Symbols at random, a sign, and the same symbols backwards; the last half is asked.

    The sign is the symbol number `symbols`, so a model needs a vocabulary of `symbols + 1`.
    """

    size: int
    steps: int
    length: int = 8
    symbols: int = 10

    def __post_init__(self) -> None:
        for name in ("size", "steps", "length", "symbols"):
            checks.whole_number(getattr(self, name), name)

    @property
    def context(self) -> int:
        """Places of a sequence: the symbols, the sign, and all but the last answer."""
        return 2 * self.length

    def __len__(self) -> int:
        """Batches in an epoch."""
        return self.steps

    def epoch(self, rng: np.random.Generator) -> Iterator[Batch]:
        """Deal `steps` batches: sequences, and at each place the wanted next symbol."""
        for _ in range(self.steps):
            there = rng.integers(self.symbols, size=(self.size, self.length))
            sign = np.full((self.size, 1), self.symbols)
            yield masked_targets(np.hstack([there, sign, there[:, ::-1]]), self.length)


@dataclass(frozen=True)
class Induction:
    """A row of random symbols that repeats itself with a random period; the repetition is asked.

    What comes next is what came after the same symbol the last time. With one fixed period, "the
    symbol so many places back" would solve the task as well; with a random one only looking does.
    The symbols of a period differ, so that there is one answer.
    """

    size: int
    steps: int
    length: int = 32
    symbols: int = 32
    periods: tuple[int, int] = (5, 16)

    def __post_init__(self) -> None:
        for name in ("size", "steps", "length", "symbols"):
            checks.whole_number(getattr(self, name), name)
        low, high = self.periods
        if not 1 <= low <= high <= min(self.symbols, self.length):
            raise ValueError(
                f"periods must lie in 1..{min(self.symbols, self.length)}, not {self.periods}"
            )

    @property
    def context(self) -> int:
        """Places of a sequence."""
        return self.length

    def __len__(self) -> int:
        """Batches in an epoch."""
        return self.steps

    def epoch(self, rng: np.random.Generator) -> Iterator[Batch]:
        """Deal `steps` batches: sequences, and at each place the wanted next symbol."""
        low, high = self.periods
        places = np.arange(self.length + 1)
        for _ in range(self.steps):
            rows = np.argsort(rng.random((self.size, self.symbols)), axis=1)
            periods = rng.integers(low, high + 1, size=(self.size, 1))
            sequence = np.take_along_axis(rows, places % periods, axis=1)
            yield masked_targets(sequence, periods)


def masked_targets(sequence: np.ndarray, start: int | np.ndarray) -> Batch:
    """Cut rows into inputs and wanted next symbols, of which those from place `start` are asked.

    Raises ValueError unless the symbols are whole numbers and not negative.
    """
    sequence = checks.indices(sequence, np.iinfo(np.int64).max, "symbols")
    if sequence.ndim != 2 or sequence.shape[1] < 2:
        raise ValueError(f"rows of two symbols or more are wanted, not shape {sequence.shape}")
    sequence = sequence.astype(np.int64, copy=False)  # a small kind of number has no room for -1
    places = np.arange(sequence.shape[1] - 1)
    return sequence[:, :-1], np.where(places >= start, sequence[:, 1:], IGNORE_INDEX)


def masked_accuracy(scores: np.ndarray, y: np.ndarray) -> float:
    """The share of the asked places where the largest score is that of the wanted symbol.

    Raises ValueError when the scores do not fit the wanted symbols, or nothing is asked.
    """
    asked = counted_targets(scores, y)
    return float((scores.argmax(axis=-1) == y)[asked].mean())
