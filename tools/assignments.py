"""Assignments for a class, from the built notebooks: `make assignments`, after `make book`.

For nbgrader each chapter becomes a notebook in `source/`, with a configuration whose stub leaves
the starter as it is; for otter-grader a notebook that `otter assign` takes. In both, the starter is
what a student sees, the book's solution what an instructor sees, and the test is `check`.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_raw_cell

ROOT = Path(__file__).resolve().parents[1]
BUILT, MADE = ROOT / "_build" / "notebooks", ROOT / "_build" / "assignments"
CHECK = re.compile(r"""^check\(\s*["']([\w.]+)["']\s*,\s*(.*)\)\s*$""", re.S | re.M)
CONFIG = """c = get_config()
c.ClearSolutions.code_stub = {"python": "# change the code above, or replace it here"}
"""
TEST = 'verdict = check("{name}", {answer})\nassert verdict.passed, verdict.message'
SCHEMA = {"schema_version": 3, "task": False}


def split(source: str) -> tuple[str, str, str]:
    """The code of a starter or solution, the exercise's name, and the answer given to `check`."""
    found = CHECK.search(source)
    if found is None:
        raise ValueError(f"no call of check ends this cell:\n{source}")
    return source[: found.start()].rstrip(), found[1], " ".join(found[2].split())


def exercises(cells: list[NotebookNode]) -> dict[int, str]:
    """The index of each starter with the code of its solution."""
    found: dict[int, str] = {}
    named: dict[str, int] = {}
    for index, cell in enumerate(cells):
        tags = cell.metadata.get("tags", [])
        if "starter" in tags:
            named[split(cell.source)[1]] = index
        elif "solution" in tags and CHECK.search(cell.source):
            code, name, answer = split(cell.source)
            wanted = split(cells[named[name]].source)[2]
            alias = "" if answer == wanted else f"\n{wanted} = {answer}"
            found[named[name]] = code + alias  # the last solution of several
    return found


def is_solution(cell: NotebookNode) -> bool:
    """Whether a cell belongs to a folded solution, in code or in words."""
    return "solution" in cell.metadata.get("tags", []) or cell.source.startswith("#### Solution of")


def for_nbgrader(cells: list[NotebookNode]) -> list[NotebookNode]:
    """The cells of an nbgrader source notebook."""
    made = []
    solutions = exercises(cells)
    for index, cell in enumerate(cells):
        if index in solutions:
            starter, name, answer = split(cell.source)
            region = f"### BEGIN SOLUTION\n{solutions[index]}\n### END SOLUTION"
            made.append(_graded(f"{starter}\n\n{region}", f"{name}-answer", solution=True))
            test = TEST.format(name=name, answer=answer)
            made.append(_graded(test, f"{name}-test", grade=True, locked=True, points=1))
        elif not is_solution(cell):
            made.append(cell)
    return made


def _graded(source: str, name: str, points: int | None = None, **kind: bool) -> NotebookNode:
    about = {"grade": False, "solution": False, "locked": False, **SCHEMA, **kind}
    about |= {"grade_id": name.replace(".", "-")} | ({"points": points} if points else {})
    return new_code_cell(source, metadata={"nbgrader": about})


def for_otter(cells: list[NotebookNode], name: str) -> list[NotebookNode]:
    """The cells of a notebook for `otter assign`."""
    made = [
        new_raw_cell(f"# ASSIGNMENT CONFIG\nname: {name}\ninit_cell: false\nexport_cell: false")
    ]
    solutions = exercises(cells)
    for index, cell in enumerate(cells):
        if index in solutions:
            starter, exercise, answer = split(cell.source)
            prompt = f'""" # BEGIN PROMPT\n{starter}\n""" # END PROMPT'
            given = f"{prompt}\n# BEGIN SOLUTION\n{solutions[index]}\n# END SOLUTION"
            test = TEST.format(name=exercise, answer=answer)
            question = f"# BEGIN QUESTION\nname: {exercise.replace('.', '_')}\npoints: 1"
            made += [
                *map(new_raw_cell, (question, "# BEGIN SOLUTION")),
                new_code_cell(given),
                *map(new_raw_cell, ("# END SOLUTION", "# BEGIN TESTS")),
                new_code_cell(test),
                *map(new_raw_cell, ("# END TESTS", "# END QUESTION")),
            ]
        elif not is_solution(cell):
            made.append(cell)
    return made


def main() -> int:
    """Write both forms of every chapter that has exercises; 1 where no notebooks are built."""
    found = sorted(BUILT.glob("*.ipynb"))
    if not found:
        print(f"there are no notebooks in {BUILT}: run `make notebooks` first", file=sys.stderr)
        return 1
    for path in found:
        notebook = nbformat.read(path, as_version=4)
        cells = notebook.cells
        if not exercises(cells):
            continue
        for cell in cells:
            if cell.cell_type == "code":
                cell.outputs, cell.execution_count = [], None
        for kind, made in {
            f"nbgrader/source/{path.stem}": for_nbgrader(cells),
            "otter": for_otter(cells, path.stem),
        }.items():
            target = MADE / kind / path.name
            target.parent.mkdir(parents=True, exist_ok=True)
            nbformat.write(nbformat.v4.new_notebook(cells=made, metadata=notebook.metadata), target)
    (MADE / "nbgrader" / "nbgrader_config.py").write_text(CONFIG, "utf-8")
    print(MADE)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
