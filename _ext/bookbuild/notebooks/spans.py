"""The inline part of a page as Markdown: words, code, mathematics, references."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from docutils import nodes


class UnknownNodeError(Exception):
    """A kind of node that has no Markdown yet."""


class Spans:
    """Turns inline nodes into text; `links` says which link targets are notebooks."""

    def __init__(self, links: Callable[[str], bool]):
        self.links = links
        self.cited: dict[str, None] = {}  # the full entries of the works cited, in order

    def inline(self, node: nodes.Element) -> str:
        """The words inside `node` as one text."""
        return "".join(map(self.span, node.children))

    def span(self, node: nodes.Node) -> str:
        """One inline node as text."""
        for kind in type(node).__mro__:
            if method := getattr(self, f"span_{kind.__name__}", None):
                return method(node)
        raise UnknownNodeError(
            f"no Markdown for the inline {node.tagname!r}: {node.astext()[:60]!r}"
        )

    def span_Text(self, node):
        return str(node)

    def span_strong(self, node):
        return f"**{self.inline(node)}**"

    def span_emphasis(self, node):
        return f"*{self.inline(node)}*"

    def span_literal(self, node):
        text = node.astext()
        fence = "``" if "`" in text else "`"
        gap = " " if text[:1] == "`" or text[-1:] == "`" else ""
        return f"{fence}{gap}{text}{gap}{fence}"

    def span_math(self, node):
        return f"${node.astext().strip()}$"

    def span_inline(self, node):
        return self.inline(node)

    span_subscript = span_superscript = span_generated = span_inline
    span_abbreviation = span_inline

    def span_reference(self, node):
        words, target = self.inline(node), node.get("refuri", "")
        if title := node.get("reftitle"):
            self.cited[title] = None
            return words
        if urlsplit(target).scheme in ("http", "https", "mailto"):
            return f"[{words}]({target})"
        path = target.split("#")[0]
        return f"[{words}]({path})" if path and self.links(path) else words

    def span_number_reference(self, node):
        return self.inline(node)

    def span_raw(self, node):
        return ""  # HTML or LaTeX for one builder alone: the words around it stay

    def span_image(self, node):
        return f"*{node.get('alt', '')}*"

    def span_target(self, node):
        return self.inline(node)

    def span_footnote_reference(self, node):
        return f"[{node.astext()}]"
