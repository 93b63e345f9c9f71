"""The fonts of the text hold the characters and the weights that the site shows, and no others."""

import re
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from bookbuild import faces


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    folder = tmp_path_factory.mktemp("fonts")
    return (*faces.write(folder, ["Words é", "<p>7</p>"]), folder)


def test_each_face_of_the_sheets_has_a_font(written):
    rules, files, folder = written
    named = re.findall(r'font-family:"([^"]+)";font-style:(\w+);font-weight:(\d+) (\d+)', rules)
    assert named == [
        ("Book Serif", "normal", "400", "700"),
        ("Book Serif", "italic", "400", "400"),
        ("Book Display", "normal", "500", "500"),
        ("Book Sans", "normal", "400", "700"),
    ]
    assert re.findall(r'url\("fonts/([^"]+)"\)', rules) == [file.name for file in files]
    assert {*folder.iterdir()} == {*files}


def test_a_font_has_the_characters_that_are_shown_and_no_others(written):
    for file in written[1]:
        shown = {chr(code) for code in TTFont(file).getBestCmap()}
        assert {*"Words", "é", "7"} <= shown
        assert "Q" not in shown


def test_a_font_keeps_the_weights_that_its_rule_names_at_one_optical_size(written):
    for file, (*_, weights, _) in zip(written[1], faces.FACES, strict=True):
        font = TTFont(file)
        axes = (
            [(a.axisTag, a.minValue, a.maxValue) for a in font["fvar"].axes]
            if "fvar" in font
            else []
        )
        assert axes == ([("wght", *weights)] if weights[0] < weights[1] else [])


def test_a_font_carries_its_licence(written):
    for file in written[1]:
        names = TTFont(file)["name"]
        assert "SIL Open Font License" in names.getDebugName(13)
        assert names.getDebugName(0).startswith("Copyright")


def test_the_same_text_gives_the_same_files(written, tmp_path):
    again, files = faces.write(tmp_path, ["Words é", "<p>7</p>"])
    assert again == written[0]
    assert [f.read_bytes() for f in files] == [f.read_bytes() for f in written[1]]


def test_the_sheets_name_no_other_face_of_the_book(written):
    sheet = (Path(__file__).parents[2] / "assets" / "tokens.css").read_text("utf-8")
    assert {*re.findall(r'"(Book \w+)"', sheet)} == {face[0] for face in faces.FACES}
