"""What a paragraph, a title or a caption says, line by line; code and mathematics say nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import NamedTuple

from markdown_it.token import Token

from bookbuild.verdicts import PICTURE

SPAN = re.compile(r"(?<!`)(`+)(?!`).+?(?<!`)\1(?!`)", re.S)
TITLED = re.compile(r"(.*)<[^<>]*>\s*", re.S)
SILENT = {"cite", "code", "doc", "download", "eq", "glue", "math", "numref", "prf", "ref"}
TAG = re.compile(r"<!--.*?-->|<[^>]*>", re.S)
SUBSTITUTION = "a substitution hides its words: write them out"
ALT = re.compile(r"""\b(?:alt|aria-label)\s*=\s*(["']?)\s*[^\s"'>]""", re.I)


class Mark(NamedTuple):
    """Something in a chapter and its line; `kind` is a directive's name in braces, or a word.

    The words are: words, picture (its text is what stands for it), equation, label, and fault.
    """

    line: int
    kind: str
    text: str
    options: Mapping = MappingProxyType({})


def inline(token: Token, line: int) -> Iterator[Mark]:
    """What an inline token that begins in `line` says, and the pictures in it."""
    rows, spans, address = [""], SPAN.finditer(token.content), False
    for child in token.children or []:
        here, lines = line + len(rows) - 1, child.content.count("\n") + (child.tag == "br")
        address = child.nesting >= 0 and (child.info == "auto" or (address and not child.nesting))
        if child.type in ("code_inline", "myst_role"):  # MyST takes their line ends away
            lines = next(spans, [""])[0].count("\n")
        elif child.type == "image":
            yield Mark(here, "picture", _alt(child).strip())
        elif child.type == "html_inline":
            yield from html(child.content, here)
        elif child.type == "substitution_inline":
            yield Mark(here, "fault", SUBSTITUTION)
        rows[-1] += "" if address else _said(child)
        rows += [""] * lines
    yield from (Mark(number, "words", row) for number, row in enumerate(rows, line) if row.strip())


def _said(token: Token) -> str:
    match token.type:
        case "text":
            return token.content
        case "image" | "link_open":
            return f" {_alt(token)} {token.attrGet('title') or ''} "
        case "myst_role":
            titled = TITLED.fullmatch(token.content)
            silent = token.meta["name"].split(":")[0] in SILENT
            return titled[1] if titled else " " if silent else token.content
        case "math_inline" if r"\%" in token.content:
            return token.content  # a share is a result, however it is set
    return "" if token.nesting else " "


def _alt(image: Token) -> str:
    return "".join(map(_said, image.children or []))


def html(text: str, line: int) -> Iterator[Mark]:
    """What HTML says without its tags, and a picture without words if there is one in it."""
    said = TAG.sub(lambda found: "\n" * found[0].count("\n"), text)
    yield from (Mark(number, "words", row) for number, row in enumerate(said.split("\n"), line))
    if "<!--" in said:
        yield Mark(line, "fault", "no --> ends this comment, which hides what follows")
    if any(not ALT.search(tag) for tag in PICTURE.findall(text)):
        yield Mark(line, "picture", "")
