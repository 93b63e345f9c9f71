"""Checks for the exercises of the chapter on superposition."""

from __future__ import annotations

import math

import numpy as np

from weighted_sums import superposition
from weighted_sums.exercises import call, called, require, require_equal


def three(answer) -> str:
    """`three` is three directions in a plane whose largest |cosine| is as small as it can be."""
    found = np.asarray(answer, dtype=float)
    require(found.shape == (3, 2), f"three rows of two numbers are asked for, not {found.shape}")
    lengths = np.linalg.norm(found, axis=1)
    require(
        np.allclose(lengths, 1, atol=1e-3),
        f"each direction should have length 1; yours have {lengths.round(3).tolist()}",
    )
    cosines = superposition.cosines(found)
    worst = float(np.abs(cosines).max())
    two = "; a direction and its opposite lie on one line" if np.isclose(worst, 1) else ""
    require(
        worst < 0.502,
        f"the cosines are {cosines.round(3).tolist()}: the largest |cos| is {worst:.3f}, and it "
        f"can be one half{two}",
    )
    return "the Welch bound of one half is reached: three lines, 60 degrees apart"


def cosines(answer) -> str:
    """`cosines(X)` is the cosine of each pair of different rows, of any length."""
    rng = np.random.default_rng(0)
    for rows, d in ((2, 3), (5, 4), (7, 2)):
        X = rng.normal(size=(rows, d)) * rng.uniform(0.5, 3, size=(rows, 1))
        where = f"for {rows} rows of {d} numbers"
        unit = X / np.linalg.norm(X, axis=1, keepdims=True)
        want, raw = superposition.cosines(unit), superposition.cosines(X)
        upper, lower = np.triu_indices(rows), np.tril_indices(rows, k=-1)
        found = np.asarray(call(answer, where, X), dtype=float)
        if found.shape == want.shape:
            found = np.sort(found)  # in which order the pairs come is not asked
            want, raw = np.sort(want), np.sort(raw)
        require_equal(found, want, where, {
            "you give dot products; divide by the lengths": raw,
            "you return the whole table; each pair once, and no row with itself": unit @ unit.T,
            "you include each row with itself": (unit @ unit.T)[upper],
            "you give each pair twice": np.concatenate([want, want]),
            "you divide by one length only": np.sort(
                (X / np.linalg.norm(X, axis=1, keepdims=True) @ X.T)[np.triu_indices(rows, k=1)]),
            "you take absolute values; a cosine has a sign": np.sort(np.abs(want)),
            "you divide by the squares of the lengths":
                np.sort(((X @ X.T) / (X * X).sum(1)[:, None] / (X * X).sum(1))[lower]),
        }, f"the cosines should be {want.round(3).tolist()}")  # fmt: skip
    return "each pair once, whatever the lengths"


def bound(answer) -> str:
    """`bound(N, d)` is the Welch bound, zero where the directions can be perpendicular."""
    for N, d in ((3, 2), (10, 3), (1000, 100), (5, 5), (4, 9)):
        where = f"for {N} directions in {d} dimensions"
        want = superposition.welch_bound(N, d)
        with np.errstate(all="ignore"):
            found = called(answer, where, N, d)
        real = np.isrealobj(found) and np.isfinite(found)
        require(
            bool(real), f"{where} a real number is asked for, not {found!r}: N - d is below zero"
        )
        require_equal(found, want, where, {
            "you forget the square root": want**2,
            "you divide by N instead of N - 1": math.sqrt(max(N - d, 0) / (d * N)),
            "the factor d is missing below the line": math.sqrt(max(N - d, 0) / (N - 1)),
            "N and d are swapped": math.sqrt(max(d - N, 0) / (N * max(d - 1, 1))),
            "yours is an angle; the bound is one on |cos|":
                float(superposition.degrees(want)),
        }, f"it should be {want:.4f}, yours is {found}")  # fmt: skip
    return "and zero as long as there are no more directions than dimensions"


def dimensions(answer) -> str:
    """`dimensions(degrees)` is the d in which an angle is typically off by so many degrees."""
    for degrees in (5.0, 10.0, 2.0):
        where = f"for {degrees:g} degrees"
        cosine = math.sin(math.radians(degrees))
        want = 1 / cosine**2
        found = float(call(answer, where, degrees))
        slips = {
            "you take the cosine of the deviation; at a right angle minus it, the cosine is its "
            "sine": 1 / math.cos(math.radians(degrees)) ** 2,
            "the square is missing: the standard deviation is 1/sqrt(d)": 1 / cosine,
            "yours is the inverse": cosine**2,
            "you put in the degrees as radians": 1 / math.sin(degrees) ** 2,
            "you use the degrees themselves as the cosine": 1 / degrees**2,
        }
        near = [why for why, value in slips.items() if math.isclose(found, value, rel_tol=0.02)]
        require(not near, f"{where} {near[0] if near else ''}")
        right = 0.97 * want <= found <= 1.03 * want + 1
        require(right, f"{where} about {want:.0f} dimensions are needed, yours is {found:.0f}")
    return "a hundred times as many dimensions for a tenth of the deviation"


def opposites(answer) -> str:
    """`opposites(d)` is 2d directions in d dimensions, no two of which have a positive cosine."""
    for d in (1, 2, 5):
        where = f"for {d} dimension{'s' * (d > 1)}"
        found = np.asarray(call(answer, where, d), dtype=float)
        require(
            found.shape == (2 * d, d),
            f"{where} {2 * d} rows of {d} numbers are asked for, not {found.shape}",
        )
        length = np.linalg.norm(found, axis=1)
        require(np.allclose(length, 1), f"{where} the lengths are {length.round(3).tolist()}")
        largest = superposition.cosines(found).max()
        same = ": two of your directions are the same" if np.isclose(largest, 1) else ""
        require(largest < 1e-6, f"{where} two directions have a cosine of {largest:.3f}{same}")
    return "each coordinate holds two features, one for each sign"


def expected_errors(answer) -> str:
    """`expected_errors(N, k, d)` is how many of N features are misread, by the normal curve."""

    def tail(present, d):
        return math.erfc(0.5 / math.sqrt(2 * present / d)) / 2 if present else 0.0

    for N, k, d in ((40, 20, 100), (1000, 5, 100), (500, 1, 50), (2000, 40, 800)):
        where = f"for {k} of {N} features in {d} dimensions"
        want = (N - k) * tail(k, d) + k * tail(k - 1, d)
        found = float(call(answer, where, N, k, d))
        slips = {
            "you leave out the features that are present: they can be missed, too":
                (N - k) * tail(k, d),
            "you count only those that are present": k * tail(k - 1, d),
            "yours is the fraction; how many of the N are they?": want / N,
            "you count both tails; a feature is misread on one side only": 2 * want,
        }  # fmt: skip
        near = [why for why, v in slips.items() if v > 1e-4 and math.isclose(found, v, rel_tol=2e-3)
                and not math.isclose(v, want, rel_tol=0.02)]  # fmt: skip
        require(not near, f"{where} {near[0] if near else ''}")
        right = math.isclose(found, want, rel_tol=0.05, abs_tol=1e-3)
        require(right, f"{where} about {want:.3g} are expected, yours is {found:.3g}")
    return "as the cells counted, without drawing a single direction"
