"""A chapter as MyST reads it: what is in each line, however deep in directives.

The parser is MyST's own, set up as `_config.yml` says. Whatever the checks cannot look into is a
fault, and so is whatever MyST would misread.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from docutils.parsers.rst.directives.misc import TestDirective
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from myst_parser.config.main import MdParserConfig
from myst_parser.parsers.directives import parse_directive_text
from myst_parser.parsers.mdit import create_md_parser

from bookbuild.sources import TextError, load, settings

# directives by what says something to the reader: nothing, the body alone, or the argument too
CODE = {
    "code", "code-block", "math", "bibliography", "toctree",
    "build-record", "chapter-cards", "chapter-map", "index-of-terms",
}  # fmt: skip
IMAGES = {"figure", "image"}
BODY = IMAGES | {"solution", "solution-start", "grid"}
WORDS = re.compile(
    "admonition|attention|caution|danger|error|hint|important|note|seealso|tip|warning|margin|"
    "sidebar|dropdown|card|tab-set|tab-item|table|list-table|csv-table|glossary|"
    r"exercise|exercise-start|exercise-end|solution-end|prf:\w+"
)
DIRECTIVE = re.compile(r"\{([^{}]*)\}\s*(.*)")
UNREAD = re.compile(r"\{code-cell\}|^\s*[`:~]{2,}\s*\{[\w:-]+\}", re.M)
NOT_RUN = "this cell would not run: begin it with ```{code-cell} at the left edge, in no directive"
LINK = re.compile(r"</?a\b")
REFUSED = re.compile("html_(block|inline)|substitution_(block|inline)|myst_block_break")
UNREADABLE = "no check can read this {}: write it in another way"

# letters right after digits belong to the number: 90k, 17th, 1e5
NUMBER = re.compile(r"(?<![A-Za-z_\d.,])\.?\d+(?:[.,]\d+)*(?:[A-Za-z⁰¹²³⁴-⁹µ][\w⁰-⁹]*)?")
ADDRESS = re.compile(r"https?://\S+")
TITLED = re.compile(r"(.*)<[^<>]*>\s*", re.S)
SILENT = {"cite", "code", "doc", "download", "eq", "glue", "math", "numref", "prf", "ref"}


class Mark(NamedTuple):
    """Something in a chapter and its line; `kind` is a directive's name in braces, or a word.

    The words are: front, number, picture (its text is the alt text), equation, label, fault.
    """

    line: int
    kind: str
    text: str
    options: Mapping = MappingProxyType({})


@functools.cache
def parser() -> tuple[MdParserConfig, MarkdownIt]:
    """MyST's settings and its parser; TextError if `_config.yml` cannot be read."""
    given = settings(Path(__file__).parents[2] / "_config.yml")
    named = {**given.get("parse", {}), **given["sphinx"]["config"]}
    options = {key.removeprefix("myst_"): named[key] for key in named if key.startswith("myst_")}
    config = MdParserConfig(**options)
    return config, create_md_parser(config, RendererHTML)


def within(text: str, first: int, env: dict) -> Iterator[Mark]:
    """What is in a text that begins in line `first`, in order, and in the texts within it."""
    rows = text.split("\n")
    for token in parser()[1].parse(text, env):
        line, end = (first + number for number in token.map or (0, 0))
        try:
            if token.type in ("fence", "colon_fence"):
                if DIRECTIVE.match(token.info.strip()):
                    yield from _directive(token, line, first == 1, env)
                last = rows[end - first - 1].strip("> \t")
                if set(last) != {token.markup[0]} or len(last) < len(token.markup):
                    raise TextError(line, "this fence is never closed")
            else:
                yield from _block(token, line, env)
        except TextError as error:
            _, line, message = error.place
            yield Mark(line, "fault", message)


def _block(token: Token, line: int, env: dict) -> Iterator[Mark]:
    match token.type:
        case "front_matter" if line == 1:
            front = load(token.content, 2)
            yield Mark(1, "front", "", front)
            told = [front.get(name) for name in ("description", "question", "part_text")]
            for words in [*told, *front.get("able", [])]:
                yield from _say(words, 1, env)
        case "inline" | "code_block" if UNREAD.search(token.content):
            raise TextError(line, "this looks like a directive, but MyST reads none here")
        case "inline":
            yield from _inline(token, line)
        case "math_block_label":
            yield Mark(line, "equation", token.info)
        case "myst_target":
            yield Mark(line, "label", token.content)
        case kind if REFUSED.fullmatch(kind) and token.content:  # a bare +++ has none
            raise TextError(line, UNREADABLE.format(kind))


def _directive(token: Token, line: int, outermost: bool, env: dict) -> Iterator[Mark]:
    name, argument = DIRECTIVE.match(token.info.strip()).groups()
    lead = "\n" * token.content.startswith(":::")  # a directive right away is no option
    parsed = parse_directive_text(TestDirective, argument, lead + token.content)
    body, options = "\n".join(parsed.body), parsed.options
    said, speaks = options, WORDS.fullmatch(name)
    if re.fullmatch(r"\s*code.?cell\s*", name, re.I):
        at_edge = outermost and token.level == 0 and token.type == "fence"
        if not (at_edge and token.info.startswith("{code-cell}")):
            raise TextError(line, NOT_RUN)
        argument, options = body, _header(token.content, parsed.body_offset, line)
        shown = options.get("mystnb", {})
        said = {**shown.get("figure", {}), **shown.get("image", {})}
    elif not speaks and name not in CODE | BODY:
        raise TextError(line, UNREADABLE.format(f"{{{name}}}"))
    yield Mark(line, f"{{{name}}}", argument, options)
    for option in said.keys() & {"label", "name"}:
        kind = "equation" if (name, option) == ("math", "label") else "label"
        yield Mark(line, kind, str(said[option]))
    if name in IMAGES:
        yield Mark(line, "picture", (options.get("alt") or "").strip())
    for words in (said.get("alt"), said.get("caption"), speaks and argument):
        yield from _say(words, line, env)
    if speaks or name in BODY:
        yield from within(body, line + 1 + parsed.body_offset - len(lead), env)


def _header(content: str, size: int, line: int) -> dict:
    """The settings of a cell; MyST-NB does not say which line of them is wrong."""
    rows = (re.sub(r"^(---.*| *:)", "", row) for row in content.splitlines()[:size])
    settings = load("\n".join(rows).rstrip(), line + 1)
    match {"tags": [], "mystnb": {}} | settings:
        case {"tags": list(), "mystnb": dict(shown), **others} if not others:
            if all(isinstance(shown.get(part, {}), dict) for part in IMAGES):
                return settings
    holds = "`tags: [...]` and `mystnb:`, with settings for `figure:` and `image:`"
    raise TextError(line, f"the header of a cell holds {holds} only")


def _say(words: object, line: int, env: dict) -> Iterator[Mark]:
    for token in parser()[1].parseInline(str(words or ""), env):
        yield from _inline(token, line)


def _inline(paragraph: Token, line: int) -> Iterator[Mark]:
    """The numbers and pictures in a paragraph, a title or a caption that begins in `line`."""
    said = _said(paragraph.children)
    for token in paragraph.children or []:
        if token.type == "image":
            yield Mark(line, "picture", _said(token.children).strip())
        elif REFUSED.fullmatch(token.type) and not LINK.match(token.content):
            raise TextError(line, UNREADABLE.format(token.type))
    for number in NUMBER.findall(ADDRESS.sub("", said)):
        before = paragraph.content.partition(number)[0]
        yield Mark(line + before.count("\n"), "number", number)


def _said(tokens: list[Token] | None) -> str:
    said = ""
    for token in tokens or []:
        match token.type:
            case "text":
                said += token.content
            case "image" | "link_open":
                said += f" {_said(token.children)} {token.attrGet('title') or ''} "
            case "myst_role" if titled := TITLED.fullmatch(token.content):
                said += titled[1]
            case "myst_role" if token.meta["name"].split(":")[0] not in SILENT:
                said += token.content
            case "math_inline" if r"\%" in token.content:  # a share is a result
                said += token.content
            case _ if not token.nesting:
                said += " "
    return said
