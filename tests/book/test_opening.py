"""A chapter opens with its picture, its question, what one will be able to do, and the time."""

import json
import re

import pytest

HEAD = """---
jupytext: {{text_representation: {{extension: .md, format_name: myst}}}}
kernelspec: {{display_name: Python 3, language: python, name: python3}}
hero: {hero}
question: How large is it?
able:
  - measure it
  - say how well
---

# Three

The text begins.

```{{admonition}} What is a number?
:class: dropdown recall
A count.
```

```{{admonition}} What is a sum?
:class: dropdown recall
More of it.
```

Words {words}.

```{{code-cell}} ipython3
---
mystnb:
  figure: {{name: fig-early, caption: "The early one."}}
  image: {{alt: "a dot"}}
---
import matplotlib.pyplot as plt
figure, axes = plt.subplots()
_ = axes.plot([1], [1], "o")
```

Between the two.

```{{code-cell}} ipython3
---
mystnb:
  figure: {{name: fig-best, caption: "The best one."}}
  image: {{alt: "a line"}}
---
_ = axes.plot([1, 2], [1, 2])
figure
```

See {{numref}}`fig-best` and {{numref}}`fig-early`.
"""


@pytest.fixture
def opened(book):
    def build(hero="fig-best", words="and words", code=0):
        book.write("chapters/two.md", HEAD.format(hero=hero, words=words))
        done = book.build("site")
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout + done.stderr if code else book

    return build


def text_of(page):
    """The words of the article, in order."""
    article = page[page.index("<article") : page.index("</article>")]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", article))


def test_picture_question_ability_and_time_stand_below_the_title(opened):
    words = text_of(opened().read("_build/html/chapters/two.html"))
    order = [
        "Three", "Fig. 2.1 The best one.", "How large is it?", "measure it", "say how well",
        "5 minutes to read", "The text begins.", "Two questions first", "What is a number?",
        "Fig. 2.2 The early one.", "Between the two.", "See Fig. 2.1 at the head of this chapter.",
        "See Fig. 2.1 and Fig. 2.2",
    ]  # fmt: skip
    places = [words.index(part) for part in order]
    assert places == sorted(places), words
    assert words.count("The best one.") == 1


def test_a_notebook_draws_the_picture_where_its_cell_stands(opened):
    (path,) = opened().root.glob("_build/notebooks/*two.ipynb")
    cells = json.loads(path.read_text("utf-8"))["cells"]
    told = ["".join(cell["source"]) for cell in cells]
    early = next(i for i, text in enumerate(told) if "The early one." in text)
    best = next(i for i, text in enumerate(told) if "The best one." in text)
    assert early < best and told[best - 1].startswith("_ = axes.plot([1, 2]")
    assert "at the head of this chapter" not in "".join(told)
    assert "<summary>Two questions first</summary>" in "".join(told)


def test_a_hero_that_is_no_figure_is_an_error_with_its_chapter(opened):
    told = opened(hero="fig-none", code=1)
    assert "chapters/two: the front matter's hero, 'fig-none', is no figure here" in told


def test_time_grows_with_the_text(opened):
    long = opened(words="word " * 3000).read("_build/html/chapters/two.html")
    assert "15 minutes to read" in text_of(long)
