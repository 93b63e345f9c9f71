"""Answers to the exercises on momentum."""

import math

import numpy as np

from banks import Bank


def walk(learning_rate, momentum, curvature, steps=600):
    """How far momentum is from the bottom at the end, from an initial distance of one."""
    x, v, worst = 1.0, 0.0, 0.0
    for step in range(steps):
        v = momentum * v + curvature * x
        x -= learning_rate * v
        if abs(x) > 1e6:
            return math.inf
        worst = max(worst, abs(x)) if step > steps - 50 else 0.0
    return worst


def converges(learning_rate, momentum, curvature):
    return 0 <= momentum < 1 and learning_rate * curvature < 2 * (1 + momentum)


def by_roots(learning_rate, momentum, curvature):
    """Both roots of the recurrence lie inside the unit circle."""
    roots = np.roots([1, learning_rate * curvature - 1 - momentum, momentum])
    return np.abs(roots).max() < 1 - 1e-9


def nesterov(p, dp, v, learning_rate, momentum):
    v = momentum * v + dp
    return p - learning_rate * (dp + momentum * v), v


def nesterov_in_place(p, dp, v, learning_rate, momentum):
    v *= momentum
    v += dp
    p -= learning_rate * (dp + momentum * v)
    return p, v


def nesterov_over_scalars(p, dp, v, learning_rate, momentum):
    pairs = [nesterov(*each, learning_rate, momentum) for each in zip(p, dp, v, strict=True)]
    return [[new for new, _ in pairs], [new for _, new in pairs]]


def best_rate(curvatures):
    low, high = min(curvatures), max(curvatures)
    return 2 / (high + low), (high - low) / (high + low)


def best_rate_by_search(curvatures):
    """The lowest of the largest factors, between two rates where it falls and rises."""
    low, high = 1 / max(curvatures), 2 / min(curvatures)
    for _ in range(200):
        one, two = low + (high - low) / 3, high - (high - low) / 3
        worst = [max(abs(1 - rate * c) for c in curvatures) for rate in (one, two)]
        low, high = (low, two) if worst[0] < worst[1] else (one, high)
    return low, max(abs(1 - low * c) for c in curvatures)


BANK = {
    "three_steps": Bank(
        wrong={
            "plain": ([2, 1, 0.5], "that is plain gradient descent"),
            "velocities": ([8, 8, 4], "those are the velocities"),
            "uphill": ([6, 10, 17], "your steps go uphill"),
            "one derivative": ([2, -1, -4.5], "the derivative at 4 in every step"),
            "no friction": ([2, -1, -3.5], "friction is missing"),
            "a slip in the second": ([2, 0.5, -1], "step 2 is not right"),
            "with the initial point": ([4, 2, 0, -1], "leave out the initial point"),
            "the last only": (-1, "expected 3 numbers, found shape ()"),
        },
        unusual={
            "a tuple": (2, 0, -1),
            "computed": np.cumsum([-2.0, -2.0, -1.0]) + 4,
        },
    ),
    "count": Bank(
        wrong={
            "κ for both": ([80 / 82, 80 / 82, 187, 187], "write √κ where it has κ"),
            "momentum first": ([0.8, 80 / 82, 21, 187], "that is the factor of momentum"),
            "1 - 1/κ": ([1 - 1 / 81, 0.8, 187, 21], "that is 1 - 1/κ"),
            "the root of the factor": (
                [80 / 82, (80 / 82) ** 0.5, 187, 373],
                "take the root of κ, not of the whole",
            ),
            "μ": ([80 / 82, 0.64, 187, 11], "that is μ, the square"),
            "rounded down": ([80 / 82, 0.8, 186, 20], "round up: after 186 steps"),
            "a tenth": ([80 / 82, 0.8, 94, 11], "you have stopped at a tenth"),
            "mixed logarithms": ([80 / 82, 0.8, 81, 9], "the same logarithm"),
            "upside down": ([82 / 80, 10 / 8, 187, 21], "a factor below 1 shrinks"),
            "the factors only": ([80 / 82, 0.8], "expected 4 numbers"),
        },
        unusual={
            "rounded": (0.976, 0.8, 187, 21),
            "computed": [80 / 82, 0.8, *np.ceil(np.log(100) / -np.log([80 / 82, 0.8]))],
        },
    ),
    "best_rate": Bank(
        wrong={
            "the limit": (lambda c: (2 / max(c), 1.0), "your rate is the limit"),
            "the steepest alone": (
                lambda c: (1 / max(c), 1 - min(c) / max(c)),
                "suits the steepest direction alone",
            ),
            "the flattest alone": (lambda c: (1 / min(c), 0.0), "the steepest diverges"),
            "the mean": (
                lambda c: (1 / np.mean(c), best_rate(c)[1]),
                "the best for the mean curvature",
            ),
            "the ends": (
                lambda c: (2 / (c[0] + c[-1]), best_rate(c)[1]),
                "need not be the extremes",
            ),
            "all of them": (lambda c: (2 / np.sum(c), best_rate(c)[1]), "of the curvatures matter"),
            "swapped": (lambda c: best_rate(c)[::-1], "the rate first, then the factor"),
            "the sign": (lambda c: (best_rate(c)[0], -best_rate(c)[1]), "has no sign here"),
            "momentum's factor": (
                lambda c: (
                    best_rate(c)[0],
                    (max(c) ** 0.5 - min(c) ** 0.5) / (max(c) ** 0.5 + min(c) ** 0.5),
                ),
                "your factor is that of momentum",
            ),
            "what is taken away": (
                lambda c: (best_rate(c)[0], 1 - best_rate(c)[1]),
                "give what is left",
            ),
            "the rate alone": (lambda c: best_rate(c)[0], "return two numbers"),
            "no return": (lambda c: None, "forget `return`"),
        },
        unusual={
            "the plain way": best_rate,
            "by search": best_rate_by_search,
            "an array": lambda c: np.array(best_rate(c)),
        },
    ),
    "ranking": Bank(
        wrong={
            "more is better": ("EDCBA", "A does not end farthest away"),
            "momentum tolerates nothing more": ("CAEBD", "D does not end farthest away"),
            "E ahead of A": ("DCEAB", "a factor of 0.995"),
            "A first": ("ADCEB", "A shrinks the distance by 0.95"),
            "C before D": ("CDAEB", "C and D are close"),
            "from the farthest": ("BEACD", "D does not end farthest away"),
            "a letter twice": ("DDAEB", "each of the five letters once"),
            "four letters": ("DCAE", "each of the five letters once"),
        },
        unusual={"small letters": "dcaeb", "a list": list("DCAEB"), "commas": "D, C, A, E, B"},
    ),
    "converges": Bank(
        wrong={
            "plain descent": (
                lambda r, m, c: r < 2 / c,
                "with momentum swings wider and wider; you say True: that limit is plain descent's",
            ),
            "plain descent with friction": (
                lambda r, m, c: m < 1 and r * c < 2,
                "momentum changes the limit of the rate",
            ),
            "the rate alone": (
                lambda r, m, c: r * c < 2 * (1 + m),
                "momentum has a limit too, at any rate",
            ),
            "without friction": (
                lambda r, m, c: m <= 1 and r * c < 2 * (1 + m),
                "swings without end; you say True: without friction",
            ),
            "the momentum alone": (
                lambda r, m, c: m < 1,
                "oscillates more widely at each step; you say True: the rate has a limit",
            ),
            "the effective rate": (
                lambda r, m, c: m < 1 and r / (1 - m) < 2 / c,
                "converges; you say False: momentum makes the limit larger",
            ),
            "the sign of the momentum": (
                lambda r, m, c: r * c < 2 * (1 - m),
                "makes the limit larger",
            ),
            "at the limit": (
                lambda r, m, c: m < 1 and r * c <= 2 * (1 + m),
                "without end; you say True: at the limit itself",
            ),
            "opposite": (lambda r, m, c: not converges(r, m, c), "did you swap True and False?"),
            "curvature forgotten": (lambda r, m, c: m < 1 and r < 2 * (1 + m), "you say True"),
            "the distance at the end": (walk, "a single True or False"),
            "words": (lambda r, m, c: "no", "a single True or False"),
            "a pair": (lambda r, m, c: (True, False), "a single True or False"),
            "no return": (lambda r, m, c: None, "forget `return`"),
        },
        unusual={
            "the plain way": converges,
            "by trying": lambda r, m, c: walk(r, m, c) < 1e-2,
            "roots, NumPy's truth": by_roots,
            "a number for truth": lambda r, m, c: int(m < 1 and r * c / 2 - 1 < m),
        },
    ),
    "nesterov": Bank(
        wrong={
            "plain momentum": (
                lambda p, dp, v, r, m: (p - r * (m * v + dp), m * v + dp),
                "plain momentum moves by v",
            ),
            "the old velocity": (
                lambda p, dp, v, r, m: (p - r * (dp + m * v), m * v + dp),
                "Nesterov's looks ahead",
            ),
            "the gradient forgotten": (
                lambda p, dp, v, r, m: (p - r * m * (m * v + dp), m * v + dp),
                "the gradient is missing from your step",
            ),
            "the whole velocity": (
                lambda p, dp, v, r, m: (p - r * (dp + m * v + dp), m * v + dp),
                "not by μ times v",
            ),
            "friction forgotten": (
                lambda p, dp, v, r, m: (p, v + dp),
                "the velocity forgets its friction μ",
            ),
            "rate in the velocity": (
                lambda p, dp, v, r, m: (p + m * (m * v - r * dp) - r * dp, m * v - r * dp),
                "the rate belongs to the step of p",
            ),
            "uphill": (
                lambda p, dp, v, r, m: (2 * p - nesterov(p, dp, v, r, m)[0], m * v + dp),
                "you step uphill",
            ),
            "the step alone": (
                lambda p, dp, v, r, m: (nesterov(0 * p, dp, v, r, m)[0], m * v + dp),
                "you return the step; add it to p",
            ),
            "no rate": (lambda p, dp, v, r, m: nesterov(p, dp, v, 1, m), "leaves out the rate"),
            "old velocity returned": (
                lambda p, dp, v, r, m: (nesterov(p, dp, v, r, m)[0], v),
                "the velocity before the step",
            ),
            "swapped": (lambda *given: nesterov(*given)[::-1], "return p first, then v"),
            "in place": (nesterov_in_place, "you changed the p you were given"),
            "friction on the gradient": (
                lambda p, dp, v, r, m: (p, m * (v + dp)),
                "the velocity is not μv plus the gradient",
            ),
            "p alone": (lambda *given: nesterov(*given)[0], "return two things, p and v"),
            "another shape": (lambda p, dp, v, r, m: (p.sum(), v[:, None]), "the shape is ()"),
            "no return": (lambda p, dp, v, r, m: None, "forget `return`"),
        },
        unusual={
            "the plain way": nesterov,
            "scalars, lists": nesterov_over_scalars,
            "one array": lambda *given: np.array(nesterov(*given)),
            "from the old velocity": lambda p, dp, v, r, m: (
                p - r * ((1 + m) * dp + m**2 * v),
                dp + m * v,
            ),
        },
    ),
}
