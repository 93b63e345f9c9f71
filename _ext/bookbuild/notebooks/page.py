"""A page of this book as the cells of a notebook.

The page comes as Sphinx's resolved doctree, so references, citations and glued values are words
already. Here is what only this book has: numbers, tables, exercises, theorems, folds.
"""

from __future__ import annotations

import re
from html import escape
from itertools import chain, takewhile

from docutils import nodes
from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell

from bookbuild.notebooks.cells import clean_cell
from bookbuild.notebooks.text import Block, Text, plain, quoted

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

    def block_section(self, node):
        self.level += 1
        yield from self.blocks(node.children)
        self.level -= 1

    def block_title(self, node):
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
        label = f"{kind.capitalize()} {self._number(kind, node.parent['ids'])}".strip()
        return f"**{label}.** {self.inline(node)}"

    def block_table(self, node):
        yield from map(self.block_caption, node.findall(nodes.title))
        rows = [[*map(self._entry, row.children)] for row in node.findall(nodes.row)]
        head, *body = [f"| {' | '.join(row)} |" for row in rows]
        yield "\n".join([head, "|" + "---|" * len(rows[0]), *body])

    def _entry(self, entry):
        text = self.text(entry.children)
        if "morecols" in entry or "morerows" in entry or re.search(r"\n|\|", text):
            raise ValueError(f"a table's entry has a bar, or several lines or cells: {text!r}")
        return text

    def block_container(self, node):
        if "cell_index" not in node:
            raise ValueError(f"no Markdown for the container {node.attributes}")
        index = int(node["cell_index"])
        yield clean_cell(self.executed.cells[index])
        yield from self.blocks(node.findall(nodes.caption))
        yield from self._left_out_after(index)

    def block_fold(self, node):
        if node.get("paper"):  # else it holds a part of a cell that stands here whole
            text = self.text(node.children)
            yield f"<details>\n<summary>{node['title']}</summary>\n\n{text}\n\n</details>"

    def block_admonition(self, node):
        title, *rest = node.children
        text = self.text(rest)
        if "dropdown" not in node["classes"]:
            return quoted(f"**{self.inline(title)}**\n\n{text}")
        # Jupyter reads formulas there, but no Markdown
        words = (
            self.span_math(n) if isinstance(n, nodes.math) else escape(n.astext(), quote=False)
            for n in title
        )
        return f"<details>\n<summary>{''.join(words)}</summary>\n\n{text}\n\n</details>"

    def block_theorem_node(self, node):
        title, *rest = node.children
        label = f"Theorem {self._number('theorem', node['ids'])}{self.inline(title)}"
        return f"**{' '.join(label.split())}.** {self.text(_unwrapped(rest))}"

    def block_proof_node(self, node):
        (inner,) = node.children
        return f"**Proof.** {self.text(inner.children).removeprefix('Proof. ')}"

    def block_exercise_enumerable_node(self, node):
        title, *rest = node.children
        number = self._number("exercise", node["ids"])
        heading = f"{'#' * (self.level + 1)} Exercise {number} {self.inline(title).strip()}"
        return [heading, *self.blocks(_unwrapped(rest))]

    def block_solution_node(self, node):
        number = self._number("exercise", [node["target_label"]])
        heading = f"{'#' * (self.level + 2)} Solution of exercise {number}"
        after = node.parent[node.parent.index(node) + 1 :]
        seen = next((n for n in after if not isinstance(n, nodes.Invisible)), None)
        # before anything but a heading, a fold would swallow what follows the solution
        if seen is None or type(seen).__name__ in ("section", "exercise_enumerable_node"):
            heading = new_markdown_cell(heading, metadata={"jp-MarkdownHeadingCollapsed": True})
        return [heading, *self.blocks(_unwrapped(node.children[1:]))]


def numbered(numbers: dict[str, tuple[int, ...]], names: list[str]) -> str:
    """The number of what has one of these names, such as "2.1"; empty when it has none."""
    return next((".".join(map(str, numbers[name])) for name in names if numbers.get(name)), "")


def _unwrapped(children):
    # theorems and exercises wrap what they hold in a section that is no section of the page
    inside = (n.children if isinstance(n, nodes.section) else [n] for n in children)
    return chain.from_iterable(inside)
