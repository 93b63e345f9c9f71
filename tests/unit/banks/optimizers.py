"""Answers to the exercises on optimisers."""

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


def adam(grads, learning_rate, beta1, beta2, first=True, second=True):
    m, s = (1 - beta1) * grads, (1 - beta2) * grads * grads
    m = m / (1 - beta1) if first else m
    s = s / (1 - beta2) if second else s
    return -learning_rate * m / np.sqrt(s)


def average(grads, beta, initial):
    m = initial
    for dp in grads:
        m = beta * m + (1 - beta) * dp
    return m


def bias_corrected(grads, beta, initial):
    left = beta ** len(grads)
    return (average(grads, beta, initial) - left * initial) / (1 - left)


def bias_corrected_with_a_twin(grads, beta, initial):
    """Average ones as well: they tell how much weight the derivatives have."""
    return average(grads, beta, 0.0) / average(np.ones_like(grads), beta, 0.0)


def floor(learning_rate, curvature, std):
    return learning_rate * std**2 / (curvature * (2 - learning_rate * curvature))


def floor_by_steps(learning_rate, curvature, std):
    variance = 0.0
    for _ in range(1000):
        variance = (1 - learning_rate * curvature) ** 2 * variance + (learning_rate * std) ** 2
    return variance


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
                "swings for ever; you say True: without friction",
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
                "for ever; you say True: at the limit itself",
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
    "first_step": Bank(
        wrong={
            "plain descent": (
                lambda g, learning_rate, b1, b2: -learning_rate * g,
                "that is plain descent; divide by",
            ),
            "uphill": (lambda g, learning_rate, b1, b2: learning_rate * np.sign(g), "goes uphill"),
            "sign lost": (
                lambda g, learning_rate, b1, b2: -learning_rate * np.ones_like(g),
                "sign is lost",
            ),
            "no correction": (
                lambda *given: adam(*given, first=False, second=False),
                "your averages are uncorrected",
            ),
            "first average uncorrected": (
                lambda *given: adam(*given, first=False),
                "only the average of squares is corrected",
            ),
            "second average uncorrected": (
                lambda *given: adam(*given, second=False),
                "only the average of derivatives is corrected",
            ),
            "no root": (
                lambda g, learning_rate, b1, b2: -learning_rate * g / g**2,
                "divide by the root of",
            ),
            "the length of the gradient": (
                lambda g, learning_rate, b1, b2: -learning_rate * g / np.linalg.norm(g),
                "divide each by its own size",
            ),
            "momentum's first step": (
                lambda g, learning_rate, b1, b2: -learning_rate * (1 - b1) * g,
                "you move parameter 0 by",
            ),
            "one parameter": (
                lambda g, learning_rate, b1, b2: -learning_rate * np.sign(g[0]),
                "the shape is ()",
            ),
            "four parameters": (
                lambda g, learning_rate, b1, b2: np.resize(-learning_rate * np.sign(g), 4),
                "the shape is (4,), should be (1,)",
            ),
            "crash": (
                lambda g, learning_rate, b1, b2: g[99],
                "your function stops with IndexError",
            ),
            "no return": (lambda g, learning_rate, b1, b2: None, "forget `return`"),
        },
        unusual={
            "the plain way": lambda g, learning_rate, b1, b2: -learning_rate * np.sign(g),
            "by hand": adam,
            "scalars, a list": lambda g, learning_rate, b1, b2: [
                -math.copysign(learning_rate, x) for x in g
            ],
            "where, float32": lambda g, learning_rate, b1, b2: np.where(
                g > 0, -learning_rate, learning_rate
            ).astype("f4"),
        },
    ),
    "bias_corrected": Bank(
        wrong={
            "not at all": (average, "as it is, uncorrected"),
            "for zero": (
                lambda g, beta, initial: average(g, beta, initial) / (1 - beta ** len(g)),
                "that holds for an initial value of 0",
            ),
            "no division": (
                lambda g, beta, initial: average(g, beta, initial) - beta ** len(g) * initial,
                "add up to 1 − βᵗ only",
            ),
            "all of the initial value": (
                lambda g, beta, initial: (
                    (average(g, beta, initial) - initial) / (1 - beta ** len(g))
                ),
                "only βᵗ of the initial value",
            ),
            "one step": (
                lambda g, beta, initial: average(g, beta, 0.0) / (1 - beta),
                "divide by 1 − βᵗ, not by 1 − β",
            ),
            "plain mean": (lambda g, beta, initial: g.mean(), "the latest should count most"),
            "turned round": (
                lambda g, beta, initial: np.average(g, weights=beta ** np.arange(len(g))),
                "your first counts most",
            ),
            "one step too many": (
                lambda g, beta, initial: average(g, beta, 0.0) / (1 - beta ** (len(g) + 1)),
                "without its initial value it is",
            ),
            "the last": (lambda g, beta, initial: g[-1], "without its initial value it is"),
            "weights swapped": (
                lambda g, beta, initial: bias_corrected(g, 1 - beta, initial),
                "without its initial value it is",
            ),
            "every step": (lambda g, beta, initial: g, "should be one number, not (5,)"),
            "no return": (lambda g, beta, initial: None, "forget `return`"),
        },
        unusual={
            "the plain way": bias_corrected,
            "weights": lambda g, beta, initial: np.average(
                g, weights=beta ** np.arange(len(g))[::-1]
            ),
            "an average of ones beside it": bias_corrected_with_a_twin,
            "an array of one": lambda *given: np.array([bias_corrected(*given)]),
        },
    ),
    "noise_floor": Bank(
        wrong={
            "one step": (lambda r, c, s: (r * s) ** 2, "the noise of a single step"),
            "small rates": (lambda r, c, s: r * s * s / (2 * c), "that holds for small rates"),
            "distance": (lambda r, c, s: floor(r, c, s) ** 0.5, "its square is asked for"),
            "std not squared": (
                lambda r, c, s: floor(r, c, s) / s,
                "the variance is the square",
            ),
            "x not squared": (lambda r, c, s: r * s * s / c, "x² by its square"),
            "sign": (lambda r, c, s: r * s * s / (c * (2 + r * c)), "is ηL(2 − ηL)"),
            "curvature one": (lambda r, c, s: r * s * s / (2 - r), "but a step changes that"),
            "rate not squared": (
                lambda r, c, s: s * s / (c * (2 - r * c)),
                "but a step changes that",
            ),
            "after ten steps": (
                lambda r, c, s: floor(r, c, s) * (1 - (1 - r * c) ** 20),
                "but a step changes that",
            ),
            "a pair": (lambda r, c, s: (floor(r, c, s), 0), "one number, not (2,)"),
            "the step's variance, rate not squared": (
                lambda r, c, s: r * s * s,
                "but a step changes that",
            ),
            "no return": (lambda r, c, s: None, "forget `return`"),
        },
        unusual={
            "the plain way": floor,
            "unsimplified": lambda r, c, s: r**2 * s**2 / (1 - (1 - r * c) ** 2),
            "step by step": floor_by_steps,
            "a geometric series, float32": lambda r, c, s: np.float32(
                (r * s) ** 2 * sum((1 - r * c) ** (2 * k) for k in range(1000))
            ),
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
