"""How exercises are named and counted, and how a starter's recorded verdict looks."""

import re

import pytest
from docutils import nodes

from bookbuild.exercises import retitle

PAGE = """---
jupytext: {text_representation: {extension: .md, format_name: myst}}
kernelspec: {display_name: Python 3, language: python, name: python3}
question: How large is it?
able:
  - measure it
---

# Two

```{code-cell} ipython3
def check(name, passed):
    verdict = {"name": name, "passed": passed, "message": "because"}
    words = f"{'✓' if passed else '✗'} {name}: because"
    mime = "application/vnd.weighted-sums.verdict+json"
    display({mime: verdict, "text/plain": words}, raw=True)
```

```{exercise-start} Is $x$ (or y) enough? (a proof, hard)
:label: ex-pencil
```
Say why.
```{exercise-end}
```

```{solution-start} ex-pencil
:class: dropdown
```
So.
```{solution-end}
```

```{exercise-start} Add up
:label: ex-add
```
```{code-cell} ipython3
:tags: [starter]
check("two.add", False)
```
```{exercise-end}
```

```{solution-start} ex-add
:class: dropdown
```
```{code-cell} ipython3
:tags: [solution]
check("two.add", True)
```
```{solution-end}
```
"""


@pytest.fixture(scope="module")
def page(make_book, tmp_path_factory):
    book = make_book(tmp_path_factory.mktemp("exercises"))
    book.write("chapters/two.md", PAGE)
    done = book.build("site")
    assert done.returncode == 0, done.stdout + done.stderr
    return book.read("_build/html/chapters/two.html")


def titles(page):
    found = re.findall(r'<p class="admonition-title">(.*?)</p>', page)
    return [" ".join(re.sub("<[^>]+>", "", title).split()) for title in found]


def test_titles_have_no_brackets_of_their_own_and_the_kind_is_apart(page):
    first, solved, second, last = titles(page)
    assert re.fullmatch(r"Exercise 2\.1 Is .* \(or y\) enough\? · a proof, hard", first)
    assert '<span class="kind">a proof, hard</span>' in page
    assert second == "Exercise 2.2 Add up"
    assert [solved, last] == ["Solution to Exercise 2.1", "Solution to Exercise 2.2"]


@pytest.mark.parametrize("words", [[], [nodes.math("", "x")]])
def test_an_exercise_without_a_kind_keeps_all_words(words):
    title = nodes.title("", "", nodes.Text(" ("), nodes.Text("Add up"), *words, nodes.Text(")"))
    retitle(title)
    assert title.astext() == " Add up" + "x" * len(words)


def test_the_chapter_opens_with_how_many_exercises_have_a_check(page):
    assert "for the 2 exercises, 1 of them with a check" in page


def test_the_recorded_verdict_of_a_starter_is_neither_good_nor_bad(page):
    output = r'class="output text_plain (verdict-\w+)[^>]*>.*?<pre>(.*?)\n'
    verdicts = re.findall(output, page, re.S)
    told = [(look, " ".join(re.sub("<[^>]+>", "", text).split())) for look, text in verdicts]
    assert told == [
        ("verdict-open", "○ two.add (the starter’s verdict): because"),
        ("verdict-yes", "✓ two.add: because"),
    ]
