"""Answers to the exercises of the page on compute and scale."""

import math
from fractions import Fraction

import numpy as np

from banks import Bank


def by_bisection(C):
    low, high = 0.0, C
    for _ in range(300):
        N = (low + high) / 2
        low, high = (N, high) if 6 * N * (20 * N) < C else (low, N)
    return np.array([N, 20 * N])


SPEND = Bank(
    wrong={
        "all on text": (lambda C: (1e6, C / 6e6), "for each of 1e+06 parameters, not 20"),
        "no root": (lambda C: (C / 120, 20 * C / 120), "yours takes 6ND = 1.2e+04 operations: C ="),
        "exchanged": (
            lambda C: (20 * (C / 120) ** 0.5, (C / 120) ** 0.5),
            "not 20: the parameters come first",
        ),
        "no 6": (lambda C: ((C / 20) ** 0.5, 20 * (C / 20) ** 0.5), "the 6 of 6ND is missing"),
        "no 20": (
            lambda C: ((C / 6) ** 0.5, 20 * (C / 6) ** 0.5),
            "the 20 tokens of each parameter count as well",
        ),
        "equal numbers": (lambda C: ((C / 6) ** 0.5,) * 2, "tokens are 1 for each of"),
        "no parameters": (lambda C: (0, C), "tokens are infinitely many for each of 0 parameters"),
        "parameters only": (lambda C: (1.0,), "expected a pair, parameters and tokens, not [1.0]"),
        "one number": (lambda C: (C / 120) ** 0.5, "expected a pair, parameters and tokens"),
        "hard-coded for GPT-3": (
            lambda C: (5.123e10, 20 * 5.123e10),
            "for C = 1.2e+03 yours takes 6ND",
        ),
        "C ** 1 / 2": (lambda C: (C / 120**1 / 2, 20 * C / 120**1 / 2), "yours takes 6ND = 3e+03"),
        "no return": (lambda C: None, "did you forget `return`"),
    },
    unusual={
        "each on its own": lambda C: [math.sqrt(C / 6 / 20), math.sqrt(C * 20 / 6)],
        "by bisection": by_bisection,
        "by logarithms": lambda C: tuple(
            math.exp((math.log(C) - math.log(120)) / 2) * k for k in (1, 20)
        ),
    },
)

OVERTAKEN = Bank(
    wrong={
        "d_model": (lambda d_model: d_model, "the pairs 2048"),
        "the keys only": (lambda d_model: 12 * d_model, "for the keys and for the values"),
        "attention's matrices only": (lambda d_model: 2 * d_model, "the matrices take 12·d_model²"),
        "the MLP's only": (lambda d_model: 4 * d_model, "those are the matrices of the MLP only"),
        "not divided by d_model": (
            lambda d_model: 6 * d_model**2,
            "one factor d_model is on both sides",
        ),
        "divided twice": (lambda d_model: 6, "divide by it only once"),
        "upside down": (lambda d_model: d_model / 6, "that is upside down"),
        "the query counted as well": (lambda d_model: 7 * d_model, "and n = 224 the matrices take"),
        "hard-coded for GPT-3": (lambda d_model: 73_728, "at d_model 32 and n = 73728"),
        "both counts": (lambda d_model: (12 * d_model**2, 2 * d_model), "should be one number"),
        "no return": (lambda d_model: None, "did you forget `return`"),
    },
    unusual={
        "the quotient": lambda d_model: 12 * d_model**2 / (2 * d_model),
        "a fraction": lambda d_model: Fraction(12 * d_model**2, 2 * d_model),
        "by counting up": lambda d_model: next(
            n for n in range(d_model, 10 * d_model, 32) if 2 * n * d_model >= 12 * d_model**2
        ),
        "the matrices one by one": lambda d_model: np.array(
            [sum([d_model**2] * 4 + [4 * d_model**2] * 2) / d_model / 2]
        ),
    },
)


def time(N, D, speed):
    return 6 * N * D / speed / 86400


def fit(sizes, losses):
    return np.polyfit(np.log(sizes), np.log(losses), 1)[0]


def by_covariance(sizes, losses):
    x, y = np.log(sizes), np.log(losses)
    return ((x - x.mean()) * (y - y.mean())).sum() / ((x - x.mean()) ** 2).sum()


DAYS = Bank(
    wrong={
        "forward": (lambda *given: time(*given) / 3, "you count the forward pass only"),
        "multiplications": (lambda *given: time(*given) / 2, "each comes with an addition"),
        "seconds": (lambda *given: time(*given) * 86400, "yours is in seconds"),
        "hours": (lambda *given: time(*given) * 24, "yours is in hours"),
        "no six": (lambda *given: time(*given) / 6, "the 6 of 6ND is missing"),
        "operations": (lambda N, D, s: 6 * N * D, "is the number of operations"),
        "years": (lambda *given: time(*given) / 365, "it takes 277.8 days"),
        "nothing": (lambda *given: None, "your function returns nothing"),
    },
    unusual={
        "formula": time,
        "step by step": lambda N, D, s: 2 * 3 * N / s * D / 24 / 60 / 60,
        "logarithms": lambda N, D, s: math.exp(
            math.log(6) + math.log(N) + math.log(D) - math.log(s) - math.log(86400)
        ),
    },
)

FACTOR = Bank(
    wrong={
        "proportional": (lambda a, r: 1 / r, "the loss falls more slowly"),
        "applied": (lambda a, r: r**a, "solve for the factor instead"),
        "sign": (lambda a, r: r ** (-1 / a), "more text is needed, not less"),
        "product": (lambda a, r: r / a, "it is a power"),
        "logarithm": (lambda a, r: math.log(r) / a, "yours is the logarithm"),
        "halving only": (lambda a, r: 2 ** (-1 / a), "it should be 1.694"),
        "nothing": (lambda a, r: None, "your function returns nothing"),
    },
    unusual={
        "power": lambda a, r: r ** (1 / a),
        "exponential": lambda a, r: math.exp(math.log(r) / a),
        "root": lambda a, r: (1 / r) ** (-1 / a),
    },
)

EXPONENT = Bank(
    wrong={
        "plain": (lambda x, y: np.polyfit(x, y, 1)[0], "take both logarithms"),
        "sizes only": (lambda x, y: np.polyfit(np.log(x), y, 1)[0], "of the losses is missing"),
        "losses only": (lambda x, y: np.polyfit(x, np.log(y), 1)[0], "that is an exponential"),
        "intercept": (
            lambda x, y: np.polyfit(np.log(x), np.log(y), 1)[1],
            "yours is the intercept",
        ),
        "swapped": (lambda x, y: fit(y, x), "the axes are swapped"),
        "sign": (lambda x, y: -fit(x, y), "has a negative exponent"),
        "two points": (
            lambda x, y: np.log(y[-1] / y[0]) / np.log(x[-1] / x[0]),
            "only the first and the last point",
        ),
    },
    unusual={
        "polyfit": fit,
        "covariance": by_covariance,
        "base 10": lambda x, y: np.polyfit(np.log10(x), np.log10(y), 1)[0],
    },
)


def extra(large, small):
    (N, D), (n, d) = large, small
    return 6 * n * d - 6 * N * D


def equal(large, small):
    return extra(large, small) / (2 * large[0] - 2 * small[0])


def by_intersection(large, small):
    line = [np.array([2 * N, 6 * N * D]) for N, D in (large, small)]
    return np.roots(line[0] - line[1])[0]


BREAK_EVEN = Bank(
    wrong={
        "six": (lambda a, b: equal(a, b) / 3, "a forward pass only"),
        "small training only": (
            lambda a, b: 6 * b[0] * b[1] / (2 * a[0] - 2 * b[0]),
            "the training of the large model is missing",
        ),
        "large tokens only": (
            lambda a, b: extra(a, b) / (2 * a[0]),
            "the small model also works",
        ),
        "sign": (lambda a, b: -equal(a, b), "cannot be negative"),
        "ratio": (lambda a, b: b[0] * b[1] / (a[0] * a[1]), "the training alone"),
        "not divided": (extra, "divided by the saving"),
        "nothing": (lambda a, b: None, "your function returns nothing"),
    },
    unusual={
        "formula": equal,
        "intersection of lines": by_intersection,
        "threes": lambda a, b: 3 * (b[0] * b[1] - a[0] * a[1]) / (a[0] - b[0]),
    },
)


def unbeaten(compute, loss):
    return np.array(
        [not np.any((compute <= c) & (loss < x)) for c, x in zip(compute, loss, strict=True)]
    )


def in_order(sort):
    def answer(compute, loss):
        order = sort(compute, loss)
        found = np.zeros(len(loss), bool)
        found[order] = loss[order] <= np.minimum.accumulate(loss[order])
        return found

    return answer


def neighbours(compute, loss):
    order = np.argsort(compute)
    found = np.zeros(len(loss), bool)
    found[order] = np.diff(loss[order], prepend=np.inf) < 0
    return found


ENVELOPE = Bank(
    wrong={
        "unsorted": (lambda c, x: x <= np.minimum.accumulate(x), "sort by compute first"),
        "neighbours": (neighbours, "not only the next cheaper one"),
        "ties in any order": (
            in_order(lambda c, x: np.argsort(c)),
            "a run of *equal* compute is better",
        ),
        "ties as listed": (
            in_order(lambda c, x: np.argsort(c, kind="stable")),
            "a run of *equal* compute is better",
        ),
        "ties the wrong way": (
            in_order(lambda c, x: np.lexsort((-x, c))),
            "a run of *equal* compute is better",
        ),
        "cheaper only": (
            lambda c, x: np.array(
                [not np.any((c < a) & (x < b)) for a, b in zip(c, x, strict=True)]
            ),
            "a run of *equal* compute is better",
        ),
        "best": (lambda c, x: x == x.min(), "the best run alone"),
        "dearer": (lambda c, x: unbeaten(-c, x), "no dearer run beats"),
        "others": (lambda c, x: ~unbeaten(c, x), "yours marks what is beaten"),
        "all": (lambda c, x: np.ones(len(x), bool), "everything is marked"),
        "indices": (lambda c, x: np.flatnonzero(unbeaten(c, x)), "the shape is"),
    },
    unusual={
        "comparisons": unbeaten,
        "sorting": in_order(lambda c, x: np.lexsort((x, c))),
        "sorted pairs": in_order(lambda c, x: sorted(range(len(x)), key=lambda i: (c[i], x[i]))),
        "a list": lambda c, x: [
            all(y >= b for a, y in zip(c, x, strict=True) if a <= at)
            for at, b in zip(c, x, strict=True)
        ],
    },
)


def balanced(C, A, B, a, b, six=6, factors=True, root=True, exponent=None):
    G = a * A / (b * B) if factors else A / B
    return (G ** (1 / (a + b)) if root else G) * (C / six) ** ((exponent or b) / (a + b))


def by_derivative(C, A, B, a, b):
    low, high = 0.0, math.log(C)
    for _ in range(100):
        x = (low + high) / 2
        falls = a * A * math.exp(-a * x) > b * B * math.exp(-b * (math.log(C / 6) - x))
        low, high = (x, high) if falls else (low, x)
    return math.exp(low)


BEST_SIZE = Bank(
    wrong={
        "no six": (lambda *g: balanced(*g, six=1), "the 6 of 6ND is missing"),
        "exchanged": (
            lambda C, A, B, a, b: balanced(C, A, B, a, b, exponent=a),
            "α and β are exchanged",
        ),
        "tokens": (lambda C, *g: C / 6 / balanced(C, *g), "yours are the tokens"),
        "square root": (lambda C, *g: math.sqrt(C / 6), "only for equal terms"),
        "no factors": (lambda *g: balanced(*g, factors=False), "come down as factors"),
        "A and B": (
            lambda C, A, B, a, b: (b * B / (a * A)) ** (1 / (a + b)) * (C / 6) ** (b / (a + b)),
            "A and B are exchanged",
        ),
        "no root": (lambda *g: balanced(*g, root=False), "the root of the factor is missing"),
    },
    unusual={
        "formula": balanced,
        "bisection of the derivative": by_derivative,
        "logarithms": lambda C, A, B, a, b: math.exp(
            (math.log(a * A / (b * B)) + b * math.log(C / 6)) / (a + b)
        ),
    },
)

BANK = {
    "break_even": BREAK_EVEN,
    "envelope": ENVELOPE,
    "best_size": BEST_SIZE,
    "spend": SPEND,
    "overtaken": OVERTAKEN,
    "days": DAYS,
    "factor": FACTOR,
    "exponent": EXPONENT,
}
