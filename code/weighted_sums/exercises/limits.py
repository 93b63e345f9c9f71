"""Checks for the exercises of the page on limits."""

from __future__ import annotations

import numpy as np

from weighted_sums.exercises import require
from weighted_sums.sampling import shares


def says(answer) -> str:
    """`says(p, T)` is how often a calibrated model says what has the share p, at temperature T."""
    for T in (1.0, 0.5, 2.0, 0.25):
        for p in (0.5, 0.8, 0.3, 0.99):
            wanted = float(shares(np.log([p, 1 - p]), T)[0])
            found = float(answer(p, T))
            require(
                not np.isclose(found, p ** (1 / T)) or np.isclose(wanted, found),
                f"at p = {p} and T = {T} yours is p^(1/T); the two shares must still sum to 1",
            )
            require(
                np.isclose(found, wanted),
                f"at p = {p} and T = {T} it says so with {wanted:.4f}, yours is {found:.4f}",
            )
    return "at four temperatures"


def verbatim(answer) -> str:
    """`verbatim(written, text, length)` is the share of pieces that stand in the text."""
    text = "the cat sat on the mat and the dog sat on the log"
    for written, length in (("sat on the mat", 5), ("the dog and the cat", 5), ("xyzzy", 2),
                            ("the c", 3), ("sat", 3)):  # fmt: skip
        count = len(written) - length + 1
        wanted = sum(written[i : i + length] in text for i in range(count)) / count
        found = float(answer(written, text, length))
        require(
            np.isclose(found, wanted),
            f"of the {count} pieces of {length} characters in {written!r} the share found in the "
            f"text is {wanted:.3f}, yours is {found:.3f}",
        )
    return "for five texts"
