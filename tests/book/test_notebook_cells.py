"""What the notebook writer does with one node, one cell, one line; no book is built here."""

from types import SimpleNamespace

import pytest
from checkout import ROOT
from docutils import nodes
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from sphinx.errors import SphinxError

from bookbuild.notebooks.builder import NotebookBuilder
from bookbuild.notebooks.cells import assemble, clean_cell, raw_myst, setup_cell
from bookbuild.notebooks.page import Page
from bookbuild.notebooks.text import Text, plain, quoted


class Strange(nodes.General, nodes.Element):
    """A node that nobody wrote Markdown for."""


def test_a_node_nobody_wrote_markdown_for_is_an_error():
    with pytest.raises(ValueError, match="no Markdown for the block 'Strange'"):
        list(Text().blocks([Strange()]))
    with pytest.raises(ValueError, match="no Markdown for the span 'Strange'"):
        Text().inline(nodes.paragraph("", "", Strange()))


def page(*children, cells=()):
    env = SimpleNamespace(toc_secnumbers={}, toc_fignumbers={})
    builder = SimpleNamespace(env=env, chapters=lambda: [])
    tree = nodes.document(None, None, "", nodes.section("", nodes.title("", "T"), *children))
    return Page(builder, "page", tree, new_notebook(cells=list(cells)))


def shown(index, *captions):
    figures = [nodes.figure("", nodes.caption("", words)) for words in captions]
    return nodes.container("", *figures, cell_index=index)


def table(entry):
    return nodes.table("", nodes.tgroup("", nodes.tbody("", nodes.row("", entry))))


@pytest.mark.parametrize(
    ("node", "cause"),
    [
        (nodes.bullet_list("", nodes.list_item("", shown(0))), "a code cell stands inside"),
        (nodes.container("", design_component="card"), "for the container .*card"),
        (nodes.figure("", nodes.image(uri="dot.svg")), "block 'figure'"),
        (table(nodes.entry("", nodes.paragraph("", "a|b"))), "has a bar"),
        (table(nodes.entry("", *[nodes.paragraph("", "a")] * 2)), "several lines"),
        (table(nodes.entry("", nodes.paragraph("", "a"), morecols=1)), "several lines or cells"),
        (nodes.topic("", nodes.paragraph("", "An aside.")), "block 'topic': 'An aside.'"),
    ],
)
def test_what_cannot_be_written_fails_the_build_with_its_page(monkeypatch, node, cause):
    def notebook(builder, docname, doctree):
        return page(node, cells=[new_code_cell("c0")]).opened("note", new_code_cell())

    monkeypatch.setattr(NotebookBuilder, "_notebook", notebook)
    monkeypatch.setattr(NotebookBuilder, "chapters", lambda builder: ["chapters/page"])
    with pytest.raises(SphinxError, match=f"chapters/page: .*{cause}"):
        NotebookBuilder.__new__(NotebookBuilder).write_doc("chapters/page", None)


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
    section = nodes.section("", nodes.title("", "S"), nodes.paragraph("", "end"))
    start, middle = (nodes.paragraph("", words) for words in ("start", "middle"))
    found = page(start, shown(2, "under c2"), middle, shown(4), section, cells=cells)
    sources = [
        cell.source for cell in assemble(found.opened("note", new_code_cell("set up"))).cells
    ]
    assert sources[:3] == ["# T\n\nnote", "set up", "c0"]
    assert sources[3:] == [
        "start", "c2", "**Figure.** under c2", "c3", "middle", "c4", "## S\n\nend"
    ]  # fmt: skip


def test_only_a_chapter_that_imports_torch_installs_it():
    light, heavy = (
        setup_cell(new_notebook(cells=[new_code_cell(code)]), "weighted_sums-1-any.whl", "").source
        for code in ("x = 'torch'", "import numpy\nfrom torch import nn")
    )
    assert '"weighted_sums",)' in light and "[torch]" not in light
    assert '"torch")' in heavy and "weighted_sums[torch]{place}" in heavy


def test_words_that_look_like_markup_stay_words():
    assert plain("2 * 3 $ `x` a_b _c_ <b> a < b ~ \\* &amp; R&D") == (
        "2 \\* 3 <span>\\$</span> \\`x\\` a_b \\_c\\_ \\<b> a < b \\~ \\\\\\* \\&amp; R&D"
    )
    assert quoted("a\n\n$$\nx\n\\tag{1}\n$$") == "> a\n>\n> $$x \\tag{1}$$"


def test_formulas_use_no_macros_of_the_sites_settings():
    # a notebook would not define them
    assert "mathjax3_config" not in (ROOT / "_config.yml").read_text("utf-8")
