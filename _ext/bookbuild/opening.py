"""How a chapter opens: its best picture, its question, what one will be able to do, how long.

The front matter names the picture (`hero`), the `question` and what the reader will be `able` to
do. The picture moves up from where its cell draws it; notebooks, which run from the top, put it
back. Questions about earlier chapters become one fold.
"""

from __future__ import annotations

from pathlib import Path

from docutils import nodes
from sphinx import addnodes
from sphinx.errors import ExtensionError

from bookbuild.chapters import chapter, read
from bookbuild.plumbing import fold

WORDS_A_MINUTE, ROWS_A_MINUTE = 200, 12  # of prose, and of code that is read with care
# an exercise: reading and thinking, and a minute for each row that its solution needs
EXERCISE = 5
COUNTS = {1: "One question", 2: "Two questions", 3: "Three questions", 4: "Four questions"}


class hero_place(nodes.General, nodes.Element):  # noqa: N801
    """Where a picture stood before it moved under the title."""


def open_chapter(app, doctree: nodes.document) -> None:
    """Put the opening of a chapter together; ExtensionError if its picture does not exist."""
    path = Path(app.env.doc2path(app.env.docname))
    front = chapter(read(path)).front if path.suffix == ".md" else {}
    section = next(doctree.findall(nodes.section), None)
    if section is None:
        return
    gather_questions(section)
    if "question" in front:
        section.insert(1, facts(front, *minutes(doctree), checked(doctree)))
    if name := front.get("hero"):
        lift(doctree, section, name, app.env.docname)


def lift(doctree: nodes.document, section: nodes.section, name: str, docname: str) -> None:
    """Move the figure `name` below the title; a reference stays where it was."""
    found = (n for n in doctree.findall(nodes.figure) if name in n["ids"])
    picture = next(found, None)
    if picture is None:
        raise ExtensionError(f"{docname}: the front matter's hero, {name!r}, is no figure here")
    picture.replace_self(hero_place("", _reference(name, docname)))
    picture["classes"].append("hero")
    section.insert(1, picture)


def _reference(name: str, docname: str) -> nodes.paragraph:
    to = {"refdomain": "std", "reftype": "numref", "reftarget": name, "refdoc": docname}
    link = addnodes.pending_xref("", nodes.literal("", "%s"), refexplicit=False, refwarn=True, **to)
    return nodes.paragraph(
        "", "", nodes.Text("See "), link, nodes.Text(" at the head of this chapter.")
    )


def put_back(doctree: nodes.document) -> None:
    """Undo `lift`, for a reader who runs the cells in their order."""
    for place in list(doctree.findall(hero_place)):
        picture = next(n for n in doctree.findall(nodes.figure) if "hero" in n["classes"])
        picture.parent.remove(picture)
        place.replace_self(picture)


def gather_questions(section: nodes.section) -> None:
    """Make one fold of the questions about earlier chapters."""
    asked = [n for n in section if "recall" in getattr(n, "attributes", {}).get("classes", [])]
    if not asked:
        return
    place = section.index(asked[0])
    for question in asked:
        section.remove(question)
    title = f"{COUNTS[len(asked)]} first"
    section.insert(place, fold("", *asked, title=title, paper=True, classes=["recalls"]))


def facts(
    front: dict, reading: int, exercises: int, count: int, checks: int
) -> nodes.definition_list:
    """The question of a chapter, what one will be able to do, and the minutes it takes."""
    time = [f"{reading} minutes to read"]
    if count:
        some = {0: "none", count: "all"}.get(checks, f"{checks} of them")
        time.append(f"{exercises} for the {count} exercises, {some} with a check")
    able = [nodes.list_item("", nodes.paragraph("", line)) for line in front["able"]]
    told = {
        "Question": nodes.paragraph("", front["question"]),
        "You will be able to": nodes.bullet_list("", *able),
        "Time": nodes.paragraph("", ", ".join(time)),
    }
    rows = [
        nodes.definition_list_item("", nodes.term("", name), nodes.definition("", body))
        for name, body in told.items()
    ]
    return nodes.definition_list("", *rows, classes=["chapter-facts"])


def minutes(doctree: nodes.document) -> tuple[int, int, int]:
    """Minutes to read a page and to do its exercises, to the nearest five, and their number."""
    exercises, rows, words = 0, 0, 0
    work = 0
    for kind, node in _said(doctree):
        if kind == "exercise":
            exercises += 1
            work += EXERCISE
        elif kind == "solution":
            work += sum(_rows(block) for block in node.findall(nodes.literal_block))
        elif kind == "code":
            rows += _rows(node)
        else:
            words += len(node.astext().split())
    read_in = words / WORDS_A_MINUTE + rows / ROWS_A_MINUTE
    return _fives(read_in), _fives(work), exercises


def checked(doctree: nodes.document) -> int:
    """How many exercises of a page end in a `check`, and so can be done in the page."""
    starters = (n for n in doctree.findall(nodes.container) if "tag_starter" in n["classes"])
    return len(list(starters))


def _said(node: nodes.Node):
    for child in node.children:
        name = type(child).__name__
        if name.startswith(("exercise", "solution")):
            yield name.partition("_")[0], child
        elif isinstance(child, nodes.literal_block):
            yield "code", child
        elif isinstance(child, nodes.TextElement):
            yield "words", child
        elif not isinstance(child, fold | nodes.Invisible):
            yield from _said(child)


def _rows(block: nodes.literal_block) -> int:
    return sum(bool(row.strip()) for row in block.astext().split("\n"))


def _fives(amount: float) -> int:
    return max(5, 5 * round(amount / 5))


def setup(app) -> None:
    """Connect to Sphinx."""
    through = (lambda self, node: None, lambda self, node: None)
    app.add_node(hero_place, html=through, latex=through, text=through)
    app.connect("doctree-read", open_chapter, priority=700)
