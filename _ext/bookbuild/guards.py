"""What the text of the book must keep to, checked before anything runs.

Every figure says in words what is to be seen, no number is typed by hand, and every equation that
a docstring cites exists.
"""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

from bookbuild import prose
from bookbuild.chapters import Cell, code_cells
from bookbuild.safety import BuildError

NUMBER = re.compile(r"(?<![\w.,])\d+(?:[.,]\d+)*(?!\w)")
YEAR = re.compile(r"(19|20)\d\d")
EQUATION = re.compile(r"\{eq\}`([^`]+)`")
LABEL = re.compile(r"^\s*\$\$\s*\(([\w:-]+)\)\s*$|^.*\S.*\$\$\s*\(([\w:-]+)\)\s*$", re.M)
MATH_LABEL = re.compile(r"\{math\}\s*\n(?:\s*:\w+:.*\n)*?\s*:label:\s*([\w:-]+)")
IMAGE = re.compile(r"!\[([^\]]*)\]\(")
FIGURE = re.compile(r"^\s*[`:]{3,}\{(?:figure|image|glue:figure)\}(.*(?:\n\s*:.*)*)", re.M)


def check(root: Path) -> None:
    """Raise BuildError when the sources break a rule of the book."""
    if found := list(problems(root)):
        raise BuildError("\n".join(found))


def problems(root: Path) -> Iterator[str]:
    """Yield what is wrong in the chapters and the package below `root`, a line each."""
    allowed = allowed_numbers(root)
    labels: set[str] = set()
    for path in sorted((root / "chapters").rglob("*.md")):
        text, name = path.read_text("utf-8"), path.relative_to(root)
        labels |= equation_labels(text)
        for line, message in [*missing_alt(text), *typed_numbers(text, allowed)]:
            yield f"{name}:{line}: {message}"
    for path in sorted((root / "code").rglob("*.py")):
        for line, message in unknown_equations(path.read_text("utf-8"), labels):
            yield f"{path.relative_to(root)}:{line}: {message}"


def allowed_numbers(root: Path) -> set[str]:
    """The numbers that prose may hold, from `[tool.bookbuild]` in `pyproject.toml`."""
    with open(root / "pyproject.toml", "rb") as file:
        return set(tomllib.load(file)["tool"]["bookbuild"]["allowed-numbers"])


def missing_alt(text: str) -> Iterator[tuple[int, str]]:
    """Find figures without a caption or without words that say what is to be seen."""
    for cell in code_cells(text):
        settings = cell.metadata.get("mystnb", {})
        if "figure" not in settings and not _draws(cell):
            continue
        if not str(settings.get("figure", {}).get("caption", "")).strip():
            yield cell.line, "this cell draws a figure that has no caption"
        if not str(settings.get("image", {}).get("alt", "")).strip():
            yield cell.line, "this cell draws a figure that has no alt text"
    for found in IMAGE.finditer(text):
        if not found[1].strip():
            yield _line(text, found.start()), "this image has no alt text"
    for found in FIGURE.finditer(text):
        if not re.search(r":alt:\s*\S", found[1]):
            yield _line(text, found.start()), "this figure has no alt text"


def _draws(cell: Cell) -> bool:
    try:
        last = ast.parse(cell.source).body[-1:]
    except SyntaxError:  # IPython's own lines, or a cell that fails and says so when it runs
        return False
    match last:
        case [ast.Expr(ast.Call(func=ast.Name("Interactive")))]:
            return True
        case [ast.Expr(ast.Call(func=ast.Attribute(value=ast.Name("figures"))))]:
            return True
    return False


def typed_numbers(text: str, allowed: set[str]) -> Iterator[tuple[int, str]]:
    """Find numbers that somebody typed where a cell's result should stand."""
    captions = [
        (cell.line, prose.blank(str(words)))
        for cell in code_cells(text)
        for words in _words(cell.metadata.get("mystnb", {}))
    ]
    for line, words in [*prose.lines(text), *captions]:
        for number in NUMBER.findall(words):
            if number not in allowed and not YEAR.fullmatch(number):
                yield line, f"the number {number} is typed by hand: glue it, or write it in words"


def _words(settings: dict) -> list[str]:
    return [settings.get("figure", {}).get("caption", ""), settings.get("image", {}).get("alt", "")]


def equation_labels(text: str) -> set[str]:
    """The labels of a chapter's equations."""
    return {a or b for a, b in LABEL.findall(text)} | set(MATH_LABEL.findall(text))


def unknown_equations(source: str, labels: set[str]) -> Iterator[tuple[int, str]]:
    """Find docstrings that cite an equation which no chapter holds."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Module):
            for label in EQUATION.findall(ast.get_docstring(node) or ""):
                if label not in labels:
                    name = getattr(node, "name", "the module")
                    yield (
                        getattr(node, "lineno", 1),
                        f"{name} cites the equation {label!r}, which no chapter holds",
                    )


def _line(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1
