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


def break_even(answer) -> str:
    """`break_even(large, small)` is the number of generated tokens at which two models cost alike.

    Each model is its parameters and the tokens that it is trained on.
    """
    for large, small in (((8e9, 1.6e11), (2e9, 2e12)), ((1e9, 2e10), (1e8, 1e12))):
        where = f"for {large[0]:.0e} and {small[0]:.0e} parameters"
        (N, D), (n, d) = large, small
        want = (6 * n * d - 6 * N * D) / (2 * N - 2 * n)
        require_equal(call(answer, where, large, small), want, where, {
            "generating takes a forward pass only: two operations for each parameter": want / 3,
            "the training of the large model is missing": 6 * n * d / (2 * N - 2 * n),
            "the small model also works for every token": (6 * n * d - 6 * N * D) / (2 * N),
            "two are exchanged: a number of tokens cannot be negative": -want,
            "you compare the training alone": n * d / (N * D),
            "the extra training is divided by the saving for each token: yours is the extra":
                6 * n * d - 6 * N * D,
        }, f"it should be {want:.4g}")  # fmt: skip
    return "where the small model has paid for its training"


def envelope(answer) -> str:
    """`envelope(compute, loss)` marks the runs that no other run beats at most as dearly."""
    rng = np.random.default_rng(2)
    equal, better = np.tile([2.0, 4, 1, 3], 3), 1 - np.arange(12.0) / 16
    runs = (
        (np.array([2.0, 6, 1, 4, 3, 5]), np.array([0.5, 0.4, 0.9, 0.3, 0.7, 0.6])),
        (rng.permutation(np.arange(1.0, 13)), rng.permutation(np.arange(12.0) / 12)),
        (equal, better - equal / 4), (equal[::-1].copy(), (better - equal / 4)[::-1].copy()),
    )  # fmt: skip
    for compute, loss in runs:
        n = len(loss)
        where = f"for {n} runs"
        cheaper = compute[None] <= compute[:, None]
        want = np.array([loss[i] <= loss[cheaper[i]].min() for i in range(n)])
        found = np.asarray(call(answer, where, compute, loss)).astype(float)
        dearer_or_best = [loss[i] <= loss[compute < compute[i]].min(initial=1) for i in range(n)]
        unsure = found.shape == want.shape and bool(
            ((want <= found) & (found <= dearer_or_best)).all() and (found != want).any()
        )
        require(not unsure, f"{where} you mark one although a run of *equal* compute is better")
        order = np.argsort(compute)
        falling, least = np.zeros(n, bool), loss.min()
        falling[order] = np.diff(loss[order], prepend=np.inf) < 0
        require_equal(found, want.astype(float), where, {
            "sort by compute first: the runs are in no order":
                (loss <= np.minimum.accumulate(loss)).astype(float),
            "a run has to beat all cheaper runs, not only the next cheaper one":
                falling.astype(float),
            "these are the runs that no dearer run beats":
                np.array([loss[i] <= loss[compute >= compute[i]].min() for i in range(n)], float),
            "that is the best run alone": (loss == least).astype(float),
            "these are the others: yours marks what is beaten": (~want).astype(float),
            "everything is marked": np.ones(n),
        }, f"it should be {want.astype(int).tolist()}")  # fmt: skip
    return "what nobody beats for less"


def best_size(answer) -> str:
    """`best_size(C, A, B, alpha, beta)` is the number of parameters of the least loss."""
    for C, A, B, alpha, beta in ((1e12, 20.0, 60.0, 0.35, 0.3), (1e20, 406.0, 411.0, 0.34, 0.28)):
        where = f"for C = {C:.0e} and the exponents {alpha} and {beta}"
        G = (alpha * A / (beta * B)) ** (1 / (alpha + beta))
        want = G * (C / 6) ** (beta / (alpha + beta))
        found = call(answer, where, C, A, B, alpha, beta)
        require_equal(np.log(np.abs(found)), np.log(want), where, {
            "the 6 of 6ND is missing": np.log(G * C ** (beta / (alpha + beta))),
            "α and β are exchanged in the exponent of C":
                np.log(G * (C / 6) ** (alpha / (alpha + beta))),
            "yours are the tokens; parameters are asked for": np.log(C / 6 / want),
            "the square root is right only for equal terms": np.log(np.sqrt(C / 6)),
            "differentiate: the exponents come down as factors":
                np.log((A / B) ** (1 / (alpha + beta)) * (C / 6) ** (beta / (alpha + beta))),
            "A and B are exchanged":
                np.log((beta * B / (alpha * A)) ** (1 / (alpha + beta))
                       * (C / 6) ** (beta / (alpha + beta))),
            "the root of the factor is missing":
                np.log(alpha * A / (beta * B) * (C / 6) ** (beta / (alpha + beta))),
        }, f"it should be {want:.4g}, yours is {float(found):.4g}")  # fmt: skip
    return "parameters and tokens balance"
