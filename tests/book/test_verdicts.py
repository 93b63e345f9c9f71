"""A solution must pass its check, a starter must fail it, and neither stands alone."""

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from bookbuild import verdicts
from weighted_sums import exercises


def cell(tag, passed, name="digits.mean"):
    data = (
        {} if passed is None else {verdicts.MIME: {"name": name, "passed": passed, "message": "m"}}
    )
    outputs = [new_output("display_data", data=data)]
    return new_code_cell("check(...)", metadata={"tags": [tag]}, outputs=outputs)


def broken(*cells):
    return list(verdicts.broken(new_notebook(cells=[new_markdown_cell("Words."), *cells])))


def test_the_build_and_the_package_speak_of_the_same_record():
    assert verdicts.MIME == exercises.VERDICT_MIME


def test_a_failing_starter_and_a_passing_solution_are_right():
    assert broken(cell("starter", False), cell("solution", True)) == []


@pytest.mark.parametrize(
    ("cells", "problem"),
    [
        ([("starter", True), ("solution", True)], "the starter of digits.mean, passes: m"),
        ([("starter", False), ("solution", False)], "the solution of digits.mean, fails: m"),
        ([("starter", None), ("solution", True)], "cell 1 is a starter, but its last line does"),
        ([("starter", False)], "digits.mean has a starter and no solution"),
        ([("solution", True)], "digits.mean has a solution and no starter"),
    ],
)
def test_a_broken_exercise_is_found(cells, problem):
    assert any(problem in line for line in broken(*(cell(*each) for each in cells)))
