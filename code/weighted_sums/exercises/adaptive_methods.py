"""Checks for the exercises of the chapter on adaptive methods."""

from __future__ import annotations

import numpy as np

from weighted_sums.exercises import Wrong, called, diagnose, require, require_shape


def first_step(answer) -> str:
    """`first_step(grads, learning_rate, beta1, beta2)`: the change that Adam's first step makes."""
    rng = np.random.default_rng(0)
    for size in (4, 1, 7):
        grads = rng.normal(size=size) * 10.0 ** rng.integers(-4, 5, size=size)
        eta, beta1, beta2 = rng.uniform(0.01, 1), rng.uniform(0.1, 0.9), rng.uniform(0.1, 0.9)
        where = f"for derivatives {np.array2string(grads, precision=3)} and rate {eta:.3f}"
        found = np.asarray(called(answer, where, grads.copy(), eta, beta1, beta2))
        require_shape(found, grads.shape, where)
        right = -eta * np.sign(grads)
        if not np.allclose(found, right):
            i = int(np.argmax(~np.isclose(found, right)))
            raise Wrong(f"{where} " + diagnose(found, {
                "your step has the right size and goes uphill": -right,
                "your step is negative everywhere; the derivative's sign is lost": -np.abs(right),
                "your averages are uncorrected": right * (1 - beta1) / np.sqrt(1 - beta2),
                "only the average of derivatives is corrected": right / np.sqrt(1 - beta2),
                "only the average of squares is corrected": right * (1 - beta1),
                "divide by the root of the average of the squares": -eta / grads,
                "divide each by its own size": -eta * grads / np.linalg.norm(grads),
                "that is plain descent; divide by the root of the average square": -eta * grads,
            }, f"you move parameter {i} by {found[i]:.4g}; each moves by the rate"))  # fmt: skip
    return "the first step is as long as the rate, whatever the derivative"


def bias_corrected(answer) -> str:
    """`bias_corrected(grads, beta, initial)` takes an average's initial value out."""
    rng = np.random.default_rng(0)
    for count, beta, initial in ((5, 0.9, -2.0), (1, 0.9, 0.0), (1, 0.5, 3.0), (12, 0.7, 4.0)):
        where = f"for {count} derivatives, β = {beta} and an initial value of {initial}"
        grads = rng.normal(size=count)
        weights = beta ** np.arange(count)[::-1]
        want, left = float(weights @ grads / weights.sum()), beta**count
        raw = left * initial + (1 - left) * want
        found = _number(answer, where, grads, beta, initial)
        if not np.isclose(found, want):
            raise Wrong(f"{where} " + diagnose(found, {
                "you give the average as it is, uncorrected": raw,
                "that holds for an initial value of 0; take its remainder out": raw / (1 - left),
                "the weights of the derivatives add up to 1 − βᵗ only": (1 - left) * want,
                "only βᵗ of the initial value is left in it": (raw - initial) / (1 - left),
                "divide by 1 − βᵗ, not by 1 − β": (1 - left) * want / (1 - beta),
                "you weigh all derivatives alike; the latest should count most": grads.mean(),
                "your first counts most; the latest should": weights @ grads[::-1] / weights.sum(),
            }, f"you give {found:.4f}; without its initial value it is {want:.4f}"))  # fmt: skip
    return "what is left of the initial value is taken out, and the weights add up to one again"


def noise_floor(answer) -> str:
    """`noise_floor(learning_rate, curvature, std)`: the mean squared distance that noise leaves."""
    rng = np.random.default_rng(0)
    for _ in range(6):
        curvature, s = rng.uniform(0.5, 5), rng.uniform(0.2, 3)
        eta = rng.uniform(0.05, 1.8) / curvature
        where = f"with rate {eta:.3f}, curvature {curvature:.3f} and standard deviation {s:.3f}"
        found = _number(answer, where, eta, curvature, s)
        want = eta * s * s / (curvature * (2 - eta * curvature))
        if not np.isclose(found, want):
            raise Wrong(f"{where} " + diagnose(found, {
                "that holds for small rates; you dropped (ηL)²": eta * s * s / (2 * curvature),
                "you give the distance; its square is asked for": np.sqrt(want),
                "the variance is the square of the standard deviation": want / s,
                "that is the noise of a single step; earlier ones add to it": (eta * s) ** 2,
                "a step multiplies x by 1 − ηL, x² by its square": eta * s * s / curvature,
                "1 − (1 − ηL)² is ηL(2 − ηL); check the sign":
                    eta * s * s / (curvature * (2 + eta * curvature)),
            }, f"you give {found:.4f}, but a step changes that; {want:.4f} stays"))  # fmt: skip
    return "halve a small rate, and the square of the distance halves too"


def cosine(answer) -> str:
    """The rates of steps 1, 2, 3, 6 and 9 of nine, with a warm-up of two steps up to 0.4."""
    found = np.asarray(answer, dtype=float)
    require(found.shape == (5,), f"expected 5 numbers, found shape {found.shape}")
    done = np.array([0, 3, 6]) / 7
    right = np.array([0.2, 0.4, *0.2 * (1 + np.cos(np.pi * done))])
    errors = {
        "the highest rate is 0.4, not 0.2: the cosine lies between -1 and 1": right / 2,
        "that is a straight line; the cosine falls slowly at first": [0.2, 0.4, *0.4 * (1 - done)],
        "use t - 1 - n_w: the first step after the warm-up still has the full rate":
            [0.2, 0.4, *0.2 * (1 + np.cos(np.pi * np.array([1, 4, 7]) / 7))],
        "divide by the steps after the warm-up, n - n_w":
            [0.2, 0.4, *0.2 * (1 + np.cos(np.pi * np.array([0, 3, 6]) / 9))],
        "the warm-up is missing": 0.2 * (1 + np.cos(np.pi * np.array([0, 1, 2, 5, 8]) / 9)),
        "the warm-up ends at the full rate in step n_w": [0.4 / 3, 0.8 / 3, *right[2:]],
        "the cosine is measured in radians: π is half a turn":
            [0.2, 0.4, *0.2 * (1 + np.cos(np.radians(np.pi * done)))],
    }  # fmt: skip
    if not np.allclose(found, right, atol=2e-3):
        near = {why: found for why, made in errors.items() if np.allclose(found, made, atol=2e-3)}
        step = (1, 2, 3, 6, 9)[int(np.argmax(np.abs(found - right) > 2e-3))]
        raise Wrong(diagnose(found, near, f"the rate of step {step} is not right"))
    return "up along a line, down along half a wave"


def adamw_step(answer) -> str:
    """`adamw_step(p, m_hat, s_hat, learning_rate, decay)`: the parameters after a step."""
    rng = np.random.default_rng(0)
    for size in (3, 1, 5):
        p, m = rng.normal(size=(2, size))
        s = rng.uniform(0.01, 4, size=size)
        eta, decay = rng.uniform(0.01, 0.3), rng.uniform(0.1, 1)
        where = f"for {size} parameter{'s' if size > 1 else ''}, rate {eta:.3f}, decay {decay:.3f}"
        given = p.copy(), m.copy(), s.copy()
        found = np.asarray(called(answer, where, *given, eta, decay))
        same = all(np.array_equal(*pair) for pair in zip(given, (p, m, s), strict=True))
        require(same, f"{where} you change an array that you were given; make a new one")
        require_shape(found, p.shape, where)
        step, want = eta * m / np.sqrt(s), (1 - eta * decay) * p - eta * m / np.sqrt(s)
        if not np.allclose(found, want):
            raise Wrong(f"{where} " + diagnose(found, {
                "the pull must not be divided by √ŝ": p - eta * (m + decay * p) / np.sqrt(s),
                "there is no decay in your step": p - step,
                "the decay lacks the learning rate": (1 - decay) * p - step,
                "the parameters grow: the pull is towards zero": (1 + eta * decay) * p - step,
                "you step uphill": (1 - eta * decay) * p + step,
                "divide by the root of ŝ": (1 - eta * decay) * p - eta * m / s,
                "divide by the root of ŝ; m̂ alone is momentum": (1 - eta * decay) * p - eta * m,
                "you shrink the step as well as the parameters": (1 - eta * decay) * (p - step),
                "you return the change; return the new parameters": want - p,
            }, f"p should be {np.round(want, 4)}, yours is {np.round(found, 4)}"))  # fmt: skip
    return "every weight shrinks by the same factor, whatever its derivative"


def first_rms(answer) -> str:
    """The first steps of RMSprop at the rate 0.01 after the derivative -5, for three decays."""
    found = np.asarray(answer, dtype=float)
    require(found.shape == (3,), f"expected 3 numbers, found shape {found.shape}")
    left = 1 - np.array([0.9, 0.99, 0.999])
    right = 0.01 / np.sqrt(left)
    if not np.allclose(found, right, rtol=0.02):
        errors = {
            "s starts at zero: after one derivative it is (1 - β) g², not g²": np.full(3, 0.01),
            "the size is right; the derivative is negative, so the parameter grows": -right,
            "divide by the root of s": 0.01 / left,
            "you divide by β's root; only 1 - β of the square is in s": 0.01 / np.sqrt(1 - left),
            "the size of the derivative cancels": 5 * right,
            "you multiply where the step divides": 0.01 * np.sqrt(left),
        }
        near = {w: found for w, made in errors.items() if np.allclose(found, made, rtol=0.02)}
        raise Wrong(diagnose(found, near, "the step is η g / √s with s = (1 - β) g²"))
    return "the larger β, the smaller the first average, and the longer the first step"


def _number(answer, where, *given) -> float:
    found = called(answer, where, *given)
    require(np.size(found) == 1, f"{where} your answer should be one number, not {np.shape(found)}")
    return float(np.squeeze(found))
