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

from bookbuild.record import Record

# what Sphinx's own search needs, and nothing else does
SPHINX = ("searchtools.js", "language_data.js", "sphinx_highlight.js")
# code and its results, contents; a solution would give away its exercise
SKIPPED = (
    nodes.literal_block, nodes.raw, nodes.image, nodes.Invisible,
    addnodes.compact_paragraph, addnodes.glossary, solution_node, Record,
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


def plain(node: nodes.Node) -> str:
    """What a reader reads in a node, on one line; no code, no sections within."""
    return " ".join("".join(_pieces(node)).split())


def _pieces(node: nodes.Node) -> Iterator[str]:
    if isinstance(node, nodes.Text):
        yield str(node)
    elif isinstance(node, nodes.math_block):
        yield " … "
    elif isinstance(node, nodes.math):
        yield readable(node.astext())
    else:
        for child in _shown(node):
            yield from _pieces(child)
        if not isinstance(node, nodes.Inline):
            yield " "


def _shown(node: nodes.Element) -> list[nodes.Node]:
    if "cell" in node.get("classes", ()):
        return list(node.findall(nodes.caption))
    return [n for n in node.children if not isinstance(n, SKIPPED) and not _is_section(n)]


def _is_section(node: nodes.Node) -> bool:
    # an exercise keeps its text in a section too, without a title
    return isinstance(node, nodes.section) and node.first_child_matching_class(nodes.title) == 0


def sections(doctree: nodes.document, numbers: dict[str, tuple[int, ...]]) -> Iterator[list]:
    """The anchor, number, title, text and bold words of each section.

    The first is the page itself, with what it says before its other sections.
    """
    for section in doctree.findall(_is_section):
        title, opening = section[0], section.parent is doctree
        anchor = "" if opening else section["ids"][0]
        number = ".".join(map(str, numbers.get(anchor and f"#{anchor}") or ()))
        shown = _shown(section)[1:]
        bold = [plain(word) for node in shown for word in node.findall(nodes.strong)]
        text = " ".join(" ".join(map(plain, shown)).split())
        yield [anchor, number, plain(title), text, bold]


def terms(doctree: nodes.document) -> Iterator[list[str]]:
    """The anchor, name and definition of each term of a glossary."""
    for glossary in doctree.findall(addnodes.glossary):
        for item in glossary.findall(nodes.definition_list_item):
            term = item.next_node(nodes.term)
            yield [term["ids"][0], plain(term), plain(item.next_node(nodes.definition))]


def note(app, doctree: nodes.document, docname: str) -> None:
    """Keep what a page says."""
    if app.builder.format == "html":
        found = list(sections(doctree, app.env.toc_secnumbers.get(docname, {})))
        page = {"page": app.builder.get_target_uri(docname), "sections": found}
        vars(app).setdefault("book_pages", {})[docname] = page | {"terms": list(terms(doctree))}


def write(app, exception) -> None:
    """Write all pages' words as a script, and remove the files of Sphinx's own search."""
    if exception or app.builder.format != "html":
        return
    pages = [page for _, page in sorted(app.book_pages.items()) if page["sections"]]
    text = ",\n".join(json.dumps(page, ensure_ascii=False, separators=(",", ":")) for page in pages)
    static = Path(app.outdir, "_static")
    (static / "search-index.js").write_text(f"var bookIndex=[\n{text}\n]\n", "utf-8")
    for name in SPHINX:
        (static / name).unlink(missing_ok=True)


def without_sphinx(app) -> None:
    """Turn Sphinx's own search off: its index, and its page."""
    app.builder.search = False


def search_page(app) -> Iterator[tuple[str, dict[str, str], str]]:
    """The page that searches."""
    yield "search", {"title": "Search"}, "search.html"


def without_highlight(app, pagename, templatename, context, doctree) -> None:
    """Drop the script that marks found words on a page, and its large button."""
    context["script_files"] = [
        item for item in context["script_files"] if "sphinx_highlight" not in str(item.filename)
    ]


def setup(app) -> dict[str, bool]:
    """Connect to Sphinx."""
    app.connect("builder-inited", without_sphinx)
    app.connect("doctree-resolved", note, priority=900)
    app.connect("html-collect-pages", search_page)
    app.connect("html-page-context", without_highlight, priority=901)
    app.connect("build-finished", write, priority=400)  # before the site is finished
    return {"parallel_read_safe": True, "parallel_write_safe": True}
