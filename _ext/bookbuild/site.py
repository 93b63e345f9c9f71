"""The site: all pages written anew, downloads beside each page, no Thebe, a last touch."""

from __future__ import annotations

import functools
import posixpath
import re
import shutil
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from urllib.parse import quote

from docutils import nodes

from bookbuild import finish, sheets
from bookbuild.packing import pack

BUILT = Path("_build")
FORMS = {"pdf": "file-pdf", "epub": "book"}  # what else the book is, and the icons
SITE, ZIP = "weighted-sums-site.zip", "weighted-sums-notebooks.zip"
COLAB = "https://colab.research.google.com/#fileId="  # opens a notebook at any address
VERDICTS = {"✓": "verdict-yes", "✗": "verdict-no", "○": "verdict-open"}
STARTER = re.compile(r"^✗ ([\w.]+)(?=:)")
UNWANTED = re.compile(r"thebe|sphinx-book-theme\.js")


@functools.cache
def notebooks(env) -> dict[str, str]:
    """The file of each page's notebook, numbered in reading order as chapters are."""
    begun, names = False, {}
    for docname in env.collect_relations():
        number = env.toc_secnumbers.get(docname, {}).get("")
        begun = begun or bool(number)
        prefix = f"{number[0]:02}" if number else "A" if begun else "00"
        names[docname] = f"{prefix}-{posixpath.basename(docname)}.ipynb"
    return names


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
    """Offer the notebook and the book's other forms, where they are, in place of the source."""
    offered = [
        {
            "type": "link", "text": text, "tooltip": text, "icon": f"fas fa-{icon}",
            "label": f"download-{kind}-button",
            "url": path if path.startswith(COLAB) else context["pathto"](path, 1),
        }
        for kind, path, text, icon in _offers(app, notebooks(app.env).get(pagename, ""))
    ]  # fmt: skip
    groups = context.get("header_buttons", [])
    for group in [group for group in groups if group.get("label") == "download-buttons"]:
        group["buttons"] = offered
        if not offered:
            groups.remove(group)


def _offers(app, notebook: str) -> Iterator[tuple[str, str, str, str]]:
    # the kind, the address, the words and the icon of each file that is there
    root, base = Path(app.srcdir), app.config.html_baseurl
    folder = root / app.config.book_notebooks
    has = bool(notebook) and (folder / notebook).is_file()
    if has:
        yield "ipynb", f"notebooks/{notebook}", "Notebook of this chapter", "code"
    if folder.is_dir():
        yield "zip", f"notebooks/{ZIP}", "All chapters (zip)", "box-archive"
    for form, icon in FORMS.items():
        if form in app.config.book_forms or (root / BUILT / f"book.{form}").is_file():
            yield form, f"book.{form}", form.upper(), icon
    if has and base:
        there = quote(f"{base}notebooks/{notebook}", safe="")
        yield "colab", COLAB + there, "Open in Colab", "play"


def without_scripts(app, pagename, templatename, context, doctree) -> None:
    """Drop Thebe, which Jupyter Book loads twice, and what moves a sidebar that is not there."""
    for kind in ("script_files", "css_files"):
        items = [(item, str(item).lower()) for item in context.get(kind, [])]
        context[kind] = [item for item, name in items if not UNWANTED.search(name)]


def colour_verdicts(app, doctree, docname) -> None:
    """Let the sheets tell a verdict of `check` that passed from one that did not.

    On the site, where a reader will get a verdict of her own, that on the starter is neither.
    """
    cells = doctree.findall(nodes.container) if app.builder.name == "html" else []
    starters = (cell for cell in cells if "tag_starter" in cell["classes"])
    for output in chain.from_iterable(cell.findall(nodes.literal_block) for cell in starters):
        text = STARTER.sub(r"○ \1 (the starter’s verdict)", output.astext())
        output.rawsource, output[:] = text, [nodes.Text(text)]
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
    (site / ".buildinfo").unlink(missing_ok=True)  # Sphinx's note to itself, on other settings
    finish.finish(site, app.builder.globalcontext["sheets"])
    if not app.config.book_forms:
        close(root, site)


def close(root: Path, site: Path) -> None:
    """Add the book's other forms to the finished site, and a zip of all of it."""
    for path in (root / BUILT / f"book.{form}" for form in FORMS):
        if path.is_file():
            shutil.copy(path, site)
    files = sorted(path for path in site.rglob("*") if path.is_file())
    pack({f"weighted-sums/{path.relative_to(site)}": path for path in files}, site / SITE)


def setup(app) -> None:
    """Connect to Sphinx."""
    app.add_config_value("book_notebooks", "_build/notebooks", "")
    app.add_config_value("book_forms", [], "")  # those that this build is still making
    app.connect("env-updated", write_all)
    app.connect("doctree-resolved", colour_verdicts)
    app.connect("html-page-context", downloads, priority=502)  # the theme's own stand at 501
    app.connect("html-page-context", without_scripts, priority=900)
    app.connect("html-page-context", sheets.head, priority=950)
    app.add_css_file(Path(sheets.TOGETHER).name)
    app.connect("build-finished", complete, priority=900)  # after all others have copied files
