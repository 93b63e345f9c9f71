"""The last touch on a site: fonts of what it shows, and what its pages say of files and scripts."""

import base64
import hashlib
import re

import pytest
from fontTools.ttLib import TTFont
from PIL import Image

from bookbuild import finish, formulas

PAGE = """<html><head><meta charset="utf-8">
<link rel="stylesheet" href="_static/together.css">
</head><body><i class="fa-bars"></i>%s</body></html>"""
RULES = '.fa-bars:before{content:"\\f0c9"}.fa-x:before{content:"\\58"}'
FACE = 'url(vendor/fontawesome/icons.woff2) format("woff2"),url(icons.ttf) format("truetype")'
FORMULA = "<math><mi>W</mi></math>"
RICH = """<html><head>
<meta charset="utf-8">
<link rel="stylesheet" href="../_static/a.css?v=old"><link href="https://elsewhere/a.css">
<script src="/book/_static/a.js"></script><script src="../_static/none.js"></script>
<script>let here = "</b>";</script><style>p { color: red }</style>
<script type="application/json">{"a": 1}</script><script type="text/x-own">1</script></head>
<body><img src="../_static/logo.svg"><img src="any.svg">
<img src="one.png" alt="a"><img src="two.svg" alt="b"><img src="one.png" width="3"></body>
</html>"""


@pytest.fixture
def site(tmp_path):
    static = tmp_path / "site" / "_static"
    (static / "vendor" / "fontawesome").mkdir(parents=True)
    (static / "scripts").mkdir()
    (static / "scripts" / "fontawesome.js").write_text("large", "utf-8")
    (static / "macros.html").write_text("{% macro %}", "utf-8")
    # any font can stand for one of icons
    (static / "vendor/fontawesome/icons.woff2").write_bytes(formulas.font().read_bytes())
    (static / "theme.css").write_text(f"{RULES}@font-face{{src:{FACE}}}", "utf-8")
    return tmp_path / "site"


def finished(site, *bodies):
    for number, body in enumerate(bodies):
        (site / f"{number}.html").write_text(PAGE % body, "utf-8")
    finish.finish(site, ["_static/theme.css"])
    together = (site / "_static" / "together.css").read_text("utf-8")
    return (site / "0.html").read_text("utf-8"), together


def test_the_font_of_formulas_has_what_the_pages_show(site):
    page, together = finished(site, FORMULA, "<p>V</p>")
    (name,) = re.findall(r'url\("(fonts/STIX[^"]*)"\)', together)
    shown = set(map(chr, TTFont(site / "_static" / name).getBestCmap()))
    assert {"W", "𝑊"} <= shown
    assert "V" not in shown
    assert f'crossorigin href="_static/{name}"' in page
    assert "STIX" not in (site / "1.html").read_text("utf-8")


def test_icons_that_no_page_names_are_gone_and_so_are_files_that_none_asks_for(site):
    _, together = finished(site, FORMULA)
    assert ".fa-bars" in together
    assert ".fa-x" not in together
    assert "ttf" not in together
    (name,) = re.findall(r'url\("(fonts/icons[^"]*)"\)', together)
    assert (site / "_static" / name).is_file()
    for gone in ("scripts/fontawesome.js", "vendor/fontawesome/icons.woff2", "macros.html"):
        assert not (site / "_static" / gone).exists()


def test_the_sheet_is_named_with_a_hash_of_all_that_it_holds(site):
    page, together = finished(site, FORMULA)
    key = hashlib.sha256(together.encode()).hexdigest()[:10]
    assert f'href="_static/together.css?v={key}"' in page


def test_a_page_that_breaks_its_policy_is_named(site):
    with pytest.raises(finish.PageError, match=r"^0\.html: a script in an attribute"):
        finished(site, '<p onclick="go()">')


@pytest.fixture
def rich(tmp_path):
    (tmp_path / "_static").mkdir()
    (tmp_path / "a").mkdir()
    (tmp_path / "_static" / "a.css").write_text("p{}")
    (tmp_path / "_static" / "a.js").write_text("1")
    (tmp_path / "_static" / "logo.svg").write_text('<svg viewBox="0 0 30 20"></svg>')
    (tmp_path / "a" / "any.svg").write_text("<svg/>")
    (tmp_path / "a" / "two.svg").write_text('<svg width="144pt" viewBox="0 0 144 72"/>')
    Image.new("L", (7, 5)).save(tmp_path / "a" / "one.png")
    return touched(RICH, tmp_path)


def touched(page, site):
    fonts = [site / "_static" / "fonts" / f"{name}.woff2" for name in ("formulas", "text")]
    return finish.finished(page, site / "a" / "page.html", site, fonts)


def test_pictures_have_their_size_and_late_ones_come_late(rich):
    assert '<img width="30" height="20" decoding="async" src="../_static/logo.svg">' in rich
    assert '<img decoding="async" src="any.svg">' in rich
    assert '<img width="7" height="5" loading="lazy" decoding="async" src="one.png"' in rich
    assert '<img width="192" height="96" loading="lazy" decoding="async" src="two.svg"' in rich
    assert '<img src="one.png" width="3">' in rich


def test_files_are_named_with_a_hash_of_what_they_hold(rich):
    assert f'a.css?v={hashlib.sha256(b"p{}").hexdigest()[:10]}"' in rich
    assert f'"/book/_static/a.js?v={hashlib.sha256(b"1").hexdigest()[:10]}"' in rich
    assert 'href="https://elsewhere/a.css"' in rich
    assert 'src="../_static/none.js"' in rich


def test_the_policy_names_the_scripts_and_styles_of_the_page_and_nothing_else(rich):
    def named(text):
        return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"

    script, style = 'let here = "</b>";', "p { color: red }"
    policy = rich.split('Policy" content="')[1].split('"')[0]
    assert f"script-src 'self' {named(script)};" in policy
    assert f"style-src-elem 'self' {named(style)};" in policy
    assert "default-src 'none'" in policy
    assert "unsafe-eval" not in policy
    assert rich.index("Policy") < rich.index("<link")


@pytest.mark.parametrize("part", ['<p onclick="go()">', '<a href="javascript:go()">'])
def test_a_script_in_an_attribute_is_refused(part):
    with pytest.raises(finish.PageError, match="a script in an attribute is not allowed: <"):
        finish.guard(f"<meta charset='utf-8'>{part}")


def test_a_page_comes_out_the_same_twice(rich, tmp_path):
    assert touched(RICH, tmp_path) == rich


def test_a_page_asks_at_once_for_the_fonts_of_its_text_and_of_its_formulas(rich, tmp_path):
    page = touched(RICH.replace("<body>", "<body><math>"), tmp_path)
    asked = re.findall(r'as="font" type="font/woff2" crossorigin href="([^"]*)"', page)
    assert asked == ["../_static/fonts/text.woff2", "../_static/fonts/formulas.woff2"]
    assert page.index("Policy") < page.index("preload") < page.index('<link rel="stylesheet')
    assert "formulas.woff2" not in rich
    assert "text.woff2" in rich


def test_a_page_asks_at_once_for_the_picture_under_its_title(rich, tmp_path):
    figure = '<figure class="{}" id="a"><p>b</p><img alt="c" src="../a.svg" width="1"></figure>'
    figure = figure.replace("<img ", '<img decoding="async" ')
    plain, hero = figure.format("align-default"), figure.format("hero align-default")
    page = touched(
        RICH.replace("<body>", f"<body>{plain}{hero.replace('a.svg', 'b.svg')}"), tmp_path
    )
    asked = re.findall(r'as="image" fetchpriority="high" href="([^"]*)"', page)
    assert asked == ["../b.svg"]
    assert re.findall('decoding="([a-z]*)" alt="c"', page) == ["async", "sync"]
    assert 'as="image"' not in rich
    drawn = hero.replace("<img ", "<svg></svg></figure><figure><img ")
    assert 'as="image"' not in touched(RICH.replace("<body>", f"<body>{drawn}"), tmp_path)
