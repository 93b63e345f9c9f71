"""Checks for the exercises of the chapter on universality."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from weighted_sums.exercises import require
from weighted_sums.neurons import sigmoid


def bump(neurons) -> str:
    """Two neurons `(w, b, v)`, v the weight of the output, that make a bump of 2 on 0.3 to 0.6."""
    require(len(neurons) == 2, f"use two neurons, not {len(neurons)}")
    inside, outside = np.linspace(0.35, 0.55, 21), np.r_[np.linspace(0, 0.25), np.linspace(0.65, 1)]
    for x, wanted in ((inside, 2.0), (outside, 0.0)):
        found = sum(v * sigmoid(w * x + float(b)) for w, b, v in neurons)
        at = int(np.argmax(np.abs(found - wanted)))
        require(
            abs(found[at] - wanted) < 0.05,
            f"at x = {x[at]:.2f} your neurons give {found[at]:.2f}; it should be near {wanted:.0f}",
        )
    return "up at 0.3 and down at 0.6"


def enough(answer: Callable) -> str:
    """`enough(slope, length, error)`: stairs for a curve no steeper than `slope`."""
    for slope, length, error in (
        (1.0, 1.0, 0.11),
        (4.0, 1.0, 0.06),
        (0.5, 3.0, 0.013),
        (2.0, 2.0, 9.0),
    ):  # never just at a whole number, where rounding would decide
        found, wanted = (
            answer(slope, length, error),
            max(1, int(np.ceil(slope * length / (2 * error)))),
        )
        hint = ""
        if found == max(1, int(np.ceil(slope * length / error))):
            hint = "; from the middle of a stair it is half a stair to its edge"
        require(
            found == wanted,
            f"for slope {slope:g}, length {length:g} and error {error:g} it takes {wanted} stairs, "
            f"you say {found}{hint}",
        )
    return "twice the accuracy, twice the stairs"


def fit(answer: Callable) -> str:
    """`fit(f, low, high, pieces)` returns edges, jumps and the first height of a staircase."""
    for f, low, high, steep in ((np.sin, 0.0, 6.0, 1.0), (np.square, -1.0, 2.0, 4.0)):
        for pieces in (1, 4, 50):
            edges, jumps, first = answer(f, low, high, pieces)
            require(
                len(edges) == len(jumps) == pieces - 1,
                f"{pieces} stairs have {pieces - 1} steps between them; "
                f"you give {len(edges)} edges and {len(jumps)} jumps",
            )
            x = np.linspace(low, high, 1999)
            y = first + sum(
                (jump * (x > edge) for edge, jump in zip(edges, jumps, strict=True)),
                np.zeros_like(x),
            )
            error, bound = np.abs(y - f(x)).max(), steep * (high - low) / (2 * pieces)
            at = x[np.argmax(np.abs(y - f(x)))]
            require(
                bool(error <= bound * 1.001),
                f"with {pieces} stairs for {f.__name__} the error at x = {at:.2f} is {error:.3f}; "
                f"stairs at the height of their middle stay within {bound:.3f}",
            )
    return "no stair is further off than half its width allows"


def tower(answer: Callable) -> str:
    """`tower(x1, x2)` is 1 for 0.2 < x1 < 0.6 and 0.5 < x2 < 0.9, else 0, up to soft edges."""
    for x1, x2, wanted in (
        (0.4, 0.7, 1), (0.25, 0.85, 1), (0.4, 0.2, 0), (0.9, 0.7, 0), (0.1, 0.1, 0), (0.05, 0.7, 0),
        (0.25, 0.55, 1), (0.55, 0.55, 1), (0.55, 0.85, 1),  # inside, near the corners
        (0.15, 0.7, 0), (0.65, 0.7, 0), (0.4, 0.45, 0), (0.4, 0.95, 0),  # just beyond each side
    ):  # fmt: skip
        found = float(np.squeeze(answer(np.array([x1]), np.array([x2]))))
        require(
            abs(found - wanted) < 0.1,
            f"at ({x1}, {x2}) your tower is {found:.2f}; it should be {wanted}",
        )
    return "it stands where both conditions hold"
