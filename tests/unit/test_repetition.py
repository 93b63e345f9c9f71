"""The scores of heads are correct for patterns whose scores are known."""

import numpy as np
import pytest

from weighted_sums.experiments import repetition
from weighted_sums.pretrained.tokenizers import ByteLevelBPE

POSITIONS = 10


def attending(*columns):
    """A head for each function from a query position to the key position it attends to."""
    pattern = np.zeros((len(columns), POSITIONS, POSITIONS))
    for head, column in enumerate(columns):
        for query in range(POSITIONS):
            pattern[head, query, max(column(query), 0)] = 1
    return pattern


def test_a_head_that_attends_one_back_has_the_previous_token_score_only():
    pattern = attending(lambda q: q - 1, lambda q: q, lambda q: 0)
    np.testing.assert_allclose(repetition.previous_score(pattern), [1, 0, 1 / (POSITIONS - 1)])
    assert repetition.repetition_score(pattern)[0] == 0


def test_a_head_that_attends_to_the_token_after_the_first_copy_is_an_induction_head():
    pattern = attending(lambda q: q - POSITIONS // 2 + 1, lambda q: q - POSITIONS // 2, lambda q: 0)
    np.testing.assert_array_equal(repetition.repetition_score(pattern), [1, 0, 0])


def test_the_losses_are_those_of_the_actual_tokens():
    p = np.array([[0.5, 0.25, 0.25], [0.1, 0.1, 0.8], [1, 1, 1]])
    found = repetition.losses(np.array([0, 1, 2]), np.log(p))
    np.testing.assert_allclose(found, [np.log(4), -np.log(0.8)])


def test_there_are_enough_words_and_each_occurs_once():
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
