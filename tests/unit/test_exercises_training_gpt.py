"""The exercises on training a GPT accept what is right and point at what is wrong."""

import numpy as np
import pytest
from scipy.special import softmax

from weighted_sums.exercises import check, names


def guarded(train_at, rate, seed):
    try:
        cost = train_at(rate, seed)
    except FloatingPointError:
        return np.inf
    return cost if np.isfinite(cost) else np.inf


def sweep(train_at, rates, seeds, average=np.mean):
    costs = [average([guarded(train_at, rate, seed) for seed in seeds]) for rate in rates]
    return rates[int(np.argmin(costs))]


RIGHT = {
    "attend_last": [
        lambda q, k, v: softmax(k @ q / len(q) ** 0.5) @ v,
        lambda q, k, v: sum(p * row for p, row in zip(softmax(k @ q / len(q) ** 0.5), v)),  # noqa: B905
    ],
    "accumulate": [
        lambda g, n: np.average(g, axis=0, weights=n),
        lambda g, n: sum(size * part for size, part in zip(n, g)) / sum(n),  # noqa: B905
    ],
    "sweep": [sweep],
}

WRONG = [
    ("attend_last", lambda q, k, v: softmax(k @ q) @ v, "the root of"),
    ("attend_last", lambda q, k, v: np.exp(k @ q / len(q) ** 0.5)
     / np.exp(k @ q / len(q) ** 0.5).sum() @ v, "subtract the largest"),
    ("attend_last", lambda q, k, v: v.mean(axis=0), "it should be"),
    ("attend_last", lambda q, k, v: softmax(k @ q), "a vector of"),
    ("accumulate", lambda g, n: np.mean(g, axis=0), "each part counts the same"),
    ("accumulate", lambda g, n: np.array(n) @ np.array(g), "the sum over all windows"),
    ("accumulate", lambda g, n: np.array(g[0]), "it should be"),
    ("accumulate", lambda g, n: 0.0, "a gradient of 3 numbers"),
    ("sweep", lambda t, rates, seeds: sweep(t, rates, seeds[:1]), "rate 1 went well"),
    ("sweep", lambda t, rates, seeds: sweep(t, rates, seeds, np.min), "rate 1 went well"),
    ("sweep", lambda t, rates, seeds: sweep(t, rates[:3], seeds[:1]), "was lucky"),
    ("sweep", lambda t, rates, seeds: min(rates, key=lambda r: t(r, 0)), "FloatingPointError"),
    ("sweep", lambda t, rates, seeds: 0.1 if t(0.1, 1) > 2 else 0.01, "smallest at the rate"),
    ("sweep", lambda t, rates, seeds: 0.5, "one of the rates"),
]  # fmt: skip


def test_every_exercise_has_right_and_wrong_answers_here():
    found = {name.split(".")[1] for name in names("training_gpt")}
    assert found == set(RIGHT) == {name for name, *_ in WRONG}


@pytest.mark.parametrize(
    ("name", "answer"), [(name, answer) for name, answers in RIGHT.items() for answer in answers]
)
def test_right_answers_pass(name, answer):
    verdict = check(f"training_gpt.{name}", answer)
    assert verdict.passed, verdict.message


@pytest.mark.parametrize(("name", "answer", "message"), WRONG)
def test_wrong_answers_are_told_why(name, answer, message):
    verdict = check(f"training_gpt.{name}", answer)
    assert not verdict.passed and message in verdict.message, verdict.message
