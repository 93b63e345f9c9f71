"""Checks for the exercises of the chapter on universality."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from weighted_sums.exercises import diagnose, require, returned
from weighted_sums.neurons import sigmoid


def bump(neurons) -> str:
    """Two neurons `(w, b, v)`, v the weight of the output, that make a bump of 2 on 0.3 to 0.6."""
    require(len(neurons) == 2, f"use two neurons, not {len(neurons)}")
    for neuron in neurons:
        require(np.shape(neuron) == (3,), f"a neuron is a triple (w, b, v), not {neuron!r}")
        require(neuron[0] != 0, "a neuron whose weight is 0 is constant, so it has no edge")
    edges = sorted(-float(b) / float(w) for w, b, _ in neurons)
    hint = f"; your edges, at -b/w, are {edges[0]:.4g} and {edges[1]:.4g}"
    if np.allclose(edges, (0.3, 0.6), atol=0.005):
        hint = "; your edges are right: look at the steepness w and at the weights v in the output"
    inside, outside = np.linspace(0.35, 0.55, 21), np.r_[np.linspace(0, 0.25), np.linspace(0.65, 1)]
    for x, expected in ((inside, 2.0), (outside, 0.0)):
        found = sum(v * sigmoid(w * x + float(b)) for w, b, v in neurons)
        at = int(np.argmax(np.abs(found - expected)))
        require(
            abs(found[at] - expected) < 0.05,
            f"at x = {x[at]:.2f} your neurons give {found[at]:.2f}; it should be near "
            f"{expected:.0f}{hint}",
        )
    require(np.allclose(edges, (0.3, 0.6), atol=0.005), f"the edges should be 0.3 and 0.6{hint}")
    return "up at 0.3 and down at 0.6"


def jumps(numbers) -> str:
    """The output bias and the output weights of a staircase with the heights 1, 3, 2, 2.5."""
    heights = np.array([1, 3, 2, 2.5])
    found, expected = np.asarray(numbers, dtype=float), np.diff(heights, prepend=0)
    require(found.shape == (4,), f"give the bias and three weights, not {numbers!r}")
    errors = {
        "; those are the heights": heights,
        "; a weight is the new height minus the old one": np.r_[1, -np.diff(heights)],
        "; weights have signs: one of the steps goes down": np.r_[1, np.abs(np.diff(heights))],
        "; measure each step from the stair before, not from the first": np.r_[1, heights[1:] - 1],
        "; the bias of the output is the first height": np.r_[0, np.diff(heights)],
    }
    off = int(np.argmax(np.abs(found - expected) > 1e-9))
    name = ("the bias", "the first weight", "the second weight", "the third weight")[off]
    require(
        np.allclose(found, expected),
        f"{name} is not {found[off]:g}{diagnose(found, errors)}",
    )
    return "the first height, then the differences"


def orders(errors) -> str:
    """The errors 0.08 with ten neurons become, with forty, 0.02 for steps and 0.005 for pieces."""
    found = np.asarray(errors, dtype=float)
    require(found.shape == (2,), f"give two errors, not {errors!r}")
    begin = 0.08
    slips = {
        ": more neurons make it smaller": begin,
        ": forty is four times as many as ten, not twice": begin / 2,
        ": more neurons make it smaller, not larger": 4 * begin,
        ": more neurons make it smaller, by far not larger": 16 * begin,
        ": the error becomes small, but not zero": 0.0,
    }
    rows = (
        ("the staircase", begin / 4, begin / 16),
        ("the straight pieces", begin / 16, begin / 4),
    )
    for own, (name, expected, other) in zip(found, rows, strict=True):
        power = f": that is right for the other power; which has {name}?"
        hint = diagnose(own, slips | {power: other})
        close = abs(own - expected) < 1e-3 * expected
        require(close, f"the error of {name} is not {own:g}{hint}")
    return "four times the neurons: a quarter of the error, or a sixteenth"


def hinges(answer: Callable) -> str:
    """`hinges(x, y)`: weights of ReLUs at x[:-1] whose sum joins the points by straight pieces."""
    for x, y in (
        ([0, 1, 3], [1, 3, 2]),
        ([-1, 0.5, 1, 4, 5], [0.5, 2, -1, -1, 3]),
        ([2, 4], [5, 1]),
    ):
        nodes, heights = np.array(x, dtype=float), np.array(y, dtype=float)
        found = np.asarray(returned(answer(nodes.copy(), heights.copy())), dtype=float)
        where = f"for x = {x} and y = {y}"
        pieces = len(x) - 1
        require(
            found.shape == (pieces,), f"{where} give {pieces} weights, not an array {found.shape}"
        )
        t = np.linspace(nodes[0], nodes[-1], 201)
        curve = heights[0] + np.maximum(t[:, None] - nodes[:-1], 0) @ found
        expected = np.interp(t, nodes, heights)
        off = int(np.argmax(np.abs(curve - expected)))
        steep = np.diff(heights) / np.diff(nodes)
        slips = {
            "; the ReLUs of the pieces before go on adding": steep,
            "; divide each change of height by the width of its piece": np.diff(
                np.diff(heights), prepend=0
            ),
            "; a weight is the new steepness minus the old one": np.r_[steep[0], -np.diff(steep)],
            "; the first ReLU has to make the first piece": np.r_[0, np.diff(steep)],
        }
        require(
            bool(abs(curve[off] - expected[off]) < 1e-6),
            f"{where} the height at {t[off]:.2f} is {curve[off]:.3f}, it should be "
            f"{expected[off]:.3f}{diagnose(found, slips)}",
        )
    return "each ReLU changes the steepness at its own point"


def enough(answer: Callable) -> str:
    """`enough(steepest, length, error)`: stairs for a curve no steeper than `steepest`."""
    for steepest, length, error in (
        (1.0, 1.0, 0.11),
        (4.0, 1.0, 0.06),
        (0.5, 3.0, 0.013),
        (2.0, 2.0, 9.0),
        (1.5, 2.0, 0.125),  # just a whole number, and exact in binary, so rounding cannot decide
    ):
        needed = steepest * length / (2 * error)
        found, expected = returned(answer(steepest, length, error)), max(1, int(np.ceil(needed)))
        errors = {
            "; from the middle of a stair it is half a stair to its edge": int(np.ceil(2 * needed)),
            "; so few do not reach the bound: round up, never down": int(needed),
            "; fewer would do: round up only what is not whole": int(needed) + 1,
            "; the number should be whole: round up": needed,
            "; the smaller the error, the more stairs it takes": int(np.ceil(2 * error)),
            "; the length of the interval counts too": int(np.ceil(steepest / (2 * error))),
            "; the steepness of the curve counts too": int(np.ceil(length / (2 * error))),
        }
        require(
            np.ndim(found) == 0 and found == expected,
            f"for steepest {steepest:g}, length {length:g} and error {error:g} it takes {expected} "
            f"stairs, your answer is {found}{diagnose(found, errors)}",
        )
    return "twice the accuracy, twice the stairs"


def fit(answer: Callable) -> str:
    """`fit(f, low, high, pieces)` returns edges, jumps and the first height of a staircase."""
    for f, low, high, steep in ((np.sin, 0.5, 6.5, 1.0), (np.square, -1.0, 2.0, 4.0)):
        for pieces in (4, 1, 50):
            found = returned(answer(f, low, high, pieces))
            require(
                isinstance(found, tuple | list) and len(found) == 3,
                "return three things: the edges, the jumps, and the height of the first stair",
            )
            edges, jumps, first = found
            require(
                len(edges) == len(jumps) == pieces - 1,
                f"{pieces} stairs have {pieces - 1} steps between them; "
                f"you give {len(edges)} edges and {len(jumps)} jumps",
            )
            x = np.linspace(low, high, 1999)
            y = first + (np.greater.outer(x, edges) * np.asarray(jumps)).sum(axis=1)
            off, bound = np.abs(y - f(x)), steep * (high - low) / (2 * pieces)
            hint = diagnose(np.r_[first, jumps, edges], _misbuilt(f, low, high, pieces))
            require(
                bool(off.max() <= bound * 1.001),
                f"with {pieces} stairs for {f.__name__} the error at x = {x[off.argmax()]:.2f} is "
                f"{off.max():.3f}; stairs at the height of their middle stay within "
                f"{bound:.3f}{hint}",
            )
    return "no error is larger than half a stair allows"


def _misbuilt(f: Callable, low: float, high: float, pieces: int) -> dict[str, np.ndarray]:
    ends = np.linspace(low, high, pieces + 1)
    left, right, inner = ends[:-1], ends[1:], ends[1:-1]
    middle = (left + right) / 2
    jumps = np.diff(f(middle))
    return {
        "; yours have the height of their left end": np.r_[f(low), np.diff(f(left)), inner],
        "; yours have the height of their right end": np.r_[f(right[0]), np.diff(f(right)), inner],
        "; you give heights in place of jumps from one to the next": np.r_[f(middle), inner],
        "; your jumps have the wrong sign: new height minus old": np.r_[
            f(middle[0]), -jumps, inner
        ],
        "; your first stair has the height 0": np.r_[0, jumps, inner],
        "; your first stair has the height of its left end": np.r_[f(low), jumps, inner],
        "; your edges count from 0, not from `low`": np.r_[f(middle[0]), jumps, inner - low],
        "; your steps are at the middle of a stair, not at its end": np.r_[
            f(middle[0]), jumps, middle[:-1]
        ],
    }


def tower(answer: Callable) -> str:
    """`tower(x1, x2)` is 1 for 0.2 < x1 < 0.6 and 0.5 < x2 < 0.9, else 0, up to soft edges."""
    x1, x2, expected = np.array([
        (0.4, 0.7, 1), (0.25, 0.85, 1), (0.4, 0.2, 0), (0.9, 0.7, 0), (0.1, 0.1, 0), (0.05, 0.7, 0),
        (0.25, 0.55, 1), (0.55, 0.55, 1), (0.55, 0.85, 1),  # inside, near the corners
        (0.15, 0.7, 0), (0.65, 0.7, 0), (0.4, 0.45, 0), (0.4, 0.95, 0),  # just beyond each side
    ]).T  # fmt: skip
    found = np.asarray(returned(answer(x1.copy(), x2.copy())), dtype=float)
    require(found.shape == x1.shape, f"{len(x1)} points went in, an array {found.shape} came out")
    off = int(np.argmax(~(np.abs(found - expected) < 0.1)))
    require(
        abs(found[off] - expected[off]) < 0.1,
        f"at ({x1[off]}, {x2[off]}) your tower is {found[off]:.2f}; it should be "
        f"{expected[off]:.0f}{diagnose(np.round(found, 2), _mistaken(x1, x2))}",
    )
    edge = np.asarray(answer(np.linspace(0.15, 0.25, 4001), np.full(4001, 0.7)), dtype=float)
    require(
        not np.isin(edge, (0, 1)).all(),
        "your tower is exactly 0 or 1 everywhere; sigmoids alone make soft edges",
    )
    return "it is high exactly where both conditions hold"


def _mistaken(x1: np.ndarray, x2: np.ndarray) -> dict[str, np.ndarray]:
    first, second = (x1 > 0.2) & (x1 < 0.6), (x2 > 0.5) & (x2 < 0.9)
    return {
        "; that is the sum of the two walls: the last neuron is missing": first * 1.0 + second,
        "; one wall is enough for yours: OR in place of AND": first | second,
        "; only one wall stands, that of x1": first,
        "; only one wall stands, that of x2": second,
        "; that is 0 on the tower and 1 around it": ~(first & second),
        "; yours is 0 everywhere: is the last threshold above 2?": np.zeros_like(x1),
        "; x1 and x2 are exchanged": (x2 > 0.2) & (x2 < 0.6) & (x1 > 0.5) & (x1 < 0.9),
    }
