"""A path by its distances is the same path, in fewer bytes."""

import gzip
import io
import re

import numpy as np
import pytest
from checkout import ROOT
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from bookbuild.paths import relative, shorter

STROKES = re.compile(r"([a-z])([^a-z]*)")
NUMBERS = re.compile(r"-?(?:\d+(?:\.\d+)?|\.\d+)")
POINTS = {"m": 1, "l": 1, "q": 2, "c": 3}


def drawn(path):
    """All points of a relative path where they lie, as SVG's grammar says."""
    at = start = np.zeros(2)
    points = []
    for letter, text in STROKES.findall(path):
        if letter == "z":
            at = start
            continue
        moves = np.array(NUMBERS.findall(text), float).reshape(-1, POINTS[letter], 2)
        for number, stroke in enumerate(moves):
            points += [*(at + stroke)]
            at = points[-1]
            start = at if letter == "m" and number == 0 else start
    return np.array(points)


def test_each_kind_of_stroke_and_where_the_next_one_starts():
    path = "M 1 2 \nL 3.50 2.25 \nL 3.5 0 \nz\nM 0 0 C 1 1 2 2 3 3 C 4 4 5 5 -6 6 Q 1 1 0 0"
    assert relative(path) == "m1 2 2.5 .25 0-2.25zm-1-2c1 1 2 2 3 3 1 1 2 2-9 3q7-5 6-6"
    assert relative("") == ""
    # a line after the second move is none after the first
    assert relative("M 0 0 L 1 1 M 5 5 L 6 6") == "m0 0 1 1m4 4 1 1"
    # after a closed path the next stroke is named, and starts where that one did
    assert relative("M 1 1 L 2 1 L 2 2 z L 9 9") == "m1 1 1 0 0 1zl8 8"


def test_a_long_path_ends_where_it_did():
    """Errors of rounding would add up over ten thousand points."""
    rng = np.random.default_rng(0)
    points = np.cumsum(rng.normal(scale=0.1, size=(10_000, 2)), axis=0) + 100
    path = "M " + "L ".join(f"{x:.6f} {y:.6f} \n" for x, y in points)
    assert np.abs(drawn(relative(path)) - points).max() <= 0.0051


def test_what_matplotlib_draws_keeps_every_point_and_all_else():
    fig = Figure()
    ax = fig.subplots()
    y, x = np.mgrid[-2:2:60j, -2:2:60j]
    ax.contour(x**4 - x**2 + y**2 + x * y / 2)
    ax.scatter([3, 30], [4, 40], marker="*")
    ax.set_title("words stay")
    svg = svg_of(fig)
    short = shorter(svg)
    before, after = (re.findall(r'<path\b[^>]*?\sd="([^"]*)"', text) for text in (svg, short))
    assert len(before) == len(after) > 20
    for old, new in zip(before, after, strict=True):
        absolute = np.array(NUMBERS.findall(old), float).reshape(-1, 2)
        np.testing.assert_allclose(drawn(new), absolute, atol=0.0051)
        assert old.upper().count("Z") == new.count("z")
    assert re.sub(r'\sd="[^"]*"', "", short) == re.sub(r'\sd="[^"]*"', "", svg)
    assert len(gzip.compress(short.encode())) < 0.7 * len(gzip.compress(svg.encode()))


def svg_of(fig):
    file = io.StringIO()
    FigureCanvasSVG(fig).print_svg(file)
    return file.getvalue()


OTHERS = ["m 1 1", "M 1 1 A 1 1 0 0 1 2 2", "M 1", "1 1 L 2 2", "M a b", "M44 14 118 48"]


@pytest.mark.parametrize("path", OTHERS)
def test_a_path_of_another_hand_is_refused_and_its_drawing_kept(path):
    with pytest.raises(ValueError, match="path|stroke|float"):
        relative(path)
    svg = f'<svg><path class="a" d="{path}"/><path d="M 1 1 L 2 2"/></svg>'
    assert shorter(svg) == f'<svg><path class="a" d="{path}"/><path d="m1 1 1 1"/></svg>'


def test_every_path_of_the_built_site_is_short():
    pictures = [*(ROOT / "_build" / "html" / "_images").glob("*.svg")]
    assert len(pictures) > 10
    for picture in pictures:
        assert not re.search(r'\sd="M', picture.read_text("utf-8")), picture.name
