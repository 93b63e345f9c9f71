"""The Sphinx builder "notebooks": each chapter as a notebook that reads well and stands alone."""

from __future__ import annotations

import mimetypes
import posixpath
import re
from html import escape
from pathlib import Path

import nbformat
from jupyter_cache import get_cache
from nbformat import NotebookNode
from sphinx.builders import Builder
from sphinx.errors import SphinxError

from bookbuild.cache import CACHE
from bookbuild.execution import read
from bookbuild.notebooks.cells import assemble, raw_myst
from bookbuild.notebooks.markdown import Numbers, Page
from bookbuild.notebooks.package import pack
from bookbuild.notebooks.spans import Book, UnknownNodeError, picture, plain
from bookbuild.site import notebook_of

DOI = re.compile(r"\bdoi:(10\.\S+?)(?=[.,;]?(?:\s|$))")


class NotebookBuilder(Builder):
    """Writes an executed notebook for every page that runs code."""

    name = "notebooks"
    format = "notebook"
    supported_image_types = ["image/svg+xml", "image/png", "image/jpeg"]  # noqa: RUF012

    def chapters(self) -> list[str]:
        """The pages that become notebooks."""
        return sorted(filter(self.is_chapter, self.env.found_docs))

    def get_outdated_docs(self) -> list[str]:
        """All chapters: they show numbers and titles of each other."""
        return self.chapters()

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
        self.post_process_images(doctree)
        try:
            notebook = self._notebook(docname, doctree)
        except (UnknownNodeError, ValueError) as problem:
            raise SphinxError(f"{docname}: {problem}") from problem
        if found := raw_myst(notebook):
            raise SphinxError(f"{docname}: raw MyST is left in the notebook: {found}")
        path = Path(self.outdir, notebook_of(docname))
        path.parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(notebook, path)

    def finish(self) -> None:
        """Add the wheel, and one zip of it and all notebooks."""
        pack(Path(self.srcdir), Path(self.outdir))

    def _notebook(self, docname: str, doctree) -> NotebookNode:
        notebooks = {notebook_of(name) for name in self.chapters()}
        folder = posixpath.dirname(notebook_of(docname))
        book = Book(
            lambda path: posixpath.normpath(posixpath.join(folder, path)) in notebooks,
            self._image,
        )
        numbers = Numbers(
            self.env.toc_secnumbers.get(docname, {}), self.env.toc_fignumbers.get(docname, {})
        )
        blocks = [*Page(numbers, book).blocks(doctree)]
        if book.cited:
            # the page's own words for a work, "Nielsen [2015]", sort by name and year
            entries = sorted(book.cited, key=lambda entry: book.cited[entry].casefold())
            blocks += ["## References", "\n".join(f"* {_linked(entry)}" for entry in entries)]
        chapter = numbers.of_section([], top=True).strip(" .")
        settings = (self.config.mathjax3_config or {}).get("tex", {})
        note = opening(self.config.html_title, chapter, settings.get("macros", {}))
        return assemble(blocks, self._executed(docname), note)

    def _image(self, uri: str, alt: str) -> str:
        if "://" in uri:
            return f'<img alt="{escape(alt)}" src="{escape(uri)}">'
        kind, _ = mimetypes.guess_type(uri)
        return picture(kind, Path(self.srcdir, uri).read_bytes(), alt)

    def _executed(self, docname: str) -> NotebookNode:
        # a page taken from the cache holds no results of its own
        root = Path(self.srcdir)
        notebook = read(Path(self.env.doc2path(docname)), root)
        _, merged = get_cache(root / CACHE).merge_match_into_notebook(notebook)
        return merged


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


def _linked(entry: str) -> str:
    return DOI.sub(r"[doi:\1](https://doi.org/\1)", plain(entry))
