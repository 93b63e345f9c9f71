"""Checks for the exercises of the page on compute and scale."""

from __future__ import annotations

import numpy as np

from weighted_sums.exercises import Wrong, call, diagnose, require, require_equal

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


def days(answer) -> str:
    """`days(N, D, speed)` is the time of a training run of N parameters and D tokens."""
    for N, D, speed in ((1e8, 2e9, 5e10), (1.75e11, 3e11, 1e15), (5e5, 7e5, 2e10)):
        where = f"for N = {N:.3g}, D = {D:.3g} and {speed:.3g} operations a second"
        want = 6 * N * D / speed / 86400
        found = float(call(answer, where, N, D, speed))
        slips = {
            "you count the forward pass only; the backward pass takes twice as much": want / 3,
            "you count multiplications; each comes with an addition": want / 2,
            "yours is in seconds": want * 86400, "yours is in hours": want * 24,
            "yours is in minutes": want * 1440,
            "the 6 of 6ND is missing": want / 6,
            "yours is the number of operations; divide by the speed": want * speed * 86400,
            "a day has 24 hours of 3,600 seconds": want * 24 / 60,
        }  # fmt: skip
        if not np.isclose(found, want, rtol=1e-3):
            near = diagnose(found / want, {why: v / want for why, v in slips.items()})
            raise Wrong(f"{where} " + (near or f"it takes {want:.4g} days, yours is {found:.4g}"))
    return "six operations for each parameter and token"


def factor(answer) -> str:
    """`factor(alpha, ratio)` is how much more text multiplies the loss by `ratio`."""
    for alpha, ratio in ((-0.1, 0.5), (-0.5, 0.5), (-0.2, 0.9)):
        where = f"for α = {alpha} and a ratio of {ratio}"
        want = ratio ** (1 / alpha)
        require_equal(call(answer, where, alpha, ratio), want, where, {
            "yours would be right for α = -1: the loss falls more slowly": 1 / ratio,
            "you apply the exponent; solve for the factor instead": ratio**alpha,
            "the sign of the exponent is wrong: more text is needed, not less":
                ratio ** (-1 / alpha),
            "you multiply by the exponent; it is a power": ratio / alpha,
            "yours is the logarithm of the factor": np.log(want),
            "the loss falls with a power of the text, not exponentially":
                np.log(ratio) / alpha + 1,
        }, f"it should be {want:.4g}")  # fmt: skip
    return "a small exponent makes every halving dear"


def exponent(answer) -> str:
    """`exponent(sizes, losses)` is the exponent of the power law that fits best."""
    rng = np.random.default_rng(0)
    for alpha in (-0.1, -0.4, -0.25):
        sizes = 1000.0 * 2 ** np.arange(6)
        losses = 9 * sizes**alpha * np.exp(rng.normal(0, 0.01, 6))
        where = f"for losses that fall like the power {alpha}"
        x, y = np.log(sizes), np.log(losses)
        want = np.polyfit(x, y, 1)[0]
        require_equal(call(answer, where, sizes, losses), want, where, {
            "you fit a line to the numbers themselves; take both logarithms":
                np.polyfit(sizes, losses, 1)[0],
            "the logarithm of the losses is missing": np.polyfit(x, losses, 1)[0],
            "the logarithm of the sizes is missing: that is an exponential":
                np.polyfit(sizes, y, 1)[0],
            "yours is the intercept; the exponent is the other number": np.polyfit(x, y, 1)[1],
            "the axes are swapped": np.polyfit(y, x, 1)[0],
            "a loss that falls has a negative exponent": -want,
            "you use only the first and the last point": (y[-1] - y[0]) / (x[-1] - x[0]),
        }, f"it should be {want:.4f}")  # fmt: skip
    return "a straight line in the logarithms"
