"""The site: all pages written anew, downloads beside each page, no Thebe, a last touch."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from docutils import nodes

from bookbuild import finish, sheets

PDF = Path("_build", "book.pdf")
VERDICTS = {"✓": "verdict-yes", "✗": "verdict-no"}
UNWANTED = re.compile(r"thebe|sphinx-book-theme\.js")


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
    shutil.rmtree(app.outdir)
    Path(app.outdir).mkdir()
    return sorted(env.found_docs)


def downloads(app, pagename, templatename, context, doctree) -> None:
    """Offer the executed notebook and the printed book, where they are, in place of the source."""
    groups, offered = context.get("header_buttons", []), []
    root, notebook = Path(app.srcdir), notebook_of(pagename)

    def offer(path: str, kind: str, what: str, icon: str) -> None:
        url, text, label = context["pathto"](path, 1), Path(path).name, f"download-{kind}-button"
        link = {"type": "link", "tooltip": f"Download {what}", "icon": f"fas fa-{icon}"}
        offered.append({**link, "url": url, "text": text, "label": label})

    if (root / app.config.book_notebooks / notebook).is_file():
        offer(f"notebooks/{notebook}", "ipynb", "this chapter as a notebook", "code")
    if app.config.book_pdf or (root / PDF).is_file():
        offer("book.pdf", "pdf", "the whole book as PDF", "file-pdf")
    for group in [group for group in groups if group.get("label") == "download-buttons"]:
        group["buttons"] = offered
        if not offered:
            groups.remove(group)


def without_scripts(app, pagename, templatename, context, doctree) -> None:
    """Drop Thebe, which Jupyter Book loads twice, and what moves a sidebar that is not there."""
    for kind in ("script_files", "css_files"):
        items = [(item, str(item).lower()) for item in context.get(kind, [])]
        context[kind] = [item for item, name in items if not UNWANTED.search(name)]


def colour_verdicts(app, doctree, docname) -> None:
    """Let the sheets tell a verdict of `check` that passed from one that did not."""
    for output in doctree.findall(nodes.literal_block):
        if looks := VERDICTS.get(output.astext()[:1]):
            output["classes"].append(looks)


def complete(app, exception) -> None:
    """Put what is to be downloaded beside the pages, and give them their last touch."""
    if exception or app.builder.name != "html":
        return
    root, site = Path(app.srcdir), Path(app.outdir)
    if (folder := root / app.config.book_notebooks).is_dir():
        leave = shutil.ignore_patterns("_static")  # Sphinx leaves it beside the notebooks
        shutil.copytree(folder, site / "notebooks", ignore=leave)
    if (root / PDF).is_file():
        shutil.copy(root / PDF, site)
    (site / ".buildinfo").unlink(missing_ok=True)  # Sphinx's note to itself, on other settings
    finish.finish(site, app.builder.globalcontext["sheets"])


def setup(app) -> None:
    """Connect to Sphinx."""
    app.add_config_value("book_notebooks", "_build/notebooks", "")
    app.add_config_value("book_pdf", False, "")
    app.connect("env-updated", write_all)
    app.connect("doctree-resolved", colour_verdicts)
    app.connect("html-page-context", downloads, priority=502)  # the theme's own stand at 501
    app.connect("html-page-context", without_scripts, priority=900)
    app.connect("html-page-context", sheets.head, priority=950)
    app.add_css_file(Path(sheets.TOGETHER).name)
    app.connect("build-finished", complete, priority=900)  # after all others have copied files
