"""The printed book: parts, hidden input left out, and a log that is read for what it hides."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

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

    Only the chapters of "Part I: …" and its sisters get numbers, as on the site. What comes before
    them needs no part page.
    """
    if app.env.docname != app.config.root_doc:
        return
    doctree[0].insert(1, nodes.raw("", UNNUMBERED, format="latex"))
    numbered = False
    for toctree in list(doctree.findall(addnodes.toctree)):
        if caption := toctree.get("caption"):
            title = re.sub(r"^Part [IVX]+: ", "", caption)
            if title != caption:
                command, numbered = rf"{NUMBERED}\part{{{title}}}", True
            else:
                command = rf"{UNNUMBERED}\part{{{title}}}" if numbered else ""
            inside = isinstance(toctree.parent, nodes.compound)
            at = toctree.parent if inside else toctree
            at.parent.insert(at.parent.index(at), nodes.raw("", command, format="latex"))


def opening_chapter(app, doctree, docname) -> None:
    """Make one chapter of what the root says itself; LaTeX would make one of each section."""
    if app.builder.format != "latex":
        return
    root = next(iter(doctree.findall(nodes.section)))
    own = [node for node in root.children if _is_opening(node)]
    chapter = nodes.section("", nodes.title("", "About this book"), ids=["about-this-book"])
    root.insert(root.index(own[0]), chapter)
    for node in own:
        root.remove(node)
        chapter += node


def _is_opening(node: nodes.Node) -> bool:
    if isinstance(node, nodes.title | nodes.raw | addnodes.toctree):
        return False
    return not any(node.findall(addnodes.start_of_file))


def without_hidden_input(app, doctree, docname) -> None:
    """Leave out of the printed book what is folded on the site."""
    if app.builder.format != "latex":
        return
    for cell in list(doctree.findall(_is_cell)):
        if "tag_hide-cell" in cell["classes"]:
            cell.parent.remove(cell)
        elif "tag_hide-input" in cell["classes"]:
            for part in list(cell.findall(nodes.container)):
                if "cell_input" in part["classes"]:
                    part.parent.remove(part)


def open_proofs(app, doctree, docname) -> None:
    """Take proofs out of their boxes, whose title bars would be empty, and mark where they end."""
    if app.builder.format != "latex":
        return
    for proof in list(doctree.findall(_is_proof)):
        end = nodes.raw("", r"\hfill$\square$\par\medskip", format="latex")
        proof.replace_self([*proof.children, end])


def _is_proof(node: nodes.Node) -> bool:
    boxed = isinstance(node, nodes.admonition) and "proof" in node["classes"]
    return boxed and not isinstance(node[0], nodes.title)


def _is_cell(node: nodes.Node) -> bool:
    return isinstance(node, nodes.container) and "cell" in node["classes"]


def faults(log: str) -> list[str]:
    """What a LaTeX log reports and a reader would stumble over, each once."""
    return list(dict.fromkeys(found[0] for found in FAULTS.finditer(unwrapped(log))))


def unwrapped(log: str) -> str:
    """Join the lines that TeX breaks at 79 characters."""
    return re.sub(r"^(.{79})\n", r"\1", log, flags=re.M)


def typeset(folder: Path, name: str = "book") -> Path:
    """Run latexmk on `name`.tex in `folder`; return the PDF, or raise BuildError with why not."""
    command = ["latexmk", "-xelatex", "-interaction=nonstopmode", "-halt-on-error", f"{name}.tex"]
    environment = {**os.environ, "max_print_line": "1000", "FORCE_SOURCE_DATE": "1"}
    run = subprocess.run(
        command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, capture_output=True
    )
    path = folder / f"{name}.log"
    log = path.read_text("utf-8", "replace") if path.is_file() else run.stdout.decode()
    if run.returncode:
        cause = ERROR.search(log)
        raise BuildError(f"LaTeX failed:\n{cause[0] if cause else log[-2000:]}")
    if found := faults(log):
        raise BuildError("the PDF has faults:\n" + "\n".join(found))
    return folder / f"{name}.pdf"


def setup(app) -> None:
    """Connect to Sphinx."""
    app.connect("doctree-read", part_titles, priority=900)
    app.connect("doctree-resolved", without_hidden_input)
    app.connect("doctree-resolved", opening_chapter)
    app.connect("doctree-resolved", open_proofs)
