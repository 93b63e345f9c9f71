"""The search: what its script finds in a small index, and what it shows of that."""

import json
from pathlib import Path

import pytest
from py_mini_racer import MiniRacer

ROOT = Path(__file__).resolve().parents[2]

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
