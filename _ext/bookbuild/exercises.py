"""How an exercise is named: "Exercise 1.2 Two layers are one · a proof, hard".

Sphinx-exercise puts the title in brackets, in which the kind of the exercise would have brackets
again. A solution, which follows its exercise, bears its number alone.
"""

from __future__ import annotations

import re

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx_exercise.nodes import is_exercise_node, is_solution_node

KIND = re.compile(r"\s*\(([^()]*)\)$")


class Titles(SphinxPostTransform):
    """Take the brackets from the titles, and set the kind apart."""

    default_priority = 23  # after sphinx-exercise has put them together

    def run(self, **kwargs) -> None:
        """Treat every exercise and solution of the page."""
        for node in self.document.findall(nodes.Admonition):
            if is_exercise_node(node):
                retitle(node[0])
            elif is_solution_node(node):
                node[0].next_node(nodes.reference)[1:] = []  # after "Exercise 1.2"


def retitle(title: nodes.title) -> None:
    """Write "Its title · a proof" for "(Its title (a proof))"."""
    texts = [str(child) for child in title]
    if " (" not in texts:
        return  # it has a number alone
    begin = texts.index(" (")
    title[begin:] = [nodes.Text(" "), *title[begin + 1 : -1]]
    words = title[-1]
    if isinstance(words, nodes.Text) and (kind := KIND.search(words)):
        told = nodes.inline("", kind[1], classes=["kind"])
        title[-1:] = [nodes.Text(f"{words[: kind.start()]} · "), told]


def setup(app) -> None:
    """Register the transform."""
    app.add_post_transform(Titles)
