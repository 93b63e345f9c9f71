"""The scores of heads are what they say, for patterns where the answer is known."""

import numpy as np
import pytest

from weighted_sums.experiments import repetition
from weighted_sums.pretrained.wordpieces import ByteLevelBPE

PLACES = 10


def looking(*columns):
    """A head for each function that says where the query at a place looks."""
    pattern = np.zeros((len(columns), PLACES, PLACES))
    for head, column in enumerate(columns):
        for query in range(PLACES):
            pattern[head, query, max(column(query), 0)] = 1
    return pattern


def test_a_head_that_looks_one_back_has_the_one_score_and_not_the_other():
    pattern = looking(lambda q: q - 1, lambda q: q, lambda q: 0)
    np.testing.assert_allclose(repetition.previous_score(pattern), [1, 0, 1 / (PLACES - 1)])
    assert repetition.repetition_score(pattern)[0] == 0


def test_a_head_that_looks_behind_the_first_copy_is_an_induction_head():
    pattern = looking(lambda q: q - PLACES // 2 + 1, lambda q: q - PLACES // 2, lambda q: 0)
    np.testing.assert_array_equal(repetition.repetition_score(pattern), [1, 0, 0])


def test_the_surprise_is_that_of_the_tokens_that_came():
    share = np.array([[0.5, 0.25, 0.25], [0.1, 0.1, 0.8], [1, 1, 1]])
    found = repetition.losses(np.array([0, 1, 2]), np.log(share))
    np.testing.assert_allclose(found, [np.log(4), -np.log(0.8)])


def test_the_words_are_enough_and_each_stands_once():
    words = repetition.WORDS.split()
    assert len(set(words)) == len(words) >= repetition.LENGTH


class Whole(ByteLevelBPE):
    """A token for each word."""

    def encode(self, text):
        return np.arange(len(text.split()))


class Short(ByteLevelBPE):
    """A token too few."""

    def encode(self, text):
        return np.arange(len(text.split()) - 1)


def test_words_come_twice_in_the_same_order():
    tokens = repetition.repeats(Whole([], [], []), seed=0)
    half = repetition.LENGTH
    assert len(tokens) == 2 * half
    np.testing.assert_array_equal(tokens[:half], tokens[half:])


def test_a_word_that_is_not_one_token_is_noticed():
    with pytest.raises(AssertionError, match="one token"):
        repetition.repeats(Short([], [], []), seed=0)
