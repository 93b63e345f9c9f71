"""`check` answers in the reader's terms and never stops a chapter."""

import sys
import types

import numpy as np
import pytest

from weighted_sums import exercises
from weighted_sums.exercises import Wrong, diagnose, returned


@pytest.fixture(autouse=True)
def arithmetic(monkeypatch):
    """A chapter with one exercise: add two numbers."""
    chapter = types.ModuleType("weighted_sums.exercises.arithmetic")
    source = '''
from weighted_sums.exercises import require


def add(answer):
    """Add two numbers."""
    require(answer(2, 3) == 5, f"2 + 3 gave {answer(2, 3)}; it should give 5")


def _helper():
    pass
'''
    exec(compile(source, "arithmetic.py", "exec"), chapter.__dict__)
    monkeypatch.setitem(sys.modules, chapter.__name__, chapter)


def test_a_right_answer_passes():
    verdict = exercises.check("arithmetic.add", lambda a, b: a + b)
    assert verdict.passed
    assert repr(verdict) == "✓ arithmetic.add: correct"


def test_a_wrong_answer_is_told_on_which_input():
    verdict = exercises.check("arithmetic.add", lambda a, b: a - b)
    assert not verdict.passed
    assert repr(verdict) == "✗ arithmetic.add: 2 + 3 gave -1; it should give 5"


def test_an_answer_that_stops_is_a_wrong_answer():
    verdict = exercises.check("arithmetic.add", lambda a: a)
    assert not verdict.passed and "your answer stopped with TypeError" in verdict.message


def test_only_exercises_have_names():
    assert exercises.names("arithmetic") == ["arithmetic.add"]


def test_an_unknown_exercise_is_an_error_that_lists_the_known():
    with pytest.raises(KeyError, match=r"no exercise 'arithmetic.ad'.*has arithmetic.add"):
        exercises.check("arithmetic.ad", None)
    with pytest.raises(KeyError, match="no chapter 'geometry' has exercises"):
        exercises.check("geometry.area", None)


def test_the_build_can_read_the_verdict():
    bundle = exercises.check("arithmetic.add", lambda a, b: 0)._repr_mimebundle_()
    assert bundle[exercises.VERDICT_MIME]["passed"] is False


def test_a_known_error_is_recognised_by_its_result():
    results = {"a sum": 6, "a row": [1.0, 2.0], "not a number": [np.nan, 0]}
    assert diagnose(np.float32(6), results) == "a sum"
    assert diagnose((1, 2 + 1e-12), results) == "a row"
    assert diagnose([np.nan, 0], results) == "not a number"


@pytest.mark.parametrize("found", [7, [6], [6, 6], [[1, 2]], None, "six", [[1], [2, 3]], {}])
def test_what_equals_no_known_error_gets_the_other_words(found):
    assert diagnose(found, {"a sum": 6, "a row": [1, 2]}, "no idea") == "no idea"


def test_a_function_that_returns_nothing_is_asked_for_its_return():
    assert returned(0) == 0
    with pytest.raises(Wrong, match=r"^your function returns nothing; did you forget `return`\?$"):
        returned(None)
    with pytest.raises(Wrong, match="^for 3 your function returns nothing"):
        returned(None, "for 3")


def raises(error):
    def answer(*given):
        raise error

    return answer


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda a: None, "for one row your function returns nothing; did you forget"),
        (raises(KeyError("b")), "for one row your function stops with KeyError: 'b'"),
        (lambda a: np.ones((2, 3)) @ a[:2], "for one row: the rows left of @ are not as long as"),
        (raises(exercises.Wrong("seen by an input")), "seen by an input"),
        (lambda a: a.sort() or a, "for one row you change an input in place"),
    ],
)
def test_a_call_that_fails_says_how(answer, words):
    with pytest.raises(exercises.Wrong, match=f"^{words}"):
        exercises.call(answer, "for one row", np.array([3.0, 1.0, 2.0]))


def test_a_call_hands_on_what_comes_back():
    assert exercises.call(lambda a, b: (a, b), "for two", [1], "x") == ([1], "x")


@pytest.mark.parametrize(
    ("found", "words"),
    [([2, 1], "dW is reversed"), ([1], r"dW: the shape is \(1,\)"), ([1, 3], "dW is off")],
)
def test_an_unequal_result_is_told_by_error_shape_or_other_words(found, words):
    exercises.require_equal([1, 2 + 1e-12], (1, 2), "dW", {"is reversed": [2, 1]}, "is off")
    with pytest.raises(exercises.Wrong, match=words):
        exercises.require_equal(found, (1, 2), "dW", {"is reversed": [2, 1]}, "is off")


def test_a_wrong_shape_is_told_with_the_right_one():
    exercises.require_shape(np.ones((2, 1)), (2, 1), "dW")
    with pytest.raises(exercises.Wrong, match=r"dW: the shape is \(2,\), should be \(1, 2\)"):
        exercises.require_shape([1, 2], (1, 2), "dW")


@pytest.mark.parametrize("several", [False, True])
def test_what_was_given_must_stay_as_it_was(several):
    before = np.arange(3.0)
    given = before.copy()
    pair = ([given], [before]) if several else (given, before)
    exercises.require_unchanged(*pair, "z")
    given[1] = 7
    with pytest.raises(exercises.Wrong, match="your function changes z itself"):
        exercises.require_unchanged(*pair, "z")
