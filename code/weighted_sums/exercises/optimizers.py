"""Checks for the exercises of the chapter on optimisers."""

from __future__ import annotations

import numpy as np

from weighted_sums.exercises import Wrong, called, diagnose, require

WRONG_RULES = {
    "that limit is plain descent's; momentum has one of its own": lambda r, m, c: r * c < 2,
    "momentum changes the limit of the rate": lambda r, m, c: m < 1 and r * c < 2,
    "momentum has a limit too, at any rate": lambda r, m, c: r * c < 2 * (1 + m),
    "the rate has a limit too, at any momentum": lambda r, m, c: m < 1,
    "momentum makes the limit larger, not smaller": lambda r, m, c: m < 1 and r / (1 - m) < 2 / c,
    "without friction nothing converges": lambda r, m, c: m <= 1 and r * c < 2 * (1 + m),
    "at the limit itself it oscillates without end": lambda r, m, c: m < 1 and r * c <= 2 * (1 + m),
    "did you swap True and False?": lambda r, m, c: not _converges(r, m, c),
}


def converges(answer) -> str:
    """`converges(learning_rate, momentum, curvature)`: does momentum converge on a parabola?"""
    rng = np.random.default_rng(0)
    tried = [(0.1, 1.05, 1.0), (0.1, 1.0, 1.0), (0.25, 0.9, 10.0), (5.0, 0.9, 1.0), (2.0, 0.0, 1.0)]
    tried += [(1.9, 0.0, 1.0), (2.1, 0.0, 1.0), (0.6, 0.4, 4.0), (1.0, 0.4, 4.0)]
    for _ in range(40):
        momentum, curvature = rng.uniform(0, 1.2), rng.uniform(0.5, 20)
        eta = rng.uniform(0.1, 1.4) * 2 * (1 + momentum) / curvature
        if abs(eta * curvature / (2 + 2 * momentum) - 1) > 0.03 and abs(momentum - 1) > 0.02:
            tried.append((eta, momentum, curvature))
    said = []
    for case in tried:
        found = called(answer, _settings(*case), *case)
        one = np.ndim(found) == 0 and found in (True, False)
        require(one, f"{_settings(*case)} your answer should be a single True or False")
        said.append(bool(found))
    for case, found in zip(tried, said, strict=True):
        if found != _converges(*case):
            rules = WRONG_RULES.items()
            hints = [f": {hint}" for hint, rule in rules if [rule(*case) for case in tried] == said]
            raise Wrong(
                f"{_settings(*case)} descent with momentum {_fate(*case)}; you say {found}"
                + "".join(hints[:1])
            )
    return "momentum below one, and a rate below 2(1 + μ)/L"


def three_steps(answer) -> str:
    """The points after three steps on x² from 4, with momentum 1/2 and learning rate 1/4."""
    found = np.asarray(answer, dtype=float)
    if found.shape == (4,) and found[0] == 4:
        raise Wrong("leave out the initial point; give the three points after it")
    require(found.shape == (3,), f"expected 3 numbers, found shape {found.shape}")
    right = np.array([2.0, 0.0, -1.0])
    if not np.allclose(found, right):
        raise Wrong(diagnose(found, {
            "that is plain gradient descent; add half of the last velocity": [2.0, 1.0, 0.5],
            "those are the velocities; give the points": [8.0, 8.0, 4.0],
            "the velocity takes 1 − μ times the gradient; here it is added in full":
                [3.0, 1.75, 0.6875],
            "your steps go uphill; subtract η v": [6.0, 10.0, 17.0],
            "you use the derivative at 4 in every step": [2.0, -1.0, -4.5],
            "friction is missing: halve the old velocity": [2.0, -1.0, -3.5],
        }, f"step {1 + int(np.isclose(found, right).argmin())} is not right: first the velocity, "
            "then x"))  # fmt: skip
    return "in the third step the velocity alone moves x past the minimum"


def first_step(answer) -> str:
    """`first_step(grads, learning_rate, beta1, beta2)`: the change that Adam's first step makes."""
    rng = np.random.default_rng(0)
    for size in (4, 1, 7):
        grads = rng.normal(size=size) * 10.0 ** rng.integers(-4, 5, size=size)
        eta, beta1, beta2 = rng.uniform(0.01, 1), rng.uniform(0.1, 0.9), rng.uniform(0.1, 0.9)
        where = f"for derivatives {np.array2string(grads, precision=3)} and rate {eta:.3f}"
        found = np.asarray(called(answer, where, grads.copy(), eta, beta1, beta2))
        _require_shape(found, grads.shape, where)
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


def nesterov(answer) -> str:
    """`nesterov(p, dp, v, learning_rate, momentum)`: parameters and velocity after a step."""
    rng = np.random.default_rng(0)
    for size in (3, 1, 6):
        p, v = rng.normal(size=(2, size))
        eta, momentum = rng.uniform(0.01, 1), rng.uniform(0.3, 0.95)
        for step in (1, 2, 3):
            where = f"in step {step} of {size} parameter{'s' if size > 1 else ''}"
            dp = rng.normal(size=size)
            new_p, new_v = _p_and_v(answer, where, p, dp, v, eta, momentum)
            want_v = momentum * v + dp
            want = p - eta * (dp + momentum * want_v)
            if not np.allclose(new_v, want_v):
                raise Wrong(f"{where} " + diagnose(new_v, {
                    "return p first, then v": want,
                    "the velocity forgets its friction μ": v + dp,
                    "the rate belongs to the step of p, not to v": momentum * v - eta * dp,
                    "you return the velocity before the step": v,
                }, "the velocity is not μv plus the gradient"))  # fmt: skip
            if not np.allclose(new_p, want):
                raise Wrong(f"{where} " + diagnose(new_p, {
                    "plain momentum moves by v; Nesterov's looks ahead": p - eta * want_v,
                    "the gradient is missing from your step": p - eta * momentum * want_v,
                    "you look ahead by v, not by μ times v": p - eta * (dp + want_v),
                    "you step uphill": 2 * p - want,
                    "your step leaves out the rate": p - (want_v * momentum + dp),
                    "you return the step; add it to p": want - p,
                }, f"p should be {np.round(want, 4)}, yours is {np.round(new_p, 4)}"))  # fmt: skip
            p, v = want, want_v
    return "a gradient first, then one more push in the direction of the velocity"


def _p_and_v(answer, where, p, dp, v, eta, momentum) -> list[np.ndarray]:
    given = p.copy(), dp.copy(), v.copy()
    pair = called(answer, where, *given, eta, momentum)
    two = isinstance(pair, tuple | list | np.ndarray) and len(pair) == 2
    require(two, f"{where} your function should return two things, p and v")
    for name, now, before in zip(("p", "dp", "v"), given, (p, dp, v), strict=True):
        same = np.array_equal(now, before)
        require(same, f"{where} you changed the {name} you were given; make a new array")
    found = [np.asarray(part) for part in pair]
    for name, part in zip("pv", found, strict=True):
        _require_shape(part, p.shape, f"{where}, {name}")
    return found


def _converges(eta, momentum, curvature) -> bool:
    return 0 <= momentum < 1 and eta * curvature < 2 * (1 + momentum)


def _fate(eta, momentum, curvature) -> str:
    if _converges(eta, momentum, curvature):
        return "converges"
    if eta * curvature == 2 * (1 + momentum):
        return "oscillates without end"
    if eta * curvature > 2 * (1 + momentum):
        return "oscillates more widely at each step"
    return "swings without end" if momentum == 1 else "swings wider and wider"


def _settings(eta, momentum, curvature) -> str:
    return f"with rate {eta:.4g}, momentum {momentum:.4g} and curvature {curvature:.4g}"


def _number(answer, where, *given) -> float:
    found = called(answer, where, *given)
    require(np.size(found) == 1, f"{where} your answer should be one number, not {np.shape(found)}")
    return float(np.squeeze(found))


def _require_shape(found, shape, where) -> None:
    require(np.shape(found) == shape, f"{where}: the shape is {np.shape(found)}, should be {shape}")
