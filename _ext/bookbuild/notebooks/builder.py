"""The Sphinx builder "notebooks": each chapter as a notebook that reads well and stands alone."""

from __future__ import annotations

from pathlib import Path

import nbformat
from jupyter_cache import get_cache
from nbformat import NotebookNode
from sphinx.builders import Builder
from sphinx.errors import SphinxError

from bookbuild.cache import CACHE
from bookbuild.execution import read
from bookbuild.notebooks.cells import assemble, raw_myst, setup_cell
from bookbuild.notebooks.package import pack
from bookbuild.notebooks.page import Page, numbered
from bookbuild.notebooks.text import plain
from bookbuild.site import notebook_of


class NotebookBuilder(Builder):
    """Writes an executed notebook for every page that runs code."""

    name = "notebooks"
    format = "notebook"
    supported_image_types = ["image/svg+xml", "image/png", "image/jpeg"]  # noqa: RUF012

    def chapters(self) -> list[str]:
        """The pages that run code, and so become notebooks."""
        about = self.env.metadata
        return sorted(name for name in self.env.found_docs if "kernelspec" in about.get(name, {}))

    def get_outdated_docs(self) -> list[str]:
        return self.chapters()  # all of them: they show numbers and titles of each other

    def get_target_uri(self, docname: str, typ: str | None = None) -> str:
        return notebook_of(docname)

    def prepare_writing(self, docnames: set[str]) -> None:
        pass

    def write_doc(self, docname: str, doctree) -> None:
        """Write one notebook; pages without code are left out."""
        if docname not in self.chapters():
            return
        self.post_process_images(doctree)
        try:
            notebook = self._notebook(docname, doctree)
        except ValueError as problem:
            raise SphinxError(f"{docname}: {problem}") from problem
        path = Path(self.outdir, notebook_of(docname))
        path.parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(notebook, path)

    def finish(self) -> None:
        """Add the wheel, and one zip of it and all notebooks."""
        pack(Path(self.srcdir), Path(self.outdir))

    def _notebook(self, docname: str, doctree) -> NotebookNode:
        root = Path(self.srcdir)
        # a page taken from the cache holds no results of its own
        notebook = read(Path(self.env.doc2path(docname)), root)
        _, executed = get_cache(root / CACHE).merge_match_into_notebook(notebook)
        page = Page(self, docname, doctree, executed)
        settings = (self.config.mathjax3_config or {}).get("tex", {})
        chapter = numbered(page.sections, [""])
        note = opening(self.config.html_title, chapter, settings.get("macros", {}))
        finished = assemble(page.opened(note, setup_cell(executed)))
        if found := raw_myst(finished):
            raise ValueError(f"raw MyST is left in the notebook: {found}")
        return finished


def opening(title: str, chapter: str, macros: dict[str, str | list]) -> str:
    """What stands below a notebook's title: where it is from, and the macros of its formulas."""
    note = (
        f"*{f'Chapter {chapter} of' if chapter else 'From'} the book “{plain(title)}”. "
        "The results below were computed when the book was built. To compute them yourself, run "
        "the cells from the top: the first one installs the book’s package if it is missing.*"
    )
    for name, value in macros.items():
        body, count = value if isinstance(value, list) else (value, 0)
        note += f"\n$\\newcommand{{\\{name}}}{f'[{count}]' if count else ''}{{{body}}}$"
    return note
