"""Each guard passes what is right and stops what is wrong, by file and line."""

from pathlib import Path

import pytest

from bookbuild import guards, prose

ROOT = Path(__file__).resolve().parents[2]

FRONT = "---\nkernelspec:\n  name: python3\n  version: 3.11\n---\n"


def figure_cell(caption="Two curves.", alt="A curve that rises and one that falls."):
    return f"""```{{code-cell}} ipython3
---
mystnb:
  figure: {{name: fig-x, caption: "{caption}"}}
  image: {{alt: "{alt}"}}
---
figures.curves(z)
```
"""


@pytest.fixture
def book(tmp_path):
    """A book without faults: one chapter, one module, one allowed number."""
    (tmp_path / "chapters").mkdir()
    (tmp_path / "code").mkdir()
    (tmp_path / "pyproject.toml").write_text('[tool.bookbuild]\nallowed-numbers = ["784"]\n')
    (tmp_path / "code" / "module.py").write_text('def f():\n    """Implements {eq}`sum`."""\n')
    (tmp_path / "chapters" / "one.md").write_text(
        FRONT + "# One\n\nIt sees 784 pixels.\n\n$$ z = 2 x $$ (sum)\n\n" + figure_cell()
    )
    return tmp_path


def add(book, text):
    with open(book / "chapters" / "one.md", "a") as chapter:
        chapter.write(text)


def test_the_book_itself_keeps_to_its_guards():
    assert list(guards.problems(ROOT)) == []


def test_a_book_without_faults_has_no_problems(book):
    assert list(guards.problems(book)) == []


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (figure_cell(alt=""), "has no alt text"),
        (figure_cell(caption=" "), "has no caption"),
        ("```{code-cell} ipython3\nfigures.curves(z)\n```\n", "has no alt text"),
        ("![](x.svg)\n", "this image has no alt text"),
        ("```{figure} x.svg\n:name: fig-y\n\nWords.\n```\n", "this figure has no alt text"),
    ],
)
def test_a_figure_without_words_is_found(book, text, problem):
    add(book, text)
    found = list(guards.problems(book))
    assert found and all(line.startswith("chapters/one.md:") for line in found)
    assert any(problem in line for line in found)


@pytest.mark.parametrize(
    "text",
    [
        "It reaches 91.5 percent.\n",
        "# The 17 layers\n",
        "- an accuracy of 93\n",
        "```{admonition} After 30 epochs\nWords.\n```\n",
        "````{exercise-start} A title\n:label: ex-a\n````\nTrain 12 networks.\n",
        "| a | 55 |\n|---|---|\n",
        figure_cell(caption="It reaches 91 percent."),
        figure_cell(alt="A bar that ends at 91."),
        "The bound is 4,000.\n",
    ],
)
def test_a_number_typed_by_hand_is_found_at_its_line(book, text):
    before = (book / "chapters" / "one.md").read_text().count("\n")
    add(book, text)
    (problem,) = guards.problems(book)
    line = int(problem.split(":")[1])
    assert "typed by hand" in problem and before < line <= before + text.count("\n")


@pytest.mark.parametrize(
    "text",
    [
        "In 1989 and 2015 it sees 784 pixels, says 3Blue1Brown.\n",
        "Take $x = 3$ and `f(2)`, see {eq}`sum` and [this](https://example.org/17).\n",
        "It reaches {glue:text}`accuracy:.1f` percent.\n",
        "```{code-cell} ipython3\nx = 17\n```\n",
        "```python\nx = 17\n```\n",
        "$$\nz = 17\n$$ (seventeen)\n",
        "$$ z = 17 $$\n",
        "1. first\n2. second\n",
        "(ch-17)=\n",
        "````{solution-start} ex-1\n:label: sol-17\n````\n",
    ],
)
def test_numbers_that_are_no_results_may_stand(book, text):
    add(book, text)
    assert list(guards.problems(book)) == []


def test_prose_goes_on_after_code_and_mathematics():
    text = "$$ z = 17 $$ (a)\n\none\n\n```{code-cell} x\ny = 17\n```\n\n$$\n17\n$$\n\ntwo\n"
    assert [words for _, words in prose.lines(text) if words.strip()] == ["one", "two"]


def test_a_fence_inside_a_longer_fence_stays_inside():
    text = "````{admonition} A\nin\n```python\n17\n```\nstill in\n````\nout\n"
    words = [words.strip() for _, words in prose.lines(text) if words.strip()]
    assert words == ["A", "in", "still in", "out"]


def test_a_docstring_that_cites_no_equation_of_the_book_is_found(book):
    (book / "code" / "other.py").write_text('def g():\n    """Implements {eq}`product`."""\n')
    assert list(guards.problems(book)) == [
        "code/other.py:1: g cites the equation 'product', which no chapter holds"
    ]


@pytest.mark.parametrize(
    "text",
    [
        "$$ a $$ (one)",
        "$$\na\n$$ (one)",
        "```{math}\n:label: one\na\n```",
        "$$ \\begin{aligned}\na\n\\end{aligned} $$ (one)",
    ],
)
def test_every_way_to_label_an_equation_is_known(text):
    assert guards.equation_labels(text) == {"one"}
