"""The blocks that any text has, as Markdown: paragraphs, lists, tables, quotations, listings.

A kind of node that nobody wrote a line for is an error: nothing is dropped in silence.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from docutils import nodes

from bookbuild.notebooks.spans import Spans, UnknownNodeError

BLOCK_MARK = re.compile(r"^(\d+)([.)])(?=\s|$)|^([-+#>=])", re.M)
DISPLAYED = re.compile(r"^\$\$\n(.*?)\n\$\$$", re.M | re.S)
INLINE_MATH = re.compile(r"(?<!\\)\$[^$]+\$")


@dataclass(frozen=True)
class CellAt:
    """The code cell at this position of the executed notebook, and the words to set under it."""

    index: int
    captions: tuple[str, ...] = ()


@dataclass(frozen=True)
class Fold:
    """A heading under which everything is folded away until the reader opens it."""

    heading: str


Block = str | CellAt | Fold


class Blocks(Spans):
    """Turns block-level nodes into blocks."""

    def blocks(self, node: nodes.Element) -> Iterator[Block]:
        """The blocks of everything inside `node`."""
        for child in node.children:
            yield from self.block(child)

    def block(self, node: nodes.Node) -> Iterator[Block]:
        """The blocks of one block-level node."""
        for kind in type(node).__mro__:
            if method := getattr(self, f"block_{kind.__name__}", None):
                yield from method(node)
                return
        raise UnknownNodeError(
            f"no Markdown for the block {node.tagname!r}: {node.astext()[:60]!r}"
        )

    def text(self, children: Iterable[nodes.Node], gap: str = "\n\n") -> str:
        """The blocks of `children` as one Markdown text; code cells cannot stand there."""
        found = [block for child in children for block in self.block(child)]
        if not all(isinstance(block, str) for block in found):
            raise UnknownNodeError("a code cell stands inside a list, a table or an admonition")
        return gap.join(found)

    def block_paragraph(self, node):
        lines = (" ".join(line.split()) for line in self.inline(node).split("\n"))
        text = "\n".join(filter(None, lines))
        yield BLOCK_MARK.sub(lambda m: f"{m[1]}\\{m[2]}" if m[1] else f"\\{m[3]}", text)

    def block_line_block(self, node):
        yield "  \n".join(map(self.inline, node.children))

    def block_rubric(self, node):
        yield f"**{self.inline(node)}**"

    block_caption = block_rubric

    def block_literal_block(self, node):
        language = node.get("language", "").replace("ipython3", "python")
        text = node.astext().rstrip()
        fence = max(["```", *(run + "`" for run in re.findall("`{3,}", text))], key=len)
        yield f"{fence}{'' if language in ('none', 'default') else language}\n{text}\n{fence}"

    def block_bullet_list(self, node):
        yield self._list(node, lambda i: "* ")

    def block_enumerated_list(self, node):
        start = node.get("start", 1)
        yield self._list(node, lambda i: f"{start + i}. ")

    def _list(self, node, mark):
        tight = all(map(_is_tight, node.children))
        items = []
        for i, item in enumerate(node.children):
            text = self.text(item.children, "\n" if tight else "\n\n")
            items.append(mark(i) + _indented(text, len(mark(i))))
        return ("\n" if tight else "\n\n").join(items)

    def block_definition_list(self, node):
        for item in node.children:
            *terms, definition = item.children
            text = _indented(self.text(definition.children), 2)
            yield f"* **{', '.join(map(self.inline, terms))}**: {text}"

    def block_block_quote(self, node):
        yield quoted(self.text(node.children))

    def block_transition(self, node):
        yield "---"

    def rows_of(self, table: nodes.table) -> str:
        """A table's rows; the first one is the head, as Markdown wants it."""
        rows = [[self._entry(entry) for entry in row.children] for row in table.findall(nodes.row)]
        head, *body = [f"| {' | '.join(row)} |" for row in rows]
        return "\n".join([head, "|" + "---|" * len(rows[0]), *body])

    def _entry(self, entry):
        if "morecols" in entry or "morerows" in entry:
            raise UnknownNodeError("a table's entry spans several columns or rows")
        text = self.text(entry.children).replace("\n\n", "<br>").replace("\n", " ")
        # Jupyter sets the mathematics apart before it looks for the bars of a table
        text = INLINE_MATH.sub(lambda m: re.sub(r"\\\||\|", _bar, m[0]), text)
        return text.replace("|", "\\|")

    def block_footnote(self, node):
        label, *rest = node.children
        yield f"<sup>{label.astext()}</sup> {self.text(rest)}"

    def block_citation(self, node):
        yield f"* {self.text(node.children[1:])}"

    def block_image(self, node):
        yield self.span_image(node)

    def block_raw(self, node):
        # what is for LaTeX alone stays there, and a script is for the site alone
        if node["format"] == "html" and "<script" not in node.astext():
            yield node.astext()

    def _nothing(self, node):
        return iter(())

    block_target = block_comment = block_index = block_substitution_definition = _nothing


def quoted(text: str) -> str:
    """A Markdown text as a block quote, each displayed formula on one line of its own.

    Jupyter would read the quote's marks at the beginning of further lines as mathematics.
    """
    text = DISPLAYED.sub(lambda m: f"$${' '.join(m[1].split())}$$", text)
    return "\n".join(f"> {line}".rstrip() for line in text.split("\n"))


def _is_tight(item: nodes.list_item) -> bool:
    first, *others = [type(child) for child in item.children] or [None]
    return first is nodes.paragraph and all(issubclass(kind, nodes.Sequential) for kind in others)


def _indented(text: str, width: int) -> str:
    return re.sub(r"\n(?=[^\n])", "\n" + " " * width, text)


def _bar(match: re.Match) -> str:
    return r"\Vert{}" if match[0] == r"\|" else r"\vert{}"
