"""The exercises on language models accept what is right and point at what is wrong."""

from collections import Counter
from itertools import pairwise

import numpy as np
import pytest

from weighted_sums.exercises import check, names


def pairs_in(words):
    return [pair for word in words for pair in pairwise(word)]


def joined(words):
    return [token for word in words for token in word]


RIGHT = {
    "hardness": [
        lambda shares: np.exp(-np.mean(np.log(shares))),
        lambda shares: float(np.prod(shares)) ** (-1 / len(shares)),
        lambda shares: 2 ** np.mean(-np.log2(shares)),
    ],
    "best_pair": [
        lambda words: max(sorted(pairs_in(words)), key=pairs_in(words).count),
        lambda words: min((-n, pair) for pair, n in Counter(pairs_in(words)).items())[1],
    ],
    "print_text": [
        lambda pieces, row: b"".join(pieces[token] for token in row).decode(),
        lambda pieces, row: str(b"".join(map(pieces.__getitem__, row)), "utf-8"),
    ],
    "per_character": [
        lambda perplexity, tokens, characters: perplexity ** (tokens / characters),
        lambda perplexity, tokens, characters: np.exp(np.log(perplexity) * tokens / characters),
    ],
    "scores": [np.log([6.0, 3.0, 1.0]), np.log([0.6, 0.3, 0.1]), [1.7918 + 5, 1.0986 + 5, 5]],
}

WRONG = [
    ("hardness", lambda s: -np.mean(np.log(s)), "perplexity 2, yours is 0.69"),
    ("hardness", lambda s: np.exp(-np.mean(np.log2(s))), "perplexity 2"),
    ("hardness", lambda s: 1 / np.mean(s), "you average the shares"),
    ("hardness", lambda s: np.mean(1 / s), "you average 1/share"),
    ("hardness", lambda s: 1 / s, "one number is asked for"),
    ("hardness", lambda s: np.exp(-np.log(s[0])), "the perplexity is"),
    ("best_pair", lambda w: max(pairs_in([joined(w)]), key=pairs_in([joined(w)]).count),
     "from one word into the next"),
    ("best_pair", lambda w: max(pairs_in(w), key=pairs_in(w).count), "take the smallest"),
    ("best_pair", lambda w: min(pairs_in(w)), "occurs"),
    ("best_pair", lambda w: Counter(pairs_in(w)).most_common(1), "a pair of tokens"),
    ("best_pair", lambda w: (9, 9), "does not occur"),
    ("print_text", lambda p, row: "".join(p[t].decode(errors="replace") for t in row), "spread"),
    ("print_text", lambda p, row: "".join(p[t].decode(errors="ignore") for t in row), "spread"),
    ("print_text", lambda p, row: b"".join(p[t] for t in row), "you return bytes"),
    ("per_character", lambda p, m, n: p * m / n, "because 3 · 3 = 9"),
    ("per_character", lambda p, m, n: p ** (n / m), "because 3 · 3 = 9"),
    ("per_character", lambda p, m, n: p ** 0.5, "per character, yours is"),
    ("scores", np.array([6.0, 3.0, 1.0]), "the softmax of your scores"),
    ("scores", np.array([0.6, 0.3, 0.1]), "the shares themselves"),
    ("scores", np.array([6.0, 3.0]), "three scores"),
]  # fmt: skip


def test_every_exercise_has_right_and_wrong_answers_here():
    found = {name.split(".")[1] for name in names("language_models")}
    assert found == set(RIGHT) == {name for name, *_ in WRONG}


@pytest.mark.parametrize(
    ("name", "answer"), [(name, answer) for name, answers in RIGHT.items() for answer in answers]
)
def test_right_answers_pass(name, answer):
    verdict = check(f"language_models.{name}", answer)
    assert verdict.passed, verdict.message


@pytest.mark.parametrize(("name", "answer", "message"), WRONG)
def test_wrong_answers_are_told_why(name, answer, message):
    verdict = check(f"language_models.{name}", answer)
    assert not verdict.passed and message in verdict.message
