"""Two small tasks whose solution shows in the attention patterns: reversal and induction."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from weighted_sums.transformer import IGNORE_INDEX, counted_targets
from weighted_sums.workshop import checks

Batch = tuple[np.ndarray, np.ndarray]


@dataclass(frozen=True)
class Reversal:
    """Random symbols, a separator, and the same symbols in reverse, which are the targets.

    The separator is token `symbols`, so that a model needs a vocabulary of `symbols + 1` tokens.
    """

    batch_size: int
    batches: int
    length: int = 8
    symbols: int = 10

    def __post_init__(self) -> None:
        for name in ("batch_size", "batches", "length", "symbols"):
            checks.whole_number(getattr(self, name), name)

    @property
    def context_length(self) -> int:
        """Positions of an input: the symbols, the separator, and all targets but the last."""
        return 2 * self.length

    def __len__(self) -> int:
        """Number of batches in an epoch."""
        return self.batches

    def epoch(self, rng: np.random.Generator) -> Iterator[Batch]:
        """Yield the epoch's batches: inputs, and the target at each position."""
        for _ in range(self.batches):
            forward = rng.integers(self.symbols, size=(self.batch_size, self.length))
            separator = np.full((self.batch_size, 1), self.symbols)
            sequence = np.hstack([forward, separator, forward[:, ::-1]])
            yield masked_targets(sequence, self.length)


@dataclass(frozen=True)
class Induction:
    """Random symbols that repeat with a random period; the targets begin with the repetition.

    The next symbol is the one that followed the same symbol last time. With a fixed period, copying
    from a fixed distance would solve the task as well; with a random period the model has to find
    the earlier occurrence. The symbols of a period are distinct, so that there is only one.
    """

    batch_size: int
    batches: int
    length: int = 32
    symbols: int = 32
    periods: tuple[int, int] = (5, 16)

    def __post_init__(self) -> None:
        for name in ("batch_size", "batches", "length", "symbols"):
            checks.whole_number(getattr(self, name), name)
        low, high = self.periods
        if not 1 <= low <= high <= min(self.symbols, self.length):
            raise ValueError(
                f"periods must lie in 1..{min(self.symbols, self.length)}, not {self.periods}"
            )

    @property
    def context_length(self) -> int:
        """Positions of an input."""
        return self.length

    def __len__(self) -> int:
        """Number of batches in an epoch."""
        return self.batches

    def epoch(self, rng: np.random.Generator) -> Iterator[Batch]:
        """Yield the epoch's batches: inputs, and the target at each position."""
        low, high = self.periods
        positions = np.arange(self.length + 1)
        for _ in range(self.batches):
            symbols = np.argsort(rng.random((self.batch_size, self.symbols)), axis=1)
            periods = rng.integers(low, high + 1, size=(self.batch_size, 1))
            sequence = np.take_along_axis(symbols, positions % periods, axis=1)
            yield masked_targets(sequence, periods)


def masked_targets(sequence: np.ndarray, first: int | np.ndarray) -> Batch:
    """Split sequences into inputs and next symbols, the targets from position `first` on.

    Earlier targets are `IGNORE_INDEX`. Raises ValueError unless the symbols are whole numbers and
    not negative.
    """
    sequence = checks.indices(sequence, np.iinfo(np.int64).max, "symbols")
    if sequence.ndim != 2 or sequence.shape[1] < 2:
        raise ValueError(f"sequences must be rows of at least two symbols, not {sequence.shape}")
    sequence = sequence.astype(np.int64, copy=False)  # unsigned dtypes lack IGNORE_INDEX
    positions = np.arange(sequence.shape[1] - 1)
    return sequence[:, :-1], np.where(positions >= first, sequence[:, 1:], IGNORE_INDEX)


def masked_accuracy(logits: np.ndarray, targets: np.ndarray) -> float:
    """Return the fraction of targets, without ignored ones, that have the largest logit.

    Raises ValueError when the logits do not fit the targets, or all targets are ignored.
    """
    counted = counted_targets(logits, targets)
    return float((logits.argmax(axis=-1) == targets)[counted].mean())
