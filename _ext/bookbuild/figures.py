"""Drawings on the page itself: they follow its theme, and their words are words.

A drawing by `weighted_sums.figures` has one colour for each role. On the site it stands in the page
as SVG, where each of these colours is the variable of its role; notebooks and paper keep the file.
"""

from __future__ import annotations

import re
from html import escape
from pathlib import Path

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

from bookbuild.paths import shorter

OPENING = re.compile(r"^.*?<svg\b[^>]*\bviewBox=\"([^\"]*)\"[^>]*>", re.S)
NEEDLESS = re.compile(
    r"<metadata>.*?</metadata>|<!--.*?-->|<style\b.*?</style>|<defs>\s*</defs>", re.S
)
GAPS = re.compile(r">\s+<(?!tspan|/text)|\s*\n\s*")
ASKED = re.compile(r"""(xlink:href="#|url\(#)([\w.-]+)""")
IDENTITY = re.compile(r' id="([\w.-]+)"')
FONT = re.compile(r"font-family: [^;\"]*;? ?")
SIZE = re.compile(r"font-size: ([\d.]+)px")
TURNED = re.compile(r' transform="rotate\(-?0 [^)]*\)"')
COLOUR = re.compile(r"#[0-9a-f]{6}\b")
# signs that only fonts of Matplotlib have, as the prime of TeX: a page would show another
FOREIGN = re.compile(r"'((?:cm|STIX)\w+)'")
GROUND = re.compile(
    r'(<g id="(?:figure|axes)_\d+">\s*<g id="patch_\d+">\s*<path d="[^"]*" style=")fill: #ffffff'
)
UNITS = 4 / 3  # a point is four thirds of a CSS pixel


class InPlace(SphinxPostTransform):
    """Put the drawings of a page into it; pictures of live figures stay files."""

    default_priority = 210  # after MyST-NB has chosen what to show

    def run(self, **kwargs) -> None:
        """Replace every image that is a drawing of ours."""
        if self.app.builder.name != "html":
            return
        for image in list(self.document.findall(nodes.image)):
            path = Path(self.app.srcdir, image["uri"].lstrip("/"))
            live = any("data-interactive" in raw.astext() for raw in _beside(image))
            if path.suffix == ".svg" and not live and _is_drawn(image):
                svg = in_place(path.read_text("utf-8"), image.get("alt", ""), path.stem[:10])
                image.replace_self(nodes.raw("", svg, format="html"))


def _beside(image: nodes.image) -> list[nodes.raw]:
    return [n for n in image.parent.children if isinstance(n, nodes.raw)]


def _is_drawn(image: nodes.image) -> bool:
    # what a cell yields stands in its container, unless it opens the chapter
    node = image.parent
    while node is not None and not isinstance(node, nodes.container):
        if "hero" in node.get("classes", ()):
            return True
        node = node.parent
    return node is not None and "nb_element" in node


def in_place(svg: str, alt: str, key: str) -> str:
    """A drawing as part of a page: named by `alt`, its ids by `key`, its colours by their roles."""
    from weighted_sums.figures.style import ROLES

    roles = {colour: f"var(--{role})" for role, colour in ROLES.items()}
    box = OPENING.match(svg)
    if not box:
        raise ValueError(f"no drawing: {svg[:80]!r}")
    if found := FOREIGN.search(svg):
        raise ValueError(f"a sign in this drawing needs the font {found[1]}: {alt[:60]!r}")
    svg = GROUND.sub(r"\1fill: none", svg)
    width, height = map(float, box[1].split()[2:])
    body = shorter(NEEDLESS.sub("", svg[box.end() :]))
    asked = {name for _, name in ASKED.findall(body)}
    body = IDENTITY.sub(lambda m: f' id="{key}-{m[1]}"' if m[1] in asked else "", body)
    body = ASKED.sub(rf"\g<1>{key}-\g<2>", TURNED.sub("", FONT.sub("", body)))
    body = SIZE.sub(r"font-size: calc(\1px * var(--label, 1))", body)
    body = COLOUR.sub(lambda found: roles.get(found[0], found[0]), body)
    body = GAPS.sub(lambda found: "><" if found[0][0] == ">" else " ", body).strip()
    size = f'width="{round(width * UNITS)}" height="{round(height * UNITS)}" viewBox="{box[1]}"'
    return f'<svg class="drawing" role="img" aria-label="{escape(alt)}" {size}>{body}'


def setup(app) -> None:
    """Connect to Sphinx."""
    app.add_post_transform(InPlace)
