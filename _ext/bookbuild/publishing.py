"""What the site tells search engines and those who share a page; and the page for lost readers.

The site's address is known only where the site is published. It comes from the environment
variable `BOOK_URL`, or from `html: baseurl` in `_config.yml`. Without one, the build writes no
absolute address, no sitemap and no cards.
"""

from __future__ import annotations

import os
import re
import shutil
import textwrap
from collections.abc import Iterator
from html import escape
from pathlib import Path
from urllib.parse import urljoin, urlsplit
from xml.sax.saxutils import escape as xml_escape

from docutils import nodes
from markupsafe import Markup
from sphinx.errors import ConfigError

from bookbuild import cards

VARIABLE = "BOOK_URL"
ADDRESS = re.compile(r"https?://[^\s/?#\"<>]+(/[^\s?#\"<>]*)?")
SENTENCE = re.compile(r"\S.*?[.?!]”?(?=\s+[A-Z“]|\s*$)", re.S)
SHOWN, LONG = 160, 300  # characters: what search engines show, and what is too long by itself
TAG = re.compile(r'<meta (?:name="(?:description|twitter:\w+)|property="og:)[^>]*>')
CANONICAL = re.compile(r'<link rel="canonical"[^>]*>')
RELATIVE = re.compile(r'\b(href|src|action|data-content_root)="(?![#/]|[a-z][\w+.-]*:)([^"]+)"')
OTHERS = {"404": "A missing page", "genindex": "The index", "search": "A search in all pages"}

LOST = """<section><h1>There is no such page</h1>
<p>The address may be mistyped, or the page may have another name now.</p>
<p><a href="{front}">The front page</a> leads to every chapter, and
<a href="search.html">the search</a> finds a word in all of them.</p></section>"""

FORWARD = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Weighted Sums</title>
<link rel="icon" href="_static/favicon.svg">
<meta http-equiv="refresh" content="0; url=chapters/index.html">
</head>
<body><main><h1>Weighted Sums</h1><p><a href="chapters/index.html">To the book</a></p></main></body>
</html>
"""


def take_address(app, config) -> None:
    """Settle the site's address, ending in a slash, or empty; ConfigError when it is none."""
    found = os.environ.get(VARIABLE) or config.html_baseurl
    if found and not ADDRESS.fullmatch(found):
        raise ConfigError(f"{VARIABLE} is {found!r}, which is no address such as https://host/book")
    config.html_baseurl = found.rstrip("/") + "/" if found else ""


def describe(app, pagename, templatename, context, doctree) -> None:
    """Give a page its description, and what a link to it shows elsewhere."""
    title = Markup(context["title"]).striptags() if "title" in context else pagename
    if pagename in app.env.titles:
        title = app.env.titles[pagename].astext()  # without the chapter's number
    tags = {
        "description": _description(app, pagename, title, doctree),
        "og:type": "website" if pagename == app.config.root_doc else "article",
        "og:site_name": app.config.html_title,
        "og:title": title,
    }
    tags["og:description"] = tags["description"]
    if doctree is None:
        tags = {"description": tags["description"]}
    elif app.config.html_baseurl:
        tags |= {"og:url": context["pageurl"], **_card(app, pagename, title, doctree)}
    if pagename == "404":
        context["pageurl"] = None
    meta = "".join(f"\n    {_meta(name, text)}" for name, text in tags.items())
    context["metatags"] = context.get("metatags", "") + meta


def _meta(name: str, text: str) -> str:
    key = "property" if name.startswith("og:") else "name"
    return f'<meta {key}="{name}" content="{escape(text)}">'


def _description(app, pagename: str, title: str, doctree) -> str:
    if given := app.env.metadata.get(pagename, {}).get("description"):
        return given
    said = first_words(doctree) if doctree else ""
    return said or f"{OTHERS.get(pagename, f'{title}: a page')} of {app.config.html_title}."


def first_words(doctree: nodes.document) -> str:
    """The first sentence of a page's prose, with those after it that a search engine shows."""
    paragraphs = (
        p for p in doctree.findall(nodes.paragraph) if isinstance(p.parent, nodes.section)
    )
    text = " ".join(next((p.astext() for p in paragraphs), "").split())
    first, *others = SENTENCE.findall(text) or [text]
    for sentence in others:
        if len(longer := f"{first} {sentence}") > SHOWN:
            break
        first = longer
    return textwrap.shorten(first, LONG, placeholder=" …")


def _card(app, pagename: str, title: str, doctree: nodes.document) -> dict[str, str]:
    picture, alt = app.config.html_logo, title
    for figure in doctree.findall(nodes.image):
        if "jupyter_execute/" in (origin := figure.get("original_uri", "")):
            picture, alt = origin.lstrip("/"), figure["alt"]
            break
    path = f"{cards.FOLDER}/{pagename}.png"
    cards.write(Path(app.outdir, path), Path(app.srcdir, picture), title, app.config.html_title)
    width, height = cards.SIZE
    return {
        "og:image": urljoin(app.config.html_baseurl, path),
        "og:image:alt": alt,
        "og:image:width": str(width),
        "og:image:height": str(height),
        "twitter:card": "summary_large_image",
    }


def lost_page(app) -> Iterator[tuple[str, dict[str, str], str]]:
    """The page 404, which hosts such as GitHub Pages show where they find nothing."""
    front = app.builder.get_target_uri(app.config.root_doc)
    body = LOST.format(front=front)
    yield "404", {"title": "There is no such page", "body": body}, "page.html"


def finish(app, exception) -> None:
    """Write what crawlers read, and make the page 404 work at any depth."""
    if exception or app.builder.format != "html":
        return
    address, out = app.config.html_baseurl, Path(app.outdir)
    robots, site_map, lost = "User-agent: *\nAllow: /\n", out / "sitemap.xml", out / "404.html"
    site_map.unlink(missing_ok=True)
    if address:
        robots += f"Sitemap: {address}sitemap.xml\n"
        pages = map(app.builder.get_target_uri, sorted(app.env.found_docs))
        site_map.write_text(sitemap(urljoin(address, page) for page in pages), "utf-8")
        lost.write_text(rooted(lost.read_text("utf-8"), urlsplit(address).path), "utf-8")
    else:
        shutil.rmtree(out / cards.FOLDER, ignore_errors=True)
    (out / "robots.txt").write_text(robots, "utf-8")


def sitemap(addresses: Iterator[str]) -> str:
    """The list of a site's pages, as sitemaps.org defines it."""
    rows = "".join(f"<url><loc>{xml_escape(address)}</loc></url>\n" for address in addresses)
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{rows}</urlset>\n'
    )


def rooted(page: str, prefix: str) -> str:
    """A page of the site's top folder, its links made to begin with `prefix`, such as "/book/"."""
    return RELATIVE.sub(lambda m: f'{m[1]}="{urljoin(prefix, m[2])}"', page)


def forward(front: str) -> str:
    """The page at the site's root, which says of itself what the front page says."""
    tags = TAG.findall(front) + CANONICAL.findall(front)
    return FORWARD.replace("</head>", "\n".join([*tags, "</head>"]))


def setup(app) -> None:
    """Connect to Sphinx."""
    app.connect("config-inited", take_address)
    app.connect("html-page-context", describe)
    app.connect("html-collect-pages", lost_page)
    app.connect("build-finished", finish)
