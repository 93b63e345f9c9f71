"""N-gram models: probabilities that sum to 1, back-off as in its formula, and the cost."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from weighted_sums.ngrams import NGrams, bits_per_byte, perplexity

TEXTS = st.text(alphabet="abc", min_size=5, max_size=60)


@given(TEXTS, st.integers(1, 4), st.text(alphabet="abcd", max_size=6))
def test_probabilities_sum_to_1_after_any_context(text, n, context):
    p = NGrams.count(text, n, "abcd").distribution(context)
    assert (p > 0).all() and p.sum() == pytest.approx(1)


@given(TEXTS)
def test_unigrams_back_off_to_the_uniform_distribution(text):
    model, kinds = NGrams.count(text, 1, "abcd"), len(set(text))
    for character in "abcd":
        wanted = (text.count(character) + kinds / 4) / (len(text) + kinds)
        assert model.probability(character, "b") == pytest.approx(wanted)


def test_bigrams_back_off_to_unigrams():
    model = NGrams.count("abacab", 2)
    single = (2 + 3 / 3) / (6 + 3)  # b: twice of six, three kinds
    assert model.probability("b", "a") == pytest.approx((2 + 2 * single) / (3 + 2))
    assert model.probability("b", "") == pytest.approx(single)


def test_only_the_last_characters_of_a_context_matter():
    model = NGrams.count("the cat sat on the mat", 3)
    assert model.probability("t", "sca") == model.probability("t", "xxca")
    assert model.probability("t", "ca") > model.probability("t", "a") > 0.3


def test_an_unknown_context_backs_off_to_the_shorter_one():
    model = NGrams.count("abcabc", 3, "abcd")
    assert model.probability("c", "db") == model.probability("c", "b")


@given(TEXTS, st.integers(1, 4))
def test_the_cost_is_the_average_loss(text, n):
    model = NGrams.count("abcacbabc", n)
    per_token_loss = [-math.log(model.probability(text[i], text[:i])) for i in range(len(text))]
    assert model.cost(text) == pytest.approx(np.mean(per_token_loss))


@given(TEXTS, st.text(alphabet="abcd", min_size=1, max_size=30))
def test_one_pass_gives_the_costs_of_all_orders(text, new):
    model = NGrams.count(text, 4, "abcd")
    expected = [NGrams.count(text, n, "abcd").cost(new) for n in (1, 2, 3, 4)]
    assert model.costs(new) == pytest.approx(expected)


def test_unigrams_of_equal_counts_have_the_perplexity_of_a_uniform_guess():
    model = NGrams.count("abcd" * 1000, 1)
    assert perplexity(model.cost("dcba")) == pytest.approx(4, rel=1e-3)
    assert perplexity(NGrams.count("abcd" * 1000, 2).cost("abcd" * 50)) < 1.1


def test_generated_text_continues_the_prompt_and_depends_on_the_seed():
    model = NGrams.count("ab" * 200, 3)
    text = model.generate("ab", 30, np.random.default_rng(0))
    assert text.startswith("ab") and len(text) == 32
    assert text == model.generate("ab", 30, np.random.default_rng(0))
    assert text.count("ab") > 13


def test_texts_that_cannot_be_counted_are_refused():
    with pytest.raises(ValueError, match="n-grams of 4 characters"):
        NGrams.count("abc", 4)
    with pytest.raises(ValueError, match="n-grams of 0 characters"):
        NGrams.count("abc", 0)
    with pytest.raises(ValueError, match=r"lacks the characters \['c'\]"):
        NGrams.count("abc", 1, "ab")


def test_characters_outside_the_alphabet_and_empty_texts_are_refused():
    model = NGrams.count("abababac", 3)
    for text, complaint in (("zzz", "'z' is not a character of the alphabet"), ("", "empty text")):
        with pytest.raises(ValueError, match=complaint):
            model.cost(text)
    with pytest.raises(ValueError, match="must not repeat a character: 'aab'"):
        NGrams.count("ab", 1, alphabet="aab")
    assert perplexity(1000.0) == np.inf


def test_the_counts_are_those_of_a_small_text():
    model = NGrams.count("abacab", 3)
    assert model.counts[0] == {"a": 3, "b": 2, "c": 1}
    assert model.counts[1] == {"ab": 2, "ba": 1, "ac": 1, "ca": 1}
    assert model.counts[2] == {"aba": 1, "bac": 1, "aca": 1, "cab": 1}
    # nothing follows the last b, nor the last ab
    assert model.context_counts[0] == {"": 6}
    assert model.context_counts[1] == {"a": 3, "b": 1, "c": 1}
    assert +model.context_counts[2] == {"ab": 1, "ba": 1, "ac": 1, "ca": 1}
    assert model.distinct_next[1] == {"a": 2, "b": 1, "c": 1}


def test_an_n_gram_may_be_as_long_as_the_text():
    assert NGrams.count("abc", 3).counts[2] == {"abc": 1}


@pytest.mark.parametrize("character", ["", "ab", "z"])
def test_only_one_character_of_the_alphabet_has_a_probability(character):
    with pytest.raises(ValueError, match="is not a character of the alphabet 'abc'"):
        NGrams.count("abc", 1).probability(character, "a")


def test_bits_per_byte_do_not_depend_on_how_a_text_is_split():
    text = "ab" * 50
    assert bits_per_byte(np.log(2), 100, text) == pytest.approx(1)  # one bit for each character
    assert bits_per_byte(2 * np.log(2), 50, text) == pytest.approx(1)  # two bits for each pair
    assert bits_per_byte(np.log(256), 4, "né§") == pytest.approx(8 * 4 / 5)  # five bytes
    with pytest.raises(ValueError, match="an empty text"):
        bits_per_byte(1.0, 0, "")
