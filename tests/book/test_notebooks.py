"""The notebook writer: every construct of a page becomes plain Markdown, nothing is dropped."""

from pathlib import Path

import nbformat
import pytest
from checkout import once

PICTURE = """
from weighted_sums.figures.style import drawing

@drawing(height=1)
def square(fig):
    fig.subplots().plot([0, 1])
"""

WITHOUT_CODE = """
```{glossary}
bias
  A number added to a weighted sum.
```

```{bibliography}
```
"""


@pytest.fixture(scope="session")
def notebook(tmp_path_factory, make_book):
    def make(folder):
        book = make_book(folder)
        book.write("code/mini/picture.py", PICTURE)
        constructs = Path(__file__).with_name("constructs.md").read_text("utf-8")
        book.append("chapters/one.md", constructs)
        book.append("chapters/two.md", "\n(ch-two)=\n## A place in two\n")
        book.append("chapters/index.md", WITHOUT_CODE)
        settings = book.read("pyproject.toml")
        book.write("pyproject.toml", settings.replace("numbers = []", 'numbers = ["1"]'))
        done = book.build("notebooks")
        assert done.returncode == 0, done.stderr

    (path,) = once(tmp_path_factory, "constructs", make).glob("*/_build/notebooks/01-one.ipynb")
    found = nbformat.read(path, 4)
    nbformat.validate(found)
    return found


@pytest.fixture(scope="session")
def text(notebook):
    return "\n\n".join(c.source for c in notebook.cells if c.cell_type == "markdown") + "\n"


@pytest.mark.parametrize(
    "block",
    [
        "# 1. One",
        "**bold**, *stress*, `code`, ``a`b``, a [link](https://example.org), b \\* c",
        "snake_case, a_b\\_ and <span>\\$</span>x or <span>\\$</span>y, a \\<b and a\\~b\\~.\n",
        "* one\n\n* two\n\n  * nested\n\n    with a paragraph\n\n  * nested too\n\n* three",
        "* close\n* together",
        "3. third\n4. fourth",
        "> A quotation of H<sub>n</sub> and m<sup>n</sup>.\n>\n> $$q = 1$$",
        "\n---\n",
        "* **Term**: What it means.",
        "> **Tip**\n>\n> Do.",
        '```python\nprint("{eq}`in code`")\n```',
        "| a | $x$ |\n|---|---|\n| 1 | b |",
        "**Table 1.1.** A title\n\n| a | b |",
        "Inline $a_1 * b_1$ and",
        "$$\ny = x\n\\tag{1.1}\n$$",
        "$$\ny = 2x\n$$",
        "\\begin{align}\na &= b \\\\\nc &= d\n\\end{align}",
        "Then (1.1) and Table 1.1 and [A place in two](02-two.ipynb) and Theorems and",
        "bias, [Two](02-two.ipynb).\n",
        "[Nielsen, 2015] and LeCun *et al.* [1998].",
        "The value is 0.12.",
        "**Figure 1.1.** A square, *computed*. It is still.",
        "Fig. 1.1 shows it.",
        "> **What people get *wrong***\n>\n> Words.\n>\n> $$z = 1 + 2$$",
        "<summary>Is $x$ a &lt; b &amp; *c* when $x > 1$?</summary>\n\nYes.\n\n</det",
        "## Exercise 1.1 Add up · a repair\n\nAdd.",
        "### Solution of exercise 1.1",
        "Add, by (1.1).",
        "**Theorem 1.1 (Universality).** Every $f$.\n\nSecond paragraph.",
        "**Proof.** Trivial.",
        "See Theorem 1.1 and Exercise 1.1.",
        "## 1.2 A section\n\nThe end.",
        "## References\n\n* Yann LeCun",
        "[doi:10.1109/5.726791](https://doi.org/10.1109/5.726791).\n* Michael A. Nielsen.",
    ],
)
def test_a_construct_becomes_plain_markdown(text, block):
    assert block in text


def test_a_caption_speaks_of_the_picture_and_not_of_a_live_figure(text):
    assert "It is still" in text
    assert "moves" not in text


def test_the_first_cells_name_the_book_and_set_up(notebook):
    title, setup = notebook.cells[:2]
    assert "*Chapter 1 of the book “Weighted Sums”. The results below were computed" in title.source
    assert "wheel/weighted_sums-*.whl" in setup.source
    assert [cell.id for cell in notebook.cells[:3]] == ["cell-0", "cell-1", "cell-2"]


def test_code_comes_with_its_results_in_order(notebook):
    codes = [c for c in notebook.cells if c.cell_type == "code"]
    assert [c.execution_count for c in codes] == [None, 1, 2, 3, 4, 5, 6]
    results = [[dict(o.data) for o in c.outputs] for c in codes[2:]]
    value, claim, figure, starter, solution = results
    assert (value, claim) == ([{"text/plain": "0.123456"}], [])
    assert set(figure[0]) == {"image/svg+xml", "text/html", "text/plain"}
    assert figure[0]["text/html"].startswith('<img alt="A square." src="data:image/svg+xml;base64,')
    assert starter == [{"text/plain": "✗ one.add: because"}]
    assert solution == [{"text/plain": "✓ one.add: because"}]
    folded = [c.metadata.get("jupyter", {}).get("source_hidden", False) for c in codes]
    assert folded == [True, False, False, True, True, False, True]


def test_a_solution_is_folded_up_to_the_next_heading(notebook):
    sources = [cell.source for cell in notebook.cells]
    for number in ("1.1", "1.2"):
        at = sources.index(f"### Solution of exercise {number}")
        assert notebook.cells[at].metadata == {"jp-MarkdownHeadingCollapsed": True}
    assert sources[at + 1 : at + 3] == ["By sums.", sources[at + 2]]
    assert sources[at + 2].startswith("## 1.1 Theorems")


def test_raw_myst_fails_the_build(book):
    book.append("chapters/two.md", "\n\\:::\n")
    done = book.build("notebooks")
    assert done.returncode == 1
    assert "chapters/two: raw MyST is left in the notebook: [':::']" in done.stderr
