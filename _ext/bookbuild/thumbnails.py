"""Small pictures for the home page, made from the chapters' own figures: the drawing without words.

At the size of a card no label can be read, so the marks alone stay, cut out around one of the axes.
"""

from __future__ import annotations

import re
from xml.etree import ElementTree

from bookbuild.paths import relative

SVG = "{http://www.w3.org/2000/svg}"
# what is left out: labels, the ticks that carry them, and what Matplotlib says of itself
WORDS = re.compile(r"(?:text|[xy]tick|legend)_\d+")
POINT = re.compile(r"(-?[\d.]+) (-?[\d.]+)")
MARGIN = 5  # points around the axes
INK = re.compile("#(?:1f1d1a|201e1b|333333|000000)")
BETWEEN = "#88837a"  # a grey that is seen on a light card and on a dark one


def thumbnail(svg: str, axes: int = 1) -> str:
    """The drawing of a Matplotlib figure without words, cut out around its axes with this number.

    LookupError where the figure has no such axes. A picture on white becomes one on nothing.
    """
    for prefix, name in (("", "svg"), ("xlink", "xlink")):
        uri = SVG.strip("{}") if name == "svg" else "http://www.w3.org/1999/xlink"
        ElementTree.register_namespace(prefix, uri)
    root = ElementTree.fromstring(svg)
    figure = root.find(f".//{SVG}g[@id='figure_1']")
    chosen = figure.find(f"{SVG}g[@id='axes_{axes}']")
    if chosen is None:
        raise LookupError(f"the figure has no axes_{axes}")
    left, top, right, bottom = _extent(chosen)
    figure[:] = [chosen]
    _strip(root)
    box = (left - MARGIN, top - MARGIN, right - left + 2 * MARGIN, bottom - top + 2 * MARGIN)
    root.attrib = {"viewBox": " ".join(f"{number:.1f}" for number in box)}
    return INK.sub(BETWEEN, ElementTree.tostring(root, "unicode"))


def _extent(axes: ElementTree.Element) -> tuple[float, float, float, float]:
    # left, top, right and bottom of the axes' ground or, without one, of all that they hold
    ground = next((part for part in axes if _is_ground(part)), axes)
    paths = [path.get("d", "") for path in ground.iter(f"{SVG}path")]
    points = [(float(x), float(y)) for path in paths for x, y in POINT.findall(path)]
    across, down = zip(*points, strict=True)
    return min(across), min(down), max(across), max(down)


def _is_ground(part: ElementTree.Element) -> bool:
    path = part.find(f"{SVG}path")
    return path is not None and "fill: #ffffff" in path.get("style", "")


def _strip(node: ElementTree.Element) -> None:
    # without words and grounds, and with paths that take fewer bytes
    for part in list(node):
        if part.tag == f"{SVG}metadata" or WORDS.fullmatch(part.get("id", "")) or _is_ground(part):
            node.remove(part)
            continue
        part.tail = None
        if "d" in part.attrib:
            part.set("d", relative(part.get("d")))
        _strip(part)
