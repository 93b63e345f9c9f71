"""Fonts and their rules, cut down to the characters that the site shows.

MathJax has a rule for each of three thousand characters, Font Awesome for each of two thousand
icons; a book shows a few hundred of them. What a page may draw stands in its classes.
"""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Iterable
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

CHARACTER = re.compile(r'class="mjx-c([0-9A-F]+)(?: TEX-(\w+))?"')
RULE = re.compile(r"([^{}]+)\{((?:\"[^\"]*\"|[^{}\"])*)\}")
IN_SELECTOR = re.compile(r"\.mjx-c([0-9A-F]+)")
VARIANT = re.compile(r"\.TEX-(\w+)")
FAMILY = re.compile(r"font-family: (\w[\w-]*);")
ICON = re.compile(r"\bfa-[a-z0-9-]+")
ICON_RULE = re.compile(r'((?:\.fa-[a-z0-9-]+:{1,2}before,?)+)\{content:"\\[0-9a-f]+"\}')
STRING = re.compile(r'"([^"]*)"')
ESCAPED = re.compile(r"\\(?:([0-9a-f]{1,6}) ?|(.))", re.I)
OPTIONS = {"flavor": "woff2", "hinting": False}
COMMENT = re.compile(r"/\*.*?\*/", re.S)


def formula_sheet(sheet: str, pages: Iterable[str]) -> str:
    """MathJax's style sheet without the rules for characters that no page shows."""
    used = {found for page in pages for found in CHARACTER.findall(page)}
    characters = {character for character, _ in used}
    variants = {variant for _, variant in used}

    def shown(selector: str) -> bool:
        named, variant = IN_SELECTOR.findall(selector), VARIANT.search(selector)
        if named and variant:
            return (named[0], variant[1]) in used
        return characters.issuperset(named) and (not variant or variant[1] in variants)

    rules = [
        (" ".join(selector.split()), " ".join(body.split()))
        for selector, body in RULE.findall(COMMENT.sub("", sheet))
        if shown(selector)
    ]
    named = " ".join(body for selector, body in rules if selector != "@font-face")
    families = set(re.findall(r"MJX[\w-]+", named))
    return "\n".join(
        f"{selector}{{{body}}}"
        for selector, body in rules
        if selector != "@font-face" or FAMILY.search(body)[1] in families
    )


def drawn_in(family: str, sheet: str) -> set[int]:
    """The characters that a sheet of formulas draws in one of MathJax's fonts.

    A rule names its font by the letters after `TEX-`; without them it is the main font. What is
    stretched, a tall bracket, may come from several.
    """
    variant = family.removeprefix("MJXTEX").lstrip("-")
    rules = "".join(
        f"{body}\n"
        for selector, body in RULE.findall(sheet)
        if "stretch" in selector or (VARIANT.findall(selector) or [""])[0] == variant
    )
    return written(rules)


def icon_sheet(sheet: str, icons: set[str]) -> str:
    """A style sheet without the rules for icons that are not in `icons`, such as "fa-bars"."""
    return ICON_RULE.sub(lambda rule: rule[0] if icons & set(ICON.findall(rule[1])) else "", sheet)


def icons(texts: Iterable[str]) -> set[str]:
    """The icons that pages and scripts name."""
    return {name for text in texts for name in ICON.findall(text)}


def written(sheet: str) -> set[int]:
    """The characters that stand between quotes in a style sheet, escaped or as they are."""

    def plain(found: re.Match) -> str:
        return chr(int(found[1], 16)) if found[1] else found[2]

    return {ord(c) for string in STRING.findall(sheet) for c in ESCAPED.sub(plain, string)}


def cut(font: Path, characters: set[int], folder: Path) -> str:
    """Write those `characters` of a font into `folder` as WOFF2; return the new file's name.

    The name holds a hash of what went in, so an older copy is neither used nor made twice.
    """
    listed = ",".join(map(str, sorted(characters)))
    key = hashlib.sha256(font.read_bytes() + f"{listed} {OPTIONS}".encode()).hexdigest()[:10]
    target = folder / f"{font.stem}.{key}.woff2"
    if not target.exists():
        folder.mkdir(parents=True, exist_ok=True)
        target.write_bytes(_subset(font, characters))
    return target.name


def _subset(font: Path, characters: set[int]) -> bytes:
    options = subset.Options(**OPTIONS)
    options.drop_tables += ["FFTM"]  # dates of its editor, which the subsetter does not know
    opened = TTFont(font, recalcTimestamp=False)
    cutter = subset.Subsetter(options)
    # a font that draws nothing but its width, MathJax's Zero, keeps its only characters
    kept = characters & set(opened.getBestCmap()) or set(opened.getBestCmap())
    cutter.populate(unicodes=kept)
    cutter.subset(opened)
    opened.flavor, written = "woff2", io.BytesIO()
    opened.save(written)
    return written.getvalue()
