"""Fonts and their rules, cut down to the characters that the site shows.

A mathematics font has four thousand characters, Font Awesome two thousand icons with a rule each;
a book shows a few hundred of them.
"""

from __future__ import annotations

import hashlib
import logging
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

# a style package of pygments lets every logger speak: the subsetter would fill a screen per font
logging.getLogger("fontTools").setLevel(logging.WARNING)

ICON = re.compile(r"\bfa-[a-z0-9-]+")
ICON_RULE = re.compile(r'((?:\.fa-[a-z0-9-]+:{1,2}before,?)+)\{content:"\\[0-9a-f]+"\}')
TRUETYPE = re.compile(r',\s*url\("[^"]*\.ttf"\)\s*format\("truetype"\)')  # for old browsers
# `ssty`: shapes of letters in exponents; `ss04`: primes for where browsers know no `ssty`
FORMULAS = ("ccmp", "ssty", "ss04")
NAMES = [0, 1, 2, 3, 4, 5, 6, 13, 14]  # copyright, names, and the licence, which goes with a copy
ESCAPED = re.compile(r"\\([0-9a-f]{2,6})")


def with_icons(sheet: str, texts: Iterable[str], static: Path) -> str:
    """The style sheet in `static` with rules for the icons that `texts` name, and cut fonts."""
    named = {name for text in texts for name in ICON.findall(text)}
    sheet = ICON_RULE.sub(lambda rule: rule[0] if named & {*ICON.findall(rule[1])} else "", sheet)
    sheet = TRUETYPE.sub("", sheet)
    characters = {*sheet, *(chr(int(code, 16)) for code in ESCAPED.findall(sheet))}
    for font in static.glob("vendor/fontawesome/**/*.woff2"):
        name = cut(font, characters, static / "fonts").name
        sheet = sheet.replace(font.relative_to(static).as_posix(), f"fonts/{name}")
    return sheet


def cut(
    font: Path,
    characters: set[str],
    folder: Path,
    features: Sequence[str] = FORMULAS,
    limits: Mapping[str, float | tuple[float, float]] = MappingProxyType({}),
) -> Path:
    """Write those `characters` of a font into `folder` as WOFF2, with a hash in the new name.

    A variable font keeps of its axes what `limits` allow: a value, or lowest and highest.
    """
    options = subset.Options(
        flavor="woff2", hinting=False, layout_features=list(features), name_IDs=NAMES
    )
    opened = subset.load_font(font, options)
    if "MATH" in opened:
        _narrow_roots(opened)
    cutter = subset.Subsetter(options)
    cutter.populate(text="".join(characters))
    cutter.subset(opened)
    if limits:
        instancer.instantiateVariableFont(opened, limits, inplace=True)
    target = folder / f"{font.stem.partition('[')[0]}.woff2"
    folder.mkdir(parents=True, exist_ok=True)
    subset.save_font(opened, target, options)
    key = hashlib.sha256(target.read_bytes()).hexdigest()[:10]
    return target.rename(target.with_suffix(f".{key}.woff2"))


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
