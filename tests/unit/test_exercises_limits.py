"""The exercises on limits accept what is right and point at what is wrong."""

import pytest

from weighted_sums.exercises import check, names


def pieces(written, length, step=1, end=1):
    return [written[i : i + length] for i in range(0, len(written) - length + end, step)]


RIGHT = {
    "says": [
        lambda p, T: p ** (1 / T) / (p ** (1 / T) + (1 - p) ** (1 / T)),
        lambda p, T: 1 / (1 + ((1 - p) / p) ** (1 / T)),
    ],
    "verbatim": [
        lambda w, t, n: sum(piece in t for piece in pieces(w, n)) / len(pieces(w, n)),
    ],
}

WRONG = [
    ("says", lambda p, T: p, "at p = 0.8 and T = 0.5"),
    ("says", lambda p, T: p ** (1 / T), "must still sum to 1"),
    ("says", lambda p, T: p**T / (p**T + (1 - p) ** T), "at p ="),
    ("verbatim", lambda w, t, n: float(w in t), "pieces of 5"),
    ("verbatim", lambda w, t, n: sum(x in t for x in pieces(w, n, end=0)) / len(w), "pieces of"),
    ("verbatim", lambda w, t, n: 1.0, "'the dog and the cat'"),
]


def test_every_exercise_has_right_and_wrong_answers_here():
    found = {name.split(".")[1] for name in names("limits")}
    assert found == set(RIGHT) == {name for name, *_ in WRONG}


@pytest.mark.parametrize(
    ("name", "answer"), [(name, answer) for name, answers in RIGHT.items() for answer in answers]
)
def test_right_answers_pass(name, answer):
    verdict = check(f"limits.{name}", answer)
    assert verdict.passed, verdict.message


@pytest.mark.parametrize(("name", "answer", "message"), WRONG)
def test_wrong_answers_are_told_why(name, answer, message):
    verdict = check(f"limits.{name}", answer)
    assert not verdict.passed and message in verdict.message, verdict.message
