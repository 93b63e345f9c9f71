"""Checks for the exercises of the page on compute and scale."""

from __future__ import annotations

import numpy as np

from weighted_sums.exercises import Wrong, call, diagnose, require

TOKENS_A_PARAMETER = 20


def spend(answer) -> str:
    """`spend(C)` is the parameters and tokens of a budget, twenty tokens for each parameter."""
    for C in (1.2e3, 1e12, 3.15e23):
        where = f"for C = {C:.3g}"
        found = np.asarray(call(answer, where, C), dtype=float)
        pair = f"{where} expected a pair, parameters and tokens, not {found.tolist()}"
        require(found.shape == (2,), pair)
        N, D = found
        best = np.sqrt(C / 6 / TOKENS_A_PARAMETER)
        errors = {
            ": the parameters come first": (TOKENS_A_PARAMETER * best, best),
            ": C = 120 N², so take the square root": np.array([1, 20]) * C / 120,
            ": the 6 of 6ND is missing": np.array([1, 20]) * np.sqrt(C / 20),
            ": the 20 tokens of each parameter count as well: 120 N²": np.array([1, 20])
            * np.sqrt(C / 6),
        }
        if np.isclose(D, TOKENS_A_PARAMETER * N) and np.isclose(6 * N * D, C):
            continue
        why = diagnose(found / np.sqrt(C), {w: np.array(v) / np.sqrt(C) for w, v in errors.items()})
        if not np.isclose(D, TOKENS_A_PARAMETER * N):
            ratio = f"{D / N:.3g}" if N else "infinitely many"
            tokens = f"your {D:.3g} tokens are {ratio} for each of {N:.3g} parameters, not 20"
            raise Wrong(f"{where} {tokens}{why}")
        raise Wrong(f"{where} yours takes 6ND = {6 * N * D:.3g} operations{why}")
    return "for three budgets"


def overtaken(answer) -> str:
    """`overtaken(d_model)` is the length at which pairs cost as much as the matrices."""
    for d_model in (32, 768, 12_288):
        where = f"at d_model {d_model}"
        found = call(answer, where, d_model)
        require(np.size(found) == 1, f"{where} your answer should be one number")
        n = float(np.ravel(found)[0])
        matrices, pairs = 12 * d_model**2, 2 * n * d_model
        errors = {
            ": the pairs take 2n·d_model, for the keys and for the values": 12 * d_model,
            ": the matrices take 12·d_model², four for attention and eight for the MLP": 2
            * d_model,
            ": those are the matrices of the MLP only": 4 * d_model,
            ": one factor d_model is on both sides, so divide by it": 6 * d_model**2,
            ": divide by it only once": 6,
            ": that is upside down": d_model / 6,
        }
        words = (
            f"{where} and n = {n:.6g} the matrices take {matrices:.4g} multiplications "
            f"a token, the pairs {pairs:.4g}"
        )
        require(np.isclose(matrices, pairs), words + diagnose(n, errors))
    return "at three values of d_model"
