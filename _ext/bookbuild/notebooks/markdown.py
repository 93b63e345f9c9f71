"""A page of the book as plain Markdown and the positions of its code cells.

The page comes as Sphinx's resolved doctree, so references, citations and glued values are words
already. Here stands what only this book has: numbers, captions, exercises, theorems, folds.
"""

from __future__ import annotations

from dataclasses import dataclass

from docutils import nodes

from bookbuild.notebooks.blocks import Blocks, CellAt, Fold, quoted
from bookbuild.notebooks.spans import Book, UnknownNodeError, as_html

UNSEEN = (nodes.target, nodes.comment)


@dataclass(frozen=True)
class Numbers:
    """How the site numbers the sections, figures, equations and exercises of one page."""

    sections: dict[str, tuple[int, ...]]
    figures: dict[str, dict[str, tuple[int, ...]]]

    def of(self, kind: str, ids: list[str]) -> str:
        """The number of what has one of these ids, such as "2.1"; empty when it has none."""
        known = self.figures.get(kind, {})
        found = next((known[name] for name in ids if name in known), ())
        return ".".join(map(str, found))

    def of_section(self, ids: list[str], top: bool) -> str:
        """The number of a section, such as "2.1 "; empty when it has none."""
        names = [""] if top else [f"#{name}" for name in ids]
        found = next((self.sections[name] for name in names if self.sections.get(name)), ())
        return ".".join(map(str, found)) + (". " if top and found else " " if found else "")


class Page(Blocks):
    """Turns one resolved doctree into blocks."""

    def __init__(self, numbers: Numbers, book: Book):
        super().__init__(book)
        self.numbers = numbers
        self.level = 0

    def block_section(self, node):
        self.level += 1
        yield from self.blocks(node)
        self.level -= 1

    def block_title(self, node):
        number = self.numbers.of_section(node.parent["ids"], top=self.level == 1)
        yield f"{'#' * self.level} {number}{self.inline(node)}"

    def block_math_block(self, node):
        body, number = node.astext().strip(), self.numbers.of("displaymath", node["ids"])
        if node.get("nowrap"):
            yield body  # \begin{align} and its kin bring their own displayed mathematics
        else:
            yield f"$$\n{body}\n\\tag{{{number}}}\n$$" if number else f"$$\n{body}\n$$"

    def block_table(self, node):
        if isinstance(node.children[0], nodes.title):
            number = self.numbers.of("table", node["ids"])
            yield f"**Table {number}.** {self.inline(node.children[0])}"
        yield self.rows_of(node)

    def block_figure(self, node):
        for image in node.findall(nodes.image):
            yield self.span_image(image)
        yield from self._captions(node)

    def _captions(self, node):
        for figure in node.findall(nodes.figure):
            number = self.numbers.of("figure", figure["ids"])
            for caption in figure.findall(nodes.caption):
                yield f"**{f'Figure {number}.' if number else 'Figure.'}** {self.inline(caption)}"

    def block_container(self, node):
        if "cell_index" in node:
            yield CellAt(int(node["cell_index"]), tuple(self._captions(node)))
        elif "design_component" in node:
            raise UnknownNodeError(f"no Markdown for the {node['design_component']}")
        else:
            yield from self.blocks(node)

    def block_compound(self, node):
        yield from self.blocks(node)

    block_glossary = block_compound

    def block_admonition(self, node):
        title, *rest = node.children
        words, text = self.inline(title), self.text(rest)
        if "dropdown" in node["classes"]:
            yield f"<details>\n<summary>{as_html(words)}</summary>\n\n{text}\n\n</details>"
        else:
            yield quoted(f"**{words}**\n\n{text}")

    def block_Admonition(self, node):
        if "realtype" in node:
            yield from self._theorem(node)
        else:  # note, warning, tip …: the kind is the title
            yield quoted(f"**{node.tagname.capitalize()}**\n\n{self.text(node.children)}")

    def _theorem(self, node):
        title, *rest = node.children
        number = self.numbers.of(node["countertype"], node["ids"])
        label = f"{node['realtype'].capitalize()} {number}{self.inline(title)}"
        yield from self._led(f"**{' '.join(label.split())}.**", rest)

    def block_proof_node(self, node):
        (inner,) = node.children
        first = next(iter(self.block(inner.children[0])))
        yield "**Proof.** " + first.removeprefix("Proof. ")
        for child in inner.children[1:]:
            yield from self.block(child)

    def block_exercise_node(self, node):
        title, *rest = node.children
        number = self.numbers.of("exercise", node["ids"])
        words = self.inline(title).strip().removeprefix("(").removesuffix(")")
        name = f"Exercise {number} ({words})" if number else f"Exercise: {words}"
        yield f"{'#' * (self.level + 1)} {name}"
        yield from self._content(rest)

    block_exercise_enumerable_node = block_exercise_node

    def block_solution_node(self, node):
        title, *rest = node.children
        number = self.numbers.of("exercise", [node.get("target_label", "")])
        words = f"Solution of exercise {number}" if number else self.inline(title)
        heading = f"{'#' * (self.level + 2)} {' '.join(words.split())}"
        yield Fold(heading) if _up_to_a_heading(node) else heading
        yield from self._content(rest)

    def _content(self, children):
        # these directives wrap what they hold in a section that is no section of the page
        for child in children:
            yield from self.blocks(child) if isinstance(child, nodes.section) else self.block(child)

    def _led(self, lead, children):
        first, *others = self._content(children)
        if isinstance(first, CellAt):
            yield from (lead, first, *others)
        else:
            yield from (f"{lead} {first}", *others)


def _up_to_a_heading(node: nodes.Element) -> bool:
    """Whether a heading comes next: else a fold would swallow what follows the solution."""
    siblings = node.parent.children
    after = [n for n in siblings[siblings.index(node) + 1 :] if not isinstance(n, UNSEEN)]
    kinds = ("section", "exercise_node", "exercise_enumerable_node")
    return not after or type(after[0]).__name__ in kinds
