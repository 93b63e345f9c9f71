"""The Sphinx builder "notebooks": a notebook of each chapter, a wheel, and one zip of them all."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import nbformat
from jupyter_cache import get_cache
from nbformat import NotebookNode
from sphinx.builders import Builder
from sphinx.errors import SphinxError

from bookbuild import opening
from bookbuild.cache import CACHE
from bookbuild.execution import read
from bookbuild.notebooks.cells import assemble, raw_myst, setup_cell
from bookbuild.notebooks.page import Page, numbered
from bookbuild.notebooks.text import plain
from bookbuild.packing import pack
from bookbuild.site import ZIP, notebooks

EPOCH = "1577836800"  # the day of `packing`, for a wheel where the build has no date of its own
DESCRIBING = ("pyproject.toml", "README.md", "LICENSE")


class NotebookBuilder(Builder):
    """Writes an executed notebook for every page that runs code."""

    name = "notebooks"
    format = "notebook"

    def chapters(self) -> list[str]:
        """The pages that run code, and so become notebooks."""
        return sorted(name for name, about in self.env.metadata.items() if "kernelspec" in about)

    def get_outdated_docs(self) -> list[str]:
        return self.chapters()  # all of them: they show numbers and titles of each other

    def get_target_uri(self, docname: str, typ: str | None = None) -> str:
        return notebooks(self.env)[docname]

    def prepare_writing(self, docnames: set[str]) -> None:
        """Build the wheel, whose name the notebooks give to pip."""
        build_wheel(Path(self.srcdir), folder := Path(self.outdir, "wheel"))
        (self.wheel,) = folder.glob("*.whl")

    def write_doc(self, docname: str, doctree) -> None:
        """Write one notebook; pages without code are left out."""
        if docname not in self.chapters():
            return
        try:
            notebook = self._notebook(docname, doctree)
        except ValueError as problem:
            raise SphinxError(f"{docname}: {problem}") from problem
        nbformat.write(notebook, Path(self.outdir, self.get_target_uri(docname)))

    def finish(self) -> None:
        """Add one zip of all notebooks and the wheel."""
        folder = Path(self.outdir)
        files = [*sorted(folder.glob("*.ipynb")), self.wheel]
        pack({f"weighted-sums/{path.relative_to(folder)}": path for path in files}, folder / ZIP)

    def _notebook(self, docname: str, doctree) -> NotebookNode:
        root = Path(self.srcdir)
        # a page taken from the cache holds no results of its own
        notebook = read(Path(self.env.doc2path(docname)), root)
        _, executed = get_cache(root / CACHE).merge_match_into_notebook(notebook)
        opening.put_back(doctree)
        page = Page(self, docname, doctree, executed)
        chapter = numbered(page.sections, [""])
        note = (
            f"*{f'Chapter {chapter} of' if chapter else 'From'} the book "
            f"“{plain(self.config.html_title)}”. The results below were computed when the book "
            "was built. To compute them yourself, run the cells from the top: the first one "
            "installs the book’s package if it is missing.*"
        )
        setup = setup_cell(executed, self.wheel.name, self.config.html_baseurl)
        finished = assemble(page.opened(note, setup))
        if found := raw_myst(finished):
            raise ValueError(f"raw MyST is left in the notebook: {found}")
        return finished


def build_wheel(root: Path, folder: Path) -> None:
    """Build the wheel of the package in `root` into `folder`, without asking any network.

    RuntimeError, with what setuptools said, where it cannot be built.
    """
    with tempfile.TemporaryDirectory() as copy:
        # setuptools leaves its own folders beside what it builds: let it work on a copy
        left_by_tools = shutil.ignore_patterns("__pycache__", "*.egg-info")
        shutil.copytree(root / "code", Path(copy, "code"), ignore=left_by_tools)
        for path in filter(Path.is_file, map(root.joinpath, DESCRIBING)):
            shutil.copy(path, copy)
        script = "import sys, setuptools.build_meta as backend; backend.build_wheel(sys.argv[1])"
        line = [sys.executable, "-c", script, str(folder)]
        dated = {"SOURCE_DATE_EPOCH": EPOCH, **os.environ}
        run = subprocess.run(line, cwd=copy, env=dated, capture_output=True)
    if run.returncode:
        raise RuntimeError(f"the wheel could not be built:\n{run.stderr.decode(errors='replace')}")


def setup(app) -> None:
    """Register the builder."""
    app.add_builder(NotebookBuilder)
