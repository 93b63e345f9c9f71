"""Checks for the exercises of the chapter on momentum."""

from __future__ import annotations

import numpy as np

from weighted_sums.exercises import Wrong, called, diagnose, require, require_shape

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


def count(answer) -> str:
    """Factors and steps in a ravine with the curvatures 1 and 81: plain, momentum."""
    found = np.asarray(answer, dtype=float)
    require(found.shape == (4,), f"expected 4 numbers, found shape {found.shape}")
    require(bool((found[:2] < 1).all()), "a factor below 1 shrinks the distance; give such factors")
    rows = [
        ("the factor of plain descent", 80 / 82, {
            "that is the factor of momentum": 0.8,
            "that is 1 - 1/κ; the best rate does a little better": 1 - 1 / 81,
            "that would be the factor at the rate 1/L of the steepest direction": 1 - 1 / 82,
            "both directions count: 1 - η with η = 2/82": 2 / 82,
        }, 1e-3),
        ("the factor of momentum", 0.8, {
            "that is plain descent's factor; write √κ where it has κ": 80 / 82,
            "take the root of κ, not of the whole factor": (80 / 82) ** 0.5,
            "that is μ, the square of the factor": 0.64,
            "the denominator is √κ + 1": 8 / 9,
        }, 1e-3),
        ("the number of steps of plain descent", 187, {
            "round up: after 186 steps it is still a little too far": 186,
            "a hundredth is ln 100 / -ln q; you have stopped at a tenth": 94,
            "use the same logarithm in numerator and denominator": 81,
        }, 0.5),
        ("the number of steps of momentum", 21, {
            "round up: after 20 steps it is still a little too far": 20,
            "that is for the factor of plain descent": 187,
            "you have stopped at a tenth": 11,
        }, 0.5),
    ]  # fmt: skip
    for one, (what, want, errors, tolerance) in zip(found, rows, strict=True):
        near = {words: one for words, value in errors.items() if abs(one - value) < tolerance / 2}
        why = diagnose(one, near)
        require(abs(one - want) < tolerance, f"{what} is not {one:.4g}" + (why and f": {why}"))
    return "nine times as far apart, and about nine times as many steps"


def best_rate(answer) -> str:
    """`best_rate(curvatures)`: the best learning rate of plain descent, and its factor."""
    rng = np.random.default_rng(0)
    for curvatures in (*rng.uniform(0.5, 40, size=(5, 4)), [20.0, 1.0], [3.0]):
        given = np.array(curvatures)
        where = f"for the curvatures {np.array2string(given, precision=2)}"
        pair = called(answer, where, given.copy())
        require(np.shape(pair) == (2,), f"{where} return two numbers, the rate and the factor")
        low, high = given.min(), given.max()
        rate, factor = (float(one) for one in pair)
        if np.allclose([factor, rate], [2 / (low + high), (high - low) / (high + low)]):
            require(len(set(curvatures)) == 1, f"{where} return the rate first, then the factor")
        if not np.isclose(rate, 2 / (low + high)):
            raise Wrong(f"{where} " + diagnose(rate, {
                "your rate is the limit, where the steepest direction oscillates": 2 / high,
                "your rate suits the steepest direction alone": 1 / high,
                "your rate suits the flattest direction alone, and the steepest diverges": 1 / low,
                "your rate is the best for the mean curvature": 1 / given.mean(),
                "the rates add up, not the curvatures": 2 / low + 2 / high,
                "your rate is half of the best": 1 / (low + high),
                "the first and the last curvature need not be the extremes":
                    2 / (given[0] + given[-1]),
                "only two of the curvatures matter": 2 / given.sum(),
            }, f"your rate is {rate:.4f}; at {2 / (low + high):.4f} it is fastest"))  # fmt: skip
        want = (high - low) / (high + low)
        if not np.isclose(factor, want):
            raise Wrong(f"{where} the rate is right, but " + diagnose(factor, {
                "a factor has no sign here; take its absolute value": -want,
                "your factor is that of momentum":
                    (high**0.5 - low**0.5) / (high**0.5 + low**0.5),
                "you give what is taken away; give what is left": 1 - want,
                "your factor is upside down": 1 / want if want else np.inf,
            }, f"the factor is {want:.4f}, not {factor:.4f}"))  # fmt: skip
    return "the extremes decide, and at the best rate their factors are equal in size"


def ranking(answer) -> str:
    """The order of five runs in the ravine with the curvatures 1 and 20, nearest first."""
    word = answer if isinstance(answer, str) else "".join(map(str, answer))
    word = word.replace(",", "").replace(" ", "").upper()
    require(sorted(word) == list("ABCDE"), f"give each of the five letters once, not {answer!r}")
    require(word[-1] == "B", f"{word[-1]} does not end farthest away: one run diverges, since its "
            "rate is above 2/L of the steep direction and nothing raises that limit")  # fmt: skip
    require(word.index("E") == 3, "E has an effective rate of 5 and hardly any friction: a factor "
            "of 0.995 a step, worse than A")  # fmt: skip
    require(word.index("A") == 2, "A shrinks the distance by 0.95 a step; the two runs with "
            "moderate momentum shrink it by 0.77")  # fmt: skip
    require(word == "DCAEB", "C and D are close; D has the larger effective rate, and its rate is "
            "still below the limit of momentum")  # fmt: skip
    return "momentum raises the limit, and too much of it removes the friction"


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
        require_shape(part, p.shape, f"{where}, {name}")
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
