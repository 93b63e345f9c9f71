"""The Sphinx builder "notebooks": each chapter as a notebook that reads well and stands alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import nbformat
from jupyter_cache import get_cache
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from sphinx.builders import Builder
from sphinx.errors import SphinxError

from bookbuild.execution import CACHE, read
from bookbuild.notebooks.markdown import CellAt, Numbers, Page
from bookbuild.notebooks.spans import UnknownNodeError
from bookbuild.site import notebook_of

FOR_THE_BUILD = ("application/papermill.record/", "application/pdf", "application/vnd.weighted")
FOLDED = {"remove-cell", "hide-cell", "hide-input", "remove-input", "solution"}
RAW_MYST = re.compile(r"\{[\w:-]+\}`[^`]+`|^\s*(?:`{3,}|:{3,})\{|^\([\w:-]+\)=$|^:::", re.M)
CODE = re.compile(r"^```.*?^```|`[^`\n]+`|``.+?``", re.M | re.S)

SETUP = """\
# Installs the book's package if it is not here yet, from the wheel that came with this notebook.
import importlib.util, pathlib, subprocess, sys

if importlib.util.find_spec("weighted_sums") is None:
    here = pathlib.Path.cwd()
    wheels = [w for d in (here, *here.parents) for w in d.glob("wheel/weighted_sums-*.whl")]
    if not wheels:
        raise FileNotFoundError(
            "the folder 'wheel' is neither beside this notebook nor above it: "
            "take the notebook from weighted-sums-notebooks.zip, which holds it"
        )
    subprocess.run([sys.executable, "-m", "pip", "install", "-q", str(wheels[0])], check=True)"""


class NotebookBuilder(Builder):
    """Writes an executed notebook for every page that runs code."""

    name = "notebooks"
    format = "notebook"
    supported_image_types = ["image/svg+xml", "image/png", "image/jpeg"]  # noqa: RUF012

    def get_outdated_docs(self) -> Iterator[str]:
        """Every chapter: writing them all takes less time than finding out."""
        return iter(sorted(filter(self.is_chapter, self.env.found_docs)))

    def is_chapter(self, docname: str) -> bool:
        """Whether a page runs code, and so becomes a notebook."""
        return "kernelspec" in self.env.metadata.get(docname, {})

    def get_target_uri(self, docname: str, typ: str | None = None) -> str:
        """Where a link to a page points."""
        return notebook_of(docname)

    def prepare_writing(self, docnames: set[str]) -> None:
        """Nothing is shared between the pages."""

    def write_doc(self, docname: str, doctree) -> None:
        """Write one notebook; pages without code are left out."""
        if not self.is_chapter(docname):
            return
        numbers = Numbers(
            self.env.toc_secnumbers.get(docname, {}), self.env.toc_fignumbers.get(docname, {})
        )
        page = Page(numbers, self._links)
        try:
            notebook = assemble(list(page.blocks(doctree)), self._executed(docname), page.cited)
        except UnknownNodeError as problem:
            raise SphinxError(f"{docname}: {problem}") from None
        if found := raw_myst(notebook):
            raise SphinxError(f"{docname}: raw MyST is left in the notebook: {found}")
        path = Path(self.outdir, notebook_of(docname))
        path.parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(notebook, path)

    def _links(self, target: str) -> bool:
        return target.endswith(".ipynb") and self.is_chapter(
            "chapters/" + target.removesuffix(".ipynb").lstrip("./")
        )

    def _executed(self, docname: str) -> NotebookNode:
        root = Path(self.srcdir)
        notebook = read(Path(self.env.doc2path(docname)), root)
        _, merged = get_cache(root / CACHE).merge_match_into_notebook(notebook)
        return merged


def assemble(blocks: list, executed: NotebookNode, cited: dict[str, None]) -> NotebookNode:
    """Join a page's blocks and the executed cells they point at into one notebook."""
    if cited:
        blocks = [*blocks, "## References", "\n".join(f"* {entry}" for entry in sorted(cited))]
    cells, prose = [new_code_cell(SETUP, metadata={"jupyter": {"source_hidden": True}})], []

    codes = [i for i, cell in enumerate(executed.cells) if cell.cell_type == "code"]

    def close() -> None:
        if prose:
            cells.append(new_markdown_cell("\n\n".join(prose)))
            prose.clear()

    def run_up_to(index: int) -> None:
        # cells that the page hides come along: later cells may need what they define
        while codes and codes[0] <= index:
            cells.append(clean_cell(executed.cells[codes.pop(0)]))

    for block in blocks:
        if isinstance(block, CellAt):
            close()
            run_up_to(block.index)
            prose.extend(block.captions)
        else:
            prose.append(block)
    close()
    run_up_to(len(executed.cells))
    cells.insert(0, cells.pop(1))  # the title comes first
    for i, cell in enumerate(cells):
        cell["id"] = f"cell-{i}"
    metadata = {
        "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
        "language_info": {"name": "python"},
    }
    return new_notebook(cells=cells, metadata=metadata)


def clean_cell(cell: NotebookNode) -> NotebookNode:
    """A code cell with the results a reader sees, and nothing of the build's."""
    tags = list(cell.metadata.get("tags", []))
    metadata: dict = {"tags": tags} if tags else {}
    if FOLDED & set(tags):
        metadata["jupyter"] = {"source_hidden": True}
    outputs = [_clean_output(output) for output in cell.outputs]
    return new_code_cell(
        cell.source,
        metadata=metadata,
        execution_count=cell.execution_count,
        outputs=[output for output in outputs if output is not None],
    )


def _clean_output(output: NotebookNode) -> NotebookNode | None:
    if "data" not in output:
        return output
    data = {k: v for k, v in output.data.items() if not k.startswith(FOR_THE_BUILD)}
    metadata = {} if "scrapbook" in output.metadata else output.metadata
    return NotebookNode({**output, "data": data, "metadata": metadata}) if data else None


def raw_myst(notebook: NotebookNode) -> list[str]:
    """What a notebook's Markdown holds that only MyST understands."""
    return [
        found[0].strip()
        for cell in notebook.cells
        if cell.cell_type == "markdown"
        for found in RAW_MYST.finditer(CODE.sub(_keep_directives, cell.source))
    ]


def _keep_directives(code) -> str:
    return code[0] if code[0].startswith("```{") else ""
