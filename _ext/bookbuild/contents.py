"""What is in the book: parts and chapters for the sidebar, and for the home page's cards and map.

The order comes from the table of contents, the question on a card from `question:` in a chapter's
front matter, and what a chapter needs from the chapters that its recall questions refer to.
"""

from __future__ import annotations

import posixpath
from pathlib import Path
from typing import NamedTuple

from docutils import nodes
from sphinx import addnodes
from sphinx.errors import ExtensionError
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxDirective

from bookbuild.thumbnails import thumbnail

THUMBNAILS = Path("_static", "thumbnails")


class Chapter(NamedTuple):
    """A page of the book; `needs` are the numbers of earlier chapters that it asks to recall."""

    page: str
    number: int | None
    title: str
    question: str
    picture: str
    needs: list[int]


class Part(NamedTuple):
    """A part of the book, with its caption and its chapters."""

    caption: str
    chapters: list[Chapter]


def parts(env) -> list[Part]:
    """The parts of the book in their order."""
    trees = env.tocs[env.config.root_doc].findall(addnodes.toctree)
    return [
        Part(tree["caption"] or "", [_chapter(env, page) for _, page in tree["entries"]])
        for tree in trees
    ]


def _chapter(env, page: str) -> Chapter:
    about, number = env.metadata.get(page, {}), _number(env, page)
    labels = env.domaindata["std"]["labels"]
    recalled = {_number(env, labels[name][0]) for name in about.get("recalls", ())}
    needs = sorted(other for other in recalled if other and number and other < number)
    title, question = env.titles[page].astext(), about.get("question", "")
    return Chapter(page, number, title, question, about.get("thumbnail", ""), needs)


def _number(env, page: str) -> int | None:
    numbers = env.toc_secnumbers.get(page, {}).get("")
    return numbers[0] if numbers else None


def note_recalled(app, doctree: nodes.document) -> None:
    """Note the chapters to which a page's recall questions refer."""
    boxes = (box for box in doctree.findall(nodes.admonition) if "recall" in box["classes"])
    found = {link["reftarget"] for box in boxes for link in box.findall(addnodes.pending_xref)}
    app.env.metadata[app.env.docname]["recalls"] = sorted(n for n in found if n.startswith("ch-"))


class Overview(nodes.General, nodes.Element):
    """The whole book in a page, as the template that it names shows it."""


class OverviewDirective(SphinxDirective):
    """`chapter-cards` or `chapter-map`, where a page asks for it."""

    def run(self) -> list[nodes.Node]:
        """Leave room for the overview: titles are known when all is read."""
        self.env.note_reread()  # another chapter may have another title
        return [Overview(template=f"{self.name}.html")]


class ListParts(SphinxPostTransform):
    """Where there are no cards, on paper and in notebooks, list the parts; leave the map out."""

    default_priority = 5  # before references are resolved

    def run(self, **kwargs) -> None:
        """Treat every overview of the page."""
        if self.app.builder.name == "html":
            return
        for node in list(self.document.findall(Overview)):
            cards = "cards" in node["template"]
            node.replace_self([self._listed(parts(self.env))] if cards else [])

    def _listed(self, found: list[Part]) -> nodes.bullet_list:
        items = nodes.bullet_list(bullet="*")
        for part in found:
            if any(chapter.number for chapter in part.chapters):
                links = [self._link(chapter.page) for chapter in part.chapters]
                text = nodes.paragraph("", "", nodes.strong("", part.caption), nodes.Text(": "))
                for link in links:
                    text += [link, nodes.Text(", " if link is not links[-1] else ".")]
                items += nodes.list_item("", text)
        return items

    def _link(self, page: str) -> addnodes.pending_xref:
        given = {"refdomain": "std", "reftype": "doc", "reftarget": f"/{page}"}
        label = nodes.inline("", self.env.titles[page].astext())
        return addnodes.pending_xref("", label, refdoc=self.env.docname, refexplicit=True, **given)


def show(translator, node: Overview) -> None:
    """Write an overview as its template says."""
    builder = translator.builder
    base = builder.get_target_uri(builder.current_docname)

    def path(target: str) -> str:
        return posixpath.relpath(target, posixpath.dirname(base))

    given = {"parts": parts(builder.env), "path": path, "thumbnails": THUMBNAILS.as_posix()}
    translator.body.append(builder.templates.render(node["template"], given))
    raise nodes.SkipNode


def add_parts(app, pagename, templatename, context, doctree) -> None:
    """Give the parts to the templates of all pages."""
    context["parts"] = parts(app.env)


class NoteDrawings(SphinxPostTransform):
    """Note which files hold the figures of a page, before they become a part of it."""

    default_priority = 6

    def run(self, **kwargs) -> None:
        """Treat every figure that is a drawing."""
        noted = vars(self.app).setdefault("book_drawings", {})
        for figure in self.document.findall(nodes.figure):
            files = [image["uri"] for image in figure.findall(nodes.image)]
            found = [file for file in files if file.endswith(".svg")]
            noted |= {(self.env.docname, name): found[0] for name in figure["ids"] if found}


def draw_thumbnails(app, exception) -> None:
    """Make the pictures of the cards from the figures that the chapters name."""
    if exception or app.builder.name != "html":
        return
    folder = Path(app.outdir) / THUMBNAILS
    folder.mkdir(parents=True, exist_ok=True)
    for part in parts(app.env):
        for chapter in filter(lambda chapter: chapter.picture, part.chapters):
            name, axes = chapter.picture.split()
            file = app.book_drawings.get((chapter.page, name))
            if not file:
                raise ExtensionError(f"{chapter.page}.md has no drawing {name} for its thumbnail")
            drawing = Path(app.srcdir, file.lstrip("/")).read_text("utf-8")
            target = folder / f"{Path(chapter.page).name}.svg"
            target.write_text(thumbnail(drawing, int(axes)), "utf-8")


def setup(app) -> None:
    """Connect to Sphinx."""
    app.add_node(Overview, html=(show, None))
    for name in ("chapter-cards", "chapter-map"):
        app.add_directive(name, OverviewDirective)
    app.add_post_transform(ListParts)
    app.add_post_transform(NoteDrawings)
    app.connect("doctree-read", note_recalled)
    app.connect("html-page-context", add_parts)
    app.connect("build-finished", draw_thumbnails, priority=450)  # before the site is finished
