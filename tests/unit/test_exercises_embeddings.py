"""The exercises on embeddings accept what is right and point at what is wrong."""

import numpy as np
import pytest
from scipy.special import softmax

from weighted_sums.exercises import check, names


def mean_difference(embedding, pairs, sign=1, normed=True):
    found = sign * np.mean([embedding[b] - embedding[a] for a, b in pairs], axis=0)
    return found / np.linalg.norm(found) if normed else found


def first_pair(embedding, pairs):
    return mean_difference(embedding, pairs[:1])


def kept(p, share):
    held, count = 0.0, 0
    for q in sorted(p, reverse=True):
        if held >= share - 1e-9:
            break
        held, count = held + q, count + 1
    return count


def cold(z):
    return (z == z.max()) / (z == z.max()).sum()


def first_only(z):
    return np.eye(len(z))[z.argmax()]


RIGHT = {
    "limits": [
        lambda z: (cold(z), np.full(len(z), 1 / len(z))),
        lambda z: [softmax(1e4 * z), np.ones(len(z)) / len(z)],
    ],
    "cooled": [
        lambda z, T: softmax(z / T),
        lambda z, T: np.exp(z / T - np.logaddexp.reduce(z / T)),
    ],
    "direction": [mean_difference],
    "nucleus": [
        kept,
        lambda p, share: int(np.searchsorted(np.cumsum(np.sort(p)[::-1]), share - 1e-9)) + 1,
    ],
}

WRONG = [
    ("limits", lambda z: (first_only(z), np.full(len(z), 1 / len(z))), "equal logits have equal"),
    ("limits", lambda z: (cold(z), np.ones(len(z))), "sum to 3.000"),
    ("limits", lambda z: (np.full(len(z), 1 / len(z)), cold(z)), "a very hot softmax"),
    ("limits", lambda z: (z.max(), 0), "shape"),
    ("cooled", lambda z, T: np.exp(z / T) / np.exp(z / T).sum(), "an exponential was too large"),
    ("cooled", lambda z, T: softmax(z * T), "you multiply by T"),
    ("cooled", lambda z, T: softmax(z), "the shares are"),
    ("direction", first_pair, "the average over all"),
    ("direction", lambda e, p: mean_difference(e, p, sign=-1), "from plural to singular"),
    ("direction", lambda e, p: mean_difference(e, p, normed=False), "length"),
    ("direction", lambda e, p: mean_difference(e, p[:-2]), "not the average"),
    ("direction", lambda e, p: e, "shape"),
    ("nucleus", lambda p, s: int((np.cumsum(np.sort(p)[::-1]) < s).sum()), "the fewest"),
    ("nucleus", lambda p, s: int((np.cumsum(p) - p < s).sum()), "the fewest"),
    ("nucleus", lambda p, s: np.sort(p), "a number of tokens"),
]


def test_every_exercise_has_right_and_wrong_answers_here():
    found = {name.split(".")[1] for name in names("embeddings")}
    assert found == set(RIGHT) == {name for name, *_ in WRONG}


@pytest.mark.parametrize(
    ("name", "answer"), [(name, answer) for name, answers in RIGHT.items() for answer in answers]
)
def test_right_answers_pass(name, answer):
    verdict = check(f"embeddings.{name}", answer)
    assert verdict.passed, verdict.message


@pytest.mark.parametrize(("name", "answer", "message"), WRONG)
def test_wrong_answers_are_told_why(name, answer, message):
    verdict = check(f"embeddings.{name}", answer)
    assert not verdict.passed and message in verdict.message, verdict.message
