"""Checks for the exercises of the chapter on training a GPT."""

from __future__ import annotations

import numpy as np

from weighted_sums.attention import pattern
from weighted_sums.exercises import require

TRIALS = 20


def attend_last(answer) -> str:
    """`attend_last(q, keys, values)` is the last row of attention in one head."""
    rng = np.random.default_rng(0)
    for trial in range(TRIALS):
        places, dim, wide = rng.integers(1, 8), rng.integers(2, 6), rng.integers(1, 5)
        q, keys = rng.standard_normal(dim), rng.standard_normal((places, dim))
        keys = keys * 1000 if trial == TRIALS - 1 else keys
        values = rng.standard_normal((places, wide))
        where = f"for {places} places and queries of {dim} numbers"
        with np.errstate(all="ignore"):
            found = np.asarray(answer(q.copy(), keys.copy(), values.copy()), dtype=float)
        require(
            found.shape == (wide,), f"{where} a vector of {wide} is wanted, not shape {found.shape}"
        )
        require(
            bool(np.isfinite(found).all()),
            f"{where} and large scores yours is {found.tolist()}: subtract the largest score first",
        )
        wanted = (pattern(q[None], keys) @ values)[0]
        without = (pattern(q[None] * np.sqrt(dim), keys) @ values)[0]
        require(
            np.allclose(found, wanted) or not np.allclose(found, without),
            f"{where} the scores are not divided by the root of {dim}",
        )
        require(
            np.allclose(found, wanted),
            f"{where} it should be {wanted.round(3).tolist()}, yours is {found.round(3).tolist()}",
        )
    return f"equal to the last row of attention in {TRIALS} cases"


def accumulate(answer) -> str:
    """`accumulate(gradients, sizes)` is the gradient of the whole batch from those of its parts."""
    rng = np.random.default_rng(1)
    for _ in range(TRIALS):
        sizes = rng.integers(1, 12, size=rng.integers(2, 5)).tolist()
        windows = [rng.standard_normal((size, 3)) for size in sizes]
        parts = [part.mean(axis=0) for part in windows]
        found = np.asarray(answer([part.copy() for part in parts], list(sizes)), dtype=float)
        where = f"for parts of {sizes} windows"
        require(found.shape == (3,), f"{where} a gradient of 3 numbers is wanted, not {found!r}")
        wanted = np.concatenate(windows).mean(axis=0)
        require(
            np.allclose(found, wanted) or not np.allclose(found, wanted * sum(sizes)),
            f"{where} you return the sum over all windows; the cost is their average",
        )
        require(
            np.allclose(found, wanted) or not np.allclose(found, np.mean(parts, axis=0)),
            f"{where} each part counts the same in yours; each window should",
        )
        require(
            np.allclose(found, wanted),
            f"{where} it should be {wanted.round(3).tolist()}, yours is {found.round(3).tolist()}",
        )
    return f"for {TRIALS} batches in unequal parts"


def sweep(answer) -> str:
    """`sweep(train_at, rates, seeds)` is the rate with the smallest average cost."""
    rates, seeds = [0.001, 0.01, 0.1, 1.0, 10.0], [0, 1, 2, 3]
    for best in (1, 2):

        def train_at(rate: float, seed: int, best: int = best) -> float:
            if rate == 10.0:
                raise FloatingPointError("the cost is inf after step 2")
            if rate == 1.0:
                return float("nan") if seed else 0.5  # once it went well
            lucky = -1.5 if seed == 0 and rate == 0.001 else 0.0
            return 2 + abs(rates.index(rate) - best) + lucky

        found = answer(train_at, list(rates), list(seeds))
        require(
            found != 1.0,
            "the rate 1 went well with one seed and ended in nan with the others; a training "
            "that fails costs infinitely much",
        )
        require(
            found != 0.001,
            "the rate 0.001 was lucky with the first seed; take the average over all seeds",
        )
        require(found in rates, f"one of the rates {rates} is asked for, not {found!r}")
        require(
            found == rates[best],
            f"the average cost is smallest at the rate {rates[best]}, you say {found}",
        )
    return "over all seeds, with failures counted as failures"
