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

BANK = {"spend": SPEND, "overtaken": OVERTAKEN}
