"""The last touch on a site: fonts of what it shows, the same whatever an earlier build left."""

import re

import pytest
from fontTools.ttLib import TTFont

from bookbuild import finish, formulas, pages

PAGE = """<html><head><meta charset="utf-8">
<link rel="stylesheet" href="_static/theme.css"><link rel="stylesheet" href="_static/formulas.css">
</head><body><i class="fa-bars"></i>%s</body></html>"""
RULES = '.fa-bars:before{content:"\\f0c9"}.fa-x:before{content:"\\58"}'
FACE = 'url(vendor/fontawesome/icons.woff2) format("woff2"),url(icons.ttf) format("truetype")'
FORMULA = "<math><mi>W</mi></math>"


@pytest.fixture
def site(tmp_path):
    static = tmp_path / "site" / "_static"
    (static / "vendor" / "fontawesome").mkdir(parents=True)
    (static / "scripts").mkdir()
    (static / "scripts" / "fontawesome.js").write_text("large", "utf-8")
    # any font can stand for one of icons
    (static / "vendor/fontawesome/icons.woff2").write_bytes(formulas.font().read_bytes())
    (static / "theme.css").write_text(f"{RULES}@font-face{{src:{FACE}}}", "utf-8")
    return tmp_path / "site"


def finished(site, *bodies):
    for number, body in enumerate(bodies):
        (site / f"{number}.html").write_text(PAGE % body, "utf-8")
    finish.finish(site, site.parent / "fonts")
    together = (site / "_static" / "together.css").read_text("utf-8")
    return (site / "0.html").read_text("utf-8"), together


def test_the_font_of_formulas_has_what_the_pages_show(site):
    page, together = finished(site, FORMULA, "<p>V</p>")
    (name,) = re.findall(r'url\("(fonts/STIX[^"]*)"\)', together)
    shown = set(map(chr, TTFont(site / "_static" / name).getBestCmap()))
    assert {"W", "𝑊"} <= shown
    assert "V" not in shown
    assert f'crossorigin href="_static/{name}"' in page
    assert "preload" not in (site / "1.html").read_text("utf-8")


def test_icons_that_no_page_names_are_gone_and_so_are_files_that_none_asks_for(site):
    _, together = finished(site, FORMULA)
    assert ".fa-bars" in together
    assert ".fa-x" not in together
    assert "ttf" not in together
    assert not (site / "_static/scripts/fontawesome.js").exists()


def test_a_page_that_breaks_its_policy_is_named(site):
    with pytest.raises(pages.PageError, match=r"^0\.html: a script in an attribute"):
        finished(site, '<p onclick="go()">')
