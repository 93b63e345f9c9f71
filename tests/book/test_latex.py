"""The printed book: what its log hides is found, and its doctree says parts and no hidden code."""

import shutil

import pytest

from bookbuild import latex

LOG = "This is XeTeX\nOverfull \\hbox (3.0pt too wide) in paragraph\n"


def test_a_quiet_log_has_no_faults():
    assert latex.faults(LOG) == []


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
def test_a_fault_in_the_log_is_found_once(line):
    assert latex.faults(f"{LOG}{line}\nmore\n{line}\n") == [line]


def test_a_fault_that_tex_broke_at_column_79_is_found():
    line = (
        "LaTeX Warning: Reference `a-long-label-of-a-figure-in-some-chapter' on page 3 undefined."
    )
    assert latex.faults(f"{LOG}{line[:79]}\n{line[79:]}\n") == [line]


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
        ("See \\ref{nowhere}.", "nowhere"),
        ("A sign: ✗.", "✗"),
        ("\\undefinedcommand", "Undefined control sequence"),
    ],
)
def test_a_fault_in_the_text_fails_with_its_cause(tex, body, cause):
    with pytest.raises(RuntimeError, match=cause):
        tex(body)
