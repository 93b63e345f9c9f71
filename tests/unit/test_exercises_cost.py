"""The exercises on the cost accept what is right and point at what is wrong."""

import numpy as np
import pytest

from weighted_sums.exercises import check


def squares(outputs, wish):
    return np.square(outputs - wish).sum(axis=1)


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("rank", lambda outputs, wish: np.argsort(squares(outputs, wish))),
        ("rank", lambda o, w: sorted(range(len(o)), key=lambda i: squares(o, w)[i])),
        ("best_guess", lambda shares: (shares, (shares * (1 - shares)).sum())),
        ("best_guess", lambda shares: (list(shares), 1 - np.square(shares).sum())),
        ("best_constant", np.median),
        ("best_constant", lambda wishes: np.sort(wishes)[len(wishes) // 2]),
        ("slopes", lambda a, y: 2 * (a - y) / len(a)),
    ],
)
def test_a_right_answer_passes(name, answer):
    verdict = check(f"cost.{name}", answer)
    assert verdict.passed, verdict


@pytest.mark.parametrize(
    ("name", "answer", "words"),
    [
        ("rank", lambda o, w: np.argsort(-o[:, w.argmax()]), "the order is [0, 2, 3, 1]"),
        ("rank", lambda o, w: np.argsort(-squares(o, w)), "begin with the lowest"),
        ("rank", lambda o, w: squares(o, w), "each position from 0"),
        ("rank", lambda o, w: np.argsort(np.abs(o - w).sum(axis=1)), "is wrong: the costs are"),
        (
            "best_guess",
            lambda p: (np.full(len(p), 1 / len(p)), 1 - 1 / len(p)),
            "it can be done for",
        ),
        ("best_guess", lambda p: (np.eye(len(p))[p.argmax()], 0.0), "it can be done for"),
        ("best_guess", lambda p: (p, 0.9), "but you say 0.9"),
        ("best_guess", lambda p: p, "return two things"),
        ("best_guess", lambda p: (0.1, 0.9), "the outputs have shape"),
        ("best_constant", np.mean, "is possible"),
        ("best_constant", lambda wishes: (wishes.max() + wishes.min()) / 2, "is possible"),
        ("slopes", lambda a, y: 2 * (a - y), "the average over 4"),
        ("slopes", lambda a, y: 2 * (y - a) / len(a), "the sign"),
        ("slopes", lambda a, y: (a - y) / len(a), "the 2 of the square"),
        ("slopes", lambda a, y: 2 * (a - y) / 3, "not over the outputs"),
        ("slopes", lambda a, y: 2 * (a - y).mean(axis=0), "should be (1, 3)"),
        ("slopes", lambda a, y: 2 * np.abs(a - y) / len(a), "a nudge gives"),
    ],
)
def test_a_slip_fails_with_words_that_point_at_it(name, answer, words):
    verdict = check(f"cost.{name}", answer)
    assert not verdict.passed
    assert words in verdict.message, verdict
