"""Fonts and their rules hold what the pages show, and no more."""

import hashlib
import logging
import re

from fontTools.ttLib import TTFont

from bookbuild import formulas, glyphs


def test_rules_and_glyphs_stay_for_the_icons_that_are_named(tmp_path):
    (tmp_path / "vendor" / "fontawesome").mkdir(parents=True)
    # any font can stand for one of icons
    (tmp_path / "vendor/fontawesome/i.woff2").write_bytes(formulas.font().read_bytes())
    bars = '.fa-bars:before,.fa-navicon:before{content:"\\2211"}b{--icon:"\u03b8"}.fa-sun{}'
    face = 'a{src:url("vendor/fontawesome/i.woff2"),url("i.ttf") format("truetype")}'
    texts = ['<i class="fas fa-bars"></i>', 'icon = "fa-sun"']
    sheet = glyphs.with_icons(bars + '.fa-x:before{content:"\\2212"}' + face, texts, tmp_path)
    assert sheet.startswith(bars + 'a{src:url("fonts/i.')
    assert "ttf" not in sheet
    (name,) = re.findall(r'url\("([^"]*)"\)', sheet)
    shown = set(map(chr, TTFont(tmp_path / name).getBestCmap()))
    assert {"\u2211", "\u03b8"} <= shown
    assert not {"\u2212", "\u03b7"} & shown


def test_a_font_keeps_the_characters_that_are_asked_for_in_all_their_sizes(tmp_path):
    cut = glyphs.cut(formulas.font(), set("x()′√"), tmp_path)
    font = TTFont(cut)
    assert set(font.getBestCmap()) == set(map(ord, "x()′√"))
    heights = font["MATH"].table.MathVariants.VertGlyphConstruction
    assert all(len(height.MathGlyphVariantRecord) > 3 for height in heights)
    assert {"ssty", "ss04"} == {f.FeatureTag for f in font["GSUB"].table.FeatureList.FeatureRecord}
    assert cut.stat().st_size < formulas.font().stat().st_size / 100


def test_a_tall_root_is_as_wide_as_a_low_one(tmp_path):
    font = TTFont(glyphs.cut(formulas.font(), {"√"}, tmp_path))
    (root,) = font["MATH"].table.MathVariants.VertGlyphConstruction
    names = [variant.VariantGlyph for variant in root.MathGlyphVariantRecord]
    names += [part.glyph for part in root.GlyphAssembly.PartRecords]
    assert len(names) > 4
    assert len({font["hmtx"][name][0] for name in names}) == 1


def test_the_same_cut_has_the_same_name_and_another_has_another(tmp_path):
    first = glyphs.cut(formulas.font(), {"x"}, tmp_path / "a")
    again = glyphs.cut(formulas.font(), {"x"}, tmp_path / "b")
    assert again.name == first.name
    assert again.read_bytes() == first.read_bytes()
    assert hashlib.sha256(first.read_bytes()).hexdigest()[:10] in first.name
    assert glyphs.cut(formulas.font(), {"y"}, tmp_path / "a").name != first.name


def test_cutting_is_silent_whatever_the_root_logger_says(tmp_path, caplog):
    with caplog.at_level(logging.INFO):
        glyphs.cut(formulas.font(), {"z"}, tmp_path)
    assert caplog.records == []
