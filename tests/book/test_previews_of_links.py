"""What other pages link to is written as a script for each page, and nothing else is."""

import json

from bookbuild import previews

TERM = '<dt id="term-a">a</dt><dd><p>The <a href="#term-b">b</a>.</p>\n</dd>'
EQUATION = '<div class="math notranslate" id="equation-e">\n<math><mi>x</mi></math></div>'
SOURCE = '<div class="citation" id="id7" role="doc-biblioentry">\n<p>Somebody.</p>\n</div>'
FIGURE = '<figure class="align-default" id="fig-f">\n<img src="a.svg"><p>Words.</p></figure>'
TABLE = '<table class="table" id="tab-t"><tr><td>1</td></tr></table>'
ALL = {"term-a": TERM, "equation-e": EQUATION, "id7": SOURCE, "fig-f": FIGURE, "tab-t": TABLE}
HERE = '<a class="reference" href="../b/there.html#{}">it</a>'


def test_each_kind_is_found_with_its_anchor():
    page = "<p>Before.</p>".join(ALL.values()) + '<div id="other">no</div>'
    assert dict(previews.found(page)) == ALL


def test_a_figure_comes_without_what_makes_it_live():
    live = FIGURE.replace("<p>", '<script type="application/json">{"a": "</b>"}</script><p>')
    assert dict(previews.found(live)) == {"fig-f": FIGURE}


def test_only_what_others_link_to_is_written(tmp_path):
    page = "".join(ALL.values())
    pages = {"a/here.html": HERE.format("term-a") + HERE.format("gone"), "b/there.html": page}
    previews.write(tmp_path, pages)
    (script,) = (tmp_path / "_static" / "previews").iterdir()
    assert script.name == "b-there.js"
    name, _, text = script.read_text("utf-8").removeprefix("bookPreviews[").partition("]=")
    assert json.loads(name) == "b/there"
    assert json.loads(text.rstrip(";\n")) == {"term-a": TERM}


def test_links_within_a_page_and_to_other_hosts_need_no_script():
    pages = {"a.html": '<a href="#x">x</a><a href="https://host/b.html#y">y</a>'}
    assert previews.linked(pages) == {}
