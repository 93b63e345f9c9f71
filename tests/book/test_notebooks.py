"""The notebook writer: every construct of a page becomes plain Markdown, nothing is dropped."""

import nbformat
import pytest
from docutils import nodes
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from bookbuild.notebooks.builder import assemble, clean_cell, raw_myst
from bookbuild.notebooks.markdown import CellAt, Numbers, Page
from bookbuild.notebooks.spans import UnknownNodeError

PAGE = """
(a-label)=

Words with *stress*, **weight**, `code`, $x^2$ and ``a `tick` inside``; see {ref}`a-place`,
{eq}`square` and {cite:t}`nielsen2015`; it was {glue:text}`value:.1f`.

$$ y = x^2 $$ (square)

* one
* two
  * inner

1. first
2. second

| a | b |
|---|---|
| $x$ | c \\| d |

> quoted

```python
plain = "code"
```

```{note}
A note.
```

```{admonition} What people get wrong
:class: misconception
This.
```

```{admonition} A question?
:class: dropdown
Its answer.
```

(a-place)=
## A place

```{code-cell} ipython3
:tags: [remove-cell]
from weighted_sums.show import glue
glue("value", 2.5)
hidden = 7
```

```{code-cell} ipython3
---
mystnb:
  figure: {name: fig-a, caption: "A *small* line."}
  image: {alt: "A line."}
---
figures = __import__("mini.picture").picture
figures.line()
```

See {numref}`fig-a`.

```{exercise-start} Twice
:label: ex-twice
```
Do it for {eq}`square`.

```{code-cell} ipython3
hidden + 1
```
```{exercise-end}
```

```{solution-start} ex-twice
:label: sol-twice
:class: dropdown
```
Done.
```{solution-end}
```

```{prf:theorem} Of squares
:label: thm-square
They are positive.
```

```{prf:proof}
By {eq}`square`.
```
"""

PICTURE = """
from weighted_sums.figures.style import drawing

@drawing(height=1)
def line(fig):
    fig.subplots().plot([1, 2])
"""


@pytest.fixture(scope="module")
def notebook(tmp_path_factory, make_book):
    book = make_book(tmp_path_factory.mktemp("constructs"))
    book.write("code/mini/picture.py", PICTURE)
    book.append("chapters/one.md", PAGE.replace("it was {glue", "it was {glue"))
    book.append("chapters/two.md", "\n```{bibliography}\n```\n")
    done = book.build("notebooks")
    assert done.returncode == 0, done.stderr
    return nbformat.read(book.root / "_build/notebooks/one.ipynb", 4)


@pytest.fixture(scope="module")
def text(notebook):
    return "\n\n".join(c.source for c in notebook.cells if c.cell_type == "markdown")


@pytest.mark.parametrize(
    "line",
    [
        "# 1. One",
        "Words with *stress*, **weight**, `code`, $x^2$ and ``a `tick` inside``; see A place,",
        "(1.1) and Nielsen",
        "it was 2.5.",
        "$$\ny = x^2\n\\tag{1.1}\n$$",
        "* one\n* two\n  * inner",
        "1. first\n2. second",
        "| a | b |\n|---|---|\n| $x$ | c \\| d |",
        "> quoted",
        '```python\nplain = "code"\n```',
        "> **Note**\n>\n> A note.",
        "> **What people get wrong**\n>\n> This.",
        "<details>\n<summary>A question?</summary>\n\nIts answer.\n\n</details>",
        "## 1.1 A place",
        "**Figure 1.1.** A *small* line.",
        "See Fig. 1.1.",
        "**Exercise 1.1.** *Twice*",
        "Do it for (1.1).",
        "**Solution to Exercise 1.1 (Twice)**",
        "**Theorem 1.1.** *Of squares*",
        "They are positive.",
        "## References",
        "Neural Networks and Deep Learning",
    ],
)
def test_a_construct_becomes_plain_markdown(text, line):
    assert line in text


def test_code_comes_with_its_results_in_order(notebook):
    codes = [c for c in notebook.cells if c.cell_type == "code"]
    assert [c.execution_count for c in codes] == [None, 1, 2, 3, 4]
    hidden, figure, sum_ = codes[2:]
    assert hidden.metadata.jupyter.source_hidden
    assert hidden.outputs == []
    assert set(figure.outputs[0].data) == {"image/svg+xml", "text/plain"}
    assert sum_.outputs[0].data["text/plain"] == "8"


def test_a_node_nobody_wrote_markdown_for_is_an_error():
    page = Page(Numbers({}, {}), lambda target: False)

    class Strange(nodes.General, nodes.Element):
        pass

    with pytest.raises(UnknownNodeError, match="Strange"):
        list(page.block(Strange()))
    with pytest.raises(UnknownNodeError, match="Strange"):
        page.span(Strange())


@pytest.mark.parametrize(
    "left",
    ["see {eq}`square`", "```{note}\nA note.\n```", ":::{tip}", "(a-label)=", "{glue:text}`x:.1f`"],
)
def test_raw_myst_is_found(left):
    assert raw_myst(new_notebook(cells=[new_markdown_cell(f"Words.\n\n{left}\n")]))


@pytest.mark.parametrize(
    "plain", ["`` {eq}`square` `` is a role", "```python\nd = {1: 2}\n```", "$\\{x\\}$", "{a}"]
)
def test_plain_markdown_is_left_in_peace(plain):
    assert raw_myst(new_notebook(cells=[new_markdown_cell(plain)])) == []


def test_what_only_the_build_needs_is_left_out():
    data = {"image/svg+xml": "<svg/>", "application/pdf": "x", "text/plain": "y"}
    glued = {"application/papermill.record/text/plain": "1"}
    cell = new_code_cell(
        "x",
        outputs=[new_output("display_data", data=data), new_output("display_data", data=glued)],
    )
    (output,) = clean_cell(cell).outputs
    assert set(output.data) == {"image/svg+xml", "text/plain"}


def test_hidden_cells_run_before_the_cells_that_need_them():
    cells = [new_markdown_cell("t"), *(new_code_cell(f"c{i}") for i in range(3))]
    executed = new_notebook(cells=cells)
    found = assemble(["# T", CellAt(2), "end"], executed, {})
    sources = [c.source for c in found.cells if c.cell_type == "code"][1:]
    assert sources == ["c0", "c1", "c2"]
    assert [c.id for c in found.cells] == [f"cell-{i}" for i in range(len(found.cells))]
