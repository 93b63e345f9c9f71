"""Answers to the exercises on adaptive methods."""

import math

import numpy as np

from banks import Bank
from weighted_sums.optimizers import Adam, RMSprop
from weighted_sums.schedules import cosine_schedule


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


def wave(done):
    return 0.2 * (1 + np.cos(np.pi * np.asarray(done)))


def adamw(p, m, s, learning_rate, decay):
    return (1 - learning_rate * decay) * p - learning_rate * m / np.sqrt(s)


def adamw_by_the_package(p, m, s, learning_rate, decay):
    """A step of Adam whose memories are as short as can be, from a gradient that gives m and s."""
    q = p.copy()
    optimizer = Adam(learning_rate, beta1=0.0, beta2=0.0, eps=0.0, weight_decay=decay)
    # with these betas, the step is the sign of the gradient; scale it afterwards
    optimizer.step([q], [m])
    shrunk = (1 - learning_rate * decay) * p
    return shrunk + (q - shrunk) * np.abs(m) / np.sqrt(s)


def adamw_in_place(p, m, s, learning_rate, decay):
    p *= 1 - learning_rate * decay
    return p - learning_rate * m / np.sqrt(s)


def rms_by_the_package():
    changes = []
    for decay in (0.9, 0.99, 0.999):
        p = np.zeros(1)
        RMSprop(0.01, decay=decay, eps=0.0).step([p], [np.array([-5.0])])
        changes.append(p[0])
    return changes


FIRST = 0.01 / np.sqrt(1 - np.array([0.9, 0.99, 0.999]))

BANK = {
    "cosine": Bank(
        wrong={
            "a straight line": ([0.2, 0.4, 0.4, 0.2286, 0.0571], "that is a straight line"),
            "half the height": ([0.1, 0.2, 0.2, 0.12225, 0.0099], "the highest rate is 0.4"),
            "one step late": ([0.2, 0.4, *wave([1 / 7, 4 / 7, 1])], "use t - 1 - n_w"),
            "by all steps": ([0.2, 0.4, *wave([0, 3 / 9, 6 / 9])], "divide by the steps after"),
            "no warm-up": (wave(np.array([0, 1, 2, 5, 8]) / 9), "the warm-up is missing"),
            "a warm-up of three": ([0.4 / 3, 0.8 / 3, *wave([0, 3 / 7, 6 / 7])], "in step n_w"),
            "a slip": ([0.2, 0.4, 0.4, 0.245, 0.2], "the rate of step 9 is not right"),
            "four numbers": ([0.2, 0.4, 0.4, 0.245], "expected 5 numbers"),
        },
        unusual={
            "rounded": (0.2, 0.4, 0.4, 0.2445, 0.0198),
            "the package's": [cosine_schedule(0.4, 9, warmup=2)(step) for step in (1, 2, 3, 6, 9)],
        },
    ),
    "first_rms": Bank(
        wrong={
            "the rate": ([0.01, 0.01, 0.01], "s starts at zero"),
            "the sign": (-FIRST, "the size is right"),
            "no root": (0.01 / (1 - np.array([0.9, 0.99, 0.999])), "divide by the root of s"),
            "β's root": (0.01 / np.sqrt([0.9, 0.99, 0.999]), "only 1 - β of the square"),
            "five times": (5 * FIRST, "the size of the derivative cancels"),
            "multiplied": (0.01 * np.sqrt([0.1, 0.01, 0.001]), "you multiply where"),
            "one number": (0.0316, "expected 3 numbers"),
            "a guess": ([0.1, 0.1, 0.1], "the step is η g / √s"),
        },
        unusual={"rounded": (0.0316, 0.1, 0.316), "the package's": rms_by_the_package()},
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
    "adamw_step": Bank(
        wrong={
            "in the gradient": (
                lambda p, m, s, r, d: p - r * (m + d * p) / np.sqrt(s),
                "must not be divided",
            ),
            "no decay": (lambda p, m, s, r, d: p - r * m / np.sqrt(s), "there is no decay"),
            "no rate": (
                lambda p, m, s, r, d: (1 - d) * p - r * m / np.sqrt(s),
                "lacks the learning rate",
            ),
            "growing": (
                lambda p, m, s, r, d: (1 + r * d) * p - r * m / np.sqrt(s),
                "the parameters grow",
            ),
            "uphill": (
                lambda p, m, s, r, d: (1 - r * d) * p + r * m / np.sqrt(s),
                "you step uphill",
            ),
            "no root": (lambda p, m, s, r, d: (1 - r * d) * p - r * m / s, "the root of ŝ"),
            "momentum": (lambda p, m, s, r, d: (1 - r * d) * p - r * m, "m̂ alone is momentum"),
            "after the step": (
                lambda p, m, s, r, d: (1 - r * d) * (p - r * m / np.sqrt(s)),
                "you shrink the step as well",
            ),
            "the change": (
                lambda p, m, s, r, d: -r * d * p - r * m / np.sqrt(s),
                "return the new parameters",
            ),
            "in place": (adamw_in_place, "an array that you were given"),
            "one number": (lambda p, m, s, r, d: adamw(p, m, s, r, d).sum(), "the shape is ()"),
            "no return": (lambda p, m, s, r, d: None, "forget `return`"),
        },
        unusual={
            "the plain way": adamw,
            "the package's": adamw_by_the_package,
            "scalars, a list": lambda p, m, s, r, d: [
                x - r * (d * x + y / math.sqrt(z)) for x, y, z in zip(p, m, s, strict=True)
            ],
        },
    ),
}
