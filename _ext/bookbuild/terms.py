"""The index: where each term of the glossary is defined, and where it is used.

It comes from what the text says anyway: the first bold words that are a term define it, and the
role `term` uses it. The directive `index-of-terms` shows the index; paper has LaTeX's own.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms import SphinxTransform
from sphinx.util.docutils import SphinxDirective
from sphinx.util.nodes import make_refnode

KEY = "mentions"  # in Sphinx's metadata of a page, which it keeps and forgets with the page


class Mention(NamedTuple):
    """Words that may be a term, in bold or not, and where they stand."""

    words: str
    bold: bool
    section: str
    anchor: str


class Entry(NamedTuple):
    """A place in a page for the index."""

    term: str
    main: bool
    page: str
    mention: Mention


class TermIndex(nodes.container):
    """The index in a page. The search leaves it out: all of it leads elsewhere."""


class IndexOfTerms(SphinxDirective):
    """The index, where a page asks for it."""

    def run(self) -> list[nodes.Node]:
        """Leave room for it: what is a term is known when all is read."""
        return [TermIndex()]


class Mentions(SphinxTransform):
    """Note bold words and uses of terms, and give each an anchor."""

    default_priority = 840

    def apply(self, **kwargs) -> None:
        """Note them in the page's metadata: only when all is read is it known what is a term."""
        found = self.env.metadata[self.env.docname][KEY] = []
        for number, node in enumerate(list(self.document.findall(_may_be_a_term))):
            bold, anchor = isinstance(node, nodes.strong), f"term-{number}-here"
            role = next(iter(node.findall(addnodes.pending_xref)), None)
            section = node.parent
            while section and not isinstance(section, nodes.section):
                section = section.parent
            words = role["reftarget"] if role else node.astext()
            found.append(Mention(words, bold, section["ids"][0] if section else "", anchor))
            if bold:
                node["ids"].append(anchor)
            else:  # the role's own node does not last
                node.replace_self(nodes.inline("", "", node.deepcopy(), ids=[anchor]))


def _may_be_a_term(node: nodes.Node) -> bool:
    if isinstance(node, addnodes.pending_xref):
        return node.get("reftype") == "term" and not isinstance(node.parent, nodes.strong)
    return isinstance(node, nodes.strong)


def _key(words: str) -> str:
    # one form of a word for its singular and its plural
    words = " ".join(words.casefold().split())
    return words[:-1] if words.endswith("s") and not words.endswith("ss") else words


def entries(env) -> list[Entry]:
    """All places for the index, in reading order; one for each term in a section."""
    objects = env.get_domain("std").objects
    terms = {_key(name): name for kind, name in objects if kind == "term"}
    glossaries = {page for (kind, _), (page, _) in objects.items() if kind == "term"}
    found, sections, defined = [], set(), set()
    for page in [page for page in env.collect_relations() if page not in glossaries]:
        mentions = env.metadata[page].get(KEY, [])
        for mention in sorted(mentions, key=lambda mention: not mention.bold):
            term = terms.get(_key(mention.words))
            here = page, mention.section, term
            if term and here not in sections:
                main = mention.bold and term not in defined
                found.append(Entry(term, main, page, mention))
                sections.add(here)
                defined |= {term} if main else set()
    return found


def show(app, doctree: nodes.document, docname: str) -> None:
    """Fill in the index of a page; on paper, mark its places and leave that page out."""
    if app.builder.format == "latex":
        _for_paper(app.env, doctree)
    else:
        for node in doctree.findall(TermIndex):
            node += _lists(app, docname)


def _for_paper(env, doctree: nodes.document) -> None:
    places = {(entry.page, entry.mention.anchor): entry for entry in entries(env)}
    for file in list(doctree.findall(addnodes.start_of_file)):
        if any(file.findall(TermIndex)):
            file.parent.remove(file)
        for node in list(file.findall(nodes.inline)) + list(file.findall(nodes.strong)):
            for anchor in node["ids"]:
                if entry := places.get((file["docname"], anchor)):
                    main = "main" if entry.main else ""
                    one = addnodes.index(entries=[("single", entry.term, "", main, None)])
                    node.parent.insert(node.parent.index(node), one)


def _lists(app, docname: str) -> Iterator[nodes.Node]:
    # a heading for each letter, and below it a line for each term
    glossary = {
        name: (page, anchor)
        for (kind, name), (page, anchor) in app.env.get_domain("std").objects.items()
        if kind == "term"
    }
    places: dict[str, list[Entry]] = {name: [] for name in sorted(glossary, key=str.casefold)}
    for entry in entries(app.env):
        places[entry.term].append(entry)
    for letter, names in groupby(places, key=lambda name: name[0].upper()):
        yield nodes.rubric("", letter)
        lines = nodes.bullet_list("", classes=["index-of-terms"])
        for name in names:
            links = [_link(app, docname, entry) for entry in places[name]]
            there, text = glossary[name], nodes.Text(name)
            term = make_refnode(app.builder, docname, *there, text)
            spaced = [part for link in links for part in (nodes.Text(" "), link)]
            lines += nodes.list_item("", nodes.paragraph("", "", term, *spaced))
        yield lines


def _link(app, docname: str, entry: Entry) -> nodes.Element:
    # the number of the section, or the title of a page that has none
    numbers = app.env.toc_secnumbers.get(entry.page, {})
    number = numbers.get(f"#{entry.mention.section}") or numbers.get("") or ()
    text = ".".join(map(str, number)) or app.env.titles[entry.page].astext()
    link = make_refnode(app.builder, docname, entry.page, entry.mention.anchor, nodes.Text(text))
    return nodes.strong("", "", link) if entry.main else link


def setup(app) -> None:
    """Register the transform and the directive."""
    app.add_transform(Mentions)
    app.add_directive("index-of-terms", IndexOfTerms)
    app.connect("doctree-resolved", show, priority=450)  # before paper is made of it
