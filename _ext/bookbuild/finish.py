"""The last touch on the site, when all of it is written: what only the whole can tell."""

from __future__ import annotations

import re
from pathlib import Path

from bookbuild import formulas, glyphs, pages, sheets

STATIC = Path("_static")
ICONS = re.compile(
    r'url\("([^"]*/fontawesome/[^"]*\.woff2)"\)\s*format\("woff2"\)'
    r'(?:,\s*url\("[^"]*\.ttf"\)\s*format\("truetype"\))?'
)
FORMULAS = """@font-face {{
  font-family: "Formulas";
  font-display: block;
  src: {place};
}}
"""
# what no page asks for: icons as a script, sources of sources, the fonts that were cut
UNUSED = ("scripts/fontawesome.js*", "**/*.map", "vendor/fontawesome/**/*.*")


def finish(site: Path, fonts: Path) -> None:
    """Cut fonts down to what the pages show, and give each page its sizes, versions and policy.

    `fonts` is a folder that keeps cut fonts from one build to the next. PageError, with the page's
    name, where a page breaks its policy.
    """
    texts = {path: path.read_text("utf-8") for path in sorted(site.rglob("*.html"))}
    font = _write_formulas(site, texts.values(), fonts)
    sheet, texts = sheets.together(site, texts)
    if sheet:
        (site / sheets.TOGETHER).write_text(_with_icons(site, sheet, texts, fonts), "utf-8")
    for path in {path for pattern in UNUSED for path in (site / STATIC).glob(pattern)}:
        path.unlink()
    for path, text in texts.items():
        try:
            path.write_text(pages.finished(sheets.deferred(text), path, font), "utf-8")
        except pages.PageError as error:
            raise pages.PageError(f"{path.relative_to(site)}: {error}") from None


def _write_formulas(site: Path, texts, fonts: Path) -> Path:
    shown = set().union(*map(formulas.characters, texts))
    font = _placed(site, formulas.font(), set(map(ord, shown)), fonts)
    place = f'url("fonts/{font.name}") format("woff2")'
    (site / STATIC / formulas.STYLE).write_text(FORMULAS.format(place=place), "utf-8")
    return font


def _with_icons(site: Path, sheet: str, texts: dict[Path, str], fonts: Path) -> str:
    scripts = [path.read_text("utf-8") for path in (site / STATIC).glob("*.js")]
    sheet = glyphs.icon_sheet(sheet, glyphs.icons([*texts.values(), *scripts]))
    shown = glyphs.written(sheet)

    def local(found: re.Match) -> str:
        font = _placed(site, site / STATIC / found[1], shown, fonts)
        return f'url("fonts/{font.name}") format("woff2")'

    return ICONS.sub(local, sheet)


def _placed(site: Path, font: Path, shown: set[int], fonts: Path) -> Path:
    name = glyphs.cut(font, shown, fonts)
    target = site / STATIC / "fonts" / name
    target.parent.mkdir(exist_ok=True)
    target.write_bytes((fonts / name).read_bytes())
    return target
