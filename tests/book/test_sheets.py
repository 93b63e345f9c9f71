"""The sheets that all pages share become one, which says the same."""

import re

import pytest

from bookbuild import sheets

BASE = '@charset "utf-8";\n.base { background: url("file.png") }'
THEME = (
    '@import "../base.css";\n.theme { background: url(../fonts/a.woff2?x#y) url(data:image/png,) }'
)


@pytest.fixture
def site(tmp_path):
    static = tmp_path / "_static"
    (static / "styles").mkdir(parents=True)
    (static / "base.css").write_text(BASE, "utf-8")
    (static / "styles" / "theme.css").write_text(THEME, "utf-8")
    for name in ("code", "figure", "book"):
        (static / f"{name}.css").write_text(f".{name} {{}}", "utf-8")
    return tmp_path


def page(*names, root=""):
    links = "\n".join(f'<link href="{root}_static/{n}.css?v=1" rel="stylesheet" />' for n in names)
    return f"<head>\n{links}\n<title>x</title></head>"


def named(text):
    return re.findall(r'href="([^"]*)"', text)


def test_shared_sheets_are_one_and_others_follow_in_their_order(site):
    texts = {
        site / "a.html": page("styles/theme", "code", "figure", "book"),
        site / "deep" / "b.html": page("styles/theme", "code", "book", root="../"),
    }
    _, done = sheets.together(site, texts)
    assert named(done[site / "a.html"]) == [
        "_static/together.css",
        "_static/figure.css?v=1",
        "_static/book.css?v=1",
    ]
    assert named(done[site / "deep" / "b.html"]) == [
        "../_static/together.css",
        "../_static/book.css?v=1",
    ]
    assert all("<title>x</title></head>" in text for text in done.values())


def test_what_is_imported_stands_in_its_place_and_addresses_lead_to_the_same_files(site):
    text = page("styles/theme", "code")
    sheet, _ = sheets.together(site, {site / "a.html": text})
    assert "@import" not in sheet
    assert "@charset" not in sheet
    assert sheet.index(".base") < sheet.index(".theme") < sheet.index(".code")
    assert re.findall(r"url\(([^)]*)\)", sheet) == [
        '"file.png"',
        '"fonts/a.woff2?x#y"',
        "data:image/png,",
    ]


def test_pages_without_these_sheets_stay_as_they_are(site):
    plain, elsewhere = "<head></head>", page("styles/theme", "code", root="/book/")
    printed = page("styles/theme", "code").replace("rel=", 'media="print" rel=')
    texts = {
        site / "index.html": plain,
        site / "404.html": elsewhere,
        site / "print.html": printed,
        site / "a.html": page("styles/theme", "code"),
    }
    _, done = sheets.together(site, texts)
    assert named(done.pop(site / "a.html")) == ["_static/together.css"]
    assert all(done[path] == texts[path] for path in done)


def test_pages_that_share_nothing_are_left_alone(site):
    texts = {site / "a.html": page("code", "book"), site / "b.html": page("figure", "book")}
    assert sheets.together(site, texts) == ("", texts)


def test_scripts_wait_but_those_that_the_page_needs_while_it_is_read():
    given = (
        '<script src="_static/documentation_options.js?v=1"></script>'
        '<script src="a.js"></script><script>now()</script>'
        '<script data-x="1" src="b.js?v=2"></script>'
        '<script type="module" src="c.mjs"></script><script async src="d.js"></script>'
    )
    assert sheets.deferred(given) == (
        '<script src="_static/documentation_options.js?v=1"></script>'
        '<script defer src="a.js"></script><script>now()</script>'
        '<script defer data-x="1" src="b.js?v=2"></script>'
        '<script type="module" src="c.mjs"></script><script async src="d.js"></script>'
    )


def test_the_built_site_asks_for_few_sheets():
    built = sheets.Path(__file__).resolve().parents[2] / "_build" / "html"
    pages = sorted(built.glob("chapters/**/*.html"))
    assert pages
    for path in pages:
        found = sheets.LINK.findall(path.read_text("utf-8"))
        assert 1 < len(found) <= 4
        assert found[0].endswith("_static/together.css")
        assert found[-1].endswith("_static/book.css")
