"""The search: what its index holds of a book, and what its script finds there."""

import json
from pathlib import Path

import pytest
from docutils import nodes
from py_mini_racer import MiniRacer

from bookbuild import search

ROOT = Path(__file__).resolve().parents[2]

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


def test_neither_code_nor_results_nor_displayed_formulas_are_in_the_index(built):
    for word in ("mini", "VALUE", "first value", "hidden"):
        assert word not in index(built)


def test_of_a_cell_only_captions_are_read():
    code, caption = nodes.literal_block("", "import numpy"), nodes.caption("", "Two bars.")
    cell = nodes.container("", code, nodes.figure("", caption), classes=["cell"])
    assert search.plain(nodes.section("", cell)) == "Two bars."


def test_a_second_build_that_writes_one_page_writes_the_same_index(built):
    before = index(built)
    built.append("chapters/two.md", "\n\n")
    assert built.build("site").returncode == 0
    assert index(built) == before


def test_nothing_of_the_search_of_sphinx_is_left(built):
    site = built.root / "_build" / "html"
    for name in ("searchindex.js", *(f"_static/{name}" for name in search.SPHINX)):
        assert not (site / name).exists()
    for page in site.rglob("*.html"):
        text = page.read_text("utf-8")
        assert not any(name in text for name in search.SPHINX)
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


BOOK = [
    {
        "page": "chapters/neurons.html",
        "sections": [
            ["", "2", "Neurons", "A neuron weighs its inputs. Softmax comes later.", []],
            ["template", "2.1", "What does it look for?", "Its weights are a template.", []],
            ["count", "2.2", "Why 13,002 numbers?", "All weights and biases: 13,002.", []],
            [
                "chains",
                "2.3",
                "Why may slopes be multiplied?",
                "By the chain rule.",
                ["chain rule"],
            ],
            ["rates", "2.4", "Rates", "The rate of learning, and how a chain breaks a rule.", []],
            ["queries", "2.5", "Queries", "W_Q asks, W_K answers; naïve optimisers in colour.", []],
        ],
        "terms": [],
    },
    {
        "page": "chapters/appendix/glossary.html",
        "sections": [["", "", "Glossary", "All terms.", []]],
        "terms": [
            [
                "term-softmax",
                "softmax",
                "softmax 函数 · Turns scores into shares. The softmax is …",
            ],
            ["term-activation", "activation", "激活值 · What a neuron holds."],
            ["term-learning-rate", "learning rate", "学习率 · How far a step goes: η."],
        ],
    },
]


@pytest.fixture(scope="module")
def script():
    context = MiniRacer()
    context.eval((ROOT / "assets" / "search.js").read_text("utf-8"))
    context.eval(f"const small = bookSearch.read({json.dumps(BOOK)})")
    return context


def find(script, query) -> list[str]:
    call = f"JSON.stringify(bookSearch.find(small, {json.dumps(query)}).found.map(r => r.href))"
    return [link.split("#")[-1] for link in json.loads(script.eval(call))]


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("softmax", "term-softmax"),
        ("softm", "term-softmax"),
        ("learning rates", "term-learning-rate"),
        ("学习率", "term-learning-rate"),
        ("激活", "term-activation"),
        ("活值", "term-activation"),
        ("13002", "count"),
        ("13,002", "count"),
        ("13 002", "count"),
        ("W_Q", "queries"),
        ("NAIVE", "queries"),
        ("color", "queries"),
        ("optimizer", "queries"),
        ("chain rule", "chains"),
        ("neurons", "chapters/neurons.html"),
        ("weights template", "template"),
        ("how does a neuron weigh", "chapters/neurons.html"),
        ("η", "term-learning-rate"),
    ],
)
def test_the_first_result_is_what_a_reader_wants(script, query, first):
    assert find(script, query)[0] == first


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("zzyzx", []),
        ("", []),
        ('"', []),
        ('"chain rule"', ["chains"]),
        ('"rule chain"', []),
        ("W_K W_Q", ["queries"]),
        ("K_W", []),
        ("002", []),
        ("template zzyzx", ["template"]),
    ],
)
def test_what_is_found_and_what_is_not(script, query, found):
    assert find(script, query) == found


@pytest.mark.parametrize(
    "forms",
    [
        ("train", "trains", "trained", "training"),
        ("stop", "stopped", "stopping", "stops"),
        ("use", "uses", "used", "using"),
        ("matrix", "matrices"),
        ("batch", "batches"),
        ("bias", "biases", "biased"),
        ("class", "classes"),
        ("query", "queries"),
        ("embed", "embedding", "embeddings", "embedded"),
        ("loss", "losses"),
        ("learned", "learnt", "learns"),
    ],
)
def test_forms_of_a_word_are_one(script, forms):
    assert len({script.eval(f"bookSearch.stem('{form}')") for form in forms}) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [("loss", "lose"), ("note", "not"), ("general", "generate"), ("string", "str"), ("is", "i")],
)
def test_different_words_stay_two(script, one, other):
    assert script.eval(f"bookSearch.stem('{one}') !== bookSearch.stem('{other}')")


def excerpt(script, text: str, query: str, length: int) -> str:
    pages = [{"page": "a.html", "sections": [["", "", "A", text, []]], "terms": []}]
    call = """((pages, query, length) => {
        const [one] = bookSearch.find(bookSearch.read(pages), query).found;
        return JSON.stringify(bookSearch.excerpt(one.text, one, bookSearch.TEXT, length));
    })"""
    pieces = script.eval(f"{call}(...{json.dumps([pages, query, length])})")
    return "".join(f"[{text}]" if found else text for text, found in json.loads(pieces))


def test_an_excerpt_is_of_whole_words_about_what_was_found(script):
    text = "Words before. " * 30 + "(The chain rule multiplies slopes.) " + "Words after. " * 30
    found = excerpt(script, text, "chain rule", 12)
    assert found.startswith("… The [chain rule] multiplies slopes.) Words after.")
    assert found.endswith(" …")


def test_an_excerpt_of_a_long_sentence_starts_a_few_words_before(script):
    text = "word " * 50 + "pebble " + "more " * 50
    assert excerpt(script, text, "pebble", 12).startswith(
        "… word word word word word word [pebble]"
    )


def test_a_short_text_is_shown_whole_and_its_signs_are_text(script):
    assert (
        excerpt(script, "If a < b, <b> is & stays.", "stays", 40) == "If a < b, <b> is & [stays]."
    )
