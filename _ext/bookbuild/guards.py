"""What the text of the book must keep to, checked before anything runs.

Every picture says in words what is to be seen, no number is typed by hand, every cell runs, every
exercise has its place, and what is cited exists. What cannot be checked is refused.
"""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

from bookbuild.chapters import Chapter, chapter
from bookbuild.safety import BuildError
from bookbuild.sources import TextError, chapter_files, read, settings

# letters right behind digits belong to the number: 90k, 17th, 1e5
NUMBER = re.compile(r"(?<![A-Za-z_\d.,])\.?\d+(?:[.,]\d+)*(?:[A-Za-z⁰¹²³⁴-⁹µ][\w⁰-⁹]*)?")
YEAR = re.compile(r"(19|20)\d\d")
EQUATION = re.compile(r"\{eq\}`([^`]+)`")
DRAWS = re.compile(r"\b(?:figures\.\w+|Interactive|plt\.show)\(")
PLACE = {"starter": "exercise", "solution": "solution"}
TYPED = re.compile(
    r"""\bglue\(\s*(?:name=)?["'][^"']*["'],\s*(?:value=)?(["']?[-\d._]+["']?)\s*[,)]"""
)
GATE = re.compile(r"\{(exercise|solution)(-start|-end|)\}")
KERNEL = "`jupytext: text_representation: format_name: myst` and `kernelspec: name`"
TAGS = {"starter", "solution", "timing", "raises-exception"}
TAGS |= {f"{verb}-{part}" for verb in ("hide", "remove") for part in ("cell", "input", "output")}


Problem = tuple[str, int, str]  # the file, the line, and what is wrong


def check(root: Path) -> None:
    """Raise BuildError when the sources break a rule of the book; name the files in no book."""
    if found := problems(root):
        raise BuildError("\n".join(found))
    for draft in drafts(root):  # no error: whoever begins a chapter goes on building the book
        print(draft, file=sys.stderr)


def problems(root: Path) -> list[str]:
    """What is wrong in the settings, the chapters and the package, in order of files and lines."""
    return [f"{file}:{line}: {message}" for file, line, message in sorted({*_problems(root)})]


def drafts(root: Path) -> Iterator[str]:
    """Name the files that look like chapters but are in no book."""
    known = chapter_files(root)
    for path in sorted((root / "chapters").rglob("[!.#]*.md")):
        name = path.relative_to(root).as_posix()
        if path.is_file() and path not in known and "/." not in name:
            yield f"{name}:1: warning: _toc.yml does not name this file, so it is in no book"


def _problems(root: Path) -> Iterator[Problem]:
    book: dict[str, Chapter] = {}
    try:
        settings(root / "_config.yml")
        paths = chapter_files(root)
    except TextError as error:
        yield error.place
        return
    allowed = allowed_numbers(root)
    for path in paths:
        try:
            found = chapter(read(path))
        except TextError as error:
            yield error.place
            continue
        name = path.relative_to(root).as_posix()
        book[name] = found
        for rule in (faults(found), pictures(found), typed_numbers(found, allowed), cells(found)):
            yield from ((name, *problem) for problem in rule)
    yield from repeated_labels(book)
    if len(book) == len(paths) and not any(found.of("fault") for found in book.values()):
        yield from exercises(book)
        yield from citations(root, {mark.text for c in book.values() for mark in c.of("equation")})


def allowed_numbers(root: Path) -> set[str]:
    """The numbers that prose may hold, from `[tool.bookbuild]` in `pyproject.toml`."""
    with open(root / "pyproject.toml", "rb") as file:
        return set(tomllib.load(file)["tool"]["bookbuild"]["allowed-numbers"])


def faults(found: Chapter) -> Iterator[tuple[int, str]]:
    """Find what cannot be read, or would not be read as it is meant."""
    yield from ((mark.line, mark.text) for mark in found.of("fault"))


def pictures(found: Chapter) -> Iterator[tuple[int, str]]:
    """Find pictures without words; `verdicts` asks for those that cells draw in other ways."""
    for mark in found.of("picture"):
        if not mark.text:
            yield mark.line, "this picture has no alt text"
    for line, _, source, metadata in found.of("{code-cell}"):
        shown = metadata.get("mystnb", {})
        if shown.keys() & {"figure", "image"} or DRAWS.search(source):
            for part, words in (("figure", "caption"), ("image", "alt text")):
                if not str(shown.get(part, {}).get(words.split()[0]) or "").strip():
                    yield line, f"this cell draws a figure that has no {words}"


def typed_numbers(found: Chapter, allowed: set[str]) -> Iterator[tuple[int, str]]:
    """Find numbers that somebody typed where a cell's result should stand."""
    for line, _, words, _ in found.of("words"):
        for number in NUMBER.findall(words):
            if number not in allowed and not YEAR.fullmatch(number):
                yield line, f"the number {number} is typed by hand: glue it, or write it in words"


def cells(found: Chapter) -> Iterator[tuple[int, str]]:
    """Find cells that nobody runs, tags that nobody knows, and results that nobody computes."""
    marks = found.of("{code-cell}")
    if marks and not found.runs:
        yield marks[0].line, f"nothing runs this cell and the next: the front matter lacks {KERNEL}"
    for mark in marks:
        for number in TYPED.findall(mark.text):
            yield mark.line, f"the number {number} is glued as it was typed: compute it"
        for tag in set(mark.options.get("tags", [])) - TAGS:
            yield mark.line, f"no cell has a tag {tag!r}: there are {', '.join(sorted(TAGS))}"


def repeated_labels(book: dict[str, Chapter]) -> Iterator[Problem]:
    """Find labels that stand twice in the book; equations have labels of their own."""
    seen: dict[tuple[str, str], str] = {}
    for name, found in book.items():
        for line, kind, label, _ in found.of("equation", "label"):
            place = f"{name}:{line}"
            if (first := seen.setdefault((kind, label.lower()), place)) != place:
                yield name, line, f"the label {label!r} stands in {first} too"


def exercises(book: dict[str, Chapter]) -> Iterator[Problem]:
    """Find exercises, solutions and their cells that do not belong together."""
    begun: list[tuple[str, int, str, str]] = []  # with what begins there, and whose it is
    tried: dict[str, set[str]] = {"starter": set(), "solution": set()}
    for name, found in book.items():
        around = label = ""
        for line, what, argument, options in found.marks:
            if what == "{code-cell}":
                for tag in tried.keys() & set(options.get("tags", [])):
                    tried[tag].add(label)
                    if around != PLACE[tag]:
                        yield name, line, f"this {tag} stands in no {PLACE[tag]}"
            elif gate := GATE.fullmatch(what):
                kind, part = gate.groups()
                if around != (kind if part == "-end" else ""):
                    yield name, line, f"{what} stands where {around or 'nothing'} goes on"
                if part != "-end":
                    label = (options.get("label") if kind == "exercise" else argument) or ""
                    begun.append((name, line, kind, label))
                around = kind if part == "-start" else ""
        if around:
            yield *begun[-1][:2], f"no {{{around}-end}} ends what begins here"
    yield from _unmatched(book, begun, tried["starter"] - tried["solution"])


def _unmatched(book: dict[str, Chapter], begun: list, unsolved: set[str]) -> Iterator[Problem]:
    known = {label for *_, kind, label in begun if kind == "exercise"}
    for name, line, kind, label in begun:
        if not book[name].runs:
            yield (
                name,
                line,
                f"this {kind} stands in a chapter that lacks {KERNEL}",
            )
        if kind == "solution" and label not in known:
            yield name, line, f"no exercise has the label {label!r}, which this is the solution of"
        if kind == "exercise" and not label:
            yield name, line, "this exercise has no label"
        elif kind == "exercise" and label in unsolved:
            yield name, line, "this exercise has a starter, but no solution with a cell to run"


def citations(root: Path, labels: set[str]) -> Iterator[Problem]:
    """Find docstrings of the package that cite an equation which no chapter holds."""
    for path in filter(Path.is_file, (root / "code").rglob("*.py")):
        name = path.relative_to(root).as_posix()
        try:
            yield from ((name, *problem) for problem in unknown_equations(read(path), labels))
        except SyntaxError as error:
            yield name, error.lineno or 1, f"this is no Python: {error.msg}"


def unknown_equations(source: str, labels: set[str]) -> Iterator[tuple[int, str]]:
    """Find docstrings that cite an equation which is not among `labels`."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Module):
            for label in EQUATION.findall(ast.get_docstring(node) or ""):
                if label not in labels:
                    name, line = getattr(node, "name", "the module"), getattr(node, "lineno", 1)
                    yield line, f"{name} cites the equation {label!r}, which no chapter holds"
