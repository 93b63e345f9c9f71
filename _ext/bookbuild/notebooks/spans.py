"""The inline part of a page as Markdown: words, code, mathematics, references."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from html import escape

from docutils import nodes

# characters that Markdown would take for markup; an underscore within a word is none
MARKUP = re.compile(r"\\(?=[!-/:-@\[-`{-~])|[`*$~]|(?<!\w)_|_(?!\w)|<(?=[\w/!?])|&(?=#?\w+;)")


class UnknownNodeError(Exception):
    """A kind of node that has no Markdown yet."""


@dataclass
class Book:
    """What a page asks of the book around it, and what it reports back."""

    is_notebook: Callable[[str], bool]  # whether a link's target is one of the notebooks
    image: Callable[[str, str], str]  # the HTML of an image, from its address and its alt text
    cited: dict[str, str] = field(default_factory=dict)  # the full entries of works cited


class Spans:
    """Turns inline nodes into text."""

    def __init__(self, book: Book):
        self.book = book

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
        return plain(str(node))

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
        return f"${' '.join(node.astext().split())}$"

    def span_inline(self, node):
        return self.inline(node)

    span_generated = span_abbreviation = span_number_reference = span_target = span_inline

    def span_subscript(self, node):
        return f"<sub>{self.inline(node)}</sub>"

    def span_superscript(self, node):
        return f"<sup>{self.inline(node)}</sup>"

    def span_footnote_reference(self, node):
        return f"<sup>{node.astext()}</sup>"

    def span_reference(self, node):
        words, target = self.inline(node), node.get("refuri", "")
        if entry := node.get("reftitle"):  # only citations have one
            self.book.cited[entry] = words
            return words
        if re.match("https?:|mailto:", target):
            return f"[{words}]({target})"
        path = target.split("#")[0]
        return f"[{words}]({path})" if self.book.is_notebook(path) else words

    def span_raw(self, node):
        # a link typed as HTML leads to another file of the site: its words stay
        html = node["format"] == "html" and not re.match("</?a[ >]", node.astext())
        return node.astext() if html else ""

    def span_image(self, node):
        return self.book.image(node["uri"], node.get("alt", ""))

    def span_index(self, node):
        return ""


def plain(text: str) -> str:
    """Words that Markdown leaves as they are."""
    text = MARKUP.sub(r"\\\g<0>", text)
    return text.replace(r"\$", r"<span>\$</span>")  # Jupyter pairs even escaped ones


def picture(kind: str, data: bytes, alt: str) -> str:
    """An image with its data inside, as HTML: Jupyter takes no SVG in a Markdown image."""
    source = f"data:{kind};base64,{base64.b64encode(data).decode()}"
    return f'<img alt="{escape(alt)}" src="{source}">'


def as_html(text: str) -> str:
    """Inline Markdown in the HTML that a summary line needs."""
    text = re.sub(r"(`+) ?(.+?) ?\1", lambda m: f"<code>{escape(m[2], quote=False)}</code>", text)
    text = re.sub(r"\*\*(.+?)\*\*", r"<strong>\1</strong>", text)
    text = re.sub(r"(?<![\\*])\*(.+?)(?<!\\)\*", r"<em>\1</em>", text)
    return re.sub(r"\\([`*~_$])", r"\1", text)
