"""The exercises on attention accept what is right and point at what is wrong."""

import numpy as np
import pytest
from scipy.linalg import null_space

from weighted_sums.attention import attend
from weighted_sums.cross_entropy import softmax
from weighted_sums.exercises import check, names


def knows_order(layer, causal, order=(3, 1, 0, 2, 5, 4)):
    x = np.random.default_rng(0).standard_normal((6, 12))
    order = list(order)
    return not np.allclose(attend(x, layer, causal)[0][order], attend(x[order], layer, causal)[0])


def renormalised(s):
    p = softmax(s) * np.tri(len(s))
    return p / p.sum(axis=1, keepdims=True)


def by_loops(s):
    found = np.zeros_like(s)
    for i in range(len(s)):
        found[i, : i + 1] = softmax(s[i, : i + 1])
    return found


HEAD = 4 * 12_288 * 128
RIGHT = {
    "most_heard": [
        lambda A: (A.sum(axis=0) - np.diag(A)).argmax(),
        lambda A: int((A * (1 - np.eye(len(A)))).sum(axis=0).argmax()),
    ],
    "masked_pattern": [by_loops, lambda s: softmax(s + np.triu(np.full(s.shape, -np.inf), 1))],
    "knows_order": [knows_order, lambda layer, causal: causal],
    "unseen": [
        lambda V: np.linalg.svd(V)[2][-1],
        lambda V: null_space(V)[:, 0],
        lambda V: np.linalg.qr(V.T, mode="complete")[0][:, -1],
    ],
    "gpt3": [(HEAD, 96 * HEAD), np.array([6_291_456, 603_979_776])],
}

WRONG = [
    ("most_heard", lambda A: int(A.sum(axis=1).argmax()), "receives"),
    ("most_heard", lambda A: int(A.sum(axis=0).argmax()), "gives to itself"),
    ("most_heard", lambda A: int((A.sum(axis=1) - np.diag(A)).argmax()), "you add up rows"),
    ("most_heard", lambda A: A.sum(axis=0), "the number of a place"),
    ("masked_pattern", lambda s: softmax(s) * np.tri(len(s)), "not to 1"),
    ("masked_pattern", renormalised, "a later score of 2000 leaks"),
    ("masked_pattern", softmax, "above the diagonal"),
    ("masked_pattern", lambda s: np.tri(len(s)) / np.arange(1, len(s) + 1)[:, None],
     "not those of softmax"),
    ("masked_pattern", lambda s: by_loops(s)[0], "shape"),
    ("knows_order", lambda layer, causal: True, "same order"),
    ("knows_order", lambda layer, causal: False, "sees other places"),
    ("knows_order", lambda layer, causal: "no", "True or False"),
    ("unseen", lambda V: np.eye(V.shape[1])[-1], "still hands over"),
    ("unseen", lambda V: 2 * np.linalg.svd(V)[2][-1], "length 2.000"),
    ("unseen", lambda V: np.linalg.svd(V)[0][-1], "shape"),
    ("gpt3", (3 * 12_288 * 128, 96 * 3 * 12_288 * 128), "the way back"),
    ("gpt3", (HEAD, HEAD), "96 such heads"),
    ("gpt3", (128 * 128, 0), "four matrices"),
]  # fmt: skip


def test_every_exercise_has_right_and_wrong_answers_here():
    found = {name.split(".")[1] for name in names("attention")}
    assert found == set(RIGHT) == {name for name, *_ in WRONG}


@pytest.mark.parametrize(
    ("name", "answer"), [(name, answer) for name, answers in RIGHT.items() for answer in answers]
)
def test_right_answers_pass(name, answer):
    verdict = check(f"attention.{name}", answer)
    assert verdict.passed, verdict.message


@pytest.mark.parametrize(("name", "answer", "message"), WRONG)
def test_wrong_answers_are_told_why(name, answer, message):
    verdict = check(f"attention.{name}", answer)
    assert not verdict.passed and message in verdict.message, verdict.message
