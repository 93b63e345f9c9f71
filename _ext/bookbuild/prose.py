"""How the text of a page is set: negative numbers with a minus sign, asides on code apart.

An aside is a sentence in brackets, `` (`np.ptp` is the largest entry minus the smallest.) ``. The
site moves it into the margin where a window is wide enough; elsewhere it stays in its line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

BEGINS = re.compile(r"(?:^|(?<=[.?!:…]\s)|(?<=[.?!:…][”\"’)]\s))\((?=[^)]|$)")
ENDS = re.compile(r"(?<=[.?!”\"])\)")
BRACKET = re.compile(r"[()]")
NEGATIVE = re.compile(r"(?<![\w.-])-(?=\.?\d)")
GLUED = "pasted-text"  # the class that MyST-NB gives


class Minus(SphinxPostTransform):
    """Write glued numbers as formulas and axes do: Python puts a hyphen before them."""

    default_priority = 20  # after they stand in the text

    def run(self, **kwargs) -> None:
        """Treat every glued text of the page."""
        for glued in self.document.findall(nodes.inline):
            if GLUED in glued["classes"]:
                glued[:] = [nodes.Text(NEGATIVE.sub("\N{MINUS SIGN}", glued.astext()))]


class Asides(SphinxPostTransform):
    """Mark the asides of a page's paragraphs; exercises and boxes keep theirs in the line."""

    default_priority = 220  # after all that the text quotes stands in it
    builders = ("html",)

    def run(self, **kwargs) -> None:
        """Treat every paragraph that a section of the page holds itself."""
        for paragraph in list(self.document.findall(nodes.paragraph)):
            section = paragraph.parent
            if isinstance(section, nodes.section) and not _in_box(section):
                paragraph[:] = marked(paragraph.children)
                if all(
                    "aside" in getattr(n, "attributes", {}).get("classes", ()) for n in paragraph
                ):
                    paragraph["classes"].append("asides")


def _in_box(node: nodes.Node | None) -> bool:
    while node is not None:
        if isinstance(node, nodes.Admonition):
            return True
        node = node.parent
    return False


def marked(children: list[nodes.Node]) -> list[nodes.Node]:
    """The words of a paragraph, each aside in a node of its own, its brackets apart."""
    done: list[nodes.Node] = []
    rest = [*children]
    while rest:
        child = rest.pop(0)
        found = BEGINS.search(str(child)) if _plain(child) else None
        if not found:
            done.append(child)
            continue
        inside, after = _until_closed([nodes.Text(str(child)[found.end() :]), *rest])
        if any(isinstance(node, nodes.literal) for node in inside):
            done += _texts(str(child)[: found.start()])
            first, last = (nodes.inline("", bracket, classes=["bracket"]) for bracket in "()")
            done.append(nodes.inline("", "", first, *inside, last, classes=["aside"]))
            rest = after
        else:
            done += _texts(str(child)[: found.end()])
            rest = [*_texts(str(child)[found.end() :]), *rest]
    return done


def _until_closed(rest: list[nodes.Node]) -> tuple[list[nodes.Node], list[nodes.Node]]:
    # what a bracket holds and what follows it; nothing is held where no sentence ends in it
    depth = 1
    for at, child in enumerate(rest):
        for bracket in BRACKET.finditer(str(child)) if _plain(child) else ():
            depth += 1 if bracket[0] == "(" else -1
            if depth == 0:
                text, place = str(child), bracket.start()
                before = [*rest[:at], *_texts(text[:place])]
                if not ENDS.match(text, place):
                    return [], rest
                return before, [*_texts(text[place + 1 :]), *rest[at + 1 :]]
    return [], rest


def _plain(node: nodes.Node) -> bool:
    return isinstance(node, nodes.Text)


def _texts(text: str) -> Iterator[nodes.Text]:
    if text:
        yield nodes.Text(text)


def setup(app) -> None:
    """Register the transforms."""
    app.add_post_transform(Minus)
    app.add_post_transform(Asides)
