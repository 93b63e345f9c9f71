"""Hints and answers of the printed book: they move to its end, where they cannot be read too soon.

Each exercise and each question names the pages of its hints and its answer, and each of these names
the page from which it came.
"""

from __future__ import annotations

from collections.abc import Iterator

from docutils import nodes
from sphinx import addnodes
from sphinx_exercise.nodes import is_exercise_node, is_solution_node

from bookbuild.boxes import inside, label, raw, within

TITLE = "Hints and answers"
KINDS = ("Hints", "Answers")


class Entry(nodes.container):
    """A hint or an answer: `kind`, `name`, `source` (a label), `words`, and `asked`, a node."""


def gather(doctree: nodes.document, titles: dict[str, str]) -> nodes.section | None:
    """Take hints and answers out of the book; return the chapter that holds them, if any.

    `titles` holds the name of each page's chapter, such as "Chapter 1: Digits".
    """
    found = {kind: nodes.section("", nodes.title("", kind), ids=[kind.lower()]) for kind in KINDS}
    for file in doctree.findall(addnodes.start_of_file):
        page, entries = file["docname"], [*_taken(file)]
        _name_pages(entries)
        for kind, section in found.items():
            if of_kind := [entry for entry in entries if entry["kind"] == kind]:
                title = nodes.title("", titles[page])
                # the labels in what moves belong to the page from which it came
                moved = addnodes.start_of_file("", *_written(of_kind), docname=page)
                section += nodes.section("", title, moved, ids=[f"{kind.lower()}-{page}"])
    filled = [section for section in found.values() if len(section) > 1]
    ids = ["hints-and-answers"]
    return nodes.section("", nodes.title("", TITLE), *filled, ids=ids) if filled else None


def _taken(file: addnodes.start_of_file) -> Iterator[Entry]:
    # hints and answers of one page, in its order, as they leave it
    exercises = {}
    for node in list(file.findall(nodes.Element)):
        if is_exercise_node(node):
            exercises[node["label"]] = node
            yield from _hints(node)
        elif is_solution_node(node) and (exercise := exercises.get(node["target_label"])):
            node.parent.remove(node)
            name, source = label(file["docname"], node["label"]), f"exercise:{exercise['label']}"
            yield _entry("Answers", name, source, exercise, node[1:])
        elif isinstance(node, nodes.admonition) and "recall" in node["classes"]:
            asked = f"asked-{nodes.make_id(node[0].astext())}"
            node["ids"].append(asked)
            source = label(file["docname"], asked)
            yield _entry("Answers", f"answer:{source}", source, node, node[1:])
            node[1:] = []


def _hints(exercise: nodes.Element) -> Iterator[Entry]:
    hints = [n for n in exercise.findall(nodes.admonition) if "dropdown" in n["classes"]]
    source = f"exercise:{exercise['label']}"
    for number, hint in enumerate(hints, 1):
        hint.parent.remove(hint)
        yield _entry("Hints", f"hint-{number}:{source}", source, exercise, hint[1:])


def _entry(kind, name, source, asked, children) -> Entry:
    words = [word.deepcopy() for word in asked[0]]
    about = {"kind": kind, "name": name, "source": source, "words": words, "asked": asked}
    return Entry("", *inside(children), **about)


def _name_pages(entries: list[Entry]) -> None:
    # say where something is asked on which pages its hints and its answer are
    away: dict[nodes.Element, str] = {}
    for entry in entries:
        link = rf"\bookaway{{{entry['kind'][:-1]}}}{{{entry['name']}}}"
        away[entry["asked"]] = away.get(entry["asked"], "") + link
    for asked, links in away.items():
        if is_exercise_node(asked):
            asked += raw(rf"\bookaways{{{links}}}")
        else:
            asked[0] += raw(links)


def _written(entries: list[Entry]) -> Iterator[nodes.Node]:
    for entry in entries:
        begin = rf"\bookentry{{{entry['name']}}}{{{entry['source']}}}{{"
        yield within(begin, entry["words"], "}")
        yield from entry.children
