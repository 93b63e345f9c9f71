"""One style sheet in place of the many with which every page of the site begins.

A browser draws nothing before the last of them is there, and asks for what they import only then.
"""

from __future__ import annotations

import os
import re
from itertools import takewhile
from pathlib import Path
from urllib.parse import unquote

TOGETHER = Path("_static", "together.css")
LINK = re.compile(
    r'<link\b(?=[^>]*\brel="stylesheet")(?![^>]*\bmedia=)[^>]*\bhref="([^"?#:]+)[^"]*"[^>]*>\s*'
)
ADDRESS = re.compile(r"""url\(\s*(["']?)(?!data:|#|/|[a-z]+:)([^)"']+)\1\s*\)""")
IMPORT = re.compile(r"""@import\s+(?:url\()?["']([^"':]+)["']\)?\s*;""")
CHARSET = re.compile(r'@charset\s+"[^"]*"\s*;', re.I)
# scripts that text in the page relies on while it is read stay where they are
READ_FIRST = "documentation_options.js"
SCRIPT = re.compile(r'<script (?![^>]*\b(?:defer|async|type)\b)([^>]*\bsrc="([^"?#]+)[^>]*)>')


def together(site: Path, texts: dict[Path, str]) -> tuple[str, dict[Path, str]]:
    """One sheet for `TOGETHER` from those that all pages name first, and the pages that name it.

    `texts` holds each page by its place in `site`. Pages that name no sheet that lies there, such
    as one for any depth, stay as they are, and so do all pages ("" is the sheet) that share none.
    """
    named = {path: _sheets(path, text) for path, text in texts.items()}
    named = {path: sheets for path, sheets in named.items() if sheets}
    levels = takewhile(lambda same: len(set(same)) == 1, zip(*named.values(), strict=False))
    shared = [level[0] for level in levels]
    if len(shared) < 2:
        return "", texts
    target = site / TOGETHER
    sheet = "\n".join(_moved(sheet, target.parent) for sheet in shared)
    return sheet, {
        path: _named_once(text, path, target, len(shared)) if path in named else text
        for path, text in texts.items()
    }


def _sheets(page: Path, text: str) -> list[str]:
    files = [(page.parent / unquote(name)).resolve() for name in LINK.findall(text)]
    return [str(file) for file in files] if all(file.is_file() for file in files) else []


def _moved(sheet: str | Path, folder: Path) -> str:
    # with what it imports, and with its addresses as they are seen from `folder`
    sheet = Path(sheet)
    text = CHARSET.sub("", sheet.read_text("utf-8"))
    parts = IMPORT.split(text)  # text, name of an imported sheet, text, …
    for at in range(0, len(parts), 2):
        parts[at] = ADDRESS.sub(lambda m: f'url("{_seen(sheet.parent / m[2], folder)}")', parts[at])
    for at in range(1, len(parts), 2):
        parts[at] = _moved(sheet.parent / parts[at], folder)
    return "".join(parts)


def _seen(file: Path, folder: Path) -> str:
    return Path(os.path.relpath(file, folder)).as_posix()


def _named_once(text: str, page: Path, target: Path, count: int) -> str:
    link = f'<link rel="stylesheet" href="{_seen(target, page.parent)}">\n'
    at = LINK.search(text).start()
    rest = LINK.sub("", text[at:], count=count)
    return text[:at] + link + rest


def deferred(text: str) -> str:
    """The page with scripts that come when it has been read, in the same order."""
    return SCRIPT.sub(lambda m: m[0] if READ_FIRST in m[2] else f"<script defer {m[1]}>", text)
