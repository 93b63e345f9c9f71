"""The exercises on compute and scale accept what is right and point at what is wrong."""

import math

import pytest

from weighted_sums.exercises import check, names

RIGHT = {
    "spend": [
        lambda C: ((C / 120) ** 0.5, 20 * (C / 120) ** 0.5),
        lambda C: [math.sqrt(C / 6 / 20), math.sqrt(C * 20 / 6)],
    ],
    "overtaken": [lambda width: 6 * width, lambda width: 12 * width**2 / (2 * width)],
}

WRONG = [
    ("spend", lambda C: (1e6, C / 6e6), "not 20"),
    ("spend", lambda C: (C / 120, 20 * C / 120), "yours takes 6ND"),
    ("spend", lambda C: (20 * (C / 120) ** 0.5, (C / 120) ** 0.5), "not 20"),
    ("spend", lambda C: (1.0,), "parameters and tokens"),
    ("overtaken", lambda width: width, "the pairs"),
    ("overtaken", lambda width: 12 * width, "the matrices take"),
]


def test_every_exercise_has_right_and_wrong_answers_here():
    found = {name.split(".")[1] for name in names("compute_and_scale")}
    assert found == set(RIGHT) == {name for name, *_ in WRONG}


@pytest.mark.parametrize(
    ("name", "answer"), [(name, answer) for name, answers in RIGHT.items() for answer in answers]
)
def test_right_answers_pass(name, answer):
    verdict = check(f"compute_and_scale.{name}", answer)
    assert verdict.passed, verdict.message


@pytest.mark.parametrize(("name", "answer", "message"), WRONG)
def test_wrong_answers_are_told_why(name, answer, message):
    verdict = check(f"compute_and_scale.{name}", answer)
    assert not verdict.passed and message in verdict.message, verdict.message
