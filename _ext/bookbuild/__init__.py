"""The book's Sphinx extension, and the program that builds the book: `python -m bookbuild`."""

from __future__ import annotations

from pathlib import Path


def stamp(app, docname, source) -> None:
    """Put the hash of the code that a chapter runs into its kernelspec, and note the files."""
    from bookbuild.dependencies import stamped

    source[0], files = stamped(source[0], Path(app.srcdir))
    for path in files:
        app.env.note_dependency(str(path))


def setup(app) -> dict[str, bool]:
    """Register everything with Sphinx."""
    from pybtex.backends import plaintext
    from pybtex.plugin import register_plugin

    from bookbuild import formulas, interactive, latex, notebooks, publishing, record, shared, site
    from bookbuild import styles as sheets

    app.connect("source-read", stamp)
    parts = (formulas, interactive, latex, notebooks, publishing, record, shared, site, sheets)
    for part in parts:
        part.setup(app)
    app.setup_extension("bookbuild.search")
    # each citation asks for this writer, and looking through all installed packages is slow
    register_plugin("pybtex.backends", "plaintext", plaintext.Backend, force=True)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
