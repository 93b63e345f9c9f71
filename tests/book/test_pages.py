"""What a finished page says of its pictures, its files, and of what may run in it."""

import base64
import hashlib

import pytest
from PIL import Image

from bookbuild import pages

PAGE = """<html><head>
<meta charset="utf-8">
<link rel="stylesheet" href="_static/a.css?v=old"><link href="https://elsewhere/a.css">
<script src="_static/a.js"></script>
<script>let here = "</b>";</script><style>p { color: red }</style>
<script type="application/json">{"a": 1}</script></head>
<body><img src="logo.svg"><img src="any.svg">
<img src="one.png" alt="a"><img src="two.svg" alt="b"></body>
</html>"""


@pytest.fixture
def finished(tmp_path):
    (tmp_path / "_static").mkdir()
    (tmp_path / "_static" / "a.css").write_text("p{}")
    (tmp_path / "_static" / "a.js").write_text("1")
    (tmp_path / "logo.svg").write_text('<svg viewBox="0 0 30 20"></svg>')
    (tmp_path / "any.svg").write_text("<svg/>")
    (tmp_path / "two.svg").write_text('<svg height="72pt" width="144pt" viewBox="0 0 144 72"/>')
    Image.new("L", (7, 5)).save(tmp_path / "one.png")
    return pages.finished(PAGE, tmp_path / "page.html", tmp_path / "_static" / "f.woff2")


def test_pictures_have_their_size_and_late_ones_come_late(finished):
    assert '<img width="30" height="20" decoding="async" src="logo.svg">' in finished
    assert '<img decoding="async" src="any.svg">' in finished
    assert '<img width="7" height="5" loading="lazy" decoding="async" src="one.png"' in finished
    assert '<img width="192" height="96" loading="lazy" decoding="async" src="two.svg"' in finished


def test_files_are_named_with_a_hash_of_what_they_hold(finished):
    assert f"a.css?v={hashlib.sha256(b'p{}').hexdigest()[:10]}" in finished
    assert f"a.js?v={hashlib.sha256(b'1').hexdigest()[:10]}" in finished
    assert 'href="https://elsewhere/a.css"' in finished


def test_the_policy_names_the_scripts_and_styles_of_the_page_and_nothing_else(finished):
    def named(text):
        return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"

    script, style = 'let here = "</b>";', "p { color: red }"
    policy = finished.split('Policy" content="')[1].split('"')[0]
    assert f"script-src 'self' {named(script)};" in policy
    assert f"style-src-elem 'self' {named(style)};" in policy
    assert "default-src 'none'" in policy
    assert "unsafe-eval" not in policy
    assert finished.index("Policy") < finished.index("<link")


@pytest.mark.parametrize("part", ['<p onclick="go()">', '<a href="javascript:go()">'])
def test_a_script_in_an_attribute_is_refused(part):
    with pytest.raises(pages.PageError, match="a script in an attribute is not allowed: <"):
        pages.guarded(f"<meta charset='utf-8'>{part}")


def test_a_page_comes_out_the_same_twice(finished, tmp_path):
    again = pages.finished(PAGE, tmp_path / "page.html", tmp_path / "_static" / "f.woff2")
    assert again == finished


def test_a_page_with_formulas_asks_for_their_font_at_once(finished, tmp_path):
    font = tmp_path / "_static" / "f.woff2"
    page = pages.finished(
        PAGE.replace("<body>", "<body><math>"), tmp_path / "a" / "page.html", font
    )
    assert 'as="font" type="font/woff2" crossorigin href="../_static/f.woff2"' in page
    assert page.index("Policy") < page.index("preload") < page.index('<link rel="stylesheet')
    assert "preload" not in finished
