"""Figures that a reader can push, on the site: the picture as a file, its payload, its scripts."""

from __future__ import annotations

import base64
import hashlib
import posixpath
import re
import shutil
from pathlib import Path
from urllib.parse import quote

from docutils import nodes
from sphinx.transforms import SphinxTransform
from sphinx.transforms.post_transforms import SphinxPostTransform

from bookbuild.freshness import fingerprint

SOURCE = "interactive"
MARK = "data-interactive="
BYTES = re.compile(r'data-bytes="([^"]*)"')
SCRIPT = re.compile(r"(<script\b[^>]*)>(.*)</script>", re.S)
LIVE, STILL = "live", "still"  # `[words]{.live}` in a caption: see `OneMedium`
LARGE = 8_000  # characters of a payload within a page: for longer ones its text must not wait


class KeepPayload(SphinxPostTransform):
    """Give a figure's bundle both of what the site needs: the picture, and the payload as data.

    MyST-NB would choose one of them. Other builders lose the payload and take the picture.
    """

    default_priority = 3  # before MyST-NB selects

    def run(self, **kwargs) -> None:
        """Treat every bundle of the page that holds a payload."""
        for bundle in list(self.document.findall(nodes.container)):
            if bundle.get("nb_element") != "mime_bundle":
                continue
            kinds = {child["mime_type"]: child for child in bundle.children}
            script = kinds.get("text/html")
            if script is None or MARK not in (text := script.astext()):
                continue
            if self.app.builder.name == "html":
                payload = BYTES.sub(self._bytes_apart, text[text.index("<script") :])
                payload = SCRIPT.sub(self._text_apart, payload)
                picture = kinds["image/svg+xml"].children
                script.children = [*picture, nodes.raw("", payload, format="html")]
            else:
                bundle.remove(script)

    def _bytes_apart(self, match: re.Match) -> str:
        return f'data-src="{self._file(base64.b64decode(match[1]), "bin")}"'

    def _text_apart(self, match: re.Match) -> str:
        opening, text = match.groups()
        if len(text) <= LARGE:
            return match[0]
        return f'{opening} data-payload="{self._file(text.encode(), "json")}"></script>'

    def _file(self, data: bytes, kind: str) -> str:
        path = f"_static/payloads/{hashlib.sha256(data).hexdigest()[:16]}.{kind}"
        target = Path(self.app.outdir, path)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
        return posixpath.relpath(path, posixpath.dirname(self.env.docname))


class OneMedium(SphinxPostTransform):
    """Keep the words of a caption that are true of what this form of the book shows.

    `[…]{.live}` speaks of a live figure and `[…]{.still}` of its picture. The site has both, and
    its sheet shows those of what is seen; all other forms have the picture.
    """

    default_priority = 4

    def run(self, **kwargs) -> None:
        """Leave the picture's words in every caption, as words like all others."""
        if self.app.builder.name != "html":
            keep_words(self.document, STILL, LIVE)


def keep_words(tree: nodes.Element, kept: str, dropped: str) -> None:
    """Of the words on live figures and on their pictures, keep one kind in a page."""
    for words in list(tree.findall(nodes.inline)):
        if dropped in words["classes"]:
            words.parent.remove(words)
        elif kept in words["classes"]:
            at = words.parent.index(words)
            words.parent[at : at + 1] = words.children


class TakeState(SphinxTransform):
    """Take the state out of a link that sets a figure: `[words](#fig-name?name.field=value)`.

    What is left leads to the figure, in every form of the book.
    """

    default_priority = 878  # just before MyST looks for the target

    def apply(self, **kwargs) -> None:
        """Treat every link of the page that leads to a place in it."""
        for link in self.document.findall(nodes.reference):
            target, _, state = link.get("refuri", "").partition("?")
            if link.get("id_link") and state:
                link["refuri"], link["figure_state"] = target, state


class LinkState(SphinxPostTransform):
    """On the site, let such a link lead to the figure in that state, with scripts and without."""

    default_priority = 5
    builders = ("html",)

    def run(self, **kwargs) -> None:
        """Give every link its address."""
        for link in self.document.findall(nodes.reference):
            if state := link.get("figure_state"):
                link["refuri"] = f"?{quote(state, safe='=&%')}#{link['refid']}"
                link["internal"] = True
                link["classes"].append("sets-figure")
                del link["refid"]


def folder(root: Path) -> str:
    """Where the modules lie on the site: the name changes with them, so no stale copy is used."""
    files = filter(Path.is_file, (root / SOURCE).rglob("[!.]*"))
    return f"interactive-{fingerprint(files, root)}"


def link(app, pagename, templatename, context, doctree) -> None:
    """Load the scripts on the pages that need them, and on no others."""
    if doctree and any(MARK in node.astext() for node in doctree.findall(nodes.raw)):
        app.add_js_file(f"{folder(Path(app.srcdir))}/main.mjs", type="module")


def styles(app, config) -> None:
    """Give all pages the figures' styles before the book's own."""
    if Path(app.srcdir, SOURCE, "interactive.css").is_file():
        app.add_css_file(f"{folder(Path(app.srcdir))}/interactive.css", priority=600)


def copy(app, exception) -> None:
    """Put the modules and their styles on the site."""
    source = Path(app.srcdir, SOURCE)
    if not exception and app.builder.name == "html" and source.is_dir():
        target = Path(app.outdir, "_static", folder(source.parent))
        left_out = shutil.ignore_patterns("tests", ".*")
        shutil.copytree(source, target, ignore=left_out, dirs_exist_ok=True)


def setup(app) -> None:
    """Connect to Sphinx."""
    app.add_post_transform(KeepPayload)
    app.add_post_transform(OneMedium)
    app.add_transform(TakeState)
    app.add_post_transform(LinkState)
    app.connect("config-inited", styles)
    app.connect("html-page-context", link)
    app.connect("build-finished", copy)
