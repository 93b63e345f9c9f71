"""Fonts and their rules, cut down to the characters that the site shows.

A mathematics font has four thousand characters, Font Awesome two thousand icons with a rule each;
a book shows a few hundred of them.
"""

from __future__ import annotations

import hashlib
import io
import logging
import re
from collections.abc import Iterable
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

# a style package of pygments lets every logger speak: the subsetter would fill a screen per font
logging.getLogger("fontTools").setLevel(logging.WARNING)

ICON = re.compile(r"\bfa-[a-z0-9-]+")
ICON_RULE = re.compile(r'((?:\.fa-[a-z0-9-]+:{1,2}before,?)+)\{content:"\\[0-9a-f]+"\}')
STRING = re.compile(r'"([^"]*)"')
ESCAPED = re.compile(r"\\(?:([0-9a-f]{1,6}) ?|(.))", re.I)
# `ssty` holds the shapes of letters in exponents, `ss04` primes for where browsers know no `ssty`
OPTIONS = {"flavor": "woff2", "hinting": False, "layout_features": ["ccmp", "ssty", "ss04"]}


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
    opened = TTFont(font, recalcTimestamp=False)
    if "MATH" in opened:
        _narrow_roots(opened)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=characters & set(opened.getBestCmap()))
    cutter.subset(opened)
    opened.flavor, written = "woff2", io.BytesIO()
    opened.save(written)
    return written.getvalue()


def _narrow_roots(font: TTFont) -> None:
    # Chromium leaves room for the widest sign there is beside each root, however low: let all
    # signs, and the parts of the tallest, be as wide as the lowest
    sign, table = font.getBestCmap()[ord("\u221a")], font["MATH"].table.MathVariants
    heights = table.VertGlyphConstruction[table.VertGlyphCoverage.glyphs.index(sign)]
    names = {variant.VariantGlyph for variant in heights.MathGlyphVariantRecord}
    names |= {part.glyph for part in heights.GlyphAssembly.PartRecords}
    glyphs, widths = font["glyf"], font["hmtx"].metrics
    for name in names - {sign}:
        glyphs[name].coordinates.scale((widths[sign][0] / widths[name][0], 1))
        glyphs[name].coordinates.toInt()
        glyphs[name].recalcBounds(glyphs)
        widths[name] = (widths[sign][0], glyphs[name].xMin)
