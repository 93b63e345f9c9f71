"""The directive `build-record`: what this build was made with, and how long each chapter took."""

from __future__ import annotations

import json
import platform
from importlib.metadata import version
from pathlib import Path

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from bookbuild.freshness import last_change
from bookbuild.safety import write_whole

RECORD = Path("_build", "times.json")
PACKAGES = ("numpy", "matplotlib", "mlxtend", "jupyter-book", "myst-nb", "Sphinx")


def write(root: Path, seconds: dict[str, float]) -> None:
    """Keep the seconds that each chapter took; the file is left alone when nothing changed."""
    path = root / RECORD
    times = json.loads(path.read_text("utf-8")) if path.is_file() else {}
    text = json.dumps({**times, **seconds}, indent=1, sort_keys=True)
    if not path.is_file() or path.read_text("utf-8") != text:
        path.parent.mkdir(exist_ok=True)
        write_whole(path, text)


class BuildRecord(SphinxDirective):
    """Two tables: versions, and the seconds of each chapter."""

    def run(self) -> list[nodes.Node]:
        root = Path(self.env.srcdir)
        path = root / RECORD
        self.env.note_dependency(str(path))
        times = json.loads(path.read_text("utf-8")) if path.is_file() else {}
        made = [("Python", platform.python_version()), *((p, version(p)) for p in PACKAGES)]
        self.env.note_reread()  # a commit changes no file of the book
        if day := last_change(root):
            made.append(("last change of the text", day))
        rows = [(name.removeprefix("chapters/"), f"{s:.1f}") for name, s in sorted(times.items())]
        rows.append(("together", f"{sum(times.values()):.1f}"))
        return [
            table("What this build was made with", ("what", "version"), made),
            table("How long each chapter took to run", ("chapter", "seconds"), rows),
        ]


def setup(app) -> None:
    """Register the directive with Sphinx."""
    app.add_directive("build-record", BuildRecord)


def table(title: str, head: tuple[str, ...], rows: list[tuple[str, ...]]) -> nodes.table:
    """A docutils table, which every builder can write."""
    group = nodes.tgroup(cols=len(head))
    group += [nodes.colspec(colwidth=40) for _ in head]
    group += nodes.thead("", _row(head))
    group += nodes.tbody("", *map(_row, rows))
    return nodes.table("", nodes.title("", title), group, classes=["colwidths-auto"])


def _row(texts: tuple[str, ...]) -> nodes.row:
    return nodes.row("", *(nodes.entry("", nodes.paragraph("", text)) for text in texts))
