"""The cells of a reader's notebook: prose, executed code, and a first cell that sets up."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from bookbuild.notebooks.blocks import Block, CellAt, Fold
from bookbuild.notebooks.spans import picture

SVG = "image/svg+xml"
TYPES = (SVG, "image/png", "text/markdown", "text/plain")  # kept, best first
FOR_THE_BUILD = ("application/papermill.record/", "application/pdf", "application/vnd.weighted")
GLUED = "application/papermill.record/text/plain"
HIDDEN = {"remove-cell", "hide-cell", "hide-input", "remove-input", "solution"}
FENCE = re.compile(r"^ *(`{3,}|~{3,})(?![`~{]).*?^ *\1", re.M | re.S)
CODE = re.compile(r"(?<![`}])(`{1,2})(?!`)(.+?)(?<!`)\1(?!`)", re.S)
RAW_MYST = re.compile(
    r"\{[\w:-]+\}`|^[ >]*(?:`{3,}|~{3,}|:{3,}) *\{|^[ >]*:{3,} *$|^[ >]*\([\w:-]+\)= *$"
    r"|^[ >]*\$\$ *\([\w:-]+\)|\]\{[.#][A-Za-z]|^[ >]*\{[.#][^}]*\} *$|\[\]\(|^\+\+\+",
    re.M,
)

SETUP = """\
# Installs the book's package if it is not here yet, from the wheel that came with this notebook.
import importlib.util, pathlib, subprocess, sys

if any(importlib.util.find_spec(name) is None for name in NEEDED):
    here = pathlib.Path.cwd()
    wheels = [w for d in (here, *here.parents) for w in d.glob("wheel/weighted_sums-*.whl")]
    if not wheels:
        raise FileNotFoundError(
            "The book's package is not installed, and no folder 'wheel' lies beside this notebook "
            "or above it. Unpack weighted-sums-notebooks.zip from the book's site: it holds both."
        )
    wanted = str(wheels[0]) + "EXTRA"
    subprocess.run([sys.executable, "-m", "pip", "install", "-q", wanted], check=True)
    importlib.invalidate_caches()"""
TORCH = re.compile(r"^(import|from) torch\b", re.M)


def setup_source(sources: str) -> str:
    """The first cell of a notebook with this code: a chapter may need PyTorch beside the wheel."""
    torch = bool(TORCH.search(sources))
    needed = '("weighted_sums", "torch")' if torch else '("weighted_sums",)'
    return SETUP.replace("NEEDED", needed).replace("EXTRA", "[torch]" if torch else "")


def assemble(blocks: list[Block], executed: NotebookNode, note: str) -> NotebookNode:
    """Join a page's blocks and the executed cells they point at into one notebook.

    `note` stands below the title, before the cell that sets up.
    """
    title, *rest = blocks
    sources = "\n".join(cell.source for cell in executed.cells if cell.cell_type == "code")
    setup = new_code_cell(setup_source(sources), metadata={"jupyter": {"source_hidden": True}})
    cells = [new_markdown_cell(f"{title}\n\n{note}"), setup, *_cells(rest, executed)]
    for i, cell in enumerate(cells):
        cell["id"] = f"cell-{i}"
    metadata = {
        "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
        "language_info": {"name": "python"},
    }
    return new_notebook(cells=cells, metadata=metadata)


def _cells(blocks: list[Block], executed: NotebookNode) -> Iterator[NotebookNode]:
    shown = [block.index for block in blocks if isinstance(block, CellAt)]
    yield from _hidden(executed, -1, shown)
    prose: list[str] = []
    for block in blocks:
        heading = isinstance(block, str) and block.startswith("#")
        if prose and (heading or not isinstance(block, str)):  # folds end at cells, not within
            yield new_markdown_cell("\n\n".join(prose))
            prose = []
        if isinstance(block, str):
            prose.append(block)
            continue
        if isinstance(block, Fold):
            yield new_markdown_cell(block.heading, metadata={"jp-MarkdownHeadingCollapsed": True})
            continue
        yield clean_cell(executed.cells[block.index])
        prose = list(block.captions)
        if hidden := list(_hidden(executed, block.index, shown)):
            yield from map(new_markdown_cell, prose)
            yield from hidden
            prose = []
    if prose:
        yield new_markdown_cell("\n\n".join(prose))


def _hidden(executed: NotebookNode, start: int, shown: list[int]) -> Iterator[NotebookNode]:
    # cells that the page leaves out come along: they check claims, and later cells may need them
    for index in range(start + 1, len(executed.cells)):
        if index in shown:
            return
        if executed.cells[index].cell_type == "code":
            yield clean_cell(executed.cells[index])


def clean_cell(cell: NotebookNode) -> NotebookNode:
    """A code cell with the results a reader sees, and nothing of the build's."""
    tags = list(cell.metadata.get("tags", []))
    metadata: dict = {"tags": tags} if tags else {}
    if "timing" in tags:  # whoever compares two builds leaves out these numbers in the prose
        metadata["measured"] = [o.data[GLUED] for o in cell.outputs if GLUED in o.get("data", {})]
    if HIDDEN & set(tags):
        metadata["jupyter"] = {"source_hidden": True}
    alt = cell.metadata.get("mystnb", {}).get("image", {}).get("alt", "")
    outputs = [kept for output in cell.outputs if (kept := _clean_output(output, alt))]
    return new_code_cell(
        cell.source, metadata=metadata, execution_count=cell.execution_count, outputs=outputs
    )


def _clean_output(output: NotebookNode, alt: str) -> NotebookNode | None:
    if "data" not in output:
        return output
    data = {kind: value for kind, value in output.data.items() if kind in TYPES}
    if not data and not all(kind.startswith(FOR_THE_BUILD) for kind in output.data):
        raise ValueError(f"a result is of no type that notebooks keep: {', '.join(output.data)}")
    if SVG in data:
        # Jupyter draws no SVG in a notebook that came from elsewhere, but it shows pictures
        data["text/html"] = picture(SVG, data[SVG].encode(), alt)
    return NotebookNode({**output, "data": data, "metadata": {}}) if data else None


def raw_myst(notebook: NotebookNode) -> list[str]:
    """What a notebook's Markdown holds that only MyST understands."""
    return [
        found[0].strip()
        for cell in notebook.cells
        if cell.cell_type == "markdown"
        for found in RAW_MYST.finditer(CODE.sub("", FENCE.sub("", cell.source)))
    ]
