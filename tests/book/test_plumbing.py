"""What only checks, glues or draws is folded on the site, and the lesson stays."""

import pytest

from bookbuild.plumbing import CHECKED, DRAWN, IMPORTS, parts


@pytest.mark.parametrize(
    ("source", "shown", "folded", "title"),
    [
        ("x = 1\nx + 1", "x = 1\nx + 1", "", ""),
        ("x = 1\nglue('x', x)", "x = 1", "glue('x', x)", CHECKED),
        ("x = 1\nassert x == 1\nx", "x = 1\nx", "assert x == 1", CHECKED),
        ("import numpy as np\nfrom a import b", "", "import numpy as np\nfrom a import b", IMPORTS),
        ("import a", "", "import a", IMPORTS),
        ("import a\na.run()", "import a\na.run()", "", ""),
        (
            "import a\nimport b\nimport c\na.run()",
            "a.run()",
            "import a\nimport b\nimport c",
            IMPORTS,
        ),
        ("a.run()\nimport a\nimport b\nimport c", "a.run()\nimport a\nimport b\nimport c", "", ""),
        ("figures.curve(x)", "", "figures.curve(x)", DRAWN),
        ("y = f(x)\nfigures.curve(x, y)", "y = f(x)", "figures.curve(x, y)", DRAWN),
        ("figures.curve(x)\nglue('x', x)", "", "figures.curve(x)\nglue('x', x)", CHECKED),
        (
            "payload = {'x': 1}\nInteractive('neuron', payload, figures.neuron(x))",
            "",
            "payload = {'x': 1}\nInteractive('neuron', payload, figures.neuron(x))",
            DRAWN,
        ),
        # a table that the reader is to see, though a figure draws it too
        ("rows = {'x': 1}\nfigures.bars(rows)", "rows = {'x': 1}", "figures.bars(rows)", DRAWN),
        ("payload = {'x': 1}\nlen(payload)", "payload = {'x': 1}\nlen(payload)", "", ""),
        ("for k in x:\n    glue(k, x[k])", "", "for k in x:\n    glue(k, x[k])", CHECKED),
        ("for k in x:\n    print(k)\n    glue(k, 1)", None, "", ""),
        ("with quiet():\n    assert x", "", "with quiet():\n    assert x", CHECKED),
        (
            "a = 1\n# why\nassert a\n# then\nb = 2",
            "a = 1\n# then\nb = 2",
            "# why\nassert a",
            CHECKED,
        ),
        ("%timeit f(x)\nassert x", "%timeit f(x)\nassert x", "", ""),
        ("", "", "", ""),
        ("# only a remark", "# only a remark", "", ""),
        ("figures = 3\nfigures + 1", "figures = 3\nfigures + 1", "", ""),
    ],
)
def test_a_cell_shows_its_lesson_and_folds_its_plumbing(source, shown, folded, title):
    found = parts(source)
    assert found[0] == (source if shown is None else shown)
    assert found[1] == folded
    assert not folded or found[2] == title


CHAPTER = """---
jupytext: {text_representation: {extension: .md, format_name: myst}}
kernelspec: {display_name: Python 3, language: python, name: python3}
---

# Three

```{code-cell} ipython3
import math
```

```{code-cell} ipython3
area = math.pi * 2**2
assert 12 < area < 13
```

```{code-cell} ipython3
assert area
```

```{code-cell} ipython3
:tags: [raises-exception]
assert area < 12
```
"""


def test_site_folds_paper_leaves_out_and_the_notebook_keeps(book):
    book.write("chapters/two.md", CHAPTER)
    done = book.build("site")
    assert done.returncode == 0, done.stdout + done.stderr
    page = book.read("_build/html/chapters/two.html")
    folds = page.split('<details class="fold plumbing">')[1:]
    assert [fold.split("</summary>")[0].split(">")[-1] for fold in folds] == [
        IMPORTS, CHECKED, CHECKED,
    ]  # fmt: skip
    assert page.count('<span class="k">assert</span>') == 4  # folded, read, and in an error
    before = page.split('<details class="fold plumbing">')[1].partition("</details>")[2]
    assert "math" in before and "assert" not in before
    (path,) = book.root.glob("_build/notebooks/*two.ipynb")
    notebook = path.read_text("utf-8")
    assert "2**2\\n" in notebook and notebook.count("assert ") == 3
