"""The rules of an executed chapter: exercises keep their word, and pictures have words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from nbformat import NotebookNode

MIME = "application/vnd.weighted-sums.verdict+json"
GLUED = "application/papermill.record/"
PICTURE = re.compile(r"<(?:img|svg|video|iframe|object|embed|canvas)\b|!\[[^]]*\]\(", re.I)
EXPECTED = {"starter": False, "solution": True}


def broken(notebook: NotebookNode) -> Iterator[str]:
    """Say what is wrong with an executed chapter: a line each, which begins with its line number.

    `notebook` comes from `chapters.notebook`, whose `source_map` holds the line of each cell.
    """
    seen: dict[str, dict[str, int]] = {tag: {} for tag in EXPECTED}
    lines = notebook.metadata["source_map"]
    cells = zip(lines, notebook.cells, strict=True)
    for number, (line, cell) in enumerate((c for c in cells if c[1].cell_type == "code"), 1):
        place = f"{line}: cell {number}"
        shown = [output.data for output in cell.outputs if "data" in output]
        yield from (f"{place} {problem}" for problem in _pictures(cell.metadata, shown))
        for tag in EXPECTED.keys() & set(cell.metadata.get("tags", [])):
            verdicts = [data[MIME] for data in shown if MIME in data]
            if not verdicts:
                yield f"{place} is a {tag}, but its last line does not call check"
            for verdict in verdicts:
                seen[tag].setdefault(verdict["name"], line)
                if verdict["passed"] != EXPECTED[tag]:
                    became = "passes" if verdict["passed"] else "fails"
                    yield f"{place}, the {tag} of {verdict['name']}, {became}: {verdict['message']}"
    for tag, other in (("starter", "solution"), ("solution", "starter")):
        for name in sorted(seen[tag].keys() - seen[other].keys()):
            yield f"{seen[tag][name]}: the exercise {name} has a {tag} and no {other}"


def missing_words(metadata: Mapping) -> list[str]:
    """The words that a cell lacks if it draws a picture: a caption, an alt text."""
    shown, wanted = metadata.get("mystnb", {}), (("figure", "caption"), ("image", "alt text"))
    given = {words: shown.get(part, {}).get(words.split()[0]) for part, words in wanted}
    return [words for words, text in given.items() if not str(text or "").strip()]


def _pictures(metadata: Mapping, shown: list[dict]) -> Iterator[str]:
    """Say what the pictures of a cell lack, however it drew them."""
    drawn = sum(any(_is_picture(*item) for item in data.items()) for data in shown)
    if drawn > 1:
        yield f"draws {drawn} pictures, but has one caption and one alt text for all of them"
    if drawn:
        yield from (f"draws a figure that has no {words}" for words in missing_words(metadata))
    elif "figure" in metadata.get("mystnb", {}):
        yield "has a caption, but draws no figure"


def _is_picture(mime: str, content: object) -> bool:
    kind = mime.removeprefix(GLUED)
    if kind in ("text/html", "text/markdown"):
        return bool(PICTURE.search(str(content)))
    return kind.startswith("image/") or kind == "application/pdf"
