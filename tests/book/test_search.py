"""The search: what its index holds of a book."""

import json
import re

import pytest
from docutils import nodes
from docutils.utils import new_document

from bookbuild import search

TEXT = """
## What is a slope?

A **{term}`slope`** is the ratio of two changes, $\\frac12 \\eta W_{Q}$, of 13,002 numbers.

$$
\\int_{displayed} = hidden
$$

### And for two numbers?

`weighted_sum` adds up.

```{exercise-start} Doubling
:label: ex-double
```
Double the pebbles.
```{exercise-end}
```

```{solution-start} ex-double
:class: dropdown
```
Giveaway, revealed.
```{solution-end}
```
"""

GLOSSARY = """
## Words

```{glossary}
slope
  斜率 · How fast a function grows.
```
"""


@pytest.fixture(scope="module")
def built(make_book, tmp_path_factory):
    small = make_book(tmp_path_factory.mktemp("search"))
    small.append("chapters/one.md", TEXT)
    small.append("chapters/two.md", GLOSSARY)
    small.append("chapters/index.md", "\n```{build-record}\n```\n")
    rules = small.read("pyproject.toml").replace("numbers = []", 'numbers = ["13,002"]')
    small.write("pyproject.toml", rules)
    run = small.build("site")
    assert run.returncode == 0, run.stdout + run.stderr
    return small


def index(book) -> str:
    return book.read("_build/html/_static/search-index.js")


@pytest.fixture(scope="module")
def pages(built):
    text = index(built).removeprefix("var bookIndex=")
    return {page["page"].split("/")[-1]: page for page in json.loads(text)}


def test_each_section_has_its_anchor_number_title_and_text(pages):
    opening, section, within = pages["one.html"]["sections"]
    assert opening == ["", "1", "One", "The end of One.", []]
    assert section[:3] == ["what-is-a-slope", "1.1", "What is a slope?"]
    assert section[3] == "A slope is the ratio of two changes, 1/2 η W_Q, of 13,002 numbers. …"
    assert section[4] == ["slope"]
    assert within[:3] == ["and-for-two-numbers", "1.1.1", "And for two numbers?"]


def test_exercises_are_found_and_solutions_are_not(pages):
    text = pages["one.html"]["sections"][2][3]
    assert text.startswith("weighted_sum adds up.")
    assert "Doubling" in text and "Double the pebbles." in text
    assert "Giveaway" not in text


def test_a_term_of_the_glossary_is_found_by_itself(pages):
    assert pages["two.html"]["terms"] == [
        ["term-slope", "slope", "斜率 · How fast a function grows."]
    ]
    assert pages["two.html"]["sections"][1][3] == ""


def test_the_tables_of_the_build_record_stand_in_the_page_and_not_in_the_index(built, pages):
    text = built.read("_build/html/chapters/index.html")
    assert "What this build was made with" in text and "How long each chapter took" in text
    assert "made with" not in pages["index.html"]["sections"][0][3]


def test_neither_code_nor_results_nor_displayed_formulas_are_in_the_index(built):
    for word in ("mini", "VALUE", "first value", "hidden"):
        assert word not in index(built)


def test_of_a_cell_only_captions_are_read():
    code, caption = nodes.literal_block("", "import numpy"), nodes.caption("", "Two bars.")
    cell = nodes.container("", code, nodes.figure("", caption), classes=["cell"])
    page = new_document("")
    page += nodes.section("", cell)
    assert search.plain(search.bare(page)) == "Two bars."


def test_no_page_loads_the_search_of_sphinx(built):
    site = built.root / "_build" / "html"
    assert not (site / "searchindex.js").exists()
    assert "<title>Search &#8212;" in (site / "search.html").read_text("utf-8")
    for page in site.rglob("*.html"):
        text = page.read_text("utf-8")
        assert not re.search("searchtools|language_data|sphinx_highlight", text)
        assert ("search-index.js" in text) == (page.name == "search.html")


@pytest.mark.parametrize(
    ("formula", "text"),
    [
        (r"\frac12 L", "1/2 L"),
        (r"\tfrac{1}{n}\sum_i \eta", "1/n∑_i η"),
        (r"W_{Q}, \mathrm{softmax}\left(x\right)", "W_Q, softmax(x)"),
        (r"\hat y \le \sqrt{d}\,!", "y ≤ √d !"),
    ],
)
def test_a_formula_can_be_read_on_one_line(formula, text):
    assert " ".join(search.readable(formula).split()) == text
