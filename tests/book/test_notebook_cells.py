"""What the notebook writer does with one node, one cell, one line; no book is built here."""

import pytest
from docutils import nodes
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from bookbuild.notebooks.blocks import CellAt, Fold, quoted
from bookbuild.notebooks.builder import opening
from bookbuild.notebooks.cells import assemble, clean_cell, raw_myst
from bookbuild.notebooks.markdown import Numbers, Page
from bookbuild.notebooks.spans import Book, UnknownNodeError, as_html, plain


def test_a_node_nobody_wrote_markdown_for_is_an_error():
    page = Page(Numbers({}, {}), Book(lambda target: False, lambda uri, alt: uri))

    class Strange(nodes.General, nodes.Element):
        pass

    with pytest.raises(UnknownNodeError, match="block 'Strange'"):
        list(page.block(Strange()))
    with pytest.raises(UnknownNodeError, match="inline 'Strange'"):
        page.span(Strange())


@pytest.mark.parametrize(
    "left",
    [
        "see {eq}`square`",
        "> see {term}`bias`",
        "{glue:text}`x:.1f`",
        "```{note}\nA note.\n```",
        "````{note}\n```\ncode\n```\n````",
        ":::{tip}",
        "(a-label)=",
        "$$ (a-label)",
        "[](a-page.md)",
        "[text]{.class}",
        "+++",
    ],
)
def test_raw_myst_is_found(left):
    assert raw_myst(new_notebook(cells=[new_markdown_cell(f"Words.\n\n{left}\n")]))


@pytest.mark.parametrize(
    "text",
    [
        "`` {eq}`square` `` is a role",
        "```python\nd = {1: 2}\n{eq}`x`\n```",
        "$\\{x\\}$ `a`",
        "{a} $\\sqrt[n]{.5}$",
    ],
)
def test_plain_markdown_is_left_in_peace(text):
    assert raw_myst(new_notebook(cells=[new_markdown_cell(text)])) == []


def test_what_only_the_build_needs_is_left_out():
    data = {"image/svg+xml": "<svg/>", "application/pdf": "x", "text/plain": "y"}
    glued = {"application/papermill.record/text/plain": "1"}
    outputs = [new_output("display_data", data=data), new_output("display_data", data=glued)]
    (output,) = clean_cell(new_code_cell("x", outputs=outputs)).outputs
    assert set(output.data) == {"image/svg+xml", "text/html", "text/plain"}
    strange = new_output("display_data", data={"application/strange": "x"})
    with pytest.raises(ValueError, match="application/strange"):
        clean_cell(new_code_cell("x", outputs=[strange]))


def test_hidden_cells_follow_the_cell_that_stood_before_them():
    cells = [new_code_cell("c0"), new_markdown_cell("t"), *map(new_code_cell, ["c2", "c3", "c4"])]
    blocks = ["# T", "start", CellAt(2, ("under c2",)), "middle", CellAt(4), Fold("## S"), "end"]
    found = assemble(blocks, new_notebook(cells=cells), "note").cells
    sources = [cell.source for cell in found[2:]]
    assert found[0].source == "# T\n\nnote"
    assert sources == ["c0", "start", "c2", "under c2", "c3", "middle", "c4", "## S", "end"]


def test_words_that_look_like_markup_stay_words():
    assert plain("2 * 3 $ `x` a_b _c_ <b> a < b ~ \\* &amp; R&D") == (
        "2 \\* 3 <span>\\$</span> \\`x\\` a_b \\_c\\_ \\<b> a < b \\~ \\\\\\* \\&amp; R&D"
    )
    assert as_html("`a < b` **c** *d* \\* e") == (
        "<code>a &lt; b</code> <strong>c</strong> <em>d</em> * e"
    )
    assert quoted("a\n\n$$\nx\n\\tag{1}\n$$") == "> a\n>\n> $$x \\tag{1}$$"


def test_the_opening_names_the_book_and_defines_its_macros():
    assert opening("A Book", "", {}).startswith("*From the book “A Book”. The results below were")
    found = opening("A Book", "3", {"R": r"\mathbb{R}", "norm": [r"\|#1\|", 1]})
    assert found.startswith("*Chapter 3 of the book")
    assert found.endswith("$\\newcommand{\\R}{\\mathbb{R}}$\n$\\newcommand{\\norm}[1]{\\|#1\\|}$")
