"""Answers to the exercises on embeddings."""

import math
from functools import partial
from itertools import accumulate

import numpy as np
from scipy.special import log_softmax, softmax

from banks import Bank


def even(z):
    return np.full(len(z), 1 / len(z))


def cold(z):
    return (z == z.max()) / (z == z.max()).sum()


def marks_in_place(z):
    hot = even(z)
    z[:] = cold(z)
    return z, hot


def cools_in_place(z, T):
    z -= z.max()
    return softmax(z / T)


def mean_difference(embedding, pairs, sign=1, normed=True):
    found = sign * np.mean([embedding[b] - embedding[a] for a, b in pairs], axis=0)
    return found / np.linalg.norm(found) if normed else found


def unit(vector):
    return vector / np.linalg.norm(vector)


def each_made_short(embedding, pairs):
    return unit(sum(unit(embedding[b] - embedding[a]) for a, b in pairs))


def norms_in_place(embedding, pairs):
    found = mean_difference(embedding, pairs)
    embedding /= np.linalg.norm(embedding, axis=1, keepdims=True)
    return found


def kept(p, mass):
    held, count = 0.0, 0
    for q in sorted(p, reverse=True):
        if held >= mass - 1e-9:
            break
        held, count = held + q, count + 1
    return count


def sorts_in_place(p, mass):
    p.sort()
    return kept(p, mass)


def by_recursion(p, mass):
    if mass <= 1e-12:
        return 0
    rest = list(p)
    rest.remove(max(p))
    return 1 + by_recursion(rest, mass - max(p))


def analogy(rows, a, b, c, excluded=None, cosine=True, difference=None):
    target = rows[b] - rows[a] + rows[c] if difference is None else difference(rows, a, b, c)
    scores = rows @ target / (np.linalg.norm(rows, axis=1) if cosine else 1)
    scores[[a, b, c] if excluded is None else excluded(a, b, c)] = -np.inf
    return int(scores.argmax())


def by_sorting(rows, a, b, c):
    target = rows[b] - rows[a] + rows[c]
    cosines = rows @ target / np.linalg.norm(rows, axis=1) / np.linalg.norm(target)
    return next(i for i in np.argsort(-cosines) if i not in (a, b, c))


def by_distance(rows, a, b, c):
    unit = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    target = rows[b] - rows[a] + rows[c]
    distances = np.linalg.norm(unit - target / np.linalg.norm(target), axis=1)
    distances[[a, b, c]] = np.inf
    return np.array(distances.argmin())


BANK = {
    "limits": Bank(
        wrong={
            "first in a tie": (
                lambda z: (np.eye(len(z))[z.argmax()], even(z)),
                "equal logits have equal",
            ),
            "hot not divided": (lambda z: (cold(z), np.ones(len(z))), "sum to 3.000"),
            "cold not divided": (lambda z: (z == z.max(), even(z)), "sum to 2.000"),
            "swapped": (lambda z: (even(z), cold(z)), "T → 0 comes first"),
            "numbers": (lambda z: (z.max(), 0), "yours has shape ()"),
            "the smallest logit": (lambda z: (cold(-z), even(z)), "go to the smallest logit"),
            "hot at one": (lambda z: (cold(z), softmax(z)), "those of T = 1"),
            "not cold enough": (lambda z: (softmax(z / 0.2), even(z)), "the coldest probabilities"),
            "only three logits": (lambda z: (cold(z), np.full(3, 1 / 3)), "shape (3,), not (4,)"),
            "one of the two": (cold, "two arrays are asked for"),
            "no return": (lambda z: None, "two arrays are asked for"),
            "in place": (marks_in_place, "changes z itself"),
        },
        unusual={
            "the definition": lambda z: (cold(z), even(z)),
            "very cold, very hot": lambda z: [softmax(1e4 * z), softmax(z / 1e9)],
            "scalars": lambda z: (
                [(x == max(z)) / list(z).count(max(z)) for x in z],
                [1 / len(z) for _ in z],
            ),
            "one array, float32": lambda z: np.array([cold(z), even(z)], np.float32),
        },
    ),
    "cooled": Bank(
        wrong={
            "literally": (lambda z, T: np.exp(z / T) / np.exp(z / T).sum(), "was too large"),
            "times T": (lambda z, T: softmax(z * T), "you multiply by T"),
            "without T": (lambda z, T: softmax(z), "your T cancels"),
            "divided too late": (
                lambda z, T: np.exp(z - z.max()) / T / (np.exp(z - z.max()) / T).sum(),
                "your T cancels",
            ),
            "minus the mean": (
                lambda z, T: np.exp((z - z.mean()) / T) / np.exp((z - z.mean()) / T).sum(),
                "was too large",
            ),
            "minus the smallest": (
                lambda z, T: np.exp((z - z.min()) / T) / np.exp((z - z.min()) / T).sum(),
                "was too large",
            ),
            "clipped": (lambda z, T: softmax(np.clip(z / T, -700, 700)), "the probabilities are"),
            "not divided": (lambda z, T: np.exp((z - z.max()) / T), "your probabilities sum to"),
            "logarithms": (lambda z, T: log_softmax(z / T), "the logarithms of the probabilities"),
            "sign": (lambda z, T: softmax((z.max() - z) / T), "mind the sign"),
            "in place": (cools_in_place, "changes z itself"),
            "no return": (lambda z, T: None, "yours has shape ()"),
        },
        unusual={
            "scipy": lambda z, T: softmax(z / T),
            "sum of exponentials": lambda z, T: np.exp(z / T - np.logaddexp.reduce(z / T)),
            "scalars": lambda z, T: [
                1 / sum(math.exp(min((y - x) / T, 700)) for y in z) for x in z
            ],
            "float32": lambda z, T: softmax((z.astype(np.float32) - z.max()) / np.float32(T)),
        },
    ),
    "direction": Bank(
        wrong={
            "first pair": (lambda e, p: mean_difference(e, p[:1]), "you use the first pair only"),
            "plural to singular": (
                lambda e, p: mean_difference(e, p, sign=-1),
                "from plural to singular",
            ),
            "not normed": (lambda e, p: mean_difference(e, p, normed=False), "has length"),
            "two pairs missed": (lambda e, p: mean_difference(e, p[:-2]), "not the average"),
            "another pair": (lambda e, p: mean_difference(e, p[-1:]), "comes closer"),
            "everything": (lambda e, p: e, "not shape (60, 40)"),
            "a number for each pair": (
                lambda e, p: np.array([(e[b] - e[a]).mean() for a, b in p]),
                "not shape (25,)",
            ),
            "each made short first": (each_made_short, "scale each difference to length 1"),
            "halves": (
                lambda e, p: unit(e[len(e) // 2 :].mean(0) - e[: len(e) // 2].mean(0)),
                "use the pairs",
            ),
            "plurals only": (lambda e, p: unit(sum(e[b] for _, b in p)), "the plurals only"),
            "in place": (norms_in_place, "changes embedding itself"),
        },
        unusual={
            "pair by pair": mean_difference,
            "difference of averages": lambda e, p: unit(
                e[[b for _, b in p]].mean(axis=0) - e[[a for a, _ in p]].mean(axis=0)
            ),
            "sum, a list": lambda e, p: list(unit(sum(e[b] - e[a] for a, b in p))),
            "einsum": lambda e, p: unit(np.einsum("pkd,k->d", e[np.array(p)], [-1, 1])),
            "float32": lambda e, p: mean_difference(e.astype(np.float32), p),
        },
    ),
    "nucleus": Bank(
        wrong={
            "off by one": (
                lambda p, s: int((np.cumsum(np.sort(p)[::-1]) < s).sum()),
                "tokens that hold it are",
            ),
            "one too many": (
                lambda p, s: int((np.cumsum(np.sort(p)[::-1]) <= s).sum()) + 1,
                "the fewest that hold 0.5 are 1",
            ),
            "not sorted": (lambda p, s: int((np.cumsum(p) - p < s).sum()), "sort them first"),
            "ascending": (
                lambda p, s: int((np.cumsum(np.sort(p)) - np.sort(p) < s).sum()),
                "begin with the largest",
            ),
            "the sorted array": (lambda p, s: np.sort(p), "a number of tokens"),
            "their sum": (lambda p, s: p.max() + 0.01, "a number of tokens"),
            "all": (lambda p, s: len(p), "you keep 6 tokens"),
            "larger than the limit": (lambda p, s: int((p > s).sum()), "less than"),
            "in place": (sorts_in_place, "changes p itself"),
            "no return": (lambda p, s: None, "a number of tokens"),
        },
        unusual={
            "one by one": kept,
            "searchsorted": lambda p, s: (
                int(np.searchsorted(np.cumsum(np.sort(p)[::-1]), s - 1e-9)) + 1
            ),
            "recursion": by_recursion,
            "accumulate, float": lambda p, s: (
                1.0 + sum(-held < s - 1e-9 for held in accumulate(sorted(-p)))
            ),
        },
    ),
    "pencil": Bank(
        wrong={
            "dot products": ([24, 0, -7], "divide by both lengths"),
            "one length": ([24 / 5, 0, -7 / 5], "one length only"),
            "sum of lengths": ([2.4, 0, -0.7], "the sum of the lengths"),
            "distances": (np.sqrt([2, 50, 64]), "these are distances"),
            "degrees": (np.rad2deg(np.arccos([0.96, 0, -0.28])), "angles in degrees"),
            "sign": ([0.96, 0, 0.28], "point away from each other"),
            "absolute": ([0.96, 0.96, 1], "absolute values of the coordinates"),
            "two": ([0.96, 0], "the shape is (2,), should be (3,)"),
            "ones": ([1, 0, -1], "divided by 25"),
        },
        unusual={
            "a tuple": (0.96, 0, -0.28),
            "an array": np.array([24, 0, -7]) / 25,
            "cosines of angles": np.cos([np.arctan2(7, 24), np.pi / 2, np.arccos(-7 / 25)]),
        },
    ),
    "ratio_at": Bank(
        wrong={
            "divided": (lambda r, T: r / T, "you divide the ratio"),
            "multiplied": (lambda r, T: r * T, "you multiply the ratio"),
            "upside down": (lambda r, T: r**T, "upside down"),
            "the difference": (lambda r, T: np.log(r) / T, "undo the logarithm"),
            "unchanged": (lambda r, T: r, "a temperature changes ratios"),
            "a probability": (lambda r, T: 1 / (1 + r ** (-1 / T)), "the first of two tokens"),
            "e": (lambda r, T: np.exp(r / T), "e to the power of the ratio"),
            "no return": (lambda r, T: None, "returns nothing"),
        },
        unusual={
            "a power": lambda r, T: r ** (1 / T),
            "logarithms": lambda r, T: np.exp(np.log(r) / T),
            "softmax": lambda r, T: np.divide(*softmax(np.array([np.log(r), 0.0]) / T)),
        },
    ),
    "analogy": Bank(
        wrong={
            "given": (partial(analogy, excluded=lambda a, b, c: []), "a word that was given"),
            "third": (partial(analogy, excluded=lambda a, b, c: [c]), "a word that was given"),
            "dot products": (partial(analogy, cosine=False), "long rows then win"),
            "backwards": (
                partial(analogy, difference=lambda r, a, b, c: r[a] - r[b] + r[c]),
                "the wrong way round",
            ),
            "sum": (
                partial(analogy, difference=lambda r, a, b, c: r[a] + r[b] + r[c]),
                "you add all three",
            ),
            "furthest": (
                partial(analogy, difference=lambda r, a, b, c: r[a] - r[b] - r[c]),
                "furthest away",
            ),
            "a row": (lambda r, a, b, c: r[c], "the index of one row"),
            "always zero": (lambda r, a, b, c: 0, "the nearest row is"),
        },
        unusual={
            "minus infinity": analogy,
            "sorting": by_sorting,
            "distances of unit rows": by_distance,
        },
    ),
}
