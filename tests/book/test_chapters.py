"""Chapters are taken apart into front matter and cells, with the lines they stand on."""

from bookbuild import chapters

TEXT = """---
jupytext: {text_representation: {extension: .md}}
kernelspec: {name: python3}
---

# A title

```{code-cell} ipython3
x = 1
```

:::{code-cell} ipython3
:tags: [hide-input, remove-cell]

y = 2
:::

````{admonition} Not a cell
```python
z = 3
```
````

```{code-cell} ipython3
---
mystnb: {figure: {caption: "Words."}}
tags: [starter]
---
figures.draw(x)
```
"""


def test_cells_come_with_their_line_and_code():
    cells = chapters.code_cells(TEXT)
    assert [cell.source.strip() for cell in cells] == ["x = 1", "y = 2", "figures.draw(x)"]
    lines = TEXT.splitlines()
    assert all("{code-cell}" in lines[cell.line - 1] for cell in cells)


def test_both_kinds_of_header_are_read():
    one, two, three = chapters.code_cells(TEXT)
    assert one.tags == []
    assert two.tags == ["hide-input", "remove-cell"]
    assert three.tags == ["starter"]
    assert three.metadata["mystnb"]["figure"]["caption"] == "Words."


def test_a_single_tag_without_brackets_is_one_tag():
    (cell,) = chapters.code_cells("```{code-cell}\n:tags: starter\nx\n```\n")
    assert cell.tags == ["starter"]


def test_a_page_without_kernel_or_jupytext_does_not_run():
    assert chapters.is_executable(TEXT)
    assert not chapters.is_executable("# A title\n")
    assert not chapters.is_executable("---\nkernelspec: {name: python3}\n---\n# A title\n")
