"""Fonts and their rules hold what the pages show, and no more."""

from fontTools.ttLib import TTFont

from bookbuild import formulas, glyphs

SHEET = """
mjx-math { display: inline-block; }
.TEX-A { font-family: MJXZERO, MJXTEX-A; }
.TEX-I { font-family: MJXZERO, MJXTEX-I; }
@font-face /* 1 */ { font-family: MJXTEX-A; src: url("./A.woff") format("woff"); }
@font-face /* 2 */ { font-family: MJXTEX-I; src: url("./I.woff") format("woff"); }
mjx-c.mjx-c7B::before { content: "{"; }
mjx-c.mjx-c61.TEX-I::before { content: "a"; }
mjx-c.mjx-c62.TEX-I::before { content: "b"; }
mjx-c.mjx-c2264::before { content: "\\2264"; }
"""
PAGE = '<mjx-c class="mjx-c61 TEX-I"></mjx-c><mjx-c class="mjx-c7B"></mjx-c>'


def test_rules_stay_for_the_characters_that_are_shown():
    cut = glyphs.formula_sheet(SHEET, [PAGE])
    assert "mjx-math{" in cut
    assert '.mjx-c61.TEX-I::before{content: "a";}' in cut
    assert '.mjx-c7B::before{content: "{";}' in cut
    assert "mjx-c62" not in cut
    assert "mjx-c2264" not in cut
    assert "I.woff" in cut
    assert "TEX-A" not in cut


def test_each_font_is_asked_for_the_characters_that_it_draws():
    sheet = SHEET + 'mjx-stretchy-v.mjx-c7C mjx-ext mjx-c::before { content: "|"; }'
    assert glyphs.drawn_in("MJXTEX", sheet) >= set(map(ord, "{\u2264|"))
    assert glyphs.drawn_in("MJXTEX-I", sheet) == set(map(ord, "ab|"))
    assert glyphs.drawn_in("MJXTEX-S4", sheet) == {ord("|")}


def test_rules_stay_for_the_icons_that_are_named():
    bars = '.fa-bars:before,.fa-navicon:before{content:"\\f0c9"}'
    sheet = ".a{color:red}" + bars + '.fa-x:before{content:"\\58"}'
    named = glyphs.icons(['<i class="fas fa-bars"></i>', 'icon = "fa-sun"'])
    assert named == {"fa-bars", "fa-sun"}
    assert glyphs.icon_sheet(sheet, named) == sheet[: sheet.index(".fa-x")]


def test_what_a_sheet_writes_is_read_with_and_without_escapes():
    sheet = 'a{content: "{"} b{content:"\\2211 x"} c{--icon:"\uf058"}'
    sheet += 'd{content:"\\2211"} e{content:"f"}'
    assert glyphs.written(sheet) == set(map(ord, "{\u2211x\uf058f"))


def test_a_font_keeps_the_characters_that_are_asked_for(tmp_path):
    source = formulas.mathjax() / formulas.FONTS / "MathJax_Main-Regular.woff"
    name = glyphs.cut(source, set(map(ord, "x=")), tmp_path)
    assert set(TTFont(tmp_path / name).getBestCmap()) == set(map(ord, "x="))
    assert (tmp_path / name).stat().st_size < source.stat().st_size / 10


def test_the_same_cut_is_made_once_and_another_has_another_name(tmp_path):
    source = formulas.mathjax() / formulas.FONTS / "MathJax_Main-Regular.woff"
    first = glyphs.cut(source, {120}, tmp_path)
    made = (tmp_path / first).stat().st_mtime_ns
    assert glyphs.cut(source, {120}, tmp_path) == first
    assert (tmp_path / first).stat().st_mtime_ns == made
    assert glyphs.cut(source, {121}, tmp_path) != first
