"""A chapter's text taken apart: its front matter and its code cells."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from pathlib import Path

import yaml
from nbformat import NotebookNode

FRONT = re.compile(r"\A---\n(.*?)^---\s*$", re.M | re.S)
CELL = re.compile(r"^(`{3,}|:{3,})\{code-cell\}[^\n]*\n(.*?)^\1\s*$", re.M | re.S)
HEADER = re.compile(r"\A---\n(.*?)^---\n", re.M | re.S)
ANSI = re.compile(r"\x1b\[[0-9;]*m")
OPTIONS = re.compile(r"\A(?::[\w-]+:.*\n)+")


@dataclass(frozen=True)
class Cell:
    """A code cell: its place in the file, what its header says, and its code."""

    line: int
    metadata: dict
    source: str

    @property
    def tags(self) -> list[str]:
        """The cell's tags, such as "hide-input"."""
        tags = self.metadata.get("tags", [])
        return tags.replace(",", " ").split() if isinstance(tags, str) else list(tags)


def front_matter(text: str) -> dict:
    """The YAML at the top of a chapter; empty when there is none."""
    found = FRONT.match(text)
    return (yaml.safe_load(found[1]) or {}) if found else {}


def is_executable(text: str) -> bool:
    """Whether a chapter is a notebook: MyST-NB runs a page only if it names a kernel."""
    front = front_matter(text)
    return "kernelspec" in front and "jupytext" in front


@functools.cache
def code_cells(text: str) -> tuple[Cell, ...]:
    """The code cells of a chapter, in order; whoever reads them leaves them as they are."""
    cells = []
    for found in CELL.finditer(text):
        metadata, source = _header(found[2])
        cells.append(Cell(text.count("\n", 0, found.start()) + 1, metadata, source))
    return tuple(cells)


def _header(body: str) -> tuple[dict, str]:
    if header := HEADER.match(body):
        return yaml.safe_load(header[1]) or {}, body[header.end() :]
    if options := OPTIONS.match(body):
        lines = (line[1:].split(":", 1) for line in options[0].splitlines())
        settings = {name: yaml.safe_load(value) for name, value in lines}
        return settings, body[options.end() :]
    return {}, body


def chapter_files(root: Path) -> list[Path]:
    """The files of all chapters below `root`, in the order of their names."""
    return sorted((root / "chapters").rglob("*.md"))


def failure_report(path: Path, notebook: NotebookNode, index: int, error: str) -> str:
    """Name the chapter, the cell that failed and its line, and quote both cell and error."""
    number = sum(cell.cell_type == "code" for cell in notebook.cells[:index])
    cell = code_cells(path.read_text("utf-8"))[number]
    source = "\n".join(f"    {line}" for line in cell.source.strip().splitlines())
    return f"{path}:{cell.line}: cell {number + 1} failed\n{source}\n{ANSI.sub('', error)}"
