"""Checks for the exercises of the chapter on the cost."""

from __future__ import annotations

import numpy as np

from weighted_sums.exercises import require
from weighted_sums.losses import example_costs, squared_error_backward


def rank(answer) -> str:
    """`rank(outputs, wish)` orders outputs by their squared distance from the wish."""
    rng = np.random.default_rng(0)
    book = np.array([[0.1, 0.6, 0.1], [0.0, 0.9, 0.8], [0.4, 0.5, 0.4], [0.6, 0.5, 0.0]])
    cases = [(book, np.array([0.0, 1.0, 0.0]))]
    cases += [(rng.random((n, 10)), np.eye(10)[n]) for n in (2, 5, 7)]
    for outputs, wish in cases:
        costs = example_costs(outputs, np.tile(wish, (len(outputs), 1)))
        found = np.asarray(answer(outputs.copy(), wish.copy()))
        where = f"for {len(outputs)} outputs"
        require(
            sorted(found.tolist()) == list(range(len(outputs))),
            f"{where} you return {found.tolist()}; each position from 0 should stand there once",
        )
        expected = np.argsort(costs)
        backwards = len(outputs) > 1 and np.array_equal(found, expected[::-1])
        require(not backwards, f"{where} you begin with the highest cost; begin with the lowest")
        wrong = np.flatnonzero(found != expected)
        require(
            not len(wrong),
            f"{where} place {wrong[:1]} is wrong: the costs are {np.round(costs, 3).tolist()}, so "
            f"the order is {expected.tolist()}, not {found.tolist()}",
        )
    return "by what all outputs say, not by the right one alone"


def best_guess(answer) -> str:
    """`best_guess(shares)` is the best constant output for digits of given shares, and its cost."""
    for counts in ([1] * 10, [3, 1], [5, 3, 1, 1], [1, 0, 0]):
        shares = np.array(counts) / sum(counts)
        wishes = np.repeat(np.eye(len(counts)), counts, axis=0)
        found = answer(shares.copy())
        where = f"for shares {np.round(shares, 3).tolist()}"
        require(
            isinstance(found, tuple | list) and len(found) == 2,
            f"{where} return two things: the outputs, and what they cost",
        )
        outputs, cost = np.asarray(found[0], dtype=float), float(found[1])
        require(
            outputs.shape == shares.shape,
            f"{where} the outputs have shape {outputs.shape}, should be {shares.shape}",
        )
        real = float(example_costs(np.tile(outputs, (len(wishes), 1)), wishes).mean())
        least = float(example_costs(np.tile(shares, (len(wishes), 1)), wishes).mean())
        require(
            real < least + 1e-9,
            f"{where} the outputs {np.round(outputs, 3).tolist()} cost {real:.4f}; it can be done "
            f"for {least:.4f}",
        )
        require(
            bool(np.isclose(cost, least)),
            f"{where} your outputs are right and cost {least:.4f}, but you say {cost:.4f}",
        )
    return "the best constant is how often the digit comes"


def best_constant(answer) -> str:
    """`best_constant(wishes)` has the least mean distance from the wishes."""
    rng = np.random.default_rng(1)
    cases = [np.array([0.0, 0.0, 1.0]), np.eye(10)[:, 3], rng.normal(size=7), rng.random(12)]
    for wishes in cases:
        found = float(answer(wishes.copy()))
        real, least = (np.abs(wishes - c).mean() for c in (found, np.median(wishes)))
        require(
            bool(real <= least + 1e-9),
            f"for wishes {np.round(wishes, 2).tolist()} the constant {found:.3f} has the mean "
            f"distance {real:.3f}; {least:.3f} is possible",
        )
    return "as many wishes above as below"


def slopes(answer) -> str:
    """`slopes(a, y)` is the derivative of the average cost by each output."""
    rng = np.random.default_rng(2)
    for n in (1, 4, 9):
        a, y = rng.random((n, 3)), np.eye(3)[rng.integers(3, size=n)]
        found = np.asarray(answer(a.copy(), y.copy()))
        where = f"for {n} example{'s' if n > 1 else ''}"
        require(found.shape == a.shape, f"{where} the shape is {found.shape}, should be {a.shape}")
        right = squared_error_backward(a, y)
        slips = (
            (n * right, f"that is the slope of the sum; the cost is the average over {n}"),
            (-right, "the sign: an output that is too bright raises the cost when it grows"),
            (right / 2, "the 2 of the square is missing"),
            (right * n / 3, "average over the examples, not over the outputs"),
        )
        for wrong, hint in slips:
            slip = not np.allclose(wrong, right) and np.allclose(found, wrong)
            require(not slip, f"{where} {hint}")
        at = np.unravel_index(np.abs(found - right).argmax(), a.shape)
        require(
            np.allclose(found, right),
            f"{where}, output {a[at]:.3f} with wish {y[at]:.0f}: you say {found[at]:.4f}, a nudge "
            f"gives {right[at]:.4f}",
        )
    return "twice the difference, shared among the examples"
