"""A page of this book as the cells of a notebook.

The page comes as Sphinx's resolved doctree, so references, citations and glued values are words
already. Here is what only this book has: numbers, captions, exercises, theorems, folds.
"""

from __future__ import annotations

import mimetypes
import re
from html import escape
from itertools import chain, takewhile
from pathlib import Path

from docutils import nodes
from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell

from bookbuild.notebooks.cells import clean_cell
from bookbuild.notebooks.text import Block, Text, picture, plain, quoted

DOI = re.compile(r"\bdoi:(10\.\S+?)(?=[.,;]?(?:\s|$))")


class Page(Text):
    """Turns one page of a Sphinx builder, and the executed cells it shows, into blocks."""

    def __init__(self, builder, docname: str, doctree: nodes.document, executed: NotebookNode):
        self.builder, self.doctree, self.executed = builder, doctree, executed
        self.sections = builder.env.toc_secnumbers.get(docname, {})
        self.figures = builder.env.toc_fignumbers.get(docname, {})
        others = set(builder.chapters()) - {docname}
        self.notebooks = {builder.get_relative_uri(docname, other) for other in others}
        containers = doctree.findall(nodes.container)
        self.shown = {node["cell_index"] for node in containers if "cell_index" in node}
        self.cited: dict[str, str] = {}  # a work's full entry, and the page's own words for it
        self.level = 0

    def opened(self, note: str, setup: NotebookNode) -> list[Block]:
        """All blocks of the page, with a note and a cell that sets up below its title."""
        title, *rest = self.blocks(self.doctree.children)
        blocks = [title, note, setup, *self._left_out_after(-1), *rest]
        if self.cited:
            # the page's own words for a work, "Nielsen [2015]", sort by name and year
            works = sorted(self.cited, key=lambda work: self.cited[work].casefold())
            linked = [DOI.sub(r"[doi:\1](https://doi.org/\1)", plain(work)) for work in works]
            blocks += ["## References", "\n".join(f"* {work}" for work in linked)]
        return blocks

    def _left_out_after(self, index):
        # cells that the page leaves out come along: they check claims, later cells may need them
        cells = self.executed.cells
        found = takewhile(lambda i: i not in self.shown, range(index + 1, len(cells)))
        return [clean_cell(cells[i]) for i in found if cells[i].cell_type == "code"]

    def span_reference(self, node):
        words, target = self.inline(node), node.get("refuri", "")
        if entry := node.get("reftitle"):  # only citations have one
            self.cited[entry] = words
        elif re.match("https?:|mailto:", target):
            return f"[{words}]({target})"
        elif (path := target.split("#")[0]) in self.notebooks:
            return f"[{words}]({path})"
        return words

    def span_image(self, node):
        kind, _ = mimetypes.guess_type(node["uri"])
        data = Path(self.builder.srcdir, node["uri"]).read_bytes()
        return picture(kind, data, node.get("alt", ""))

    block_image = span_image

    def block_section(self, node):
        self.level += 1
        yield from self.blocks(node.children)
        self.level -= 1

    def block_title(self, node):
        if isinstance(node.parent, nodes.table):
            return self.block_caption(node)
        names = [""] if self.level == 1 else [f"#{name}" for name in node.parent["ids"]]
        number = numbered(self.sections, names)
        dot = "." if self.level == 1 else ""
        return f"{'#' * self.level} {f'{number}{dot} ' if number else ''}{self.inline(node)}"

    def _number(self, kind, ids):
        return numbered(self.figures.get(kind, {}), ids)

    def block_math_block(self, node):
        body, number = node.astext().strip(), self._number("displaymath", node["ids"])
        if node.get("nowrap"):
            return body  # \begin{align} and its kin bring their own displayed mathematics
        return f"$$\n{body}\n\\tag{{{number}}}\n$$" if number else f"$$\n{body}\n$$"

    def block_caption(self, node):
        kind = node.parent.tagname
        if kind not in ("figure", "table"):  # a listing
            return f"**{self.inline(node)}**"
        label = f"{kind.capitalize()} {self._number(kind, node.parent['ids'])}".strip()
        return f"**{label}.** {self.inline(node)}"

    def block_container(self, node):
        if "cell_index" in node:
            index = int(node["cell_index"])
            yield clean_cell(self.executed.cells[index])
            yield from self.blocks(node.findall(nodes.caption))
            yield from self._left_out_after(index)
        elif "design_component" in node:
            raise ValueError(f"no Markdown for the {node['design_component']}")
        else:
            yield from self.blocks(node.children)

    def block_admonition(self, node):
        title, *rest = node.children
        words, text = self.inline(title), self.text(rest)
        if "dropdown" in node["classes"]:
            return f"<details>\n<summary>{as_html(words)}</summary>\n\n{text}\n\n</details>"
        return quoted(f"**{words}**\n\n{text}")

    def block_Admonition(self, node):
        if "realtype" not in node:  # note, warning, tip …: the kind is the title
            return quoted(f"**{node.tagname.capitalize()}**\n\n{self.text(node.children)}")
        title, *rest = node.children
        number = self._number(node["countertype"], node["ids"])
        label = f"{node['realtype'].capitalize()} {number}{self.inline(title)}"
        return f"**{' '.join(label.split())}.** {self.text(_unwrapped(rest))}"

    def block_proof_node(self, node):
        (inner,) = node.children
        return f"**Proof.** {self.text(inner.children).removeprefix('Proof. ')}"

    def block_exercise_node(self, node):
        title, *rest = node.children
        number = self._number("exercise", node["ids"])
        words = self.inline(title).strip().removeprefix("(").removesuffix(")")
        name = f"Exercise {number} ({words})" if number else f"Exercise: {words}"
        return [f"{'#' * (self.level + 1)} {name}", *self.blocks(_unwrapped(rest))]

    block_exercise_enumerable_node = block_exercise_node

    def block_solution_node(self, node):
        title, *rest = node.children
        number = self._number("exercise", [node.get("target_label", "")])
        words = f"Solution of exercise {number}" if number else self.inline(title)
        heading = f"{'#' * (self.level + 2)} {' '.join(words.split())}"
        if _before_a_heading(node):
            heading = new_markdown_cell(heading, metadata={"jp-MarkdownHeadingCollapsed": True})
        return [heading, *self.blocks(_unwrapped(rest))]


def numbered(numbers: dict[str, tuple[int, ...]], names: list[str]) -> str:
    """The number of what has one of these names, such as "2.1"; empty when it has none."""
    return next((".".join(map(str, numbers[name])) for name in names if numbers.get(name)), "")


def as_html(text: str) -> str:
    """Inline Markdown in the HTML that a summary line needs."""
    text = re.sub(r"(`+) ?(.+?) ?\1", lambda m: f"<code>{escape(m[2], quote=False)}</code>", text)
    text = re.sub(r"\*\*(.+?)\*\*", r"<strong>\1</strong>", text)
    text = re.sub(r"(?<![\\*])\*(.+?)(?<!\\)\*", r"<em>\1</em>", text)
    return re.sub(r"\\([`*~_$])", r"\1", text)


def _unwrapped(children):
    # theorems and exercises wrap what they hold in a section that is no section of the page
    inside = (n.children if isinstance(n, nodes.section) else [n] for n in children)
    return chain.from_iterable(inside)


def _before_a_heading(node: nodes.Element) -> bool:
    """Whether a heading comes next: else a fold would swallow what follows the solution."""
    after = node.parent[node.parent.index(node) + 1 :]
    seen = next((n for n in after if not isinstance(n, nodes.Invisible)), None)
    kinds = ("section", "exercise_node", "exercise_enumerable_node")
    return seen is None or type(seen).__name__ in kinds
