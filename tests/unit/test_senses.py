"""Questions to embeddings, asked of embeddings whose answers are known."""

import numpy as np
import pytest

from weighted_sums.experiments import senses
from weighted_sums.workshop import recorded

NAMES = ["king", "man", "woman", "queen", "apple", "King", ""]


@pytest.fixture
def embedding():
    royal, female, fruit = np.eye(3)
    rows = [royal, 0 * royal, female, royal + female, fruit, 2 * royal + 0.01 * fruit, female]
    return np.array(rows) + np.array([0, 0, 0.001])


def test_cosines_are_those_of_the_angle():
    a, b = np.array([2.0, 0.0]), np.array([3.0, 3.0])
    assert senses.cosine(a, b) == pytest.approx(np.sqrt(0.5))
    assert senses.cosine(a, -a) == pytest.approx(-1)


def test_an_analogy_that_holds_is_found_and_the_inputs_are_excluded_in_any_case(embedding):
    rows = list(senses.analogies("toy", embedding, NAMES, count=2))
    assert {row["a"] for row in rows} == {"king"}, "the other analogies lack words"
    best = {row["inputs_excluded"]: row["answer"] for row in rows if row["rank"] == 1}
    assert best == {0: "queen", 1: "queen"}
    answers = {row["answer"] for row in rows if row["inputs_excluded"]}
    assert answers == {"queen", "apple"}, (
        "King counts as king, and a token without a name is no answer"
    )
    assert {float(row["direction_cosine"]) for row in rows} == {1.0}


def test_sentences_and_analogies_hold_the_words_that_are_asked_about():
    for word, sentences in senses.SENSES.items():
        assert len(sentences) == len(set(sentences)) == 9
        assert all(word in sentence.lower() for sentence in sentences)
    assert all(len(line.split()) == 4 for line in senses.ANALOGIES)
    assert all(len(pair.split()) == 2 for pair in senses.PLURALS)


def test_nobody_asks_for_the_neighbours_of_mole():
    # among them, in this model, are slurs
    assert "mole" not in senses.NEIGHBOURS_OF
    assert "mole" not in {row["word"] for row in recorded.table("real-neighbours").rows}
