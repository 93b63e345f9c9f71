"""Equations that shown code cites: where a docstring says {eq}`softmax`, a reader sees (16.3)."""

from __future__ import annotations

import re

from docutils import nodes

CITED = re.compile(r"\{eq\}`([\w-]+)`")


def number(env, label: str) -> tuple[str, str, str] | None:
    """The page of an equation, its anchor there, and its number as text; None for no equation."""
    domain = env.get_domain("math")
    if label not in domain.equations:
        return None
    page, anchor = domain.equations[label][0], f"equation-{nodes.make_id(label)}"
    numbers = env.toc_fignumbers.get(page, {}).get("displaymath", {}).get(anchor)
    return (page, anchor, f"({'.'.join(map(str, numbers))})") if numbers else None


def in_words(app, doctree: nodes.document, docname: str) -> None:
    """Put numbers in place of the labels in code, where no link can stand."""
    if app.builder.format == "html":
        return
    for block in doctree.findall(nodes.literal_block):
        if "{eq}" in (text := block.astext()):
            text = CITED.sub(lambda m: (number(app.env, m[1]) or (m[0],))[-1], text)
            block.rawsource, block[:] = text, [nodes.Text(text)]


def as_links(app, pagename: str, templatename: str, context: dict, doctree) -> None:
    """Put linked numbers in place of the labels in a page's highlighted code."""

    def link(found: re.Match) -> str:
        if not (told := number(app.env, found[1])):
            return found[0]
        page, anchor, words = told
        address = app.builder.get_relative_uri(pagename, page) if page != pagename else ""
        return f'<a class="reference internal" href="{address}#{anchor}">{words}</a>'

    if doctree and "{eq}" in (body := context.get("body", "")):
        context["body"] = CITED.sub(link, body)


def setup(app) -> None:
    """Connect to Sphinx."""
    app.connect("doctree-resolved", in_words)
    app.connect("html-page-context", as_links)
