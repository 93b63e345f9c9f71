"""Formulas are set while the book is built, and one that cannot be set stops the build."""

import pytest

from bookbuild import formulas


@pytest.fixture(scope="module")
def typeset():
    return formulas.typesetter('{"macros": {"R": "\\\\mathbb{R}"}}')


def test_a_formula_is_drawn_and_told(typeset):
    html = typeset(r"a^{(1)} = \sigma(W a^{(0)} + b)", False)
    assert html.startswith('<mjx-container class="MathJax" jax="CHTML">')
    assert '<mjx-math aria-hidden="true"' in html
    assert "<mjx-assistive-mml><math" in html
    assert "<mi>W</mi>" in html
    assert "data-mjx" not in html
    assert typeset("x", True).startswith(
        '<mjx-container class="MathJax" jax="CHTML" display="true"'
    )


def test_a_macro_of_the_configuration_is_known(typeset):
    assert "mjx-c211D" in typeset(r"\R", False)


@pytest.mark.parametrize(
    ("tex", "reason"),
    [
        (r"\frac{a", "Missing close brace"),
        (r"\nope", r"Undefined control sequence \\nope"),
        (r"\text{größe}", "'ö' is in no font of formulas"),
    ],
)
def test_a_formula_that_cannot_be_set_says_why(typeset, tex, reason):
    with pytest.raises(formulas.FormulaError, match=reason) as failure:
        typeset(tex, True)
    assert tex in str(failure.value)


def test_lines_get_their_environment():
    assert formulas.block("a = b") == "a = b"
    assert formulas.block(r"a \\ b") == r"\begin{split}a \\ b\end{split}"


def test_a_mistake_in_a_formula_stops_the_build_and_names_its_place(book):
    book.append("chapters/one.md", "\n$$\n\\frac{a\n$$\n")
    done = book.build("site")
    assert done.returncode == 1
    assert "chapters/one.md" in done.stderr
    assert "Missing close brace" in done.stderr
