"""Changes to a finished page that need the files it names: sizes, versions, and its policy."""

from __future__ import annotations

import base64
import hashlib
import os
import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

from PIL import Image

PICTURE = re.compile(r"<img\b[^>]*>")
SOURCE = re.compile(r'\bsrc="([^"]+)"')
BOX = re.compile(r'viewBox="[\d.-]+ [\d.-]+ ([\d.]+) ([\d.]+)"')
POINTS = re.compile(r'<svg\b[^>]*\bwidth="[\d.]+pt"')
ASSET = re.compile(r'(<(?:link|script)\b[^>]*\b(?:href|src)=")([^"?#]+\.(?:css|js|mjs))(\?[^"]*)?"')
BLOCK = re.compile(r"<(script|style)\b([^>]*)>(.*?)</\1>", re.S)
HANDLER = re.compile(r"""<[a-zA-Z][^<>]*\s(?:on[a-z]+\s*=|href\s*=\s*["']?javascript:)[^\s>]*""")
HEAD = re.compile(r"<meta charset=[^>]*>")
RUN = ("", "text/javascript", "module")  # other kinds of script are data
EAGER = 2  # pictures at the top of a page are seen at once: a logo, a first figure
# scripts and fonts from the site alone; sizes and places of words stand in style attributes
POLICY = (
    "default-src 'none'; script-src 'self'{scripts}; style-src-elem 'self'{styles}; "
    "style-src-attr 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'self'"
)


class PageError(ValueError):
    """A page holds what its policy would forbid; the message says what."""


def finished(page: str, path: Path, font: Path) -> str:
    """The page that lies at `path`, with sizes, versions and policy, and the font of formulas."""
    page = measured(page, path)
    page = versioned(page, path)
    if "<math" in page:
        page = preloaded(page, path, font)
    return guarded(page)


def preloaded(page: str, path: Path, font: Path) -> str:
    """Ask for a font with the page: lines that break again when it comes would move the reader."""
    address = Path(os.path.relpath(font, path.parent)).as_posix()
    link = f'<link rel="preload" as="font" type="font/woff2" crossorigin href="{address}">'
    return HEAD.sub(lambda found: f"{found[0]}\n    {link}", page, count=1)


def measured(page: str, path: Path) -> str:
    """Give each picture its size, so that nothing moves when it arrives; late ones come late."""
    seen = 0

    def sized(found: re.Match) -> str:
        nonlocal seen
        seen += 1
        tag, source = found[0], SOURCE.search(found[0])
        late = ' loading="lazy"' if seen > EAGER and "loading=" not in tag else ""
        file = source and path.parent / unquote(urlsplit(source[1]).path)
        if not file or "width=" in tag or not file.is_file():
            return tag
        size = extent(file)
        box = ' width="{}" height="{}"'.format(*size) if size else ""
        return f'<img{box}{late} decoding="async"{tag[4:]}'

    return PICTURE.sub(sized, page)


def extent(picture: Path) -> tuple[int, int] | None:
    """Width and height of a picture in CSS pixels; None for a drawing that does not say."""
    if picture.suffix != ".svg":
        with Image.open(picture) as opened:
            return opened.size
    head = picture.read_text("utf-8")[:2000]
    scale = 4 / 3 if POINTS.search(head) else 1
    box = BOX.search(head)
    return box and tuple(round(scale * float(number)) for number in box.groups())


def versioned(page: str, path: Path) -> str:
    """Name scripts and styles with a hash of what they hold now, so that no old copy is used."""

    def version(found: re.Match) -> str:
        file = path.parent / unquote(found[2])
        if urlsplit(found[2]).scheme or not file.is_file():
            return found[0]
        key = hashlib.sha256(file.read_bytes()).hexdigest()[:10]
        return f'{found[1]}{found[2]}?v={key}"'

    return ASSET.sub(version, page)


def guarded(page: str) -> str:
    """Put a Content-Security-Policy at the head of a page. PageError where it would break it."""
    rest = BLOCK.sub("", page)
    if found := HANDLER.search(rest):
        raise PageError(f"a script in an attribute is not allowed: {found[0].strip()}")
    blocks = BLOCK.findall(page)
    scripts = [text for kind, given, text in blocks if kind == "script" and _runs(given)]
    styles = [text for kind, _, text in blocks if kind == "style"]
    policy = POLICY.format(scripts=_hashes(scripts), styles=_hashes(styles))
    meta = f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
    return HEAD.sub(lambda found: f"{found[0]}\n    {meta}", page, count=1)


def _runs(attributes: str) -> bool:
    kind = re.search(r'\btype="([^"]*)"', attributes)
    return "src=" not in attributes and (not kind or kind[1] in RUN)


def _hashes(texts: list[str]) -> str:
    digests = (base64.b64encode(hashlib.sha256(t.encode()).digest()).decode() for t in texts)
    return "".join(f" 'sha256-{digest}'" for digest in dict.fromkeys(digests))
