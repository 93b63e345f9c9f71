"""The book for e-readers: Sphinx's EPUB, without scripts, and with what it does not say of itself.

Formulas are MathML, live figures are their pictures, and two builds give the same bytes.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from docutils import nodes
from sphinx.builders.epub3 import Epub3Builder

from bookbuild.packing import pack

NAME = "book.epub"
STYLES = ("_static/pygments.css", "_static/epub.css")
ITEM = re.compile(r'(<item [^>]*href="([^"]+\.xhtml)"[^>]*?)( />)')
PROPERTIES = {"mathml": "<math", "svg": "<svg"}  # what a page holds must be said in the manifest
NAMED_IMAGE = re.compile(r' id="image[0-9a-f]+"')
# names that extensions give to each of their boxes, and a role that is no longer in use
UNWANTED = re.compile(
    r' (?:id="(?:proof|(?:exercise|solution|proof)-content)"|role="doc-biblioentry")'
)
MATHML = "http://www.w3.org/1998/Math/MathML"
FOR_BROWSERS = re.compile(r"^</?a\b|<script\b")


def mended(page: str) -> str:
    """A page as XML wants it: with the namespace of formulas, and no name twice."""
    page = re.sub(
        r'<p class="(collapsed|expanded)[^>]*>(.*?)</p>', r'<span class="\1">\2</span>', page
    )
    return UNWANTED.sub("", page).replace("<math", f'<math xmlns="{MATHML}"')


class BookEpub(Epub3Builder):
    """Sphinx's EPUB builder, with styles of the book's own."""

    def init(self) -> None:
        """Leave out the templates of the site."""
        self.config.templates_path = []
        super().init()

    def copy_image_files(self) -> None:
        """Copy the pictures; an image that Matplotlib draws twice has its name twice."""
        super().copy_image_files()
        for path in Path(self.outdir, self.imagedir).glob("*.svg"):
            path.write_text(NAMED_IMAGE.sub("", path.read_text("utf-8")), "utf-8")

    def gen_additional_pages(self) -> None:
        """Leave out the search, and what leads to the front page."""

    def gen_pages_from_extensions(self) -> None:
        """Leave out what extensions add to the site: an EPUB has no old addresses."""

    def copy_static_files(self) -> None:
        """Take the two style sheets, and nothing that a browser would run."""
        static = Path(self.outdir, "_static")
        shutil.rmtree(static, ignore_errors=True)
        static.mkdir(parents=True)
        self.create_pygments_style_file()
        shutil.copy(Path(self.srcdir, "assets", "epub.css"), static)

    def build_content(self) -> None:
        """Mend the pages; list all files, with the properties that EPUB asks for."""
        for page in Path(self.outdir).rglob("*.xhtml"):
            page.write_text(mended(page.read_text("utf-8")), "utf-8")
        super().build_content()
        path = Path(self.outdir, "content.opf")
        path.write_text(ITEM.sub(self._described, path.read_text("utf-8")), "utf-8")

    def _described(self, item: re.Match) -> str:
        page = Path(self.outdir, item[2]).read_text("utf-8")
        held = " ".join(name for name, mark in PROPERTIES.items() if mark in page)
        return f'{item[1]} properties="{held}"{item[3]}' if held else item[0]

    def build_epub(self) -> None:
        """Pack the files; the first says what this is."""
        folder, first = Path(self.outdir), ("mimetype", "META-INF/container.xml", "content.opf")
        names = [*first, "toc.ncx", *self.files]
        pack({name: folder / name for name in names}, folder / NAME)


def for_readers(app, doctree: nodes.document, docname: str) -> None:
    """Drop links to files that lie beside the site alone, and scripts."""
    if app.builder.name == "epub":
        for raw in list(doctree.findall(nodes.raw)):
            if FOR_BROWSERS.search(raw.astext()):
                raw.parent.remove(raw)


def without_scripts(app, pagename, templatename, context, doctree) -> None:
    """Name the styles, and no scripts: e-readers run none."""
    if app.builder.name == "epub":
        context |= {"script_files": [], "css_files": STYLES, "metatags": ""}


def setup(app) -> None:
    """Register the builder."""
    app.add_builder(BookEpub, override=True)
    app.connect("doctree-resolved", for_readers, priority=900)
    app.connect("html-page-context", without_scripts, priority=990)  # the last to say so
