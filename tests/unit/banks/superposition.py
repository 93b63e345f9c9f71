"""Answers to the exercises on superposition."""

import math

import numpy as np
from scipy.stats import norm

from banks import Bank


def at(*degrees):
    angles = np.radians(degrees)
    return np.stack([np.cos(angles), np.sin(angles)], axis=1)


def unit(X):
    return X / np.linalg.norm(X, axis=1, keepdims=True)


def pairs(table):
    return table[np.triu_indices(len(table), k=1)]


def normalises_in_place(X):
    X /= np.linalg.norm(X, axis=1, keepdims=True)
    return pairs(X @ X.T)


def by_loop(X):
    return [
        math.cos(0) * float(X[i] @ X[j] / math.sqrt((X[i] @ X[i]) * (X[j] @ X[j])))
        for j in range(len(X))
        for i in range(j)
    ]


def welch(N, d):
    return math.sqrt(max(N - d, 0) / (d * (N - 1)))


def dims(degrees):
    return 1 / math.sin(math.radians(degrees)) ** 2


def basis(d):
    return np.concatenate([np.eye(d), -np.eye(d)])


def rotated(d):
    """The same, in a random orthonormal basis."""
    Q, _ = np.linalg.qr(np.random.default_rng(0).normal(size=(d, d)))
    return np.concatenate([Q.T, -Q.T])


def tail(k, d):
    return norm.sf(0.5, scale=math.sqrt(k / d)) if k else 0.0


def expected(N, k, d):
    return (N - k) * tail(k, d) + k * tail(k - 1, d)


def by_simulation(N, k, d):
    """Draw the interference itself, as many normal numbers as are needed to be sure."""
    rng = np.random.default_rng(0)
    z = rng.standard_normal(4_000_000)
    absent = (z * math.sqrt(k / d) > 0.5).mean()
    present = (1 + z * math.sqrt((k - 1) / d) <= 0.5).mean()
    return (N - k) * absent + k * present


BANK = {
    "three": Bank(
        wrong={
            "perpendicular": (at(0, 90, 180), "a direction and its opposite lie on one line"),
            "45 degrees": (at(0, 45, 90), "the largest |cos| is 0.707"),
            "not unit": (2 * at(0, 60, 120), "each direction should have length 1"),
            "too near": (at(0, 50, 110), "the largest |cos| is 0.643"),
            "columns": (at(0, 60, 120).T, "three rows of two numbers"),
            "degrees": ([0, 60, 120], "three rows of two numbers"),
        },
        unusual={
            "60 apart": at(0, 60, 120),
            "a star": at(90, 210, 330),
            "by hand": [(1, 0), (0.5, 0.8660254), (-0.5, 0.8660254)],
        },
    ),
    "cosines": Bank(
        wrong={
            "dot products": (lambda X: pairs(X @ X.T), "divide by the lengths"),
            "table": (lambda X: unit(X) @ unit(X).T, "you return the whole table"),
            "with itself": (
                lambda X: (unit(X) @ unit(X).T)[np.triu_indices(len(X))],
                "you include each row with itself",
            ),
            "one length": (lambda X: pairs(unit(X) @ X.T), "by one length only"),
            "absolute": (lambda X: np.abs(pairs(unit(X) @ unit(X).T)), "a cosine has a sign"),
            "squares": (
                lambda X: pairs((X @ X.T) / (X * X).sum(1)[:, None] / (X * X).sum(1)),
                "by the squares of the lengths",
            ),
            "angles": (
                lambda X: np.degrees(np.arccos(pairs(unit(X) @ unit(X).T))),
                "the cosines should be",
            ),
            "in place": (normalises_in_place, "you change an input in place"),
        },
        unusual={
            "upper triangle": lambda X: pairs(unit(X) @ unit(X).T),
            "lower triangle": lambda X: (unit(X) @ unit(X).T)[np.tril_indices(len(X), k=-1)],
            "a loop": by_loop,
        },
    ),
    "bound": Bank(
        wrong={
            "no root": (lambda N, d: max(N - d, 0) / (d * (N - 1)), "you forget the square root"),
            "by N": (
                lambda N, d: math.sqrt(max(N - d, 0) / (d * N)),
                "you divide by N instead of N - 1",
            ),
            "no d": (
                lambda N, d: math.sqrt(max(N - d, 0) / (N - 1)),
                "the factor d is missing",
            ),
            "negative": (
                lambda N, d: np.sqrt(np.float64(N - d) / (d * (N - 1))),
                "N - d is below zero",
            ),
            "complex": (lambda N, d: ((N - d) / (d * (N - 1)) + 0j) ** 0.5, "a real number"),
            "angle": (
                lambda N, d: math.degrees(math.acos(welch(N, d))),
                "yours is an angle; the bound",
            ),
            "a third": (lambda N, d: welch(N, d) / 3, "it should be 0.5000"),
        },
        unusual={
            "max": welch,
            "cases": lambda N, d: 0 if d >= N else ((N - d) / (N * d - d)) ** 0.5,
            "logarithms": lambda N, d: (
                math.exp((math.log(N - d) - math.log(d) - math.log(N - 1)) / 2) if d < N else 0.0
            ),
        },
    ),
    "dimensions": Bank(
        wrong={
            "cosine": (
                lambda a: 1 / math.cos(math.radians(a)) ** 2,
                "you take the cosine of the deviation",
            ),
            "no square": (lambda a: 1 / math.sin(math.radians(a)), "the square is missing"),
            "inverse": (lambda a: math.sin(math.radians(a)) ** 2, "yours is the inverse"),
            "radians": (lambda a: 1 / math.sin(a) ** 2, "you put in the degrees as radians"),
            "degrees": (lambda a: 1 / a**2, "you use the degrees themselves"),
            "a constant": (lambda a: 1000, "dimensions are needed, yours is 1000"),
            "nothing": (lambda a: None, "your function returns nothing"),
        },
        unusual={
            "sine": dims,
            "rounded up": lambda a: math.ceil(dims(a)),
            "small angles": lambda a: (180 / math.pi / a) ** 2,
        },
    ),
    "opposites": Bank(
        wrong={
            "basis only": (lambda d: np.eye(d), "numbers are asked for, not (1, 1)"),
            "twice": (
                lambda d: np.concatenate([np.eye(d), np.eye(d)]),
                "two of your directions are the same",
            ),
            "random": (
                lambda d: unit(np.random.default_rng(1).normal(size=(2 * d, d))),
                "two of your directions are the same",
            ),
            "long": (lambda d: 2 * basis(d), "the lengths are [2.0, 2.0]"),
            "columns": (lambda d: basis(d).T, "rows of 1 numbers are asked for"),
            "sums": (
                lambda d: unit(np.concatenate([np.eye(d), -np.eye(d) + 0.1 * np.eye(d, k=1)])),
                "two directions have a cosine of 0.1",
            ),
        },
        unusual={
            "plus and minus": basis,
            "rotated": rotated,
            "interleaved": lambda d: np.kron(np.eye(d), [[1], [-1]]),
        },
    ),
    "expected_errors": Bank(
        wrong={
            "absent only": (lambda N, k, d: (N - k) * tail(k, d), "they can be missed, too"),
            "present only": (lambda N, k, d: k * tail(k - 1, d), "only those that are present"),
            "fraction": (lambda N, k, d: expected(N, k, d) / N, "yours is the fraction"),
            "two tails": (lambda N, k, d: 2 * expected(N, k, d), "you count both tails"),
            "threshold one": (
                lambda N, k, d: N * norm.sf(1, scale=math.sqrt(k / d)),
                "are expected, yours is",
            ),
            "variance": (lambda N, k, d: N * norm.sf(0.5, scale=k / d), "are expected, yours is"),
        },
        unusual={
            "normal tail": expected,
            "erfc": lambda N, k, d: (
                (N - k) * math.erfc(0.5 * math.sqrt(d / k / 2)) / 2
                + (k * math.erfc(0.5 * math.sqrt(d / (k - 1) / 2)) / 2 if k > 1 else 0)
            ),
            "simulated": by_simulation,
        },
    ),
}
