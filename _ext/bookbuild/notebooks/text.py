"""What any text has, as Markdown: words, mathematics, lists, listings.

A kind of node that nobody wrote a method for is an error: nothing is dropped in silence.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import count, repeat
from textwrap import indent

from docutils import nodes
from nbformat import NotebookNode

# characters that Markdown would take for markup; an underscore within a word is none
MARKUP = re.compile(r"\\(?=[!-/:-@\[-`{-~])|[`*$~]|(?<!\w)_|_(?!\w)|<(?=[\w/!?])|&(?=#?\w+;)")
BLOCK_MARK = re.compile(r"^(\d+)([.)])(?=\s|$)|^([-+#>=])", re.M)
DISPLAYED = re.compile(r"^\$\$\n(.*?)\n\$\$$", re.M | re.S)

Block = str | NotebookNode  # some Markdown, or a whole cell


def wrapped(form: str) -> Callable:
    """Make a method that puts the words inside a node into `form`."""
    return lambda self, node: form.format(self.inline(node))


class Text:
    """Turns docutils nodes into Markdown; ValueError names a node that has none yet.

    A method `span_…` returns text; a method `block_…` returns one block, or an iterable of them.
    """

    def _write(self, level: str, node: nodes.Node):
        for kind in type(node).__mro__:
            if method := getattr(self, f"{level}_{kind.__name__}", None):
                return method(node)
        raise ValueError(f"no Markdown for the {level} {node.tagname!r}: {node.astext()[:60]!r}")

    def inline(self, node: nodes.Element) -> str:
        """The words inside `node` as one text."""
        return "".join(self._write("span", child) for child in node.children)

    def blocks(self, children: Iterable[nodes.Node]) -> Iterator[Block]:
        """The blocks that `children` become."""
        for child in children:
            written = self._write("block", child)
            yield from filter(None, [written] if isinstance(written, str) else written)

    def text(self, children: Iterable[nodes.Node], gap: str = "\n\n") -> str:
        """The blocks of `children` as one Markdown text; code cells cannot stand there."""
        found = [*self.blocks(children)]
        if not all(isinstance(block, str) for block in found):
            raise ValueError("a code cell stands inside a list, a table or an admonition")
        return gap.join(found)

    span_strong = wrapped("**{}**")
    span_emphasis = wrapped("*{}*")
    span_inline = span_number_reference = wrapped("{}")
    span_subscript, span_superscript = wrapped("<sub>{}</sub>"), wrapped("<sup>{}</sup>")
    span_index = block_index = block_target = block_comment = wrapped("")
    block_transition = wrapped("---")

    def span_Text(self, node):
        return plain(str(node))

    def span_literal(self, node):
        text = node.astext()
        fence = "``" if "`" in text else "`"
        gap = " " if text[:1] == "`" or text[-1:] == "`" else ""
        return f"{fence}{gap}{text}{gap}{fence}"

    def span_math(self, node):
        return f"${' '.join(node.astext().split())}$"

    def span_raw(self, node):
        html = node.astext() if node["format"] == "html" else ""  # LaTeX's own stays there
        # links typed as HTML lead to other files of the site, and scripts run there alone
        return "" if "<script" in html or re.fullmatch(r"</?a\b[^>]*>", html) else html

    block_raw = span_raw

    def block_compound(self, node):
        return self.blocks(node.children)

    block_glossary = block_compound

    def block_definition_list(self, node):
        for *terms, definition in (item.children for item in node.children):
            text = indent(self.text(definition.children), "  ").lstrip()
            yield f"* **{', '.join(map(self.inline, terms))}**: {text}"

    def block_paragraph(self, node):
        lines = (" ".join(line.split()) for line in self.inline(node).split("\n"))
        return BLOCK_MARK.sub(r"\1\\\2\3", "\n".join(filter(None, lines)))

    def block_literal_block(self, node):
        language = node.get("language", "").replace("ipython3", "python")
        text = node.astext().rstrip()
        fence = max(["```", *(run + "`" for run in re.findall("`{3,}", text))], key=len)
        return f"{fence}{'' if language in ('none', 'default') else language}\n{text}\n{fence}"

    def block_bullet_list(self, node, first=None):
        marks = repeat("* ") if first is None else (f"{number}. " for number in count(first))
        gap = "\n" if all(len(item) == 1 for item in node.children) else "\n\n"
        return gap.join(
            mark + indent(self.text(item.children, gap), " " * len(mark)).lstrip()
            for mark, item in zip(marks, node.children, strict=False)
        )

    def block_enumerated_list(self, node):
        return self.block_bullet_list(node, node.get("start", 1))

    def block_block_quote(self, node):
        return quoted(self.text(node.children))

    def block_note(self, node):
        return quoted(f"**{node.tagname.capitalize()}**\n\n{self.text(node.children)}")

    block_tip = block_hint = block_important = block_warning = block_note


def plain(text: str) -> str:
    """Escape words so that Markdown leaves them as they are."""
    text = MARKUP.sub(r"\\\g<0>", text)
    return text.replace(r"\$", r"<span>\$</span>")  # Jupyter pairs even escaped ones


def quoted(text: str) -> str:
    """A Markdown text as a block quote, each displayed formula on one line of its own.

    Jupyter would read the quote's marks at the beginning of further lines as mathematics.
    """
    text = DISPLAYED.sub(lambda m: f"$${' '.join(m[1].split())}$$", text)
    return "\n".join(f"> {line}".rstrip() for line in text.split("\n"))
