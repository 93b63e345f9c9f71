"""Checks for the exercises of the page on limits."""

from __future__ import annotations

import numpy as np

from weighted_sums.exercises import Wrong, call, diagnose, require
from weighted_sums.sampling import probabilities

TEXT = "the cat sat on the mat and the dog sat on the log"


def at_temperature(answer) -> str:
    """`at_temperature(p, T)` is the probability at temperature T of what has probability p."""
    for T in (0.5, 1.0, 2.0, 0.25):
        for p in (0.8, 0.5, 0.3, 0.99):
            where = f"at p = {p} and T = {T}"
            found = _number(answer, where, p, T)
            wanted = float(probabilities(np.log([p, 1 - p]), T)[0])
            if not np.isclose(found, wanted):
                raise Wrong(f"{where} " + diagnose(found, {
                    "yours is p: the temperature changes nothing": p,
                    "yours is p^(1/T); the two probabilities must still sum to 1": p ** (1 / T),
                    "yours is p^T made to sum to 1; the logits are divided by T":
                        float(probabilities(np.log([p, 1 - p]), 1 / T)[0]),
                    "yours is the probability of the opposite": 1 - wanted,
                    "the logits are the logarithms of p and 1 − p, not p and 1 − p themselves":
                        float(probabilities(np.array([p, 1 - p]), T)[0]),
                    "yours is p/T made to sum to 1; divide the logarithms": p / (p + (1 - p) * T),
                    "yours always generates the likelier one, as at T = 0": float(p > 0.5),
                }, f"the model's probability is {wanted:.4f}, yours is {found:.4f}"))  # fmt: skip
    return "at four temperatures"


def verbatim(answer) -> str:
    """`verbatim(written, text, length)` is the fraction of pieces that are in the text."""
    for written, length in (("the dog and the cat", 5), ("sat on the mat", 5), ("xyzzy", 2),
                            ("the c", 3), ("sat", 3), ("the the the elk", 4),
                            ("the c.t sat on the", 5)):  # fmt: skip
        pieces = _pieces(written, length)
        wanted = np.mean([piece in TEXT for piece in pieces])
        where = f"of the {len(pieces)} pieces of {length} characters in {written!r}"
        found = _number(answer, where, written, TEXT, length)
        if not np.isclose(found, wanted):
            raise Wrong(f"{where} " + diagnose(found, _wrong_fractions(written, length), (
                f"the fraction found in the text is {wanted:.3f}, yours is {found:.3f}"
            )))  # fmt: skip
    return "for seven texts"


def _wrong_fractions(written, length) -> dict[str, float]:
    pieces = _pieces(written, length)
    hits = np.array([piece in TEXT for piece in pieces])
    apart, words, copied = pieces[::length], written.split(), _pieces(TEXT, length)
    return {
        "each one counts; you look for the whole of what was written": float(written in TEXT),
        "you give how many are in the text; divide by how many there are": float(hits.sum()),
        "yours leaves out the last": float(hits[:-1].mean()) if len(hits) > 1 else 0.0,
        "divide by the number of pieces, not of characters": hits.sum() / len(written),
        "yours takes every piece after the end of the one before; one begins at each position":
            float(np.mean([piece in TEXT for piece in apart])),
        "repeated pieces count each time": float(np.mean([x in TEXT for x in set(pieces)])),
        "yours counts words": float(np.mean([word in TEXT.split() for word in words])),
        "you look for the pieces of the text in what was written; it is the other way round":
            float(np.mean([piece in written for piece in copied])),
        "yours counts those that are not in the text": float(1 - hits.mean()),
    }  # fmt: skip


def _pieces(text, length) -> list[str]:
    return [text[i : i + length] for i in range(len(text) - length + 1)]


def _number(answer, where, *given) -> float:
    found = answer(*given)
    require(found is not None, f"{where} your function returns nothing; did you forget `return`?")
    require(np.ndim(found) == 0, f"{where} give one number, not {np.shape(found)}")
    return float(found)


def generations(answer) -> str:
    """`after(p, T, generations)` is p after models have learned from models."""
    for p, T, count in ((0.6, 0.8, 5), (0.6, 0.8, 1), (0.3, 0.9, 4), (0.5, 0.5, 3), (0.7, 1.0, 9)):
        where = f"at p = {p}, T = {T} after {count} generation{'s' * (count > 1)}"
        wanted = _tempered(p, T**count)
        found = _number(answer, where, p, T, count)
        if not np.isclose(found, wanted):
            raise Wrong(f"{where} " + diagnose(found, {
                "you apply the temperature only once": _tempered(p, T),
                "yours is p: each generation changes it": p,
                "the powers multiply: 1/T to the power of the generations, not times them":
                    _tempered(p, T / count),
                "a temperature below one favours the likelier; yours goes the other way":
                    _tempered(p, T**-count),
                "the two probabilities must still sum to 1": p ** (T**-count),
                "you count one generation too many": _tempered(p, T ** (count + 1)),
                "you count one generation too few": _tempered(p, T ** (count - 1)),
            }, f"the probability is {wanted:.4f}, yours is {found:.4f}"))  # fmt: skip
    return "a habit becomes a rule, generation by generation"


def by_group(answer) -> str:
    """`by_group(groups, failed)` is the fraction of failures in each group and its error."""
    rng = np.random.default_rng(2)
    groups = np.array(["a"] * 40 + ["b"] * 10 + ["c"] * 25)[rng.permutation(75)]
    failed = rng.random(75) < np.where(groups == "b", 0.5, 0.2)
    found = call(answer, "for three groups", groups, failed)
    require(isinstance(found, dict), f"a dictionary is asked for, not {type(found).__name__}")
    require({str(key) for key in found} == set("abc"), f"its keys should be the groups a, b and c, "
            f"not {[*found]}")  # fmt: skip
    # in a fixed order: a dictionary made from a set has another one in every Python
    for group, pair in sorted(found.items(), key=str):
        own = failed[groups == str(group)]
        f, n, where = own.mean(), len(own), f"for group {group} of {len(own)} cases"
        require(np.shape(pair) == (2,), f"{where} a pair is asked for, not {pair!r}")
        error = np.sqrt(f * (1 - f) / n)
        why = diagnose(float(pair[0]), {
            "yours is the fraction among all cases": failed.mean(),
            "yours is the number of failures; divide by the cases of the group": own.sum(),
            "you divide by all cases, not by those of the group": own.sum() / 75,
            "yours is the fraction that did not fail": 1 - f,
        }, f"the fraction is {f:.3f}")  # fmt: skip
        require(np.isclose(pair[0], f), f"{where} {why}")
        why = diagnose(float(pair[1]), {
            "the standard error is not divided by the root of the cases": np.sqrt(f * (1 - f)),
            "you divide by the root of all cases": np.sqrt(f * (1 - f) / 75),
            "the square root is missing": f * (1 - f) / n,
        }, f"the standard error is {error:.4f}, yours is {float(pair[1]):.4f}")  # fmt: skip
        require(np.isclose(pair[1], error, rtol=0.06), f"{where} {why}")
    return "a fraction and its standard error for each group"


def upper_bound(answer) -> str:
    """`upper_bound(n)` is the rate of failure that n cases without a failure leave possible."""
    for n in (5, 30, 300):
        where = f"for {n} cases"
        wanted, found = 1 - 0.05 ** (1 / n), _number(answer, where, n)
        if not np.isclose(found, wanted):
            raise Wrong(f"{where} " + diagnose(found, {
                "the standard error is zero, and far too certain": 0.0,
                "three over n is close, but only for many cases": 3 / n,
                "that is the rate of success": 1 - wanted,
                "that is the chance of a failure in n cases at a rate of 0.05": 1 - 0.95**n,
                "all n cases have to go well: the n-th root is missing": 0.95,
                "the chance of no failure should be 0.05, not 0.95": 1 - 0.95 ** (1 / n),
                "one over n is the rate at which a failure is missed in every third test": 1 / n,
            }, f"the rate is {wanted:.4f}, yours is {found:.4f}"))  # fmt: skip
    return "no failure seen is not no failure"


def vanished(answer) -> str:
    """`vanished(p, n, generations)` is the chance that something rare is gone."""
    for p, n, count in ((0.001, 1000, 1), (0.01, 100, 3), (0.002, 200, 2)):
        where = f"at p = {p} in {n} sentences, after {count} generation{'s' * (count > 1)}"
        wanted, found = _extinct(p, n, count), _number(answer, where, p, n, count)
        if not np.isclose(found, wanted):
            raise Wrong(f"{where} " + diagnose(found, {
                "that is the chance that it is still there": 1 - wanted,
                "you look at one generation only": (1 - p) ** n,
                "the generations are not independent: after the first, p has changed":
                    1 - (1 - (1 - p) ** n) ** count,
                "you treat all generations as one long text": (1 - p) ** (n * count),
                "that is the number that is expected, not a probability": n * p,
                "it cannot come back: add up over what the text before may hold":
                    (1 - p) ** n * count,
            }, f"the chance is {wanted:.4f}, yours is {found:.4f}"))  # fmt: skip
    return "what is rare goes first, and does not come back"


def contaminated(answer) -> str:
    """`contaminated(items, text, n)` is the fraction of items with n words in a row in the text."""
    text = "on monday the red fox ran over the hill and the river rose by two feet at night"
    items = [
        "why did the red fox ran over there", "how far is it over the hill and back again",
        "the river rose by two feet at night", "a fox red ran the over", "the hill",
        "nothing of this kind", "no word", "at none",
    ]  # fmt: skip
    for n in (3, 4, 2):
        where = f"for runs of {n} words"
        found = _number(answer, where, items, text, n)
        hits = [_in_common(item, text, n) for item in items]
        wanted, whole = np.mean(hits), np.mean([item in text for item in items])
        words = [any(word in text.split() for word in item.split()) for item in items]
        if not np.isclose(found, wanted):
            raise Wrong(f"{where} " + diagnose(found, {
                "runs of n words, not n + 1":
                    np.mean([_in_common(item, text, n + 1) for item in items]),
                "one run in common is enough; you look for the whole item": whole,
                "yours is the number of items; divide by how many there are": sum(hits),
                "a single word in common proves nothing": np.mean(words),
                "that is the fraction of clean items": 1 - wanted,
                "the words have to be in the same order":
                    np.mean([len(set(item.split()) & set(text.split())) >= n for item in items]),
            }, f"the fraction is {wanted:.2f}, yours is {found:.2f}"))  # fmt: skip
    return "what was in the training text is no test"


def _in_common(item, text, n) -> bool:
    words, line = item.split(), f" {text} "
    return any(f" {' '.join(words[i : i + n])} " in line for i in range(len(words) - n + 1))


def _extinct(p, n, generations) -> float:
    counts = np.arange(n + 1)
    gone = (counts == 0).astype(float)  # from each count, now
    if generations > 1:
        step = _binomial(n, counts / n)
        for _ in range(generations - 1):
            gone = step @ gone  # and a generation later
    return float(_binomial(n, np.array(p)) @ gone)


def _binomial(n, p) -> np.ndarray:
    # the chances of 0 to n hits along the last axis, for each p
    p = p[..., np.newaxis]
    chances = np.zeros((*p.shape[:-1], n + 1))
    chances[..., 0] = 1
    for _ in range(n):
        chances[..., 1:] = chances[..., 1:] * (1 - p) + chances[..., :-1] * p
        chances[..., :1] *= 1 - p
    return chances


def _tempered(p: float, T: float) -> float:
    return float(probabilities(np.log([p, 1 - p]), T)[0])
