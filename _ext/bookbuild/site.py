"""The site: downloads beside each page, the book's layout, no Thebe."""

from __future__ import annotations

import posixpath
from pathlib import Path

from bookbuild.dependencies import fingerprint


def notebook_of(docname: str) -> str:
    """Where a chapter's notebook lies below the folder of all notebooks."""
    return docname.removeprefix("chapters/") + ".ipynb"


def downloads(app, pagename, templatename, context, doctree) -> None:
    """Offer the executed notebook and the printed book, in place of the page's source."""
    for group in context.get("header_buttons", []):
        if group.get("label") == "download-buttons":
            group["buttons"] = [_link(pagename, *item) for item in _files(app, pagename)]


def _files(app, pagename: str) -> list[tuple[str, str, str, str]]:
    offered = [("book.pdf", "book.pdf", "Download the whole book as PDF", "fas fa-file-pdf")]
    if app.env.metadata.get(pagename, {}).get("kernelspec"):
        path = "notebooks/" + notebook_of(pagename)
        text = posixpath.basename(path)
        offered.insert(0, (path, text, "Download this chapter as a notebook", "fas fa-code"))
    return offered


def _link(pagename: str, path: str, text: str, tooltip: str, icon: str) -> dict[str, str]:
    url = posixpath.relpath(path, posixpath.dirname(pagename) or ".")
    label = f"download-{path.rsplit('.', 1)[1]}-button"
    return {
        "type": "link", "url": url, "text": text, "tooltip": tooltip, "icon": icon, "label": label,
    }  # fmt: skip


def without_thebe(app, pagename, templatename, context, doctree) -> None:
    """Drop Thebe: Jupyter Book loads it on every page, twice, which is a JavaScript error."""

    def keep(item) -> bool:
        body = getattr(item, "attributes", {}).get("body", "")
        return "thebe" not in f"{getattr(item, 'filename', item)} {body}".lower()

    for kind in ("script_files", "css_files"):
        context[kind] = [item for item in context.get(kind, []) if keep(item)]


def use_templates(app, config) -> None:
    """Put the book's page layout before the theme's."""
    config.templates_path.append(str(Path(__file__).with_name("templates")))


def note_assets(app, config) -> None:
    """Write every page anew when a style sheet or script changed: pages name them by their hash."""
    folder = Path(app.srcdir, "assets")
    config.book_assets = fingerprint((p for p in folder.rglob("*") if p.is_file()), folder)


def read_since(app, env) -> list[str]:
    """Pages that another builder read anew: Sphinx would take what this one wrote for current."""
    if app.builder.format != "html":
        return []

    def time(path: Path) -> float:
        return path.stat().st_mtime if path.is_file() else 0.0

    return [
        name
        for name in env.found_docs
        if time(Path(app.builder.get_outfilename(name)))
        < time(Path(env.doctreedir, f"{name}.doctree"))
    ]


def setup(app) -> None:
    """Connect to Sphinx."""
    app.connect("env-updated", read_since)
    app.add_config_value("book_assets", "", "html")
    app.connect("config-inited", note_assets)
    app.connect("html-page-context", downloads, priority=502)  # the theme's own stand at 501
    app.connect("html-page-context", without_thebe, priority=900)
    app.connect("config-inited", use_templates)
