"""Which sentences in brackets are asides on code, and which belong to the text."""

import pytest
from docutils import nodes

from bookbuild.asides import marked


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
