"""Figures that a reader can push, on the site: the picture as a file, its payload, its scripts."""

from __future__ import annotations

import base64
import hashlib
import posixpath
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

from bookbuild.freshness import fingerprint

SOURCE = "interactive"
PARTS = ("main.mjs", "interactive.css", "kit", "core", "figures")
MARK = "data-interactive="
BYTES = re.compile(r'data-bytes="([^"]*)"')


class KeepPayload(SphinxPostTransform):
    """Give a figure's bundle both of what the site needs: the picture, and the payload as data.

    MyST-NB would choose one of them. Other builders lose the payload and take the picture.
    """

    default_priority = 3  # before MyST-NB selects

    def run(self, **kwargs) -> None:
        """Treat every bundle of the page that holds a payload."""
        for bundle in list(self.document.findall(nodes.container)):
            if bundle.get("nb_element") != "mime_bundle":
                continue
            kinds = {child["mime_type"]: child for child in bundle.children}
            script = kinds.get("text/html")
            if script is None or MARK not in script.astext():
                continue
            if self.app.builder.format == "html":
                picture, text = kinds["image/svg+xml"].children, script.astext()
                script.children = [*picture, self._payload(text[text.index("<script") :])]
            else:
                bundle.remove(script)

    def _payload(self, text: str) -> nodes.raw:
        return nodes.raw("", BYTES.sub(self._as_file, text), format="html")

    def _as_file(self, match: re.Match) -> str:
        data = base64.b64decode(match[1])
        path = f"_static/payloads/{hashlib.sha256(data).hexdigest()[:16]}.bin"
        target = Path(self.app.outdir, path)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
        return f'data-src="{posixpath.relpath(path, posixpath.dirname(self.env.docname))}"'


def files(root: Path) -> Iterator[Path]:
    """The modules and styles that go onto the site."""
    for part in PARTS:
        path = root / SOURCE / part
        yield from (p for p in (path, *path.rglob("*")) if p.is_file())


def folder(root: Path) -> str:
    """Where they lie on the site: the name changes with their content, so no stale copy is used."""
    return f"interactive-{fingerprint(files(root), root)}"


def has_any(doctree: nodes.document) -> bool:
    """Whether a page holds such a figure."""
    return any(MARK in node.astext() for node in doctree.findall(nodes.raw))


def link(app, pagename, templatename, context, doctree) -> None:
    """Load the scripts on the pages that need them, and on no others."""
    if doctree is not None and has_any(doctree):
        app.add_js_file(f"{app.config.book_interactive}/main.mjs", type="module")


def name_folder(app, config) -> None:
    """Settle the folder that pages name, and give all pages its styles before the book's own."""
    config.book_interactive = folder(Path(app.srcdir))
    if Path(app.srcdir, SOURCE, "interactive.css").is_file():
        app.add_css_file(f"{config.book_interactive}/interactive.css", priority=600)


def copy(app, exception) -> None:
    """Put the modules on the site."""
    if exception or app.builder.format != "html":
        return
    static, root = Path(app.outdir, "_static"), Path(app.srcdir)
    for path in files(root):
        target = static / app.config.book_interactive / path.relative_to(root / SOURCE)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, target)


def setup(app) -> None:
    """Connect to Sphinx."""
    app.add_config_value("book_interactive", "", "")
    app.add_post_transform(KeepPayload)
    app.connect("config-inited", name_folder)
    app.connect("html-page-context", link)
    app.connect("build-finished", copy)
