"""The search by sections: the index that `assets/search.js` reads on the page `search.html`.

It is our own because Sphinx's index knows pages only and splits no Chinese, and because Pagefind
and sphinx-searchlite fetch their index, which a browser refuses in a folder without a server;
Pagefind also needs WebAssembly, which the pages' policy forbids.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

from docutils import nodes
from docutils.utils.math import tex2unichar
from sphinx import addnodes
from sphinx_exercise.nodes import solution_node

from bookbuild import interactive, sourcecode
from bookbuild.record import Record
from bookbuild.terms import TermIndex

# code and its results, contents; a solution would give away its exercise
SKIPPED = (
    nodes.literal_block, nodes.raw, nodes.image, nodes.Invisible,
    addnodes.compact_paragraph, solution_node, Record, TermIndex,
)  # fmt: skip
FRACTION = re.compile(r"\\[td]?frac(?:\{([^{}]*)\}|(\w))(?:\{([^{}]*)\}|(\w))")
COMMAND = re.compile(r"\\([a-zA-Z]+|.)")
LOOKS = {"text", "operatorname", "mathrm", "left", "right", "bigl", "bigr", "hat", "overline"}
SYMBOLS: dict[str, str] = {
    name: sign
    for kind in ("alpha", "ord", "bin", "rel", "op", "open", "close")
    for name, sign in getattr(tex2unichar, f"math{kind}").items()
} | {"sqrt": "√", "dots": "…", "ldots": "…", "cdots": "…", **dict.fromkeys(LOOKS, "")}


def readable(formula: str) -> str:
    r"""A short formula as a line of text: `\eta` as η, `W_{Q}` as W_Q."""
    text = FRACTION.sub(r"\1\2/\3\4", formula)
    text = COMMAND.sub(lambda m: SYMBOLS.get(m[1], m[1] if m[1].isalpha() else " "), text)
    return re.sub(r"[{}~]", "", text)


def bare(doctree: nodes.document) -> nodes.document:
    """A copy of a page that holds what a reader reads in it: no code, formulas as text."""
    page = doctree.deepcopy()
    interactive.keep_words(page, interactive.LIVE, interactive.STILL)
    for cell in page.findall(nodes.container):
        if "cell" in cell["classes"]:
            cell.children = list(cell.findall(nodes.caption))
    for node in list(page.findall(lambda node: isinstance(node, SKIPPED))):
        node.parent.remove(node)
    for formula in list(page.findall(nodes.math)):
        formula.replace_self(nodes.Text(readable(formula.astext())))
    for formula in list(page.findall(nodes.math_block)):
        formula.replace_self(nodes.paragraph("", "…"))
    return page


def plain(node: nodes.Node) -> str:
    """The text of a node on one line."""
    return " ".join(node.astext().split())


def _is_section(node: nodes.Node) -> bool:
    # an exercise keeps its text in a section too, without a title
    return isinstance(node, nodes.section) and node.first_child_matching_class(nodes.title) == 0


def sections(page: nodes.document, numbers: dict[str, tuple[int, ...]]) -> list[list]:
    """The anchor, number, title, text and bold words of each section; empties the page.

    The first is the page itself, with what it says before its other sections.
    """
    found = []
    for section in reversed(list(page.findall(_is_section))):  # the innermost first
        section.parent.remove(section)
        if sourcecode.NAME in section["ids"]:  # names of files say nothing to who searches
            continue
        anchor = "" if section.parent is page else section["ids"][0]
        number = ".".join(map(str, numbers.get(anchor and f"#{anchor}") or ()))
        title = plain(section.pop(0))
        bold = [plain(word) for word in section.findall(nodes.strong)]
        found.append([anchor, number, title, plain(section), bold])
    return found[::-1]


def terms(page: nodes.document) -> Iterator[list[str]]:
    """The anchor, name and definition of each term of a glossary; takes them out of the page."""
    for glossary in list(page.findall(addnodes.glossary)):
        glossary.parent.remove(glossary)
        for item in glossary.findall(nodes.definition_list_item):
            term = item.next_node(nodes.term)
            yield [term["ids"][0], plain(term), plain(item.next_node(nodes.definition))]


def note(app, doctree: nodes.document, docname: str) -> None:
    """Keep what a page says."""
    if app.builder.name == "html":
        text, numbers = bare(doctree), app.env.toc_secnumbers.get(docname, {})
        page = {"page": app.builder.get_target_uri(docname), "terms": list(terms(text))}
        page["sections"] = sections(text, numbers)
        vars(app).setdefault("book_pages", {})[docname] = page


def write(app, exception) -> None:
    """Write all pages' words as a script."""
    if exception or app.builder.name != "html":
        return
    pages = [page for _, page in sorted(app.book_pages.items()) if page["sections"]]
    text = ",\n".join(json.dumps(page, ensure_ascii=False, separators=(",", ":")) for page in pages)
    index = Path(app.outdir, "_static", "search-index.js")
    index.write_text(f"var bookIndex=[\n{text}\n]\n", "utf-8")


def without_sphinx(app) -> None:
    """Turn Sphinx's own search off: its index, and its page."""
    app.builder.search = False


def without_highlight(app, pagename, templatename, context, doctree) -> None:
    """Drop the script that marks found words on a page, and its large button."""
    context["script_files"] = [
        item for item in context["script_files"] if "sphinx_highlight" not in str(item.filename)
    ]


def setup(app) -> None:
    """Connect to Sphinx."""
    app.connect("builder-inited", without_sphinx)
    app.connect("doctree-resolved", note, priority=900)
    app.connect("html-page-context", without_highlight, priority=901)
    app.connect("build-finished", write, priority=400)  # before the site is finished
