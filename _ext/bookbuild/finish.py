"""The last touch on the site, when all of it is written: what only the whole can tell."""

from __future__ import annotations

import base64
import hashlib
import itertools
import os
import re
from collections.abc import Collection
from pathlib import Path
from urllib.parse import unquote

from PIL import Image

from bookbuild import faces, formulas, glyphs, paths, previews, scripts, sheets, unused

FACE = '@font-face{{font-family:Formulas;font-display:block;src:url("fonts/{}") format("woff2")}}'
# what no page asks for: icons as a script, sources of sources, the fonts that were cut
UNUSED = ("scripts/fontawesome.js*", "**/*.map", "vendor/fontawesome/**/*.*")
PICTURE = re.compile(r'<img\b(?![^>]*\bwidth=)([^>]*\bsrc="([^"?#:]+)[^>]*>)')
BOX = re.compile(r'viewBox="[\d.-]+ [\d.-]+ ([\d.]+) ([\d.]+)"')
POINTS = re.compile(r'<svg\b[^>]*\bwidth="[\d.]+pt"')
EAGER = 2  # pictures at the top of a page are seen at once: a logo, a first figure
ASSET = re.compile(r'((?:href|src)="[^":?]*(_static/[^"?]+\.(?:css|m?js)))(?:\?[^"]*)?"')
BLOCK = re.compile(r"<(script|style)\b([^>]*)>(.*?)</\1>", re.S)
DATA = re.compile(r'\btype="(?!text/(?:javascript|css)"|module")')  # what does not run
HANDLER = re.compile(r"""<[a-zA-Z][^<>]*\s(?:on[a-z]+\s*=|href\s*=\s*["']?javascript:)[^\s>]*""")
HEAD = re.compile(r"<meta charset=[^>]*>")
# scripts and fonts from the site alone; sizes and places of words stand in style attributes
POLICY = (
    '<meta http-equiv="Content-Security-Policy" content="'
    "default-src 'none'; script-src 'self'{script}; style-src-elem 'self'{style}; "
    "style-src-attr 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'self'\">"
)
PRELOAD = '<link rel="preload" as="font" type="font/woff2" crossorigin href="{}">'
SHOWN_FIRST = '<link rel="preload" as="image" fetchpriority="high" href="{}">'
HERO = re.compile(
    r'<figure\b[^>]*\bclass="[^"]*\bhero\b[^>]*>(?:(?!</figure>).)*?(<img\b[^>]*\bsrc="([^"]+)")',
    re.S,
)


class PageError(ValueError):
    """A page holds what its policy would forbid; the message says what."""


def finish(site: Path, names: list[str]) -> None:
    """Put the style sheets `names` together, and scripts; give pages sizes, versions and a policy.

    PageError, with the page's name, where a page breaks its policy.
    """
    for template in (site / "_static").glob("*.html"):
        template.unlink()  # it is no page
    pages = {path: path.read_text("utf-8") for path in sorted(site.rglob("*.html"))}
    previews.write(site, {path.relative_to(site).as_posix(): page for path, page in pages.items()})
    waiting = _script(site, pages.values())
    fonts = _style(site, names, pages.values())
    for path in {path for pattern in UNUSED for path in (site / "_static").glob(pattern)}:
        path.unlink()
    for picture in (site / "_images").glob("*.svg"):
        picture.write_text(paths.shorter(picture.read_text("utf-8")), "utf-8")
    for path, page in pages.items():
        try:
            page = scripts.with_one(page, waiting)
            path.write_text(finished(page, path, site, fonts), "utf-8")
        except PageError as error:
            raise PageError(f"{path.relative_to(site)}: {error}") from None


def _script(site: Path, pages: Collection[str]) -> list[str]:
    # write the one script; return the names of those that are in it, whose files go
    names = scripts.shared(pages)
    (site / scripts.TOGETHER).write_text(scripts.together(site, names), "utf-8")
    for name in names:
        (site / name).unlink()
    return names


def _style(site: Path, names: list[str], pages: Collection[str]) -> list[Path]:
    # write the one sheet, and its fonts; return the fonts of formulas, of text and of headings
    static = site / "_static"
    shown = set().union(*map(formulas.characters, pages))
    font = glyphs.cut(formulas.font(), shown, static / "fonts")
    code = itertools.chain(static.rglob("*.js"), static.rglob("*.mjs"))
    texts = [path.read_text("utf-8") for path in code]
    sheet = glyphs.with_icons(sheets.together(site, names), [*pages, *texts], static)
    sheet = unused.without_unused(sheet, unused.known(pages, texts))
    rules, files = faces.write(static / "fonts", pages)
    (site / sheets.TOGETHER).write_text(FACE.format(font.name) + rules + sheet, "utf-8")
    return [font, *files]


def finished(page: str, path: Path, site: Path, fonts: list[Path]) -> str:
    """The page at `path` with sizes, versions and policy, which asks at once for what opens it.

    That is its fonts, and the picture under its title. The first of the `fonts` draws formulas, and
    a page without any does not need it.
    """
    policy = guard(page)
    page, picture = opened(versioned(measured(page, path.parent), site))
    # lines that break again when a font comes would move the reader
    wanted = [*fonts[1:], fonts[0]] if "<math" in page else fonts[1:]
    if path.name == "404.html":  # shown at any address, where relative ones lead nowhere
        wanted = []
    addresses = [Path(os.path.relpath(font, path.parent)).as_posix() for font in wanted]
    links = "\n    ".join([policy, *picture, *map(PRELOAD.format, addresses)])
    return HEAD.sub(lambda found: f"{found[0]}\n    {links}", page, count=1)


def opened(page: str) -> tuple[str, list[str]]:
    """The page with its first picture drawn as soon as its text, and what asks for it at once."""
    if not (hero := HERO.search(page)):
        return page, []
    picture = hero[1].replace('decoding="async"', 'decoding="sync"')
    return page[: hero.start(1)] + picture + page[hero.end(1) :], [SHOWN_FIRST.format(hero[2])]


def measured(page: str, folder: Path) -> str:
    """Give each picture its size, so that nothing moves when it arrives; late ones come late."""
    number = itertools.count(1)

    def sized(found: re.Match) -> str:
        late = ' loading="lazy"' if next(number) > EAGER else ""
        file = folder / unquote(found[2])
        size = extent(file) if file.is_file() else None
        box = ' width="{}" height="{}"'.format(*size) if size else ""
        return f'<img{box}{late} decoding="async"{found[1]}'

    return PICTURE.sub(sized, page)


def extent(picture: Path) -> tuple[int, int] | None:
    """Width and height of a picture in CSS pixels; None for a drawing that does not say."""
    if picture.suffix != ".svg":
        with Image.open(picture) as opened:
            return opened.size
    head = picture.read_text("utf-8")[:2000]
    scale = 4 / 3 if POINTS.search(head) else 1
    box = BOX.search(head)
    return (round(scale * float(box[1])), round(scale * float(box[2]))) if box else None


def versioned(page: str, site: Path) -> str:
    """Name scripts and styles with a hash of what they hold now, so that no old copy is used."""

    def version(found: re.Match) -> str:
        file = site / unquote(found[2])
        key = hashlib.sha256(file.read_bytes()).hexdigest()[:10] if file.is_file() else ""
        return f'{found[1]}?v={key}"' if key else found[0]

    return ASSET.sub(version, page)


def guard(page: str) -> str:
    """The Content-Security-Policy of a page. PageError where the page would break it."""
    if found := HANDLER.search(BLOCK.sub("", page)):
        raise PageError(f"a script in an attribute is not allowed: {found[0].strip()}")
    hashes = {"script": "", "style": ""}
    for kind, given, text in dict.fromkeys(BLOCK.findall(page)):
        if text and not DATA.search(given):
            digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
            hashes[kind] += f" 'sha256-{digest}'"
    return POLICY.format(**hashes)
