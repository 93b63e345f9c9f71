"""How time grows: the exponent of a power law, fitted to what was measured."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from bench.pairs import Case, Growth, significant


class Fit(NamedTuple):
    """The law milliseconds = factor · x^exponent, and the standard error of the exponent."""

    exponent: float
    error: float
    factor: float


def fit(x: Sequence[float], y: Sequence[float]) -> Fit:
    """Fit a straight line to the logarithms, by least squares.

    Raises ValueError unless there are three different x or more.
    """
    if len(set(x)) < 3:
        raise ValueError(f"an exponent and its error need three different x, not {list(x)}")
    u, v = np.log(x), np.log(y)
    du = u - u.mean()
    exponent = float(du @ v / (du @ du))
    factor = float(np.exp(v.mean() - exponent * u.mean()))
    rest = v - np.log(factor) - exponent * u
    return Fit(exponent, float(np.sqrt(rest @ rest / (len(u) - 2) / (du @ du))), factor)


def fits(cases: Sequence[Case], rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """A fitted exponent for each program, of every growth that the cases ask for, on one thread."""
    found = []
    for case in cases:
        own = [row for row in rows if row["case"] == case.name and row["threads"] == 1]
        for growth in case.growth:
            used = [row for row in own if _belongs(row["setting"], growth)]
            for program in dict.fromkeys(row["program"] for row in used):
                points = [
                    (row["setting"][growth.variable], row["milliseconds"])
                    for row in used
                    if row["program"] == program
                ]
                if len(points) >= 3:
                    found.append(_row(case.name, growth, program, points))
    return found


def _belongs(setting: dict[str, int], growth: Growth) -> bool:
    fixed = all(setting[name] == value for name, value in growth.where.items())
    return fixed and setting[growth.variable] >= growth.least


def _row(case: str, growth: Growth, program: str, points: list[tuple[int, float]]) -> dict:
    x, y = zip(*sorted(points), strict=True)
    law = fit(x, y)
    return {
        "case": case,
        "program": program,
        "against": growth.variable,
        "where": growth.where,
        "from": x[0],
        "to": x[-1],
        "points": len(x),
        "exponent": round(law.exponent, 3),
        "error": round(law.error, 3),
        "factor": significant(law.factor),
    }
