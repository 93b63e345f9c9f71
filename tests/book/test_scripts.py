"""What every page runs once it has been read stands in one script."""

import re

from checkout import ROOT, leads_on

from bookbuild import scripts

HEAD = """<script src="../_static/now.js?v=1"></script>
<script defer="defer" src="../_static/a.js?v=2"></script>
<script>between = 1;</script>
<script data-a-prefix="tab-" defer="defer" src="../_static/b.js"></script>
<script type="module" src="../_static/m.mjs"></script>
"""
THEME = '<script defer src="../_static/scripts/theme.js?v=3"></script>'
PAGE = f"{HEAD}<body>{THEME}</body>"
SEARCH = f'{HEAD}<body><script defer src="../_static/search.js"></script>\n{THEME}</body>'
NAMES = ["_static/a.js", "_static/b.js", "_static/scripts/theme.js"]


def test_shared_is_what_waits_on_every_page_that_has_scripts():
    assert scripts.shared([SEARCH, "<p>leads on</p>", PAGE]) == NAMES
    assert scripts.shared(["<p></p>"]) == []


def test_one_script_stands_where_the_first_stood_and_all_else_stays():
    page = scripts.with_one(PAGE, NAMES)
    one = '<script defer data-a-prefix="tab-" src="../_static/together.js"></script>\n'
    assert page.count("<script") == 4
    assert page.index("now.js") < page.index(one) < page.index("between = 1") < page.index("m.mjs")
    assert scripts.DEFERRED.sub("", page) == scripts.DEFERRED.sub("", PAGE)
    # what one page alone runs comes after what all run
    search = scripts.with_one(SEARCH, NAMES)
    assert search.index(one) < search.index('<script defer src="../_static/search.js"></script>')
    assert scripts.with_one("<p>leads on</p>", NAMES) == "<p>leads on</p>"
    lost = scripts.with_one(PAGE.replace("../", "/"), NAMES)
    assert 'src="/_static/together.js"' in lost


def test_the_files_stand_in_their_order_and_none_makes_all_strict(tmp_path):
    (tmp_path / "_static").mkdir()
    (tmp_path / "_static" / "a.js").write_text('"use strict";\nlet a = 1')
    (tmp_path / "_static" / "b.js").write_text("(() => { let b = a })()")
    text = scripts.together(tmp_path, NAMES[:2])
    first = next(line for line in text.splitlines() if line.strip())
    assert "use strict" not in first and first.endswith(";")
    # the first file has no semicolon at its end, the second begins with a bracket
    assert re.search(r"let a = 1\s*;\s*\(\(\) =>", text)


def test_each_page_of_the_built_site_asks_for_one_script_that_waits():
    static = ROOT / "_build" / "html" / "_static"
    text = (static / "together.js").read_text("utf-8")
    assert len(text) > 50_000
    pages = [path for path in static.parent.glob("chapters/**/*.html") if not leads_on(path)]
    for path in [*pages, static.parent / "404.html"]:
        page = path.read_text("utf-8")
        (name,) = (found[3] for found in scripts.DEFERRED.finditer(page))
        assert name == "_static/together.js"
    assert len(pages) > 30
    assert not (static / "book.js").exists()
