"""Checks for the exercises of the chapter on optimisers."""

from __future__ import annotations

import numpy as np

from weighted_sums.exercises import Wrong, require


def settles(answer) -> str:
    """`settles(rate, momentum, curvature)`: does the ball come to rest in its parabola?"""
    rng = np.random.default_rng(0)
    tried = [(0.1, 1.05, 1.0), (0.1, 1.0, 1.0), (0.25, 0.9, 10.0), (5.0, 0.9, 1.0)]
    tried += [(1.9, 0.0, 1.0), (2.1, 0.0, 1.0), (0.6, 0.4, 4.0), (1.0, 0.4, 4.0)]
    for _ in range(40):
        momentum, curvature = rng.uniform(0, 1.2), rng.uniform(0.5, 20)
        rate = rng.uniform(0.1, 1.4) * 2 * (1 + momentum) / curvature
        if abs(rate * curvature / (2 + 2 * momentum) - 1) > 0.03 and abs(momentum - 1) > 0.02:
            tried.append((rate, momentum, curvature))
    for rate, momentum, curvature in tried:
        where = f"with rate {rate:.4g}, momentum {momentum:.4g} and curvature {curvature:.4g}"
        found = _call(answer, where, rate, momentum, curvature)
        require(np.ndim(found) == 0, f"{where} your answer should be a single True or False")
        truth = _comes_to_rest(rate, momentum, curvature)
        story = "comes to rest" if truth else _fate(rate, momentum, curvature)
        require(bool(found) == truth, f"{where} the ball {story}; you say {bool(found)}")
    return "momentum below one, and a rate below 2(1 + μ)/L"


def first_step(answer) -> str:
    """`first_step(slopes, rate, beta1, beta2)` is the change that Adam's first step makes."""
    rng = np.random.default_rng(0)
    for size in (1, 4, 7):
        slopes = rng.normal(size=size) * 10.0 ** rng.integers(-4, 5, size=size)
        rate, beta1, beta2 = rng.uniform(0.01, 1), rng.uniform(0, 0.99), rng.uniform(0, 0.999)
        where = f"for slopes {np.array2string(slopes, precision=3)} and rate {rate:.3f}"
        found = np.asarray(_call(answer, where, slopes.copy(), rate, beta1, beta2))
        _require_shape(found, slopes.shape, where)
        uphill = np.allclose(found, rate * np.sign(slopes))
        require(not uphill, f"{where} your step has the right size and goes uphill")
        raw = (1 - beta1) / np.sqrt(1 - beta2)
        forgot = not np.isclose(raw, 1) and np.allclose(found, -rate * raw * np.sign(slopes))
        require(not forgot, f"{where} your step is that of uncorrected averages: {found[0]:.4f}")
        i = int(np.argmax(~np.isclose(found, -rate * np.sign(slopes))))
        right = bool(np.allclose(found, -rate * np.sign(slopes)))
        require(
            right,
            f"{where} you move parameter {i} by {found[i]:.4g}. What are the corrected averages "
            "after a single slope?",
        )
    return "the first step is as long as the rate, whatever the slope"


def corrected(answer) -> str:
    """`corrected(slopes, beta, start)` undoes what an average's start value did to it."""
    rng = np.random.default_rng(0)
    for count, beta, start in ((1, 0.9, 0.0), (1, 0.5, 3.0), (5, 0.9, -2.0), (12, 0.7, 4.0)):
        where = f"for {count} slopes, β = {beta} and a start of {start}"
        found = _number(answer, where, np.full(count, 2.5), beta, start)
        raw = beta**count * start + (1 - beta**count) * 2.5
        require(not np.isclose(found, raw), f"{where} you give the average as it is, uncorrected")
        kept = f"every slope is 2.5 and you say {found:.4f}: how much of the start is left in it?"
        require(bool(np.isclose(found, 2.5)), f"{where} {kept}")
        slopes = rng.normal(size=count)
        weights = beta ** np.arange(count)[::-1]
        want = float(weights @ slopes / weights.sum())
        found = _number(answer, where, slopes, beta, start)
        plain = f"you weigh all slopes alike and give their mean {found:.4f}"
        alike = count > 1 and np.isclose(found, slopes.mean())
        require(not alike, f"{where} {plain}; the latest should count most")
        require(
            bool(np.isclose(found, want)),
            f"{where} you give {found:.4f}; the average without its start is {want:.4f}",
        )
    return "what is left of the start is taken out, and the weights add up to one again"


def noise_floor(answer) -> str:
    """`noise_floor(rate, curvature, spread)` is the mean squared distance that noise keeps up."""
    rng = np.random.default_rng(0)
    for _ in range(6):
        curvature, spread = rng.uniform(0.5, 5), rng.uniform(0.2, 3)
        rate = rng.uniform(0.05, 1.8) / curvature
        where = f"with rate {rate:.3f}, curvature {curvature:.3f} and spread {spread:.3f}"
        found = _number(answer, where, rate, curvature, spread)
        want = rate * spread * spread / (curvature * (2 - rate * curvature))
        small = np.isclose(found, rate * spread * spread / (2 * curvature))
        require(not small, f"{where} yours holds for small rates only; you dropped (ηL)²")
        root = np.isclose(found, np.sqrt(want))
        require(not root, f"{where} you give the distance; its square is asked for")
        words = f"{where} you give {found:.4f}, but a step changes that; {want:.4f} stays"
        require(np.isclose(found, want), words)
    return "halve a small rate, and the square of the distance halves too"


def nesterov(answer) -> str:
    """`nesterov(p, dp, v, rate, momentum)` returns the parameters and velocity after a step."""
    rng = np.random.default_rng(0)
    for size in (1, 3, 6):
        p, v = rng.normal(size=(2, size))
        rate, momentum = rng.uniform(0.01, 1), rng.uniform(0.3, 0.95)
        for step in (1, 2, 3):
            where = f"in step {step} of {size} parameters"
            dp = rng.normal(size=size)
            pair = _call(answer, where, p.copy(), dp.copy(), v.copy(), rate, momentum)
            two = isinstance(pair, tuple | list) and len(pair) == 2
            require(two, f"{where} your function should return two things, p and v")
            new_p, new_v = (np.asarray(part) for part in pair)
            _require_shape(new_p, p.shape, f"{where}, p")
            _require_shape(new_v, v.shape, f"{where}, v")
            want_v = momentum * v + dp
            require(np.allclose(new_v, want_v), f"{where} the velocity is not μv plus the slope")
            ball = np.allclose(new_p, p - rate * want_v)
            require(
                not ball, f"{where} that is the plain ball: it moves by v, and does not look on"
            )
            want = p - rate * (dp + momentum * want_v)
            right = bool(np.allclose(new_p, want))
            require(
                right, f"{where} p should be {np.round(want, 4)}, yours is {np.round(new_p, 4)}"
            )
            p, v = want, want_v
    return "a slope first, then one more push in the direction of the velocity"


def _comes_to_rest(rate, momentum, curvature) -> bool:
    return 0 <= momentum < 1 and rate * curvature < 2 * (1 + momentum)


def _fate(rate, momentum, curvature) -> str:
    if rate * curvature >= 2 * (1 + momentum):
        return "jumps from side to side, farther each time"
    return "swings for ever" if momentum == 1 else "swings wider and wider"


def _call(answer, where, *given):
    try:
        found = answer(*given)
    except Exception as error:
        raise Wrong(f"{where} your function stops with {type(error).__name__}: {error}") from error
    require(found is not None, f"{where} your function returns nothing; did you forget `return`?")
    return found


def _number(answer, where, *given) -> float:
    found = _call(answer, where, *given)
    require(np.size(found) == 1, f"{where} your answer should be one number, not {np.shape(found)}")
    return float(np.squeeze(found))


def _require_shape(found, shape, where) -> None:
    require(np.shape(found) == shape, f"{where}: the shape is {np.shape(found)}, should be {shape}")
