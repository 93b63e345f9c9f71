"""Checks for the exercises of the chapter on stochastic descent."""

from __future__ import annotations

from itertools import combinations

import numpy as np

from weighted_sums.exercises import require


def average(answer) -> str:
    """`average(gradients, sizes)` weighs the hands of an epoch by how many examples they hold."""
    rng = np.random.default_rng(0)
    for sizes in ([3, 3], [30, 30, 30, 10], [4, 1], [1]):
        examples = rng.normal(size=(sum(sizes), 5))
        hands = np.split(examples, np.cumsum(sizes)[:-1])
        gradients = np.array([hand.mean(axis=0) for hand in hands])
        found = np.asarray(answer(gradients.copy(), list(sizes)))
        where = f"for hands of {sizes}"
        require(found.shape == (5,), f"{where} the shape is {found.shape}, should be (5,)")
        total = gradients.T @ sizes
        require(
            len(examples) == 1 or not np.allclose(found, total),
            f"{where} you give the sum over the examples; the gradient is their mean",
        )
        plain = len(set(sizes)) > 1 and np.allclose(found, gradients.mean(axis=0))
        require(
            not plain,
            f"{where} every hand counts the same, so an example in a small hand counts for more",
        )
        require(
            np.allclose(found, examples.mean(axis=0)),
            f"{where} the result is not the mean over all {len(examples)} examples",
        )
    return "each hand weighs as much as it holds"


def deal(answer) -> str:
    """`deal(n, size, rng)` deals each of n positions once, in random hands of `size`."""
    for n, size in ((12, 4), (10, 3), (7, 1), (5, 5)):
        where = f"for n = {n} and size = {size}"
        hands = [np.asarray(hand) for hand in answer(n, size, np.random.default_rng(0))]
        expected = -(-n // size)
        require(
            len(hands) == expected,
            f"{where} there are {len(hands)} hands; to hold all {n} positions it takes {expected}",
        )
        sizes = [len(hand) for hand in hands]
        require(
            sizes[:-1] == [size] * (expected - 1) and sum(sizes) == n,
            f"{where} the hands have sizes {sizes}; all but the last should have {size}",
        )
        dealt = np.concatenate(hands)
        twice = [i for i in range(n) if (dealt == i).sum() > 1]
        missing = sorted(set(range(n)) - set(dealt.tolist()))
        require(not twice, f"{where} position {twice[:1]} was dealt twice: no putting back")
        require(not missing, f"{where} the positions {missing} were not dealt")
    first, second = (np.concatenate(answer(50, 7, np.random.default_rng(s))) for s in (0, 1))
    require(not np.array_equal(first, np.arange(50)), "the deck is not shuffled")
    require(not np.array_equal(first, second), "every generator gives the same order: use `rng`")
    return "every example once, in an order of chance"


def online(answer) -> str:
    """`online(slope, w, examples, rate)` takes a step for each example, one after the other."""
    rng = np.random.default_rng(0)
    for n, rate in ((1, 0.3), (2, 0.25), (5, 0.1)):
        w, examples, strengths = rng.normal(size=3), rng.normal(size=(n, 3)), rng.uniform(1, 2, 3)

        def slope(w, x, strengths=strengths):
            return 2 * strengths * (w - x)

        given, places = w.copy(), [w]
        for x in examples:
            places.append(places[-1] - rate * slope(places[-1], x))
        found = np.asarray(answer(slope, given, examples.copy(), rate))
        where = f"for {n} examples and rate {rate}"
        require(found.shape == (3,), f"{where} the shape is {found.shape}, should be (3,)")
        require(np.array_equal(given, w), f"{where} you changed the w that you were given")
        _require_steps(found, places, [slope(w, x) for x in examples], rate, where)
    return "each example was asked at the place to which the one before has led"


def noise(answer) -> str:
    """`noise(spread, size, n)` is the standard deviation of a hand's mean, no putting back."""
    rng = np.random.default_rng(0)
    for n, size in ((6, 2), (6, 5), (10, 10), (8, 1), (5, 3)):
        slopes = rng.normal(size=n)
        expected = _std_of_all_hands(slopes, size)
        found = float(answer(float(slopes.std()), size, n))
        where = f"for {n} slopes and hands of {size}"
        require(
            size < n or abs(found) < 1e-9,
            f"{where} you say {found:.4f}, but a hand that holds them all has only one mean",
        )
        require(
            bool(np.isclose(found, expected, atol=1e-9)),
            f"{where} you say {found:.4f}; over all possible hands it is {expected:.4f}",
        )
    return "like one over the square root of the size, and zero when all are in the hand"


def best_epoch(answer) -> str:
    """`best_epoch(costs, patience)` is the epoch to keep, and looks no further than it waits."""
    cases = [
        ([5.0, 4.0, 3.0, 2.0], 2, 3, "the cost falls all the time"),
        ([5.0, 3.0, 4.0, 4.0, 1.0], 2, 1, "after two epochs without a new low it has stopped"),
        ([5.0, 3.0, 4.0, 2.0, 3.0, 1.0], 2, 5, "a new low in time resets the waiting"),
        ([3.0, 3.0, 3.0, 1.0], 2, 0, "equal is not lower"),
        ([2.0, 1.0, 3.0], 5, 1, "the training ended before the patience did"),
        ([1.0, 2.0], 1, 0, "with a patience of one the first rise ends it"),
    ]
    for costs, patience, expected, why in cases:
        found = answer(list(costs), patience)
        require(
            found == expected,
            f"for costs {costs} and patience {patience} you keep epoch {found}, it should be "
            f"{expected}: {why}",
        )
    return "kept the best that was seen before the patience ran out"


def _require_steps(found, places, slopes, rate, where) -> None:
    start, end = places[0], places[-1]
    if len(slopes) > 1:
        at_start = start - rate * np.sum(slopes, axis=0)
        averaged = start - rate * np.mean(slopes, axis=0)
        require(
            not np.allclose(found, at_start),
            f"{where} all slopes are taken at the start, but the first step leads elsewhere",
        )
        require(not np.allclose(found, averaged), f"{where} that is one step, not {len(slopes)}")
    require(
        np.allclose(found, end),
        f"{where} you end at {np.round(found, 3)}, it should be {np.round(end, 3)}",
    )


def _std_of_all_hands(slopes: np.ndarray, size: int) -> float:
    return float(np.std([np.mean(hand) for hand in combinations(slopes, size)]))
