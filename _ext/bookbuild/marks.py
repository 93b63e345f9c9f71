"""A chapter's text as MyST reads it: what stands in which line, however deep in directives.

The parser is MyST's own, set up as `_config.yml` says. What nobody can look into is a fault, and
so is what MyST would not read as its writer meant.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from dataclasses import fields
from itertools import takewhile
from pathlib import Path
from textwrap import dedent

from docutils.parsers.rst.directives.misc import TestDirective
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from myst_parser.config.main import MdParserConfig
from myst_parser.parsers.directives import parse_directive_text
from myst_parser.parsers.mdit import create_md_parser

from bookbuild import prose
from bookbuild.prose import Mark
from bookbuild.sources import TextError, load, settings

CODE = {"code", "code-block", "sourcecode", "literalinclude", "math", "bibliography", "toctree"}
IMAGES = {"figure", "image", "glue:figure"}
BLIND = {"raw", "raw-cell", "eval-rst", "include", "glue"}
NO_WORDS = CODE | IMAGES | BLIND | {"solution", "solution-start"}  # their arguments
FILE_LEVEL = {"mystnb", "myst", "substitutions"}  # would change how one file is read or run
NOT_RUN = "this cell would not run: one stands at the left edge, in no directive, in ``` or ~~~"
UNREAD = re.compile(r"\{code-cell\}|^\s*[`:~]{2,}\s*\{[\w:-]+\}", re.M)
HEADER = {"tags": list, "mystnb": dict}


@functools.cache
def parser() -> tuple[MdParserConfig, MarkdownIt]:
    """MyST's settings and its parser; TextError if `_config.yml` cannot be read."""
    given = settings(Path(__file__).parents[2] / "_config.yml")
    named = {**given.get("parse", {}), **given["sphinx"]["config"]}
    options = {option.name: f"myst_{option.name}" for option in fields(MdParserConfig)}
    config = MdParserConfig(**{key: named[name] for key, name in options.items() if name in named})
    return config, create_md_parser(config, RendererHTML)


def within(text: str, first: int, env: dict) -> Iterator[Mark]:
    """What stands in a text that begins in line `first`, in order, and in the texts within it."""
    rows = text.split("\n")
    for token in parser()[1].parse(text, env):
        line = first + (token.map or [0])[0]
        match token.type:
            case "front_matter" if first == 1:
                yield from _front(token.content, env)
            case "inline" | "code_block" | "html_block" if UNREAD.search(token.content):
                yield Mark(line, "fault", "nothing reads the directive that seems to stand here")
            case "inline":
                yield from prose.inline(token, line)
            case "fence" | "colon_fence":
                last = rows[token.map[1] - 1].strip("> \t")
                if set(last) != {token.markup[0]} or len(last) < len(token.markup):
                    yield Mark(line, "fault", f"no {token.markup} ends what begins here")
                if re.match(r"\s*\{\s*code.?cell", token.info, re.I):
                    yield from _cell(token.content, line, env)
                    begun = token.info.startswith("{code-cell}")
                    if (first, token.level, token.type, begun) != (1, 0, "fence", True):
                        yield Mark(line, "fault", NOT_RUN)
                elif found := re.match(r"\{([^\s{}]+)\}(.*)", token.info.strip()):
                    yield from _directive(found[1], found[2].strip(), token.content, line, env)
            case "html_block":
                yield from prose.html(token.content, line)
            case "math_block_label":
                yield Mark(line, "equation", token.info)
            case "myst_target":
                yield Mark(line, "label", token.content)
            case "myst_block_break" if token.content:
                yield Mark(line, "fault", "nothing reads what stands behind this +++")
            case "substitution_block":
                yield Mark(line, "fault", prose.SUBSTITUTION)


def _front(content: str, env: dict) -> Iterator[Mark]:
    try:
        front = load(content, 2)
    except TextError as error:
        yield Mark(1, "front", "")
        yield Mark(error.place[1], "fault", error.place[2])
        return
    yield Mark(1, "front", "", front)
    if not (front and isinstance(front.get("jupytext", {}), dict)):
        yield Mark(1, "fault", "the front matter holds nothing, or no settings for `jupytext:`")
    for key in sorted(FILE_LEVEL & front.keys()):
        yield Mark(1, "fault", f"{key!r} in the front matter: _config.yml holds for every chapter")
    yield from _say(front.get("description"), 1, env)


def _say(words: object, line: int, env: dict) -> Iterator[Mark]:
    for token in parser()[1].parseInline(str(words or ""), env):
        yield from prose.inline(token, line)


def _directive(name: str, argument: str, content: str, line: int, env: dict) -> Iterator[Mark]:
    nested = content.startswith(":::")  # a directive at once, which is no option
    parsed = parse_directive_text(TestDirective, argument, "\n" * nested + content)
    options = parsed.options
    yield Mark(line, f"{{{name}}}", argument, options)
    if name in BLIND:
        yield Mark(line, "fault", f"{{{name}}} hides what it holds from every check")
    for warning in parsed.warnings:
        yield Mark(line, "fault", f"{{{name}}}: {warning.msg}")
    for option in ("label", "name"):
        kind = "equation" if (name, option) == ("math", "label") else "label"
        if label := options.get(option):
            yield Mark(line, kind, label)
    if name in IMAGES:
        yield Mark(line, "picture", (options.get("alt") or "").strip())
    for words in (options.get("alt"), options.get("caption"), name not in NO_WORDS and argument):
        yield from _say(words, line, env)
    if name not in CODE | BLIND:
        body = [row.strip() for row in parsed.body] if name == "glossary" else parsed.body
        yield from within("\n".join(body), line + 1 + parsed.body_offset - nested, env)


def _cell(content: str, line: int, env: dict) -> Iterator[Mark]:
    """The header of a cell, of which MyST-NB says only that it is wrong."""
    fenced = content.startswith("---")
    if fenced:
        header = dedent(re.split("^---", content.partition("\n")[2], maxsplit=1, flags=re.M)[0])
    else:
        rows = takewhile(lambda row: row.lstrip().startswith(":"), content.splitlines())
        header = "\n".join(row.lstrip()[1:] for row in rows)
    try:
        metadata = load(header, line + 1 + fenced)
    except TextError as error:
        yield Mark(error.place[1], "fault", error.place[2])
        return
    wrong = [key for key, value in metadata.items() if not isinstance(value, HEADER.get(key, ()))]
    shown = {} if wrong else metadata.get("mystnb", {})
    figure, image = shown.get("figure", {}), shown.get("image", {})
    if wrong or not isinstance(figure, dict) or not isinstance(image, dict):
        holds = "`tags: [...]` and `mystnb:`, with settings for `figure:` and `image:`"
        yield Mark(line, "fault", f"the header of a cell holds {holds} only")
        return
    yield Mark(line, "{code-cell}", content, metadata)
    if "name" in figure:
        yield Mark(line, "label", str(figure["name"]))
    for words in (figure.get("caption"), image.get("alt")):
        yield from _say(words, line, env)
