"""What the site tells search engines and people who share a page, and its page for a wrong link.

sphinx-notfound-page does the last. sphinxext-opengraph and sphinx-sitemap do the rest, and are
loaded only where the site's address is known: they cannot do without one. It comes from the
environment variable `BOOK_URL`, or from `html: baseurl` in `_config.yml`.
"""

from __future__ import annotations

import os
import queue
import re
import textwrap
from html import escape
from urllib.parse import urljoin, urlsplit

from docutils import nodes
from markupsafe import Markup
from sphinx.errors import ConfigError

VARIABLE = "BOOK_URL"
ADDRESS = re.compile(r"https?://[^\s/?#\"<>]+(/[^\s?#\"<>]*)?")
LONG = 200  # characters; search engines show some 160
LOGO = "assets/logo.png"  # assets/logo.svg as pixels, which Matplotlib can read
CARD = {"image": LOGO, "image_mini": LOGO, "line_color": "#1d3a5f", "font": "DejaVu Sans"}
SETTINGS = {
    "ogp_social_cards": CARD,
    "ogp_enable_meta_description": False,
    "sitemap_url_scheme": "{link}",
    "sitemap_excludes": ["404.html", "index.html", "search.html"],
}


def address(config) -> str:
    """The site's address, ending in a slash, or ""; ConfigError when it is not an address."""
    found = os.environ.get(VARIABLE) or config.html_baseurl
    if found and not ADDRESS.fullmatch(found):
        raise ConfigError(f"{VARIABLE} is {found!r}, which is no address such as https://host/book")
    return found.rstrip("/") + "/" if found else ""


def configure(app, config) -> None:
    """Tell the extensions where the site will stand."""
    config.html_baseurl = base = address(config)
    config.notfound_urls_prefix = urlsplit(base).path or "/"
    if base:
        config.ogp_site_url, config.ogp_site_name = base, config.html_title
        for name, value in SETTINGS.items():
            setattr(config, name, value)


def without_a_process(app) -> None:
    """Replace sphinx-sitemap's queue, whose process would outlive a killed build."""
    app.sitemap_links = queue.Queue()


def describe(app, pagename, templatename, context, doctree) -> None:
    """Give a page its description, here and where it is shared."""
    meta = dict(context.get("meta") or {})
    title = f"{app.config.html_title}: {Markup(context.get('title', pagename)).striptags()}"
    said = meta.get("description") or (doctree and first_words(doctree)) or title
    tag = f'\n    <meta name="description" content="{escape(said)}">\n'
    context["metatags"] = context.get("metatags", "") + tag
    # sphinxext-opengraph takes these in place of its own
    context["meta"] = meta | {"og:description": escape(said), "og:image:alt": escape(title)}


def stand_elsewhere(app, pagename, templatename, context, doctree) -> None:
    """Introduce the site's root like the front page, and root the links of the missing page."""
    base, front = app.config.html_baseurl, app.config.root_doc
    if pagename == front:
        app.builder.globalcontext["front_tags"] = context["metatags"]
    elif pagename == "index" and base:
        context["pageurl"] = urljoin(base, app.builder.get_target_uri(front))
    elif pagename == "404":
        context |= {"pageurl": None, "content_root": app.config.notfound_urls_prefix}


def first_words(doctree: nodes.document) -> str:
    """The first words of a page's prose."""
    prose = (p for p in doctree.findall(nodes.paragraph) if isinstance(p.parent, nodes.section))
    return textwrap.shorten(next((p.astext() for p in prose), ""), LONG, placeholder=" …")


def setup(app) -> None:
    """Connect to Sphinx; the handlers stand around those of the extensions (priority 500)."""
    app.connect("config-inited", configure)
    app.connect("html-page-context", describe, priority=400)
    app.connect("html-page-context", stand_elsewhere, priority=600)
    if address(app.config):
        app.setup_extension("sphinxext.opengraph")
        app.setup_extension("sphinx_sitemap")
        app.connect("builder-inited", without_a_process, priority=600)
