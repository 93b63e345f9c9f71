"""Chapters, each read once: front matter, the cells that MyST-NB runs, and all else by line."""

from __future__ import annotations

import copy
import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from myst_nb.core.read import read_myst_markdown_notebook
from nbformat import NotebookNode

from bookbuild import sources
from bookbuild.marks import parser, within
from bookbuild.prose import Mark
from bookbuild.safety import BuildError
from bookbuild.sources import TextError
from bookbuild.sources import chapter_files as chapter_files

ANSI = re.compile(r"\x1b\[[0-9;]*m")


@dataclass(frozen=True)
class Cell:
    """A code cell: its place in the file, what its header says, and its code."""

    line: int
    metadata: dict
    source: str

    @property
    def tags(self) -> list[str]:
        """The cell's tags, such as "hide-input"."""
        return list(self.metadata.get("tags", []))


@dataclass(frozen=True)
class Chapter:
    """A chapter, read once; MyST would refuse or misunderstand it where a mark is a fault."""

    front: Mapping
    marks: tuple[Mark, ...]

    @property
    def runs(self) -> bool:
        """Whether MyST-NB runs its cells: it is a notebook and names a kernel."""
        match self.front:
            case {
                "jupytext": {"text_representation": {"format_name": "myst"}},
                "kernelspec": {"name": _},
            }:
                return True
        return False

    def of(self, *kinds: str) -> list[Mark]:
        """The marks of some kinds, in order."""
        return [mark for mark in self.marks if mark.kind in kinds]


@functools.cache
def chapter(text: str) -> Chapter:
    """Read a chapter, faults and all; whoever asks for it leaves it as it is."""
    text = text.removeprefix("\ufeff")
    marks = list(within(text, 1, {}))
    front = next((mark.options for mark in marks if mark.kind == "front"), None)
    if not marks or (text.startswith("---") and front is None):
        marks.append(Mark(1, "fault", "there is no text, or no `---` ends the front matter"))
    for number, row in enumerate(text.split("\n"), 1):
        if len(row.splitlines()) > 1:  # MyST-NB counts more lines than MyST from here on
            marks.append(Mark(number, "fault", "a character that ends lines in some programs only"))
    return Chapter(front or {}, tuple(marks))


@functools.cache
def _notebook(text: str) -> NotebookNode:
    _sound(text)
    text = text.removeprefix("\ufeff")
    return read_myst_markdown_notebook(text, parser()[0], add_source_map=True)


def read(path: Path) -> str:
    """The text of a chapter; BuildError names, by file and line, what cannot be read in it."""
    text = sources.read(path)
    if faults := chapter(text).of("fault"):
        raise BuildError("\n".join(f"{sources.name(path)}:{f.line}: {f.text}" for f in faults))
    return text


def _sound(text: str) -> Chapter:
    found = chapter(text)
    for line, _, message, _ in found.of("fault"):
        raise TextError(line, message)
    return found


def front_matter(text: str) -> dict:
    """The YAML at the top of a chapter; empty when there is none."""
    return dict(_sound(text).front)


def is_executable(text: str) -> bool:
    """Whether MyST-NB runs the cells of a page; TextError says which line cannot be read."""
    return _sound(text).runs


@functools.cache
def code_cells(text: str) -> tuple[Cell, ...]:
    """The code cells that MyST-NB finds in a chapter; whoever reads them leaves them as they are.

    TextError says which line cannot be read.
    """
    found = _notebook(text)
    return tuple(
        Cell(line, cell.metadata, cell.source)
        for line, cell in zip(found.metadata["source_map"], found.cells, strict=True)
        if cell.cell_type == "code"
    )


def notebook(text: str) -> NotebookNode:
    """A chapter as a notebook without results; its `source_map` holds the line of each cell."""
    return copy.deepcopy(_notebook(text))


def failure_report(path: Path, notebook: NotebookNode, index: int, error: str) -> str:
    """Name the chapter, the cell that failed and its line, and quote both cell and error."""
    number = sum(cell.cell_type == "code" for cell in notebook.cells[: index + 1])
    line = notebook.metadata["source_map"][index]
    source = "\n".join(f"    {row}" for row in notebook.cells[index].source.strip().splitlines())
    return f"{path}:{line}: cell {number} failed\n{source}\n{ANSI.sub('', error)}"
