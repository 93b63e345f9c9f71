"""Answers to the project of a digit reader by hand."""

import numpy as np

from banks import Bank

ROWS, COLUMNS = np.mgrid[0:28, 0:28]
FIRST = {
    0: [[(5, 14), (8, 9), (14, 8), (20, 10), (23, 14), (20, 18), (14, 20), (8, 18), (5, 14)]],
    1: [[(4, 15), (14, 14), (24, 13)]],
    2: [[(8, 9), (6, 14), (9, 18), (15, 14), (20, 9), (21, 12), (20, 21)]],
    3: [[(6, 9), (5, 14), (9, 18), (13, 14), (18, 19), (22, 14), (22, 8)]],
    4: [[(5, 9), (14, 9), (14, 19)], [(5, 19), (14, 18), (24, 17)]],
    5: [[(5, 20), (6, 12), (12, 10), (14, 16), (19, 17), (23, 9)]],
    6: [[(4, 16), (12, 10), (20, 10), (23, 14), (19, 18), (15, 14), (18, 9)]],
    7: [[(9, 7), (8, 19), (14, 16), (24, 12)]],
    8: [[(5, 15), (9, 10), (14, 14), (20, 17), (23, 13), (20, 10), (14, 14), (9, 18), (5, 15)]],
    9: [[(12, 18), (8, 18), (7, 12), (12, 10), (13, 16), (10, 18), (24, 15)]],
}


def at(p, q, t):
    return np.hypot(ROWS - p[0] - t * (q[0] - p[0]), COLUMNS - p[1] - t * (q[1] - p[1]))


def along(p, q):
    (r0, c0), (r1, c1) = p, q
    dot = (ROWS - r0) * (r1 - r0) + (COLUMNS - c0) * (c1 - c0)
    return dot / max((r1 - r0) ** 2 + (c1 - c0) ** 2, 1e-12)


def distance(p, q):
    return at(p, q, np.clip(along(p, q), 0, 1))


def distance_by_loops(p, q):
    return [[float(distance(p, q)[r, c]) for c in range(28)] for r in range(28)]


def distance_with_complex_numbers(p, q):
    p, q = complex(*p), complex(*q)
    z = ROWS + 1j * COLUMNS - p
    d = q - p
    if d == 0:
        return abs(z)
    t = (z / d).real
    return np.where(t < 0, abs(z), np.where(t > 1, abs(z - d), abs((z / d).imag) * abs(d)))


def changed(turn):
    return {k: [[turn(*point) for point in line] for line in lines] for k, lines in FIRST.items()}


def centred(t, axis=1):
    return t - t.mean(axis=axis, keepdims=True)


BANK = {
    "distance": Bank(
        wrong={
            "the whole line": (lambda p, q: at(p, q, along(p, q)), "does not go on there"),
            "squared": (lambda p, q: distance(p, q) ** 2, "that is its square"),
            "swapped": (lambda p, q: distance(p, q).T, "rows and columns are swapped"),
            "the first point": (lambda p, q: at(p, q, 0), "from the first point"),
            "the nearer end": (
                lambda p, q: np.minimum(at(p, q, 0), at(p, q, 1)),
                "from the nearer end",
            ),
            "the middle": (lambda p, q: at(p, q, 0.5), "from its middle"),
            "one end only": (lambda p, q: at(p, q, np.maximum(along(p, q), 0)), "away, not"),
            "a single point": (
                lambda p, q: distance(p, q) if p != q else 1 / 0,
                "stops with ZeroDivisionError",
            ),
            "flat": (lambda p, q: distance(p, q).ravel(), "the shape is (784,)"),
            "no return": (lambda p, q: None, "forget `return`"),
        },
        unusual={
            "the plain way": distance,
            "lists": distance_by_loops,
            "complex numbers": distance_with_complex_numbers,
        },
    ),
    "fair": Bank(
        wrong={
            "the whole table": (
                lambda t: (t - t.mean()) / np.linalg.norm(t - t.mean()),
                "the whole table as one",
            ),
            "no length": (centred, "the lengths are not yet 1"),
            "no mean": (
                lambda t: t / np.linalg.norm(t, axis=1, keepdims=True),
                "the means are not 0",
            ),
            "standard deviation": (
                lambda t: centred(t) / t.std(axis=1, keepdims=True),
                "the standard deviation",
            ),
            "squared": (
                lambda t: centred(t) / np.square(centred(t)).sum(axis=1, keepdims=True),
                "by the squared length",
            ),
            "length first": (
                lambda t: centred(t) / np.linalg.norm(t, axis=1, keepdims=True),
                "before the mean was subtracted",
            ),
            "columns": (
                lambda t: centred(t, 0) / np.linalg.norm(centred(t, 0), axis=0),
                "those of the columns",
            ),
            "between 0 and 1": (lambda t: t / t.max(), "do not have mean 0 and length 1"),
            "without keepdims": (lambda t: t - t.mean(axis=1), "your function stops with"),
            "no return": (lambda t: None, "forget `return`"),
        },
        unusual={
            "a loop": lambda t: [(r - r.mean()) / np.linalg.norm(r - r.mean()) for r in t],
            "by the standard deviation": lambda t: (
                centred(t) / t.std(axis=1, keepdims=True) / t.shape[1] ** 0.5
            ),
        },
    ),
    "strokes": Bank(
        wrong={
            "one stroke for the 2": (
                {**FIRST, 2: [[(8, 9), (22, 20)]]},
                "the digit 2 is recognised in",
            ),
            "upside down": (changed(lambda r, c: (27 - r, c)), "draw it where people write it"),
            "mirrored": (changed(lambda r, c: (r, 27 - c)), "draw it where people write it"),
            "columns first": (changed(lambda r, c: (c, r)), "draw it where people write it"),
            "in a corner": (changed(lambda r, c: (r / 2, c / 2)), "is recognised in"),
            "two digits swapped": ({**FIRST, 3: FIRST[8], 8: FIRST[3]}, "most often classified as"),
            "outside": ({**FIRST, 1: [[(4, 15), (28, 13)]]}, "(28, 13) is no point"),
            "a dot": ({**FIRST, 1: [[(4, 15)]]}, "the digit 1 has no stroke"),
            "nine digits": ({k: FIRST[k] for k in range(9)}, "each of the digits 0 to 9"),
            "a list": (list(FIRST.values()), "give a dictionary"),
        },
        unusual={
            "arrays": {k: [np.array(line) for line in lines] for k, lines in FIRST.items()},
            "half a pixel lower": changed(lambda r, c: (r + 0.5, c)),
        },
    ),
}
