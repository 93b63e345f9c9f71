"""The exercises on assistants accept what is right and point at what is wrong."""

import numpy as np
import pytest

from weighted_sums.exercises import check, names


def implied(before, after, leash):
    found = leash * (np.log(after) - np.log(before))
    return found - found.mean()


RIGHT = {
    "implied": [implied],
    "features": [
        lambda f, g: np.stack([f, g, g**2], axis=1),
        lambda f, g: np.column_stack([f, *(g == k for k in range(9))]),
        lambda f, g: (f + 1.2 * g - 0.2 * g**2)[:, None],
    ],
}

WRONG = [
    ("implied", lambda b, a, leash: np.log(a / b), "divided by the leash"),
    ("implied", lambda b, a, leash: leash * np.log(a / b), "the average is"),
    ("implied", lambda b, a, leash: -implied(b, a, leash), "the rewards were"),
    ("implied", lambda b, a, leash: leash, "five rewards"),
    ("features", lambda f, g: np.stack([f, g], axis=1), "rise and fall again"),
    ("features", lambda f, g: np.stack([f, g**2], axis=1), "rise and fall again"),
    ("features", lambda f, g: np.stack([f, g, g**2]), "a row for each"),
    ("features", lambda f, g: np.log(g)[:, None], "not finite"),
]


def test_every_exercise_has_right_and_wrong_answers_here():
    found = {name.split(".")[1] for name in names("assistant")}
    assert found == set(RIGHT) == {name for name, *_ in WRONG}


@pytest.mark.parametrize(
    ("name", "answer"), [(name, answer) for name, answers in RIGHT.items() for answer in answers]
)
def test_right_answers_pass(name, answer):
    verdict = check(f"assistant.{name}", answer)
    assert verdict.passed, verdict.message


@pytest.mark.filterwarnings("ignore:divide by zero")
@pytest.mark.parametrize(("name", "answer", "message"), WRONG)
def test_wrong_answers_are_told_why(name, answer, message):
    verdict = check(f"assistant.{name}", answer)
    assert not verdict.passed and message in verdict.message, verdict.message
