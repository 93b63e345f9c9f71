"""The printed book: what its log hides is found, and its doctree says parts and no hidden code."""

import shutil
from types import SimpleNamespace

import pytest
from docutils import nodes
from sphinx import addnodes

from bookbuild import latex
from bookbuild.safety import BuildError

LABEL = "the-long-label-of-a-figure-in-a-chapter"
LOG = "This is XeTeX\nOverfull \\hbox (3.0pt too wide) in paragraph\n"


def test_a_quiet_log_has_no_faults():
    assert latex.FAULTS.findall(LOG) == []


@pytest.mark.parametrize(
    "line",
    [
        "LaTeX Warning: Reference `fig:x' on page 3 undefined on input line 17.",
        "LaTeX Warning: Hyper reference `sec:y' on page 1 undefined on input line 5.",
        "LaTeX Warning: Citation `z' on page 2 undefined on input line 9.",
        "LaTeX Warning: Label `eq:a' multiply defined.",
        "Missing character: There is no ✗ (U+2717) in font [lmroman10]!",
    ],
)
def test_a_fault_in_the_log_is_found(line):
    assert latex.FAULTS.findall(f"{LOG}{line}\nmore\n") == [line]


@pytest.fixture
def tex(tmp_path):
    if not shutil.which("latexmk"):
        pytest.fail("latexmk is missing: install the Debian package latexmk")

    def typeset(body):
        text = "\\documentclass{article}\\begin{document}\n%s\n\\end{document}\n"
        (tmp_path / "book.tex").write_text(text % body, "utf-8")
        return latex.typeset(tmp_path)

    return typeset


def test_a_sound_text_becomes_a_pdf(tex):
    assert tex("Words.").read_bytes().startswith(b"%PDF")


@pytest.mark.parametrize(
    ("body", "cause"),
    [
        # longer than the 79 characters at which TeX breaks the lines of its log
        (rf"See \ref{{{LABEL}}}.", f"`{LABEL}' on page 1 undefined on input line 2"),
        ("A sign: ✗.", "✗"),
        ("\\undefinedcommand", "Undefined control sequence"),
    ],
)
def test_a_fault_in_the_text_fails_with_its_cause(tex, body, cause):
    with pytest.raises(BuildError, match=cause):
        tex(body)


def root_page(*captions):
    page = nodes.section("", nodes.title("", "Book"), nodes.paragraph("", "Words."), ids=["book"])
    page += nodes.section("", nodes.title("", "More"), ids=["more"])
    page += [nodes.compound("", addnodes.toctree(caption=caption)) for caption in captions]
    return nodes.document(None, None, "", page)


def test_only_the_numbered_parts_have_numbers():
    page = root_page("Front matter", "Part I: Neurons", "Appendix")
    config, env = SimpleNamespace(root_doc="index"), SimpleNamespace(docname="index")
    latex.part_titles(SimpleNamespace(config=config, env=env), page)
    raw = [node.astext() for node in page.findall(nodes.raw)]
    assert raw == [
        latex.NUMBERED + r"\part{Neurons}",
        latex.UNNUMBERED + r"\part{Appendix}",
    ]


def test_what_the_root_page_says_is_one_chapter():
    page = root_page()
    files = nodes.compound("", addnodes.start_of_file(docname="one"))
    page[0] += files
    latex.gather_opening(page)
    _, numbers, chapter, rest = page[0].children
    assert [type(node) for node in chapter] == [nodes.title, nodes.paragraph, nodes.section]
    assert chapter["ids"] == ["about-this-book", "book"]  # a reference to the root leads here
    assert (numbers.astext(), rest) == (latex.UNNUMBERED, files)


def for_paper(*parts, form="latex"):
    page = nodes.section("", nodes.title(), *parts, addnodes.start_of_file(docname="one"))
    env = SimpleNamespace(metadata={}, titles={}, toc_fignumbers={})
    app = SimpleNamespace(builder=SimpleNamespace(format=form), env=env)
    latex.for_paper(app, nodes.document(None, None, "", page), "index")
    return page


def cell(*tags):
    parts = [nodes.container("", classes=[f"cell_{part}"]) for part in ("input", "output")]
    return nodes.container("", *parts, classes=["cell", *(f"tag_{tag}" for tag in tags)])


def test_what_is_folded_on_the_site_is_left_out_of_the_printed_book_alone():
    def shown(form):
        cells = [cell(), cell("hide-input"), cell("hide-cell")]
        found = for_paper(*cells, form=form).findall(nodes.container)
        return [node["classes"][0] for node in found]

    full = ["cell", "cell_input", "cell_output"]
    assert shown("latex") == [*full, "cell", "cell_output"]
    assert shown("html") == full * 3
