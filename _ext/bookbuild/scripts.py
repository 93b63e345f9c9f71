"""One script in place of the many that every page waits for.

Each file is a request of its own, and a phone makes few at a time. What pages run after they have
been read stands in one file, in its order.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

TOGETHER = "_static/together.js"
DEFERRED = re.compile(
    r'<script(?=[^>]*\sdefer\b)([^>]*?)\ssrc="([^":?]*)(_static/[^"?]+\.js)[^"]*"'
    r"([^>]*)></script>\s*"
)
DATA = re.compile(r'\sdata-[\w-]+="[^"]*"')


def shared(pages: Iterable[str]) -> list[str]:
    """The scripts that wait on every page that has any, in the order of the first such page."""
    found = [names for page in pages if (names := [m[3] for m in DEFERRED.finditer(page)])]
    return [name for name in found[0] if all(name in names for names in found)] if found else []


def together(site: Path, names: list[str]) -> str:
    """The text of `TOGETHER` from the scripts of these `names` in `site`.

    Empty statements part them: a "use strict" at the head of one file is not one for all, and a
    file that begins with a bracket does not call what the last one ended with.
    """
    return ";\n" + "\n;\n".join((site / name).read_text("utf-8") for name in names)


def with_one(page: str, names: list[str]) -> str:
    """The page with one script where the first of these stood, and with the data of all."""
    ours = [found for found in DEFERRED.finditer(page) if found[3] in names]
    if not ours:
        return page
    data = "".join(DATA.findall("".join(found[1] + found[4] for found in ours)))
    one = f'<script defer{data} src="{ours[0][2]}{TOGETHER}"></script>\n'
    for found in reversed(ours[1:]):
        page = page[: found.start()] + page[found.end() :]
    return page[: ours[0].start()] + one + page[ours[0].end() :]
