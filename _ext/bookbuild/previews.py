"""What links to other pages lead to, as scripts: `assets/preview.js` shows it beside a link.

A page opened from a folder may load a script, but neither fetch another page nor look into it. Kept
libraries (sphinx-tippy, sphinx-hoverxref) load theirs from other hosts or ask a server, and name
their files by chance.
"""

from __future__ import annotations

import json
import posixpath
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

FOLDER = Path("_static", "previews")
LINK = re.compile(r'<a\b[^>]*\bhref="([^"#:]*\.html)#([^"]+)"')
# none of these holds another of its kind
KINDS = re.compile(
    r'<dt\b[^>]*\bid="(?P<term>term-[^"]+)".*?</dd>'
    r'|<div class="math[^>]*\bid="(?P<equation>[^"]+)".*?</div>'
    r'|<div class="citation"[^>]*\bid="(?P<source>[^"]+)".*?</div>'
    r'|<figure\b[^>]*\bid="(?P<figure>[^"]+)".*?</figure>'
    r'|<table\b[^>]*\bid="(?P<table>[^"]+)".*?</table>',
    re.S,
)
SCRIPT = re.compile(r"<script\b.*?</script>", re.S)


def found(page: str) -> Iterator[tuple[str, str]]:
    """The anchor and the HTML of each thing of a page that can be previewed."""
    for match in KINDS.finditer(page):
        yield match[match.lastgroup], SCRIPT.sub("", match[0])


def linked(pages: Mapping[str, str]) -> dict[str, set[str]]:
    """For each page, by its name without `.html`, the anchors to which other pages link."""
    targets = defaultdict(set)
    for name, page in pages.items():
        for address, anchor in LINK.findall(page):
            path = posixpath.normpath(posixpath.join(posixpath.dirname(name), address))
            targets[path.removesuffix(".html")].add(anchor)
    return targets


def write(site: Path, pages: Mapping[str, str]) -> None:
    """Write a script for each page to which others link, `pages` being all by their paths."""
    (site / FOLDER).mkdir(parents=True, exist_ok=True)
    for name, anchors in sorted(linked(pages).items()):
        things = dict(found(pages.get(f"{name}.html", "")))
        if wanted := {anchor: things[anchor] for anchor in sorted(anchors & things.keys())}:
            text = json.dumps(wanted, ensure_ascii=False, separators=(",", ":"))
            target = site / FOLDER / f"{name.replace('/', '-')}.js"
            target.write_text(f"bookPreviews[{json.dumps(name)}]={text};\n", "utf-8")
