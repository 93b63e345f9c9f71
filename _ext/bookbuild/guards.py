"""The rules of the book's text, checked before anything runs.

Every picture has words, no number is typed by hand, every cell runs, and every exercise is whole.
`marks` refuses whatever these checks cannot read; `verdicts` checks results.
"""

from __future__ import annotations

import posixpath
import re
import sys
import tomllib
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from bookbuild.chapters import Chapter, chapter
from bookbuild.safety import BuildError
from bookbuild.sources import TextError, chapter_files, read, settings

YEAR = re.compile(r"(19|20)\d\d")
PLACE = {"starter": "exercise", "solution": "solution"}
TYPED = re.compile(
    r"""\bglue\(\s*(?:name=)?["'][^"']*["'],\s*(?:value=)?(["']?[-\d._]+["']?)\s*[,)]"""
)
GATE = re.compile(r"\{(exercise|solution)(-start|-end|)\}")
# what the brackets in an exercise's title may say
KINDS = {"with a pencil", "a repair", "a prediction", "a proof", "an experiment", "a project"}
KINDS |= {"hard"}
KIND = re.compile(r"\(([^()]*)\)$")
TAGS = {*PLACE, "timing", "raises-exception"}
TAGS |= {f"{verb}-{part}" for verb in ("hide", "remove") for part in ("cell", "input", "output")}
UNSEEN = {"hide-cell", "hide-input", "remove-cell", "remove-input"}
COLUMNS = 76
# a caption stands under a live figure and under its picture, and on paper
MEDIUM = re.compile(r"\b(?:in print|on paper|(?:on )?the site)\b", re.I)

Found = Iterator[tuple[int, str]]  # the line, and what is wrong
Problem = tuple[str, int, str]  # the file too


def check(root: Path) -> None:
    """Raise BuildError when the sources break a rule of the book; name the files in no book."""
    if found := problems(root):
        raise BuildError("\n".join(found))
    for path in sorted({*(root / "chapters").rglob("*.md")} - {*chapter_files(root)}):
        name = path.relative_to(root).as_posix()
        if path.is_file() and "/." not in name:
            # no error: an author who begins a chapter goes on building the book
            print(f"{name}:1: warning: _toc.yml does not name this file", file=sys.stderr)


def problems(root: Path) -> list[str]:
    """What is wrong in the chapters; TextError if the settings are."""
    return [f"{file}:{line}: {message}" for file, line, message in sorted({*_problems(root)})]


def _problems(root: Path) -> Iterator[Problem]:
    book: dict[str, Chapter] = {}
    for line, message in moved(root):
        yield "_config.yml", line, message
    for path in chapter_files(root):
        try:
            book[path.relative_to(root).as_posix()] = chapter(read(path))
        except TextError as error:
            yield error.place
    allowed = tomllib.loads(read(root / "pyproject.toml"))["tool"]["bookbuild"]["allowed-numbers"]
    for name, found in book.items():
        for problem in chain(words(found, allowed), cells(found), exercises(found)):
            yield name, *problem
    yield from labels(book)


def moved(root: Path) -> Found:
    """Find redirects that lead to no page, or from one that still exists."""
    config = root / "_config.yml"
    redirects = settings(config).get("sphinx", {}).get("config", {}).get("redirects", {})
    pages = {path.relative_to(root).with_suffix("").as_posix() for path in chapter_files(root)}
    for old, new in redirects.items():
        address = new.partition("#")[0]
        target = posixpath.normpath(posixpath.join(posixpath.dirname(old), address))
        line = read(config).partition(old)[0].count("\n") + 1
        if not address.endswith(".html") or target.removesuffix(".html") not in pages:
            yield line, f"the redirect from {old} leads to {new}, which is no page"
        if old in pages:
            yield line, f"the redirect from {old} hides a page"


def words(found: Chapter, allowed: list[str]) -> Found:
    """Find what no check can read, pictures without words, and numbers that somebody typed."""
    for line, kind, text, _ in found.marks:
        if kind == "fault":
            yield line, text
        elif kind == "picture" and not text:  # `verdicts` finds those that cells draw
            yield line, "this picture has no alt text"
        elif kind == "number" and text not in allowed and not YEAR.fullmatch(text):
            yield line, f"the number {text} is typed by hand: glue it, or use words"


def cells(found: Chapter) -> Found:
    """Find cells that nothing runs, unknown tags, and glued numbers that no cell computed."""
    for mark in found.of("{code-cell}"):
        for number in TYPED.findall(mark.text):
            yield mark.line, f"the number {number} is glued as it was typed: compute it"
        tags = set(mark.options.get("tags", []))
        caption = str(mark.options.get("mystnb", {}).get("figure", {}).get("caption"))
        if medium := MEDIUM.search(caption):
            said = "write [words]{.live} or [words]{.still} for what is true of one of them"
            yield mark.line, f"this caption says {medium[0]!r}: {said}"
        wide = max(map(len, mark.text.split("\n")))
        if wide > COLUMNS and not tags & UNSEEN:
            yield mark.line, f"a line of this cell has {wide} columns: {COLUMNS} fit on a page"
        for tag in tags - TAGS:
            yield mark.line, f"no cell has a tag {tag!r}: there are {', '.join(sorted(TAGS))}"
    waiting = found.of("{code-cell}", "{exercise}", "{exercise-start}")
    if waiting and not found.runs:
        lacks = "the front matter lacks `jupytext` or `kernelspec`, or is never closed"
        yield waiting[0].line, f"no cell of this chapter runs: {lacks}"


def exercises(found: Chapter) -> Found:
    """Find exercises and solutions without an end, cells outside of them, and unknown kinds."""
    around, begun = "", 0
    for line, kind, text, options in found.marks:
        if kind in ("{exercise}", "{exercise-start}") and (named := KIND.search(text)):
            for unknown in {*named[1].split(", ")} - KINDS:
                yield line, f"an exercise is not {unknown!r}: there are {', '.join(sorted(KINDS))}"
        if kind == "{code-cell}":
            for tag in PLACE.keys() & set(options.get("tags", [])):
                if around != PLACE[tag]:
                    yield line, f"this {tag} is in no {PLACE[tag]}"
        elif gate := GATE.fullmatch(kind):
            what, part = gate.groups()
            if around != (what if part == "-end" else ""):
                yield line, f"{kind} does not match: {around or 'nothing'} is open"
            around, begun = (what, line) if part == "-start" else ("", 0)
    if around:
        yield begun, f"no {{{around}-end}} closes this {around}"


def labels(book: dict[str, Chapter]) -> Iterator[Problem]:
    """Find repeated labels, and solutions of no exercise; equations have labels of their own."""
    seen: dict[tuple[str, str], str] = {}
    for name, found in book.items():
        for line, kind, label, _ in found.of("equation", "label"):
            place = f"{name}:{line}"
            if (first := seen.setdefault((kind, label.lower()), place)) != place:
                yield name, line, f"{first} has the label {label!r} too"
    for name, found in book.items():
        for line, _, label, _ in found.of("{solution}", "{solution-start}"):
            if ("label", label.lower()) not in seen:
                yield name, line, f"no exercise has the label {label!r}"
