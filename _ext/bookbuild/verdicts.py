"""Exercises keep their word: after a chapter ran, every solution passes and every starter fails."""

from __future__ import annotations

from collections.abc import Iterator

from nbformat import NotebookNode

MIME = "application/vnd.weighted-sums.verdict+json"
EXPECTED = {"starter": False, "solution": True}


def broken(notebook: NotebookNode) -> Iterator[str]:
    """Say what is wrong with the exercises of an executed chapter, a line each."""
    seen: dict[str, set[str]] = {tag: set() for tag in EXPECTED}
    number = 0
    for cell in notebook.cells:
        number += cell.cell_type == "code"
        for tag in EXPECTED.keys() & set(cell.metadata.get("tags", [])):
            verdicts = _verdicts(cell)
            if not verdicts:
                yield f"cell {number} is a {tag}, but its last line does not call check"
            for verdict in verdicts:
                seen[tag].add(verdict["name"])
                if verdict["passed"] != EXPECTED[tag]:
                    yield (
                        f"cell {number}, the {tag} of {verdict['name']}, "
                        f"{'passes' if verdict['passed'] else 'fails'}: {verdict['message']}"
                    )
    for tag, other in (("starter", "solution"), ("solution", "starter")):
        for name in sorted(seen[tag] - seen[other]):
            yield f"the exercise {name} has a {tag} and no {other}"


def _verdicts(cell: NotebookNode) -> list[dict]:
    return [output.data[MIME] for output in cell.outputs if MIME in output.get("data", {})]
