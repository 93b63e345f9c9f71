"""The last touch on the site, when all of it is written: what only the whole can tell.

It works on the copy that is about to be published, so Sphinx finds its own output as it left it.
"""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

from bookbuild import formulas, glyphs, pages, sheets

FORMULAS = Path("_static", "formulas.css")
THEME = Path("_static", "styles", "pydata-sphinx-theme.css")
FONT = re.compile(
    r"url\(([^)]*/)?([\w.-]+)\.woff2\) format\(\"woff2\"\)"
    r"(?:,url\([^)]*\.ttf\) format\(\"truetype\"\))?"
)
WOFF = re.compile(r'font-family: ([\w-]+); src: url\("[^"]*/([\w-]+\.woff)"\) format\("woff"\)')
SEARCH = re.compile(r"Search\.setIndex\((.*)\)\s*", re.S)
# The theme's script lays a whole page out to measure each block of code in it, at the start and
# after every change; `assets/book.js` asks each block when it is drawn.
SCRIPT = Path("_static", "scripts", "pydata-sphinx-theme.js")
MEASURED = re.compile(r'\["pre",[^\]]*"\.pst-scrollable-table-container"\]')
# what no page asks for: icons as a script, sources of sources, the fonts that were cut
UNUSED = ("_static/scripts/fontawesome.js*", "_static/**/*.map", "_static/vendor/fontawesome")
# A formula is as tall as the words around it (the x of MathJax's fonts is .442 em high). What a
# screen reader reads lies beneath its drawing and takes no room.
OURS = """
mjx-container{position:relative;font-size:calc(1ex / .442)}
mjx-assistive-mml{position:absolute!important;top:0;left:0;width:1px;height:1px;overflow:hidden;
clip-path:inset(50%);user-select:none}
"""


def finish(site: Path, fonts: Path) -> None:
    """Cut fonts down to what the pages show, and give each page its sizes, versions and policy.

    `fonts` is a folder that keeps cut fonts from one build to the next.
    """
    texts = {path: path.read_text("utf-8") for path in sorted(site.rglob("*.html"))}
    _write_formulas(site, list(texts.values()), fonts)
    if (site / THEME).is_file():
        _write_icons(site, list(texts.values()), fonts)
        _measure_nothing(site / SCRIPT)
    _remove_unused(site)
    for path, text in sheets.together(site, texts).items():
        try:
            path.write_text(pages.finished(sheets.deferred(text), path), "utf-8")
        except pages.PageError as error:
            raise pages.PageError(f"{path.relative_to(site)}: {error}") from None


def _write_formulas(site: Path, texts: list[str], fonts: Path) -> None:
    sheet = glyphs.formula_sheet(formulas.typesetter("{}").stylesheet(), texts)
    source = formulas.mathjax() / formulas.FONTS

    def local(found: re.Match) -> str:
        name = glyphs.cut(source / found[2], glyphs.drawn_in(found[1], sheet), fonts)
        return f"font-family: {found[1]}; src: {_place(site, fonts / name, 'fonts/')}"

    (site / FORMULAS).write_text(WOFF.sub(local, sheet) + OURS, "utf-8")


def _write_icons(site: Path, texts: list[str], fonts: Path) -> None:
    scripts = [path.read_text("utf-8") for path in (site / "_static").glob("*.js")]
    sheet = glyphs.icon_sheet((site / THEME).read_text("utf-8"), glyphs.icons([*texts, *scripts]))
    shown = glyphs.written(sheet)

    def local(found: re.Match) -> str:
        font = (site / THEME).parent / f"{found[1]}{found[2]}.woff2"
        name = glyphs.cut(font.resolve(), shown, fonts)
        return _place(site, fonts / name, "../fonts/")

    (site / THEME).write_text(FONT.sub(local, sheet), "utf-8")


def _measure_nothing(path: Path) -> None:
    script, found = MEASURED.subn('["pst-nothing"]', path.read_text("utf-8"))
    if found != 1:
        raise pages.PageError(f"{path.name} has no list of what it measures, as it had")
    path.write_text(script, "utf-8")


def _place(site: Path, font: Path, address: str) -> str:
    target = site / "_static" / "fonts" / font.name
    target.parent.mkdir(exist_ok=True)
    target.write_bytes(font.read_bytes())
    return f'url({address}{font.name}) format("woff2")'


def _remove_unused(site: Path) -> None:
    for pattern in UNUSED:
        for path in list(site.glob(pattern)):
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def _forget_words(path: Path) -> None:
    # Sphinx keeps the words that pages have lost, each with an empty list of pages
    if not (found := SEARCH.fullmatch(path.read_text("utf-8"))):
        raise pages.PageError(f"{path.name} is no search index of the known form")
    index = json.loads(found[1])
    for name in ("terms", "titleterms"):
        index[name] = {word: where for word, where in index[name].items() if where != []}
    text = json.dumps(index, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    path.write_text(f"Search.setIndex({text})", "utf-8")
