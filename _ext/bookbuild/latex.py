"""The printed book: parts, hidden input left out, and a log that is read for what it hides."""

from __future__ import annotations

import os
import re
from pathlib import Path
from subprocess import DEVNULL, run

from docutils import nodes
from sphinx import addnodes

from bookbuild.safety import BuildError

FAULTS = re.compile(
    r"^(?:LaTeX|Package \w+) Warning: (?:Reference|Citation|Hyper reference|Label) .*"
    r"(?:undefined|multiply defined).*|^Missing character: .*",
    re.M,
)
ERROR = re.compile(r"^(?:!|[^\s:]+:\d+:) .*(?:\n.*){0,8}", re.M)
# in the book class, -2 takes the numbers from parts and chapters, and leaves them in the contents
UNNUMBERED = (
    r"\setcounter{secnumdepth}{-2}\setcounter{chapter}{0}"
    r"\setcounter{figure}{0}\setcounter{table}{0}"
)
NUMBERED = r"\setcounter{secnumdepth}{2}"


def part_titles(app, doctree) -> None:
    """Begin a LaTeX part at each captioned table of contents of the root (the site ignores it).

    Only "Part I: …" and its sisters have numbers, as on the site; what comes before is no part.
    """
    if app.env.docname != app.config.root_doc:
        return
    begun = False
    for toctree in list(doctree.findall(addnodes.toctree)):
        caption = toctree.get("caption") or ""
        part = re.match("Part [IVX]+: (.*)", caption)
        begun = begun or part is not None
        if caption and begun:
            numbers, title = (NUMBERED, part[1]) if part else (UNNUMBERED, caption)
            toctree.parent.insert(0, _raw(rf"{numbers}\part{{{title}}}"))


def for_paper(app, doctree, docname) -> None:
    """Make the changes that only paper needs, in the tree of the whole book."""
    if app.builder.format != "latex":
        return
    for cell in list(doctree.findall(nodes.container)):  # what is folded on the site
        if "tag_hide-cell" in cell["classes"]:
            cell.parent.remove(cell)
        elif "tag_hide-input" in cell["classes"]:
            cell[:] = [part for part in cell if "cell_input" not in part["classes"]]
    for box in list(doctree.findall(nodes.admonition)):  # a proof's box has an empty title bar
        if "proof" in box["classes"] and not isinstance(box[0], nodes.title):
            box.replace_self([*box.children, _raw(r"\hfill$\square$\par\medskip")])
    gather_opening(doctree)


def gather_opening(doctree) -> None:
    """Make one chapter of what the root says itself; LaTeX would make one of each section."""
    root = next(doctree.findall(nodes.section))
    end = next(i for i, n in enumerate(root) if any(n.findall(addnodes.start_of_file)))
    title, ids = nodes.title("", "About this book"), ["about-this-book", *root["ids"]]
    root[1:end] = [_raw(UNNUMBERED), nodes.section("", title, *root[1:end], ids=ids)]


def _raw(command: str) -> nodes.raw:
    return nodes.raw("", command, format="latex")


def typeset(folder: Path) -> Path:
    """Run latexmk on book.tex in `folder`; return the PDF, or raise BuildError with why not."""
    command = ["latexmk", "-xelatex", "-interaction=nonstopmode", "-halt-on-error", "book.tex"]
    # TeX would break the lines of its log at 79 characters
    env = {**os.environ, "max_print_line": "1000", "FORCE_SOURCE_DATE": "1"}
    done = run(command, cwd=folder, env=env, stdin=DEVNULL, capture_output=True)
    path = folder / "book.log"
    log = path.read_text("utf-8", "replace") if path.is_file() else done.stdout.decode()
    if done.returncode:
        cause = ERROR.search(log)
        raise BuildError(f"LaTeX failed:\n{cause[0] if cause else log[-2000:]}")
    if found := dict.fromkeys(FAULTS.findall(log)):
        raise BuildError("the PDF has faults:\n" + "\n".join(found))
    return folder / "book.pdf"


def setup(app) -> None:
    """Connect to Sphinx."""
    app.connect("doctree-read", part_titles, priority=900)
    app.connect("doctree-resolved", for_paper)
