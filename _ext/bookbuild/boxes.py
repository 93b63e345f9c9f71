"""The boxes of the printed book: one look for each kind, drawn by `bookbox` of `assets/book.sty`.

Sphinx's own box does not break a long title, and it is the same for everything.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from docutils import nodes
from sphinx import addnodes
from sphinx_exercise.nodes import is_exercise_node
from sphinx_proof.nodes import proof_node

FILES = (nodes.section, addnodes.start_of_file)
KINDS = ("misconception", "recall")  # classes of admonitions that look like nothing else


def raw(command: str) -> nodes.raw:
    """LaTeX as it stands."""
    return nodes.raw("", command, format="latex")


def within(begin: str, words: Iterable[nodes.Node], end: str) -> nodes.inline:
    """Words in the argument of a command."""
    return nodes.inline("", "", raw(begin), *words, raw(end))


def label(page: str, name: str) -> str:
    """The label that Sphinx gives to a name of a page; a single character for TeX."""
    return rf"\detokenize{{{page}:{name}}}"


def inside(children: Iterable[nodes.Node]) -> list[nodes.Node]:
    """What exercises and theorems hold: they wrap it in a section that is none of the page."""
    wrapped = (n.children if isinstance(n, nodes.section) else [n] for n in children)
    return [node for group in wrapped for node in group]


def draw(doctree: nodes.document, numbers: Mapping[str, Mapping]) -> None:
    """Write all boxes of the book with `bookbox`; `numbers` are Sphinx's of each page."""
    for node in list(doctree.findall(_is_box)):
        page = _page(node)
        if isinstance(node, proof_node):
            node.replace_self([*inside(node[0].children), raw(r"\hfill$\square$\par\medskip")])
        elif is_exercise_node(node):
            _replace(node, "exercise", f"exercise:{node['label']}")
        elif kind := node.get("realtype"):  # a theorem and its kin
            number = numbers.get(page, {}).get(node["countertype"], {}).get(node["ids"][0], ())
            node[0].insert(0, nodes.Text(f"{kind.title()} {'.'.join(map(str, number))}"))
            _replace(node, "theorem", label(page, node["label"]))
        else:
            kind = next((kind for kind in KINDS if kind in node["classes"]), "note")
            _replace(node, kind, *(label(page, name) for name in node["ids"]))


def _is_box(node: nodes.Node) -> bool:
    if not isinstance(node, nodes.Admonition) or isinstance(node.parent, proof_node):
        return False
    own = isinstance(node, nodes.admonition | proof_node) or is_exercise_node(node)
    return own or "realtype" in node


def _page(node: nodes.Node) -> str:
    # Sphinx names the page in its sections, and leaves their parents as they were
    while node and not (isinstance(node, FILES) and "docname" in node):
        node = node.parent
    return node["docname"] if node else ""


def _replace(node: nodes.Element, kind: str, *labels: str) -> None:
    at = node.first_child_matching_class(nodes.title)
    named = "".join(rf"\phantomsection\label{{{name}}}" for name in labels)
    title = within(rf"{named}\begin{{bookbox}}{{{kind}}}{{", node[at].children, "}")
    rest = [*node[:at], *node[at + 1 :]]
    node.replace_self([title, *inside(rest), raw(r"\end{bookbox}")])
