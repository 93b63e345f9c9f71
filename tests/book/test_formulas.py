"""Formulas are set while the book is built, and one that cannot be set stops the build."""

from functools import partial

import pytest

from bookbuild import formulas


@pytest.fixture(scope="module")
def typeset():
    return partial(formulas.typeset, settings='{"macros": {"R": "\\\\mathbb{R}"}}')


def test_a_formula_is_written_once_as_mathml(typeset):
    markup = typeset(r"a^{(1)} = \sigma(W a^{(0)} + b)", False)
    assert markup.startswith("<math><msup><mi>a</mi>")
    assert "<mi>W</mi>" in markup
    assert "data-" not in markup
    assert "xmlns" not in markup
    assert typeset("x", True) == '<math display="block"><mi>x</mi></math>'


def test_a_macro_of_the_configuration_is_known(typeset):
    assert "<mi>ℝ</mi>" in typeset(r"\R", False)


@pytest.mark.parametrize(
    ("tex", "letters"),
    [
        (r"\mathbb{E}", "𝔼"),
        (r"\boldsymbol{\theta}", "𝜽"),
        (r"\mathbf{W1}", "𝐖"),
        (r"\mathcal{L}", "ℒ"),
        (r"\mathsf{ab}", "𝖺𝖻"),
        (r"\mathit{h}", "ℎ"),
    ],
)
def test_a_style_of_letters_is_told_by_the_letters(typeset, tex, letters):
    markup = typeset(tex, False)
    assert letters in markup
    assert "mathvariant" not in markup


@pytest.mark.parametrize(
    ("tex", "markup"),
    [
        ("a=b", '<mo lspace="0.278em" rspace="0.278em">=</mo>'),
        ("a^{l-1}", '<mo lspace="0" rspace="0">−</mo>'),  # close together in an exponent
        ("a-b", '<mo lspace="0.222em" rspace="0.222em">−</mo>'),
        (
            r"a=(x",
            '<mo lspace="0.278em" rspace="0">=</mo><mo stretchy="false" lspace="0.278em">(</mo>',
        ),
        (r"|x|", '<mo stretchy="false" lspace="0" rspace="0">|</mo><mi>x</mi>'),
        (r"\log x", '<mi>log</mi><mo lspace="0" rspace="0.167em">\u2061</mo><mi>x</mi>'),
        (r"a\left(x\right)", '<mi>a</mi><mspace width="0.167em" /><mrow><mo>(</mo>'),
        (r"\hat y", '<mover accent="true">'),
        (r"\bigl(x\bigr)^2", '<msup><mrow><mo minsize="1.2em" maxsize="1.2em">)</mo></mrow>'),
    ],
)
def test_operators_are_spaced_as_tex_spaces_them(typeset, tex, markup):
    assert markup in typeset(tex, False)


def test_what_a_page_draws_is_known_for_its_font():
    page = "x <math><mi>a</mi><mi>log</mi><msqrt><mn>2</mn></msqrt><mo>&lt;</mo></math> y"
    assert formulas.characters(page) == set("alog2<√𝑎")


@pytest.mark.parametrize(
    ("tex", "reason"),
    [
        (r"\frac{a", "Missing close brace"),
        (r"\nope", r"Undefined control sequence \\nope"),
        (r"\text{损失}", "is not in the font of formulas"),
    ],
)
def test_a_formula_that_cannot_be_set_says_why(typeset, tex, reason):
    with pytest.raises(formulas.FormulaError, match=reason) as failure:
        typeset(tex, True)
    assert tex in str(failure.value)


def test_lines_get_their_environment(typeset):
    assert typeset(r"a \\ b", True).count("<mtr>") == 2
    assert "<mtable" not in typeset("a = b", True)
    assert "<mtable" not in typeset(r"a \\ b", False)


def test_a_mistake_in_a_formula_stops_the_build_and_names_its_place(book):
    book.append("chapters/one.md", "\n$$\n\\frac{a\n$$\n")
    done = book.build("site")
    assert done.returncode == 1
    assert "chapters/one.md" in done.stderr
    assert "Missing close brace" in done.stderr
