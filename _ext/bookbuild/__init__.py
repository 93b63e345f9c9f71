"""The book's Sphinx extension, and the program that builds the book: `python -m bookbuild`.

Whatever the book adds to Jupyter Book hangs on Sphinx's events, so the stock command
`jupyter-book build .` makes the same site as `make site`.
"""

from __future__ import annotations

import os
from contextlib import ExitStack
from importlib import import_module
from pathlib import Path

PARTS = (
    "citations", "contents", "epub", "exercises", "figures", "formulas", "interactive", "latex",
    "notebooks", "opening", "plumbing", "prose", "publishing", "record", "running", "search",
    "site", "sourcecode", "terms",
)  # fmt: skip


def stamp(app, docname, source) -> None:
    """Put the hash of the code that a chapter runs into its kernelspec, and note the files."""
    from bookbuild.dependencies import stamped

    source[0], files = stamped(source[0], Path(app.srcdir))
    for path in files:
        app.env.note_dependency(str(path))


def settle(app, config) -> None:
    """Find the cache from any folder; read pages anew when the program that reads them changed.

    Two builds of one text carry the same dates: those of its last change.
    """
    from bookbuild.freshness import last_change, program

    root = Path(app.srcdir)
    if seconds := last_change(root, "%ct"):
        os.environ.setdefault("SOURCE_DATE_EPOCH", seconds)
    config.html_context["commit"] = (last_change(root, "%H") or "")[:10]
    config.nb_execution_cache_path = str(root / config.nb_execution_cache_path)
    config.book_program = program(root)


def forget(app, env, docnames) -> None:
    """Forget all pages that will be read anew before any is: a label may have moved between two."""
    for name in docnames:
        app.emit("env-purge-doc", env, name)
        env.clear_doc(name)


def prepare(app) -> None:
    """Check the text and run the stale chapters, unless `python -m bookbuild` has done so."""
    from bookbuild import build
    from bookbuild.safety import alone

    if app.config.book_prepared:
        return
    root, held = Path(app.srcdir), ExitStack()
    app.connect("build-finished", lambda app, exception: held.close(), priority=999)
    held.enter_context(alone(root))
    build.execute(root)


def setup(app) -> dict[str, bool]:
    """Register everything with Sphinx."""
    from pybtex.backends import plaintext
    from pybtex.plugin import register_plugin

    app.add_config_value("book_prepared", False, "")
    app.add_config_value("book_program", "", "env")
    app.connect("config-inited", settle)
    app.connect("builder-inited", prepare)
    app.connect("env-before-read-docs", forget)
    app.connect("source-read", stamp)
    for part in PARTS:
        import_module(f"bookbuild.{part}").setup(app)
    # each citation asks for this writer, and looking through all installed packages is slow
    register_plugin("pybtex.backends", "plaintext", plaintext.Backend, force=True)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
