"""A page of the book as plain Markdown and the positions of its code cells.

The page comes as Sphinx's resolved doctree, so references, citations and glued values are words
already. A kind of node that nobody wrote a line for is an error: nothing is dropped in silence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from docutils import nodes

from bookbuild.notebooks.spans import Spans, UnknownNodeError


@dataclass(frozen=True)
class CellAt:
    """The code cell at this position of the executed notebook, and the words to set under it."""

    index: int
    captions: tuple[str, ...] = ()


Block = str | CellAt


@dataclass(frozen=True)
class Numbers:
    """How the site numbers the sections, figures, equations and exercises of one page."""

    sections: dict[str, tuple[int, ...]]
    figures: dict[str, dict[str, tuple[int, ...]]]

    def of(self, kind: str, node: nodes.Element) -> str:
        """The number of a node, such as "2.1"; empty when it has none."""
        known = self.figures.get(kind, {})
        found = next((known[name] for name in node["ids"] if name in known), ())
        return ".".join(map(str, found))

    def of_section(self, node: nodes.Element, top: bool) -> str:
        """The number of a section, such as "2.1 "; empty when it has none."""
        names = [""] if top else [f"#{name}" for name in node["ids"]]
        found = next((self.sections[name] for name in names if self.sections.get(name)), ())
        return ".".join(map(str, found)) + (". " if top and found else " " if found else "")


class Page(Spans):
    """Turns one resolved doctree into blocks."""

    def __init__(self, numbers: Numbers, links: Callable[[str], bool]):
        super().__init__(links)
        self.numbers = numbers
        self.level = 0

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

    def text(self, children: Iterable[nodes.Node]) -> str:
        """The blocks of `children` as one Markdown text; code cells cannot stand there."""
        found = [block for child in children for block in self.block(child)]
        if any(isinstance(block, CellAt) for block in found):
            raise UnknownNodeError("a code cell stands inside a list, a table or an admonition")
        return "\n\n".join(found)

    def block_section(self, node):
        self.level += 1
        yield from self.blocks(node)
        self.level -= 1

    def block_title(self, node):
        number = self.numbers.of_section(node.parent, top=self.level == 1)
        yield f"{'#' * self.level} {number}{self.inline(node)}"

    def block_paragraph(self, node):
        lines = (" ".join(line.split()) for line in self.inline(node).split("\n"))
        yield "\n".join(filter(None, lines))

    def block_literal_block(self, node):
        language = node.get("language", "").replace("ipython3", "python")
        yield f"```{language}\n{node.astext().rstrip()}\n```"

    def block_math_block(self, node):
        number = self.numbers.of("displaymath", node)
        body = node.astext().strip()
        yield f"$$\n{body}\n\\tag{{{number}}}\n$$" if number else f"$$\n{body}\n$$"

    def block_bullet_list(self, node):
        yield self._list(node, lambda i: "* ")

    def block_enumerated_list(self, node):
        start = node.get("start", 1)
        yield self._list(node, lambda i: f"{start + i}. ")

    def _list(self, node, mark):
        items = []
        for i, item in enumerate(node.children):
            text = self.text(item.children).replace("\n", "\n" + " " * len(mark(i)))
            items.append(mark(i) + text)
        loose = any("\n\n" in item for item in items)
        return ("\n\n" if loose else "\n").join(items)

    def block_definition_list(self, node):
        for item in node.children:
            terms = [self.inline(part) for part in item.findall(nodes.term)]
            (definition,) = item.findall(nodes.definition)
            text = self.text(definition.children).replace("\n", "\n  ")
            yield f"* **{', '.join(terms)}**: {text}"

    def block_block_quote(self, node):
        yield _quoted(self.text(node.children))

    def block_transition(self, node):
        yield "---"

    def block_admonition(self, node):
        title, *rest = node.children
        words, text = self.inline(title), self.text(rest)
        if "dropdown" in node["classes"]:
            yield f"<details>\n<summary>{words}</summary>\n\n{text}\n\n</details>"
        else:
            yield _quoted(f"**{words}**\n\n{text}")

    def block_Admonition(self, node):  # note, warning, tip …: the kind is the title
        yield _quoted(f"**{node.tagname.capitalize()}**\n\n{self.text(node.children)}")

    def block_table(self, node):
        title = next(iter(node.findall(nodes.title)), None)
        if title is not None:
            yield f"**{self.inline(title)}**"
        rows = [[self._entry(entry) for entry in row.children] for row in node.findall(nodes.row)]
        head, *body = [f"| {' | '.join(row)} |" for row in rows]
        yield "\n".join([head, "|" + "---|" * len(rows[0]), *body])

    def _entry(self, entry):
        return (
            self.text(entry.children).replace("\n\n", "<br>").replace("\n", " ").replace("|", "\\|")
        )

    def block_figure(self, node):
        (image,) = node.findall(nodes.image)
        yield f"*{image.get('alt', '')}*"
        yield from self._captions(node)

    def _captions(self, node):
        for figure in node.findall(nodes.figure):
            number = self.numbers.of("figure", figure)
            for caption in figure.findall(nodes.caption):
                yield f"**{f'Figure {number}.' if number else 'Figure.'}** {self.inline(caption)}"

    def block_container(self, node):
        if "cell_index" in node:
            yield CellAt(int(node["cell_index"]), tuple(self._captions(node)))
        else:
            yield from self.blocks(node)

    block_compound = block_container
    block_glossary = block_container

    def block_exercise_node(self, node):
        title, *rest = node.children
        number = self.numbers.of("exercise", node)
        yield f"**Exercise {number}.** *{self.inline(title).strip(' ()')}*"
        for child in rest:
            yield from self._content(child)

    block_exercise_enumerable_node = block_exercise_node

    def block_solution_node(self, node):
        title, *rest = node.children
        words = " ".join(self.inline(title).split()).replace("( ", "(").replace(" )", ")")
        yield f"**{words}**"
        for child in rest:
            yield from self._content(child)

    def _content(self, node):
        # the directive wraps its content in a section that is no section of the page
        yield from self.blocks(node) if isinstance(node, nodes.section) else self.block(node)

    def block_proof_node(self, node):
        title, *rest = node.children
        kind = node["classes"][-1] if node.get("classes") else "theorem"
        number = self.numbers.of(node.tagname, node)
        label = f"{kind.capitalize()} {number}".strip()
        yield f"**{label}.** {self.inline(title).strip()}".strip()
        for child in rest:
            yield from self._content(child)

    def block_citation(self, node):
        yield f"* {self.text(node.children[1:])}"

    def block_footnote(self, node):
        label, *rest = node.children
        yield f"[{label.astext()}] {self.text(rest)}"

    def _nothing(self, node):
        return iter(())

    block_target = block_raw = block_comment = block_index = block_toctree = _nothing
    block_substitution_definition = block_system_message = _nothing


def _quoted(text: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in text.split("\n"))
