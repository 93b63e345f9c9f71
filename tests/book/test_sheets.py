"""The sheets of all pages become one, which says the same; scripts wait."""

import re
from itertools import filterfalse
from pathlib import Path
from types import SimpleNamespace

import pytest
from checkout import leads_on
from sphinx.builders.html._assets import _CascadingStyleSheet, _JavaScript

from bookbuild import sheets

BASE = '@charset "utf-8";\n.base { background: url("file.png") }'
THEME = (
    '@import "../base.css";\n.theme { background: url(../fonts/a.woff2?x#y) url(data:image/png,) }'
)
LINK = re.compile(r'<link\b(?=[^>]*\brel="stylesheet")[^>]*\bhref="([^"?]+)\?v=\w+"')


@pytest.fixture
def site(tmp_path):
    static = tmp_path / "_static"
    (static / "styles").mkdir(parents=True)
    (static / "base.css").write_text(BASE, "utf-8")
    (static / "styles" / "theme.css").write_text(THEME, "utf-8")
    (static / "code.css").write_text(".code { background: url(https://x/y) url(#a) }", "utf-8")
    return tmp_path


def headed(sheet_files=(), scripts=(), common=None):
    common = {} if common is None else common
    app = SimpleNamespace(builder=SimpleNamespace(globalcontext=common))
    context = {"css_files": list(sheet_files), "script_files": list(scripts)}
    sheets.head(app, "page", "page.html", context, None)
    return common["sheets"], context


def test_a_page_names_one_sheet_and_the_others_are_noted_in_their_order():
    names = ("code.css", "together.css", "book.css", "figure.css")
    files = [_CascadingStyleSheet(f"_static/{name}") for name in names]
    files[2] = _CascadingStyleSheet("_static/book.css", priority=800)
    noted, context = headed(files)
    assert [sheet.filename for sheet in context["css_files"]] == [sheets.TOGETHER]
    assert noted == [
        "_static/styles/theme.css",
        "_static/styles/pydata-sphinx-theme.css",
        "_static/code.css",
        "_static/figure.css",
        "_static/book.css",
    ]


def test_a_sheet_of_one_page_is_not_lost_and_one_for_print_stays_alone():
    common = {}
    screen, own = (_CascadingStyleSheet(f"_static/{name}.css") for name in ("screen", "own"))
    printed = _CascadingStyleSheet("_static/print.css", media="print")
    headed([screen, own], common=common)
    noted, context = headed([screen, printed], common=common)
    assert noted[2:] == ["_static/screen.css", "_static/own.css"]
    assert context["css_files"] == [printed]


def test_what_is_imported_stands_in_its_place_and_addresses_lead_to_the_same_files(site):
    sheet = sheets.together(site, ["_static/styles/theme.css", "_static/code.css"])
    assert "@import" not in sheet
    assert "@charset" not in sheet
    assert sheet.index(".base") < sheet.index(".theme") < sheet.index(".code")
    assert re.findall(r"url\(([^)]*)\)", sheet) == [
        '"file.png"',
        '"fonts/a.woff2?x#y"',
        "data:image/png,",
        "https://x/y",
        "#a",
    ]


def test_a_sheet_that_does_not_exist_stops_the_build(site):
    with pytest.raises(FileNotFoundError, match=r"none\.css"):
        sheets.together(site, ["_static/none.css"])


def test_scripts_wait_but_those_that_the_page_needs_while_it_is_read():
    scripts = [
        _JavaScript("_static/documentation_options.js"),
        _JavaScript("_static/a.js"),
        _JavaScript(None, body="now()"),
        _JavaScript("_static/c.mjs", type="module"),
        _JavaScript("_static/d.js", **{"async": "async"}),
    ]
    _, context = headed(scripts=scripts)
    waiting = [item.filename for item in context["script_files"] if "defer" in item.attributes]
    assert waiting == ["_static/a.js"]
    assert context["script_files"] == scripts


def test_every_page_of_the_built_site_asks_for_one_sheet_and_its_scripts_wait():
    built = Path(__file__).resolve().parents[2] / "_build" / "html"
    pages = [*built.glob("chapters/**/*.html"), built / "search.html", built / "404.html"]
    assert len(pages) > 2
    for path in filterfalse(leads_on, pages):
        page = path.read_text("utf-8")
        (sheet,) = LINK.findall(page)
        assert sheet.endswith("_static/together.css")
        assert page.count('rel="stylesheet"') == 1
        tags = re.findall(r"<script\b[^>]*\bsrc=[^>]*>", page)
        at_once = [
            tag
            for tag in tags
            if not re.search(r'\bdefer\b|type="(?:module|application/json)"', tag)
        ]
        assert len(at_once) == 1
        assert "documentation_options.js?v=" in at_once[0]
