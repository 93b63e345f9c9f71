"""Assignments for nbgrader and otter-grader: starters for students, solutions for teachers."""

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell

from tools import assignments

STARTER = 'def count(sizes):\n    return 0\n\ncheck("networks.count", count)'
SOLUTION = 'def counted(sizes):\n    return 1\n\ncheck("networks.count", counted)'
CELLS = [
    new_code_cell("from weighted_sums.exercises import check"),
    new_code_cell(STARTER, metadata={"tags": ["starter"]}),
    new_markdown_cell("#### Solution of exercise 3.1"),
    new_code_cell(SOLUTION, metadata={"tags": ["solution"]}),
    new_markdown_cell("## Further reading"),
]


def test_nbgrader_gets_an_answer_with_its_solution_and_a_locked_test():
    first, answer, test, last = assignments.for_nbgrader(CELLS)
    assert (first, last) == (CELLS[0], CELLS[-1])
    before, _, region = answer.source.partition("### BEGIN SOLUTION\n")
    assert before.strip() == "def count(sizes):\n    return 0"
    # the test asks for the starter's name, whatever the solution is called
    assert region == "def counted(sizes):\n    return 1\ncount = counted\n### END SOLUTION"
    about = answer.metadata.nbgrader
    assert (about.solution, about.grade, about.locked) == (True, False, False)
    about = test.metadata.nbgrader
    assert (about.solution, about.grade, about.locked, about.points) == (False, True, True, 1)
    assert test.source.startswith('verdict = check("networks.count", count)')


def test_otter_gets_a_question_with_prompt_solution_and_test():
    cells = assignments.for_otter(CELLS, "03-networks")
    raw = [cell.source.splitlines()[0] for cell in cells if cell.cell_type == "raw"]
    assert raw == [
        "# ASSIGNMENT CONFIG", "# BEGIN QUESTION", "# BEGIN SOLUTION", "# END SOLUTION",
        "# BEGIN TESTS", "# END TESTS", "# END QUESTION",
    ]  # fmt: skip
    assert any('""" # BEGIN PROMPT\ndef count(sizes)' in cell.source for cell in cells)
    assert not any(cell.source == SOLUTION for cell in cells)


@pytest.mark.parametrize(
    "make", [assignments.for_nbgrader, lambda c: assignments.for_otter(c, "x")]
)
def test_the_solved_notebook_passes_and_the_starter_does_not(make):
    from weighted_sums.exercises import check, names

    assert "networks.count" in names("networks")
    right = "def count(s):\n    return sum(n * (m + 1) for m, n in zip(s, s[1:]))\n\n"
    solved = new_code_cell(
        right + 'check("networks.count", count)', metadata={"tags": ["solution"]}
    )
    cells = make([*CELLS[:3], solved])
    code = [cell.source for cell in cells if cell.cell_type == "code"]
    names_there = {"check": check}
    for source in code[:-1]:
        exec(source.replace('""" # BEGIN PROMPT', "").replace('""" # END PROMPT', ""), names_there)
    exec(code[-1], names_there)
    with pytest.raises(AssertionError, match="your count is 0"):
        exec(code[-1], {"check": check, "count": lambda sizes: 0})


def test_without_notebooks_it_says_what_to_do(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(assignments, "BUILT", tmp_path)
    assert assignments.main() == 1
    assert "run `make notebooks` first" in capsys.readouterr().err
