"""The printed book: what it leaves out, its parts, and a log that is read for what it hides."""

from __future__ import annotations

import os
import re
from pathlib import Path
from subprocess import DEVNULL, run

from docutils import nodes
from sphinx import addnodes
from sphinx.builders.latex.nodes import math_reference

from bookbuild import answers, boxes
from bookbuild.boxes import raw, within
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
SILENT = (nodes.title, nodes.caption, nodes.raw)  # what has no room for the page of a reference


class Part(nodes.raw):
    """The title of a part, before its first chapter."""


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
            toctree.parent.insert(0, Part("", rf"{numbers}\part{{{title}}}", format="latex"))


def for_paper(app, doctree, docname) -> None:
    """Make the changes that only paper needs, in the tree of the whole book."""
    if app.builder.format != "latex":
        return
    for cell in list(doctree.findall(nodes.container)):  # what is folded on the site
        if "tag_hide-cell" in cell["classes"]:
            cell.parent.remove(cell)
        elif "tag_hide-input" in cell["classes"]:
            cell[:] = [part for part in cell if "cell_input" not in part["classes"]]
    for work in doctree.findall(nodes.citation):  # its links say where they lead
        for note in list(work.findall(nodes.footnote)):
            note.parent.remove(note)
    open_parts(doctree, app.env.metadata)
    chapters = {page: chapter(app.env, page) for page in app.env.titles}
    at_the_end = answers.gather(doctree, {page: ": ".join(c) for page, c in chapters.items()})
    boxes.draw(doctree, app.env.toc_fignumbers)
    name_pages(doctree, chapters)
    gather_opening(doctree)
    if at_the_end:
        boxes.draw(at_the_end, app.env.toc_fignumbers)
        name_pages(at_the_end, chapters)
        last = [part.parent for part in doctree.findall(Part)][-1:]
        (last or [doctree[0]])[0].insert(1, at_the_end)


def chapter(env, page: str) -> list[str]:
    """What a page is called: "Chapter 1", where it has a number, and its title."""
    number = ".".join(map(str, env.toc_secnumbers.get(page, {}).get("", ())))
    return [f"Chapter {number}"] * bool(number) + [env.titles[page].astext()]


def open_parts(doctree: nodes.document, about: dict[str, dict]) -> None:
    """Give each part the picture and the words that its first chapter's front matter names."""
    pictures = {name: node for node in doctree.findall(nodes.figure) for name in node["ids"]}
    for part in list(doctree.findall(Part)):
        first = part.parent.next_node(addnodes.start_of_file)
        front = about[first["docname"]]
        if "part_figure" in front:
            picture = pictures[front["part_figure"]].next_node(nodes.image).deepcopy()
            shown = [picture, raw("}{"), nodes.Text(front["part_text"])]
            part.parent.insert(0, within(r"\bookopening{", shown, "}"))


def name_pages(doctree: nodes.Element, chapters: dict[str, list[str]]) -> None:
    """Say after each reference where its target is, unless that is near: `bookpage` decides."""
    for file in doctree.findall(addnodes.start_of_file):
        page = file["docname"]
        for node in list(file.findall(nodes.Element)):
            if (target := _target(node, page)) and not _is_in(node, SILENT):
                known = chapters.get(target.partition(":")[0], [])
                # the title of another chapter says nothing on paper but to those who know it
                of = known[0] if len(known) == 2 and known[1] == node.astext() else ""
                command = rf"\bookpage{{\detokenize{{{target}}}}}{{{of.lower()}}}"
                node.parent.insert(node.parent.index(node) + 1, raw(command))


def _target(node: nodes.Element, page: str) -> str:
    # the label to which a reference leads, without those to the glossary and to works
    if isinstance(node, math_reference):
        return f"equation:{node['docname']}:{node['target']}"
    if not isinstance(node, nodes.reference | addnodes.number_reference):
        return ""
    if any("std-term" in word["classes"] for word in node.findall(nodes.inline)):
        return ""
    if node.get("refid"):
        return f"{page}:{node['refid']}"
    uri = node.get("refuri", "")
    return uri[1:].replace("#", ":") if uri.startswith("%") and "#" in uri else ""


def _is_in(node: nodes.Node, kinds: tuple) -> bool:
    while (node := node.parent) is not None:
        if isinstance(node, kinds):
            return True
    return False


def gather_opening(doctree) -> None:
    """Make one chapter of what the root says itself; LaTeX would make one of each section."""
    root = next(doctree.findall(nodes.section))
    end = next(i for i, n in enumerate(root) if any(n.findall(addnodes.start_of_file)))
    title, ids = nodes.title("", "About this book"), ["about-this-book", *root["ids"]]
    root[1:end] = [raw(UNNUMBERED), nodes.section("", title, *root[1:end], ids=ids)]


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
