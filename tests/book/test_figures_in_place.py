"""Drawings stand in the page: named, with ids of their own, in the colours of their roles."""

import re
from pathlib import Path

import pytest

from bookbuild.figures import in_place
from weighted_sums.figures import style

SITE = Path(__file__).parents[2] / "_build" / "html"


@style.drawing(1.5)
def drawn(fig, label="a label"):
    ax = fig.add_subplot()
    ax.plot([0, 1], [0, 1], color=style.GRADIENT)
    ax.set_xlabel(label)
    ax.scatter([0], [0], color=style.POSITIVE, clip_path=None)


def test_a_drawing_keeps_its_name_and_takes_the_roles_of_its_colours():
    svg = in_place(drawn().svg, 'a "line" & more', "one")
    assert svg.startswith(
        '<svg class="drawing" role="img" aria-label="a &quot;line&quot; &amp; more"'
    )
    assert "stroke: var(--gradient)" in svg and "fill: var(--positive)" in svg
    assert not {*re.findall("#[0-9a-f]{6}", svg)} & {*style.ROLES.values()}
    assert svg.endswith("</svg>") and "<metadata" not in svg and "<?xml" not in svg


def test_its_words_are_words_in_the_font_of_the_page_and_can_grow():
    svg = in_place(drawn().svg, "alt", "one")
    (label,) = re.findall(r"<text([^>]*)>a label</text>", svg)
    assert "calc(10px * var(--label, 1))" in label and "font-family" not in label


def test_two_drawings_on_a_page_share_no_ids_and_find_their_own():
    one, two = (in_place(drawn().svg, "alt", key) for key in ("one", "two"))
    for svg, key in ((one, "one"), (two, "two")):
        asked = set(re.findall(r'(?:xlink:href="#|url\(#)([^")]+)', svg))
        assert asked == set(re.findall(r' id="([^"]+)"', svg)) and asked
        assert all(name.startswith(f"{key}-") for name in asked)


def test_its_ground_is_that_of_the_page():
    svg = in_place(drawn().svg, "alt", "one")
    assert "var(--paper)" not in svg and svg.count("fill: none") >= 2


def test_a_sign_that_no_page_can_show_is_refused():
    with pytest.raises(ValueError, match="needs the font cm"):
        in_place(drawn(label=r"$\sigma'(z)$").svg, "alt", "one")


def test_what_is_no_drawing_is_refused():
    with pytest.raises(ValueError, match="no drawing"):
        in_place("<html>", "alt", "one")


def test_every_role_has_a_colour_of_its_own():
    assert len(set(style.ROLES.values())) == len(style.ROLES)


def test_no_drawing_of_the_site_is_a_file_that_cannot_follow_the_theme():
    pages = {page.stem: page.read_text("utf-8") for page in SITE.glob("chapters/**/*.html")}
    figures = [f for page in pages.values() for f in re.findall("<figure.*?</figure>", page, re.S)]
    assert sum("<svg" in figure for figure in figures) > 100
    files = [figure for figure in figures if re.search(r"<img\b[^>]*\.svg", figure)]
    assert [figure[:80] for figure in files if "data-interactive" not in figure] == []
