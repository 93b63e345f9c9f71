"""Tokens: every text can be decoded again, and the merges are those of the definition."""

from collections import Counter
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from weighted_sums import texts
from weighted_sums.tokens import BYTES, WORDS, BPETokenizer, CharTokenizer, merged

TEXT = texts.default_text()[:60_000]
PAIRS = BPETokenizer.train(TEXT, 200)


@given(st.text())
def test_byte_pairs_decode_to_any_encoded_text(text):
    assert PAIRS.decode(PAIRS.encode(text)) == text


@given(st.text(alphabet="ab ", max_size=30), st.integers(0, 12))
def test_merges_trained_on_a_text_decode_to_it(text, count):
    pairs = BPETokenizer.train(text, count)
    assert pairs.decode(pairs.encode(text)) == text
    assert len(pairs.encode(text)) <= len(text.encode())


@given(st.text(min_size=1))
def test_characters_of_a_text_decode_to_it(text):
    characters = CharTokenizer.of(text)
    tokens = characters.encode(text)
    assert characters.decode(tokens) == text
    assert len(tokens) == len(text) and set(tokens) == set(range(characters.vocab_size))


@given(st.text())
def test_words_add_up_to_the_text(text):
    assert "".join(WORDS.findall(text)) == text


@given(st.text(alphabet="aab c", max_size=40), st.integers(0, 8))
def test_training_equals_a_new_count_after_every_merge(text, count):
    words, merges = [list(word.encode()) for word in WORDS.findall(text)], []
    while len(merges) < count:
        counts = Counter(pair for word in words for pair in pairwise(word))
        if not counts:
            break
        best = min(counts, key=lambda pair: (-counts[pair], pair))
        words = [merged(word, best, BYTES + len(merges)) for word in words]
        merges.append(best)
    assert BPETokenizer.train(text, count).merges == tuple(merges)


def test_the_first_merge_joins_the_most_frequent_pair():
    assert BPETokenizer.train("banana bandana", 1).merges == ((ord("a"), ord("n")),)


def test_merges_are_applied_from_left_to_right():
    assert merged([1, 1, 1, 2], (1, 1), 9) == [9, 1, 2]
    assert merged([1, 1, 1, 1], (1, 1), 9) == [9, 9]
    assert merged([], (1, 1), 9) == []


def test_merges_shorten_their_training_text():
    assert len(PAIRS.encode(TEXT)) < 0.6 * len(TEXT)
    assert PAIRS.vocab_size == BYTES + 200 == len(PAIRS.pieces)
    assert b" the" in PAIRS.pieces


def test_a_token_may_be_part_of_a_character():
    tokens = PAIRS.encode("中")
    assert len(tokens) == 3 and PAIRS.decode(tokens[:2]) == "�"


@pytest.mark.parametrize("tokenizer", [PAIRS, CharTokenizer.of(TEXT)])
def test_a_token_is_a_whole_number_of_python_or_of_numpy(tokenizer):
    for token in tokenizer.encode("a word"):  # alone: of a longer list only one item is looked at
        assert tokenizer.decode([token]) == tokenizer.decode([int(token)])


def test_unknown_characters_and_tokens_are_named():
    characters = CharTokenizer("abc")
    with pytest.raises(ValueError, match=r"no tokens for the characters \['x', 'z'\]"):
        characters.encode("abxz")
    with pytest.raises(ValueError, match="no token 3, only 0 to 2"):
        characters.decode([0, 3])
    with pytest.raises(ValueError, match="no token -1"):
        PAIRS.decode([-1])
    with pytest.raises(ValueError, match="merge 0 joins"):
        BPETokenizer(((97, 256),))
    for alphabet in ("", "aba"):
        with pytest.raises(ValueError, match="each of them once"):
            CharTokenizer(alphabet)


def test_an_empty_text_has_no_tokens():
    assert PAIRS.encode("").shape == CharTokenizer("a").encode("").shape == (0,)
    assert PAIRS.decode(np.array([], dtype=int)) == ""


def test_a_merge_may_join_any_two_earlier_tokens_and_no_others():
    tokenizer = BPETokenizer(((0, 255), (256, 0)))
    assert tokenizer.encode("\0").tolist() == [0]
    assert tokenizer.pieces[256:] == [b"\x00\xff", b"\x00\xff\x00"]
    for merges, which in ((((-1, 0),), 0), (((0, 256),), 0), (((0, 1), (257, 0)), 1)):
        with pytest.raises(
            ValueError, match=f"merge {which} joins .* but only {256 + which} tokens"
        ):
            BPETokenizer(merges)


def test_special_tokens_are_never_split_and_no_merge_comes_from_them():
    tokenizer = BPETokenizer.train("<end><end><end>ab<end>", 1, specials=["<end>", "<e"])
    assert tokenizer.merges == ((ord("a"), ord("b")),)
    assert tokenizer.vocab_size == 256 + 1 + 2
    tokens = tokenizer.encode("<eab<end>")
    assert tokens.tolist() == [258, 256, 257]
    assert tokenizer.decode(tokens) == "<eab<end>"
    for specials in (("",), ("<end>", "<end>")):
        with pytest.raises(ValueError, match="special tokens must be non-empty and distinct"):
            BPETokenizer((), specials)


@pytest.mark.parametrize("text", ["", "ab"])
def test_tokens_are_whole_numbers_of_64_bits(text):
    for tokenizer in (PAIRS, CharTokenizer("ab")):
        assert tokenizer.encode(text).dtype == np.int64


@pytest.mark.usefixtures("without_shape_checks")
def test_tokens_that_are_no_whole_numbers_are_refused():
    with pytest.raises(ValueError, match="tokens must be whole numbers, not float64"):
        PAIRS.decode([1.0])
    with pytest.raises(ValueError, match="no token 456, only 0 to 455"):
        PAIRS.decode([455, 456])
