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
    """Keep the seconds that each chapter took."""
    (root / RECORD).parent.mkdir(exist_ok=True)
    write_whole(root / RECORD, json.dumps(_times(root) | seconds, indent=1))


def _times(root: Path) -> dict[str, float]:
    path = root / RECORD
    return json.loads(path.read_text("utf-8")) if path.is_file() else {}


def tables(root: Path) -> str:
    """Two tables in Markdown: versions, and the seconds of each chapter."""
    made = {"Python": platform.python_version(), **{name: version(name) for name in PACKAGES}}
    if day := last_change(root):
        made["last change of the text"] = day
    times = dict(sorted(_times(root).items()))
    times["together"] = sum(times.values())
    took = {name.removeprefix("chapters/"): f"{seconds:.1f}" for name, seconds in times.items()}
    return _table("What this build was made with", {"what": "version", "---": "---", **made}) + (
        _table("How long each chapter took to run", {"chapter": "seconds", "---": "---", **took})
    )


def _table(title: str, rows: dict[str, str]) -> str:
    body = "".join(f"| {name} | {value} |\n" for name, value in rows.items())
    return f"```{{table}} {title}\n\n{body}```\n\n"


class Record(nodes.container):
    """The tables in a page. The search leaves them out: their times differ from build to build."""


class BuildRecord(SphinxDirective):
    """The tables, where a page asks for them."""

    def run(self) -> list[nodes.Node]:
        self.env.note_reread()  # a commit changes no file of the book
        return [Record("", *self.parse_text_to_nodes(tables(Path(self.env.srcdir))))]


def setup(app) -> None:
    """Register the directive with Sphinx."""
    app.add_directive("build-record", BuildRecord)
