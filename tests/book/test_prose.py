"""How text is set: which sentences in brackets are asides on code, and what gets a minus sign."""

import re
from pathlib import Path

import pytest
from docutils import nodes

from bookbuild.prose import NEGATIVE, marked

SITE = Path(__file__).parents[2] / "_build/html"


def paragraph(text):
    """Words, and code between grave accents, as docutils has them."""
    parts = text.split("`")
    kinds = (nodes.literal("", part) if i % 2 else nodes.Text(part) for i, part in enumerate(parts))
    return [node for node in kinds if node.astext()]


def asides(text):
    """The asides of a paragraph, which loses no word."""
    found = marked(paragraph(text))
    assert "".join(node.astext() for node in found) == text.replace("`", "")
    return [
        node.astext()
        for node in found
        if "aside" in getattr(node, "attributes", {}).get("classes", ())
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("(`ptp` is the range.)", ["(ptp is the range.)"]),
        ("It keeps its value. (`ptp` is the range.) Then", ["(ptp is the range.)"]),
        ("Does it? (`e-18` means “tiny”.) Then", ["(e-18 means “tiny”.)"]),
        ("A. (Read `a` (at all).) B. (See `c`.)", ["(Read a (at all).)", "(See c.)"]),
        ("It is (`ptp`) the range.", []),
        ("It is wide. (How wide does not matter.) Then", []),
        ("It is wide. (`ptp` says how wide) Then", []),
        ("It is wide. (`ptp` is never closed.", []),
        ("A call f(`x`.) is no aside.", []),
    ],
)  # fmt: skip
def test_asides_are_sentences_about_code(text, expected):
    assert asides(text) == expected


def test_brackets_are_apart_so_that_the_margin_can_do_without():
    (aside,) = marked(paragraph("(`ptp` is the range.)"))
    first, *words, last = aside.children
    assert (first.astext(), last.astext()) == ("(", ")")
    assert first["classes"] == last["classes"] == ["bracket"]
    assert "".join(word.astext() for word in words) == "ptp is the range."


@pytest.mark.parametrize(
    ("glued", "shown"),
    [
        ("-0.51", "−0.51"),
        ("[-1, -.5]", "[−1, −.5]"),
        ("1e-10", "1e-10"),
        ("2026-11-23", "2026-11-23"),
        ("top-5", "top-5"),
        ("--1", "--1"),
    ],
)
def test_negative_numbers_and_nothing_else_get_a_minus_sign(glued, shown):
    assert NEGATIVE.sub("−", glued) == shown


def test_no_page_shows_a_hyphen_before_a_glued_number():
    pages = [page.read_text("utf-8") for page in SITE.glob("chapters/**/*.html")]
    glued = [text for page in pages for text in re.findall(r'class="pasted-text">([^<]*)<', page)]
    assert len(glued) > 500
    assert [text for text in glued if NEGATIVE.search(text)] == []
    assert any("−" in text for text in glued)
