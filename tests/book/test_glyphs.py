"""Fonts and their rules hold what the pages show, and no more."""

import logging

from fontTools.ttLib import TTFont

from bookbuild import formulas, glyphs


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


def test_a_font_keeps_the_characters_that_are_asked_for_in_all_their_sizes(tmp_path):
    name = glyphs.cut(formulas.font(), set(map(ord, "x()′√")), tmp_path)
    font = TTFont(tmp_path / name)
    assert set(font.getBestCmap()) == set(map(ord, "x()′√"))
    heights = font["MATH"].table.MathVariants.VertGlyphConstruction
    assert all(len(height.MathGlyphVariantRecord) > 3 for height in heights)
    assert {"ssty", "ss04"} == {f.FeatureTag for f in font["GSUB"].table.FeatureList.FeatureRecord}
    assert (tmp_path / name).stat().st_size < formulas.font().stat().st_size / 100


def test_a_tall_root_is_as_wide_as_a_low_one(tmp_path):
    font = TTFont(tmp_path / glyphs.cut(formulas.font(), {ord("√")}, tmp_path))
    (root,) = font["MATH"].table.MathVariants.VertGlyphConstruction
    names = [variant.VariantGlyph for variant in root.MathGlyphVariantRecord]
    names += [part.glyph for part in root.GlyphAssembly.PartRecords]
    assert len(names) > 4
    assert len({font["hmtx"][name][0] for name in names}) == 1


def test_the_same_cut_is_made_once_and_another_has_another_name(tmp_path):
    first = glyphs.cut(formulas.font(), {120}, tmp_path)
    made = (tmp_path / first).stat().st_mtime_ns
    assert glyphs.cut(formulas.font(), {120}, tmp_path) == first
    assert (tmp_path / first).stat().st_mtime_ns == made
    assert glyphs.cut(formulas.font(), {121}, tmp_path) != first


def test_cutting_is_silent_whatever_the_root_logger_says(tmp_path, caplog):
    with caplog.at_level(logging.INFO):
        glyphs.cut(formulas.font(), {122}, tmp_path)
    assert caplog.records == []
