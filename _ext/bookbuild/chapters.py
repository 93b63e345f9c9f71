"""Chapters, each read once: the front matter, the cells that MyST-NB runs, and marks by line."""

from __future__ import annotations

import functools
from pathlib import Path

from myst_nb.core.read import read_myst_markdown_notebook
from nbformat import NotebookNode

from bookbuild import sources
from bookbuild.marks import Mark, parser, within
from bookbuild.safety import BuildError
from bookbuild.sources import chapter_files as chapter_files


class Chapter:
    """What is in a chapter, line by line, faults included; shared, so nobody may change it."""

    def __init__(self, text: str):  # noqa: D107
        self.marks = tuple(within(text, 1, {}))
        self.front = next(iter(self.of("front")), Mark(1, "front", "")).options

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


chapter = functools.cache(Chapter)


def read(path: Path) -> str:
    """The text of a chapter; BuildError lists its faults by file and line."""
    text = sources.read(path)
    if faults := chapter(text).of("fault"):
        raise BuildError("\n".join(f"{sources.name(path)}:{f.line}: {f.text}" for f in faults))
    return text


def notebook(text: str) -> NotebookNode:
    """A chapter as a notebook without results; its `source_map` holds the line of each cell."""
    return read_myst_markdown_notebook(text, parser()[0], add_source_map=True)


def failure_report(path: Path, notebook: NotebookNode, index: int, error: str) -> str:
    """Name the chapter, the cell that failed and its line, and quote both cell and error."""
    number = sum(cell.cell_type == "code" for cell in notebook.cells[: index + 1])
    line = notebook.metadata["source_map"][index]
    source = "\n".join(f"    {row}" for row in notebook.cells[index].source.strip().splitlines())
    return f"{path}:{line}: cell {number} failed\n{source}\n{error}"
