"""The site: all pages written anew, downloads beside each page, no Thebe, a last touch."""

from __future__ import annotations

import posixpath
import shutil
from pathlib import Path

from bookbuild import finish, sheets

PDF = Path("_build", "book.pdf")


def notebook_of(docname: str) -> str:
    """Where a chapter's notebook lies below the folder of all notebooks."""
    return docname.removeprefix("chapters/") + ".ipynb"


def write_all(app, env) -> list[str]:
    """Write every page of the site, into an empty folder.

    Pages show titles, numbers and citations of each other, and name files by their hashes: what
    another build or another chapter left behind would be wrong in ways that Sphinx cannot see.
    """
    if app.builder.format != "html":
        return []
    for path in Path(app.outdir).iterdir():
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    return sorted(env.found_docs)


def downloads(app, pagename, templatename, context, doctree) -> None:
    """Offer the executed notebook and the printed book, where they are, in place of the source."""
    for group in context.get("header_buttons", []):
        if group.get("label") == "download-buttons":
            group["buttons"] = [_link(pagename, *item) for item in _files(app, pagename)]
    context["header_buttons"] = [
        group
        for group in context.get("header_buttons", [])
        if group.get("label") != "download-buttons" or group["buttons"]
    ]


def _files(app, pagename: str) -> list[tuple[str, str, str, str]]:
    offered = []
    name, folder = notebook_of(pagename), _notebooks(app)
    if folder and (folder / name).is_file():
        tooltip = "Download this chapter as a notebook"
        offered.append((f"notebooks/{name}", posixpath.basename(name), tooltip, "fas fa-code"))
    if app.config.book_pdf or Path(app.srcdir, PDF).is_file():
        tooltip = "Download the whole book as PDF"
        offered.append(("book.pdf", "book.pdf", tooltip, "fas fa-file-pdf"))
    return offered


def _notebooks(app) -> Path | None:
    chosen = app.config.book_notebooks
    return Path(app.srcdir, chosen) if chosen else None


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


def complete(app, exception) -> None:
    """Put what is to be downloaded beside the pages, and give them their last touch."""
    if exception or app.builder.name != "html":
        return
    root, site = Path(app.srcdir), Path(app.outdir)
    if (folder := _notebooks(app)) and folder.is_dir():
        leave = shutil.ignore_patterns("_static")  # Sphinx leaves it beside the notebooks
        shutil.copytree(folder, site / "notebooks", ignore=leave)
    if (root / PDF).is_file():
        shutil.copy(root / PDF, site)
    (site / ".buildinfo").unlink(missing_ok=True)  # Sphinx's note to itself, on other settings
    finish.finish(site, app.builder.globalcontext["sheets"])


def setup(app) -> None:
    """Connect to Sphinx."""
    app.add_config_value("book_notebooks", "_build/notebooks", "")
    app.add_config_value("book_pdf", "", "")
    app.connect("env-updated", write_all)
    app.connect("html-page-context", downloads, priority=502)  # the theme's own stand at 501
    app.connect("html-page-context", without_thebe, priority=900)
    app.connect("html-page-context", sheets.head, priority=950)
    app.add_css_file(Path(sheets.TOGETHER).name)
    app.connect("config-inited", use_templates)
    app.connect(
        "build-finished", complete, priority=900
    )  # after all others have copied their files
