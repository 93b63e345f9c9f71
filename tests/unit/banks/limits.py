"""Answers to the exercises on limits."""

import math
import re
from fractions import Fraction

import numpy as np

from banks import Bank


def at_temperature(p, T):
    return 1 / (1 + ((1 - p) / p) ** (1 / T))


def by_softmax(p, T):
    z = np.log(np.array([p, 1 - p], dtype=np.float32)) / np.float32(T)
    e = np.exp(z - z.max())
    return e[0] / e.sum()


def pieces(written, length, step=1, end=1):
    return [written[i : i + length] for i in range(0, len(written) - length + end, step)]


def found(parts, text):
    return sum(part in text for part in parts) / len(parts)


def verbatim_by_recursion(written, text, length, hits=0, tried=0):
    if len(written) < length:
        return Fraction(hits, tried)
    hits += text.find(written[:length]) >= 0
    return verbatim_by_recursion(written[1:], text, length, hits, tried + 1)


def verbatim_by_a_set(written, text, length):
    known = set(pieces(text, length))
    return np.float32(np.mean([piece in known for piece in pieces(written, length)]))


def tempered(p, power):
    return p**power / (p**power + (1 - p) ** power)


def repeatedly(p, T, count):
    for _ in range(count):
        p = tempered(p, 1 / T)
    return p


def rates(groups, failed, error=None, rate=None):
    found = {}
    for group in np.unique(groups):
        own = failed[groups == group]
        f = own.mean()
        se = np.sqrt(f * (1 - f) / len(own))
        found[str(group)] = (
            rate(own, failed) if rate else f,
            error(f, len(own), len(failed)) if error else se,
        )
    return found


def by_lists(groups, failed):
    found = {}
    for group in dict.fromkeys(groups.tolist()):
        own = [
            float(b) for g, b in zip(groups.tolist(), failed.tolist(), strict=True) if g == group
        ]
        found[group] = [sum(own) / len(own), np.std(own, ddof=1) / len(own) ** 0.5]
    return found


def binomial(n, p):
    return np.array([math.comb(n, k) * p**k * (1 - p) ** (n - k) for k in range(n + 1)])


def gone(p, n, generations):
    if generations == 1:
        return (1 - p) ** n
    later = np.array([gone(k / n, n, generations - 1) for k in range(n + 1)])
    return float(binomial(n, p) @ later)


def by_table(p, n, generations):
    chance = (1 - np.arange(n + 1) / n) ** n  # gone after one more, from each count
    table = np.array([binomial(n, k / n) for k in range(n + 1)]) if generations > 1 else None
    for _ in range(generations - 2):
        chance = table @ chance
    return (1 - p) ** n if generations == 1 else np.float64(binomial(n, p) @ chance)


def runs(words, n):
    return {tuple(words[i : i + n]) for i in range(len(words) - n + 1)}


def overlap(items, text, n):
    known = runs(text.split(), n)
    return np.mean([bool(runs(item.split(), n) & known) for item in items])


def by_joining(items, text, n):
    hits = 0
    for item in items:
        words = item.split()
        hits += any(
            f" {' '.join(words[i : i + n])} " in f" {text} " for i in range(len(words) - n + 1)
        )
    return Fraction(hits, len(items))


BANK = {
    "upper_bound": Bank(
        wrong={
            "zero": (lambda n: 0.0, "far too certain"),
            "three": (lambda n: 3 / n, "only for many cases"),
            "success": (lambda n: 0.05 ** (1 / n), "the rate of success"),
            "chance": (lambda n: 1 - 0.95**n, "at a rate of 0.05"),
            "no root": (lambda n: 0.95, "the n-th root is missing"),
            "other side": (lambda n: 1 - 0.95 ** (1 / n), "should be 0.05, not 0.95"),
            "one over n": (lambda n: 1 / n, "missed in every third test"),
        },
        unusual={
            "formula": lambda n: 1 - 0.05 ** (1 / n),
            "logarithms": lambda n: -math.expm1(math.log(0.05) / n),
            "e and ln": lambda n: 1 - np.exp(-np.log(20) / n),
        },
    ),
    "vanished": Bank(
        wrong={
            "there": (lambda p, n, g: 1 - gone(p, n, g), "still there"),
            "once": (lambda p, n, g: (1 - p) ** n, "one generation only"),
            "independent": (
                lambda p, n, g: 1 - (1 - (1 - p) ** n) ** g,
                "p has changed",
            ),
            "one text": (lambda p, n, g: (1 - p) ** (n * g), "one long text"),
            "expected": (lambda p, n, g: n * p, "not a probability"),
            "sum": (lambda p, n, g: g * (1 - p) ** n, "it cannot come back"),
            "nothing": (lambda p, n, g: None, "your function returns nothing"),
        },
        unusual={"recursion": gone, "a table": by_table},
    ),
    "contaminated": Bank(
        wrong={
            "whole": (lambda i, t, n: np.mean([x in t for x in i]), "you look for the whole item"),
            "number": (lambda i, t, n: len(i) * overlap(i, t, n), "divide by how many"),
            "words": (lambda i, t, n: overlap(i, t, 1), "a single word"),
            "clean": (lambda i, t, n: 1 - overlap(i, t, n), "the fraction of clean items"),
            "one more": (lambda i, t, n: overlap(i, t, n + 1), "not n + 1"),
            "any order": (
                lambda i, t, n: np.mean([len({*x.split()} & {*t.split()}) >= n for x in i]),
                "in the same order",
            ),
            "nothing": (lambda i, t, n: None, "your function returns nothing"),
        },
        unusual={"sets": overlap, "joining": by_joining},
    ),
    "generations": Bank(
        wrong={
            "once": (lambda p, T, n: tempered(p, 1 / T), "only once"),
            "nothing happens": (lambda p, T, n: p, "each generation changes it"),
            "times": (lambda p, T, n: tempered(p, n / T), "the powers multiply"),
            "other way": (lambda p, T, n: tempered(p, T**n), "yours goes the other way"),
            "no sum": (lambda p, T, n: p ** (T**-n), "must still sum to 1"),
            "too many": (lambda p, T, n: repeatedly(p, T, n + 1), "one generation too many"),
            "too few": (lambda p, T, n: repeatedly(p, T, n - 1), "one generation too few"),
            "nothing": (lambda p, T, n: None, "your function returns nothing"),
        },
        unusual={
            "power": lambda p, T, n: tempered(p, T**-n),
            "one by one": repeatedly,
            "log odds": lambda p, T, n: 1 / (1 + np.exp(-np.log(p / (1 - p)) / T**n)),
        },
    ),
    "by_group": Bank(
        wrong={
            "overall": (
                lambda g, b: rates(g, b, rate=lambda own, every: every.mean()),
                "the fraction among all cases",
            ),
            # as a set may give them: the verdict is about the first group all the same
            "overall, in another order": (
                lambda g, b: dict.fromkeys("cba", (np.mean(b), 0.1)),
                "for group a of 40 cases",
            ),
            "number": (
                lambda g, b: rates(g, b, rate=lambda own, every: own.sum()),
                "yours is the number of failures",
            ),
            "of all": (
                lambda g, b: rates(g, b, rate=lambda own, every: own.sum() / len(every)),
                "you divide by all cases",
            ),
            "successes": (
                lambda g, b: rates(g, b, rate=lambda own, every: 1 - own.mean()),
                "that did not fail",
            ),
            "deviation": (
                lambda g, b: rates(g, b, lambda f, n, every: np.sqrt(f * (1 - f))),
                "not divided by the root of the cases",
            ),
            "root of all": (
                lambda g, b: rates(g, b, lambda f, n, every: np.sqrt(f * (1 - f) / every)),
                "you divide by the root of all cases",
            ),
            "variance": (
                lambda g, b: rates(g, b, lambda f, n, every: f * (1 - f) / n),
                "the square root is missing",
            ),
            "fractions only": (
                lambda g, b: {k: v[0] for k, v in rates(g, b).items()},
                "a pair is asked for",
            ),
            "a list": (lambda g, b: list(rates(g, b).values()), "a dictionary is asked for"),
        },
        unusual={
            "masks": rates,
            "lists, n - 1": by_lists,
            "NumPy's strings": lambda g, b: {np.str_(k): v for k, v in rates(g, b).items()},
        },
    ),
    "at_temperature": Bank(
        wrong={
            "no temperature": (lambda p, T: p, "the temperature changes nothing"),
            "not made to sum to 1": (lambda p, T: p ** (1 / T), "must still sum to 1"),
            "times T": (
                lambda p, T: p**T / (p**T + (1 - p) ** T),
                "p^T made to sum to 1; the logits are divided by T",
            ),
            "the opposite": (
                lambda p, T: at_temperature(1 - p, T),
                "the probability of the opposite",
            ),
            "no logarithms": (
                lambda p, T: 1 / (1 + math.exp((1 - 2 * p) / T)),
                "not p and 1 − p themselves",
            ),
            "p divided": (lambda p, T: p / T / (p / T + 1 - p), "divide the logarithms"),
            "always the likelier": (lambda p, T: float(p > 0.5), "as at T = 0"),
            "one half in the text": (lambda p, T: 0.8**2 / (0.8**2 + 0.2**2), "at p = 0.5 and T"),
            "a cold model only": (lambda p, T: p**2 / (p**2 + (1 - p) ** 2), "and T = 1.0"),
            "divided by the temperature": (lambda p, T: p / T, "the model's probability is"),
            "both": (
                lambda p, T: (at_temperature(p, T), at_temperature(1 - p, T)),
                "give one number, not (2,)",
            ),
            "no return": (lambda p, T: None, "forget `return`"),
        },
        unusual={
            "the plain way": lambda p, T: p ** (1 / T) / (p ** (1 / T) + (1 - p) ** (1 / T)),
            "odds": at_temperature,
            "softmax in float32": by_softmax,
            "sigmoid of the logit": lambda p, T: (1 + math.tanh(math.log(p / (1 - p)) / T / 2)) / 2,
        },
    ),
    "verbatim": Bank(
        wrong={
            "the whole": (lambda w, t, n: float(w in t), "you look for the whole of what"),
            "one too few": (lambda w, t, n: found(pieces(w, n, end=0) or [""], t), "out the last"),
            "one too many": (lambda w, t, n: found(pieces(w, n, end=2), t), "found in the text is"),
            "shorter pieces at the end": (
                lambda w, t, n: found([w[i : i + n] for i in range(len(w))], t),
                "the fraction found in the text is",
            ),
            "a count": (
                lambda w, t, n: sum(x in t for x in pieces(w, n)),
                "divide by how many there are",
            ),
            "divided by the characters": (
                lambda w, t, n: sum(x in t for x in pieces(w, n)) / len(w),
                "not of characters",
            ),
            "one after the other": (
                lambda w, t, n: found(pieces(w, n, step=n), t),
                "one begins at each position",
            ),
            "each piece once": (
                lambda w, t, n: found(set(pieces(w, n)), t),
                "in 'the the the elk' repeated pieces count each time",
            ),
            "words": (lambda w, t, n: found(w.split(), t.split()), "yours counts words"),
            "the other way round": (
                lambda w, t, n: found(pieces(t, n), w),
                "it is the other way round",
            ),
            "what is new": (lambda w, t, n: 1 - found(pieces(w, n), t), "that are not in the text"),
            "patterns": (
                lambda w, t, n: (
                    sum(bool(re.search(x, t)) for x in pieces(w, n)) / len(pieces(w, n))
                ),
                "characters in 'the c.t sat on the' the fraction",
            ),
            "all": (lambda w, t, n: 1.0, "'the dog and the cat'"),
            "always four": (
                lambda w, t, n: found(pieces(w, 4), t),
                "found in the text is 0.800, yours",
            ),
            "a truth for each": (
                lambda w, t, n: [x in t for x in pieces(w, n)],
                "give one number, not (15,)",
            ),
            "one too few, divided by the characters": (
                lambda w, t, n: sum(x in t for x in pieces(w, n, end=0)) / len(w),
                "the fraction found in the text is 0.800, yours is 0.579",
            ),
            "no return": (lambda w, t, n: None, "forget `return`"),
        },
        unusual={
            "the plain way": lambda w, t, n: found(pieces(w, n), t),
            "recursion, a fraction": verbatim_by_recursion,
            "a set of known pieces, float32": verbatim_by_a_set,
            "counting": lambda w, t, n: (
                1 - [t.count(x) for x in pieces(w, n)].count(0) / (len(w) - n + 1)
            ),
        },
    ),
}
