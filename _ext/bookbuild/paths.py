"""Paths of drawings in fewer bytes: each point by its distance from the last one.

Matplotlib writes where every point lies. A curve's points lie close together, so their distances
are short and much alike: compressed, a page of contours shrinks to a quarter.
"""

from __future__ import annotations

import re

PATH = re.compile(r'(<path\b[^>]*?\sd=")([^"]*)"')
STROKE = re.compile(r"([A-Za-z])([^A-Za-z]*)")
POINTS = {"M": 1, "L": 1, "Q": 2, "C": 3, "Z": 0, "z": 0}  # of a stroke, as Matplotlib writes them
GOES_ON = {"m": "l"}  # the letter that is understood after this one, if not the same
UNIT = 100  # a hundredth of a point is far below a pixel
Point = tuple[int, int]


def shorter(svg: str) -> str:
    """A drawing with every path of Matplotlib's relative, and what others wrote as it is."""

    def short(found: re.Match) -> str:
        try:
            return f'{found[1]}{relative(found[2])}"'
        except ValueError:
            return found[0]

    return PATH.sub(short, svg)


def relative(path: str) -> str:
    """A path of absolute M, L, Q, C and z as the same path of m, l, q, c and z.

    Points are rounded to hundredths before they are subtracted, so that no error adds up.
    ValueError for a path that holds anything else.
    """
    strokes = STROKE.findall(path)
    if "".join(map("".join, strokes)) != path.lstrip():
        raise ValueError(f"this path does not begin with a letter: {path[:60]!r}")
    written, understood = "", ""
    at = start = (0, 0)
    for letter, numbers in strokes:
        points = _points(letter, numbers)
        kind = letter.lower()
        written += ("" if kind == understood else kind) + _moves(at, points, kind == understood)
        understood = GOES_ON.get(kind, kind)
        at = points[-1] if points else start
        start = at if kind == "m" else start
    return written


def _points(letter: str, numbers: str) -> list[Point]:
    # the points of a stroke, in hundredths
    found = [round(UNIT * float(number)) for number in numbers.split()]
    if len(found) != 2 * POINTS.get(letter, -1):
        raise ValueError(f"no stroke that Matplotlib writes: {letter}{numbers}")
    return list(zip(found[::2], found[1::2], strict=True))


def _moves(at: Point, points: list[Point], joined: bool) -> str:
    # the distances of the points from `at`; a minus sign parts numbers as well as a space
    numbers = [_number(to - now) for point in points for to, now in zip(point, at, strict=True)]
    text = "".join(n if n[0] == "-" else f" {n}" for n in numbers)
    return text if joined else text.removeprefix(" ")


def _number(hundredths: int) -> str:
    # 0.5 as .5, and 3.00 as 3
    text = f"{hundredths / UNIT:.2f}".rstrip("0").rstrip(".")
    return text.replace("0.", ".", 1) if text.startswith(("0.", "-0.")) else text
