"""Checks for the exercises of the page on compute and scale."""

from __future__ import annotations

import numpy as np

from weighted_sums.exercises import require

TOKENS_A_PARAMETER = 20


def spend(answer) -> str:
    """`spend(C)` is the parameters and tokens of a budget, twenty tokens for each parameter."""
    for C in (1.2e3, 1e12, 3.15e23):
        found = tuple(float(number) for number in answer(C))
        require(len(found) == 2, f"parameters and tokens are asked for, not {found}")
        N, D = found
        require(
            np.isclose(D, TOKENS_A_PARAMETER * N),
            f"for C = {C:.3g} your {D:.3g} tokens are {D / N:.3g} for each of {N:.3g} parameters, "
            "not 20",
        )
        require(
            np.isclose(6 * N * D, C),
            f"for C = {C:.3g} yours takes 6ND = {6 * N * D:.3g} operations",
        )
    return "for three budgets"


def overtaken(answer) -> str:
    """`overtaken(width)` is the length at which pairs cost as much as the matrices."""
    for width in (32, 768, 12_288):
        n = float(answer(width))
        matrices, pairs = 12 * width**2, 2 * n * width
        require(
            np.isclose(matrices, pairs),
            f"at width {width} and n = {n:.6g} the matrices take {matrices:.4g} multiplications "
            f"a token, the pairs {pairs:.4g}",
        )
    return "at three widths"
