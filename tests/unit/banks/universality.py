"""Answers to the exercises on universality: plausible errors, and unusual right answers."""

import math
from fractions import Fraction

import numpy as np

from banks import Bank
from weighted_sums.neurons import sigmoid
from weighted_sums.universality import staircase


def needed(steepest, length, error):
    return steepest * length / (2 * error)


def stairs(f, low, high, pieces, at=0.5):
    edges = np.linspace(low, high, pieces + 1)
    heights = f(edges[:-1] + at * (edges[1:] - edges[:-1]))
    return edges[1:-1], np.diff(heights), heights[0]


def heights_for_jumps(f, low, high, pieces):
    edges, jumps, first = stairs(f, low, high, pieces)
    return edges, first + np.cumsum(jumps), first


def steps_in_the_middle(f, low, high, pieces):
    edges, jumps, first = stairs(f, low, high, pieces)
    return edges - (high - low) / (2 * pieces), jumps, first


def signs_exchanged(f, low, high, pieces):
    edges, jumps, first = stairs(f, low, high, pieces)
    return edges, -jumps, first


def from_zero(f, low, high, pieces):
    edges, jumps, first = stairs(f, low, high, pieces)
    return edges - low, jumps, first


def mean_of_ends(f, low, high, pieces):
    edges = np.linspace(low, high, pieces + 1)
    heights = (f(edges[:-1]) + f(edges[1:])) / 2
    return [edges[1:-1].tolist(), np.diff(heights).tolist(), float(heights[0])]


def one_by_one(f, low, high, pieces):
    width = (high - low) / pieces
    heights = [float(f(low + (i + 0.5) * width)) for i in range(pieces)]
    jumps = [heights[i] - heights[i - 1] for i in range(1, pieces)]
    return [low + i * width for i in range(1, pieces)], jumps, heights[0]


def of_the_package(f, low, high, pieces):
    hidden, output = staircase(f, low, high, pieces, 1.0)
    return -hidden.b, output.W[0], output.b


def wall(x, low, s=200):
    return sigmoid(s * (x - low)) - sigmoid(s * (x - low - 0.4))


def four_steps(x1, x2):
    return wall(x1, 0.2) + wall(x2, 0.5)


def hard(x1, x2):
    return ((x1 > 0.2) & (x1 < 0.6) & (x2 > 0.5) & (x2 < 0.9)).astype(float)


def one_point(x1, x2):
    return sigmoid(200 * (0.0 + (0.2 < x1 < 0.6 and 0.5 < x2 < 0.9) - 0.5))


def loop_of_hinges(x, y):
    weights = []
    for k in range(len(x) - 1):
        reached = y[0] + sum(w * (x[k + 1] - x[i]) for i, w in enumerate(weights))
        weights.append((y[k + 1] - reached) / (x[k + 1] - x[k]))
    return weights


BANK = {
    "jumps": Bank(
        wrong={
            "the starter: heights": ([1, 3, 2, 2.5], "those are the heights"),
            "the sign": ([1, -2, 1, -0.5], "the new height minus the old one"),
            "no signs": ([1, 2, 1, 0.5], "one of the steps goes down"),
            "from the first": ([1, 2, 1, 1.5], "from the stair before"),
            "no bias": ([0, 2, -1, 0.5], "the bias of the output is the first height"),
            "the last one wrong": ([1, 2, -1, 2.5], "the third weight is not 2.5"),
            "three numbers": ([2, -1, 0.5], "give the bias and three weights"),
        },
        unusual={
            "the chapter's": [1, 2, -1, 0.5],
            "an array": np.diff([0, 1, 3, 2, 2.5]),
            "a tuple": (1.0, 2.0, -1.0, 0.5),
        },
    ),
    "orders": Bank(
        wrong={
            "the starter": ([0.08, 0.08], "more neurons make it smaller"),
            "twice as many": ([0.04, 0.02], "forty is four times as many as ten"),
            "exchanged": ([0.005, 0.02], "that is right for the other power"),
            "the same for both": ([0.02, 0.02], "which has the straight pieces?"),
            "multiplied": ([0.32, 1.28], "smaller, not larger"),
            "no error": ([0.0, 0.0], "but not zero"),
            "one number": (0.02, "give two errors"),
            "a third power": ([0.02, 0.00125], "the error of the straight pieces is not 0.00125"),
        },
        unusual={
            "the chapter's": [0.02, 0.005],
            "a power": 0.08 * np.array([10 / 40, (10 / 40) ** 2]),
            "fractions": (2 / 100, 5 / 1000),
        },
    ),
    "hinges": Bank(
        wrong={
            "the starter": (lambda x, y: np.diff(y) / np.diff(x), "go on adding"),
            "no widths": (lambda x, y: np.diff(np.diff(y), prepend=0), "by the width of its piece"),
            "the sign": (
                lambda x, y: (
                    -np.diff(np.diff(y) / np.diff(x), prepend=0) * np.r_[-1, np.ones(len(x) - 2)]
                ),
                "the new steepness minus the old one",
            ),
            "no first piece": (
                lambda x, y: np.r_[0, np.diff(np.diff(y) / np.diff(x))],
                "has to make the first piece",
            ),
            "too few": (lambda x, y: np.diff(np.diff(y) / np.diff(x)), "give 2 weights"),
            "heights": (lambda x, y: y[:-1], "the height at"),
            "returns nothing": (lambda x, y: None, "did you forget `return`"),
        },
        unusual={
            "the chapter's": lambda x, y: np.diff(np.diff(y) / np.diff(x), prepend=0),
            "solved": lambda x, y: np.linalg.solve(
                np.maximum(x[1:, None] - x[:-1], 0), y[1:] - y[0]
            ),
            "a loop": loop_of_hinges,
        },
    ),
    "bump": Bank(
        wrong={
            "the starter: edges for biases": (
                [(200, 0.3, 2), (200, 0.6, -2)],
                "your edges, at -b/w, are -0.003 and -0.0015",
            ),
            "the edges with a minus": (
                [(200, -0.3, 2), (200, -0.6, -2)],
                "your edges, at -b/w, are 0.0015 and 0.003",
            ),
            "biases with the wrong sign": (
                [(200, 60, 2), (200, 120, -2)],
                "your edges, at -b/w, are -0.6 and -0.3",
            ),
            "one neuron": ([(200, -60, 2)], "use two neurons, not 1"),
            "up twice": (
                [(200, -60, 2), (200, -120, 2)],
                "give 4.00; it should be near 0",
            ),
            "height 1": ([(200, -60, 1), (200, -120, -1)], "look at the steepness w and at"),
            "upside down": ([(200, -60, -2), (200, -120, 2)], "give -2.00; it should be near 2"),
            "too soft": ([(5, -1.5, 2), (5, -3, -2)], "look at the steepness w and at"),
            "an edge beside": ([(200, -56, 2), (200, -120, -2)], "are 0.28 and 0.6"),
            "no weights in the output": ([(200, -60), (200, -120)], "a triple (w, b, v)"),
            "no weight": ([(0, -60, 2), (200, -120, -2)], "whose weight is 0"),
        },
        unusual={
            "the chapter's": [(200, -60, 2), (200, -120, -2)],
            "down first, much steeper": [(5000, -3000, -2), (5000, -1500, 2)],
            "both weights negative": [(-200, 60, -2), (-200, 120, 2)],
            "arrays of one table": np.array([[300.0, -90, 2], [300, -180, -2]]),
        },
    ),
    "enough": Bank(
        wrong={
            "the starter: whole stairs": (
                lambda s, w, e: math.ceil(s * w / e),
                "half a stair to its edge",
            ),
            "rounds down": (
                lambda s, w, e: max(1, int(needed(s, w, e))),
                "do not reach the bound",
            ),
            "rounds to the nearest": (
                lambda s, w, e: max(1, round(needed(s, w, e) + 0.05)),
                "it takes 34 stairs, your answer is 33; so few do not reach the bound",
            ),
            "one more for safety": (
                lambda s, w, e: int(needed(s, w, e)) + 1,
                "it takes 12 stairs, your answer is 13; fewer would do",
            ),
            "not whole": (needed, "the number should be whole"),
            "without the length": (
                lambda s, w, e: math.ceil(s / 2 / e),
                "the length of the interval",
            ),
            "without the steepness": (
                lambda s, w, e: math.ceil(w / 2 / e),
                "the steepness of the curve",
            ),
            "upside down": (
                lambda s, w, e: max(1, math.ceil(2 * e / (s * w))),
                "the smaller the error, the more stairs it",
            ),
            "always one": (lambda s, w, e: 1, "it takes 5 stairs, your answer is 1; the smaller"),
            "returns nothing": (lambda s, w, e: None, "did you forget `return`"),
        },
        unusual={
            "the chapter's": lambda s, w, e: max(1, int(np.ceil(needed(s, w, e)))),
            "division rounded down, of a negative": lambda s, w, e: max(1, -int(-s * w // (2 * e))),
            "counting up": lambda s, w, e: next(n for n in range(1, 1000) if s * w / (2 * n) <= e),
            "fractions": lambda s, w, e: max(
                1, math.ceil(Fraction(s) * Fraction(w) / (2 * Fraction(e)))
            ),
            "a decimal number": lambda s, w, e: np.maximum(1, np.ceil(needed(s, w, e))),
        },
    ),
    "fit": Bank(
        wrong={
            "the starter: the left end": (
                lambda f, a, b, n: stairs(f, a, b, n, at=0.0),
                "yours have the height of their left end",
            ),
            "the right end": (
                lambda f, a, b, n: stairs(f, a, b, n, at=1.0),
                "yours have the height of their right end",
            ),
            "heights in place of jumps": (heights_for_jumps, "you give heights in place of jumps"),
            "old height minus new": (signs_exchanged, "your jumps have the wrong sign"),
            "starts at 0": (
                lambda *given: (*stairs(*given)[:2], 0.0),
                "your first stair has the height 0",
            ),
            "starts at f(low)": (
                lambda f, a, b, n: (*stairs(f, a, b, n)[:2], f(a)),
                "your first stair has the height of its left end",
            ),
            "steps in the middle": (steps_in_the_middle, "at the middle of a stair"),
            "edges from 0": (from_zero, "your edges count from 0, not from `low`"),
            "one stair too many": (
                lambda f, a, b, n: stairs(f, a, b, n + 1),
                "4 stairs have 3 steps between them; you give 4 edges and 4 jumps",
            ),
            "both ends are edges too": (
                lambda f, a, b, n: (np.linspace(a, b, n + 1), *stairs(f, a, b, n)[1:]),
                "you give 5 edges and 3 jumps",
            ),
            "edges and jumps only": (lambda *given: stairs(*given)[:2], "return three things"),
            "returns nothing": (lambda *given: None, "did you forget `return`"),
        },
        unusual={
            "the chapter's": stairs,
            "the mean of both ends, lists": mean_of_ends,
            "stair by stair": one_by_one,
            "read off the package's layers": of_the_package,
        },
    ),
    "tower": Bank(
        wrong={
            "the starter: no last neuron": (
                four_steps,
                "(0.4, 0.7) your tower is 2.00; it should be 1; that is the sum",
            ),
            "that of x2": (lambda a, b: wall(b, 0.5), "only one wall stands, that of x2"),
            "OR": (lambda a, b: sigmoid(200 * (four_steps(a, b) - 0.5)), "OR in place of AND"),
            "a threshold too high": (
                lambda a, b: sigmoid(200 * (four_steps(a, b) - 2.5)),
                "yours is 0 everywhere",
            ),
            "inside out": (lambda a, b: sigmoid(200 * (1.5 - four_steps(a, b))), "0 on the tower"),
            "inputs exchanged": (
                lambda a, b: sigmoid(200 * (four_steps(b, a) - 1.5)),
                "x1 and x2 are exchanged",
            ),
            "one wall": (lambda a, b: wall(a, 0.2), "only one wall stands, that of x1"),
            "moved": (
                lambda a, b: sigmoid(200 * (four_steps(a - 0.1, b) - 1.5)),
                "at (0.25, 0.85) your tower is 0.00; it should be 1",
            ),
            "stretched": (
                lambda a, b: sigmoid(200 * (four_steps(a * 0.9, b) - 1.5)),
                "at (0.65, 0.7)",
            ),
            "a last neuron that is too soft": (
                lambda a, b: sigmoid(four_steps(a, b) - 1.5),
                "at (0.4, 0.7) your tower is 0.62; it should be 1",
            ),
            "comparisons": (hard, "sigmoids alone make soft edges"),
            "one point at a time": (one_point, "stopped with ValueError"),
            "one number for all": (lambda a, b: 1.0, "13 points went in"),
            "returns nothing": (lambda a, b: None, "did you forget `return`"),
        },
        unusual={
            "the chapter's": lambda a, b: sigmoid(200 * (four_steps(a, b) - 1.5)),
            "a product of walls": lambda a, b: wall(a, 0.2) * wall(b, 0.5),
            "four walls into one neuron, float32": lambda a, b: np.float32(
                sigmoid(
                    np.stack(
                        [
                            sigmoid(300 * (a - 0.2)),
                            sigmoid(300 * (0.6 - a)),
                            sigmoid(300 * (b - 0.5)),
                            sigmoid(300 * (0.9 - b)),
                        ],
                        axis=1,
                    )
                    @ np.full(4, 100.0)
                    - 350
                )
            ),
            "a threshold just below 2, as a list": lambda a, b: sigmoid(
                400 * (four_steps(a, b) - 1.8)
            ).tolist(),
        },
    ),
}
