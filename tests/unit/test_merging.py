"""The heap makes the merges of the definition; special tokens stay whole; bad text is refused."""

import time
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from weighted_sums import merging
from weighted_sums.pretrained import tokenizers
from weighted_sums.pretrained.tokenizers import ByteLevelBPE, WordPieceTokenizer
from weighted_sums.tokens import BYTES, BPETokenizer, merged


def by_definition(tokens, ranks):
    """Look for the pair of the lowest rank, merge it everywhere, and look again."""
    while pairs := [pair for pair in pairwise(tokens) if pair in ranks]:
        first = min(pairs, key=lambda pair: ranks[pair][0])
        tokens = merged(tokens, first, ranks[first][1])
    return tokens


@st.composite
def rows_and_ranks(draw):
    kinds = draw(st.integers(1, 4))
    pairs = []
    for made in range(kinds, kinds + draw(st.integers(0, 8))):
        pair = draw(st.tuples(*[st.integers(0, made - 1)] * 2))
        if pair not in dict(pairs):
            pairs.append((pair, made))
    order = draw(st.permutations(range(len(pairs))))  # a file may list its merges in any order
    ranks = {pair: (rank, made) for (pair, made), rank in zip(pairs, order, strict=True)}
    return draw(st.lists(st.integers(0, kinds - 1), max_size=20)), ranks


@given(rows_and_ranks())
def test_merging_by_rank_equals_the_definition(given_):
    row, ranks = given_
    assert merging.merge_by_rank(row, ranks) == by_definition(row, ranks)


def test_what_a_merge_makes_may_merge_with_its_neighbour_on_either_side():
    assert merging.merge_by_rank([1, 2, 3], {(2, 3): (0, 9), (1, 9): (1, 10)}) == [10]
    assert merging.merge_by_rank([1, 2, 3], {(1, 2): (0, 9), (9, 3): (1, 10)}) == [10]


def test_encoding_takes_twice_as_long_for_twice_the_text_and_little_more():
    letters = [chr(code) for code in range(97, 123)]
    merges = [f"{a} {b}" for a in letters for b in letters]
    merges += [f"{pair.replace(' ', '')} {c}" for pair in merges for c in letters]
    tokens = [*tokenizers.BYTE_CHARACTERS, *(merge.replace(" ", "") for merge in merges)]
    words = ByteLevelBPE(tokens, merges, [1] * len(tokens))
    text = "".join(np.random.default_rng(0).choice(letters, 64_000))
    words.encode(text[:100])
    began = time.process_time()
    found = words.encode(text)
    assert time.process_time() - began < 10  # 41 s when each merge looked through the whole word
    assert words.decode(found) == text


SPECIALS = ("<|end|>", "<|end|><|end|>")


def test_special_tokens_stay_whole_and_the_longest_is_found_first():
    pairs = BPETokenizer.train("abababab<|end|>abab", 2, SPECIALS)
    end, twice = BYTES + 2, BYTES + 3
    assert pairs.vocab_size == BYTES + 4
    tokens = pairs.encode("abab<|end|>x<|end|><|end|><|end|>").tolist()
    assert [t for t in tokens if t >= end] == [end, twice, end]
    assert pairs.decode(tokens) == "abab<|end|>x<|end|><|end|><|end|>"
    assert end not in BPETokenizer(pairs.merges).encode("<|end|>")


def test_no_merge_comes_from_special_tokens_or_reaches_across_them():
    assert BPETokenizer.train("<|end|>" * 9, 5, SPECIALS[:1]).merges == ()
    assert BPETokenizer.train("a<|end|>b" * 9, 5, SPECIALS[:1]).merges == ((ord("b"), ord("a")),)


@given(st.text(alphabet="ab <|end>", max_size=30))
def test_a_text_with_special_tokens_decodes_to_itself(text):
    pairs = BPETokenizer.train("abba <|end|>", 3, SPECIALS)
    assert pairs.decode(pairs.encode(text)) == text


@pytest.mark.parametrize("specials", [("",), ("x", "x")])
def test_special_tokens_without_text_or_given_twice_are_refused(specials):
    with pytest.raises(ValueError, match="special tokens must be non-empty and distinct"):
        BPETokenizer((), specials)


def byte_level():
    tokens = ["<|end|>", *tokenizers.BYTE_CHARACTERS]
    return ByteLevelBPE(tokens, [], [tokenizers.SPECIAL, *[1] * (len(tokens) - 1)])


def test_special_tokens_of_a_file_are_encoded_on_request():
    words = byte_level()
    assert words.encode("a<|end|>b", specials=True).tolist()[1] == 0
    assert 0 not in words.encode("a<|end|>b")
    assert words.decode(words.encode("a<|end|>b", specials=True)) == "ab"


@pytest.mark.parametrize("words", [BPETokenizer(()), byte_level()])
@pytest.mark.usefixtures("without_shape_checks")
def test_lone_surrogates_and_unknown_tokens_are_named(words):
    with pytest.raises(ValueError, match=r"a lone surrogate, '\\ud800' at index 4"):
        words.encode("a bc\ud800")
    for token in (-1, 10**6):
        with pytest.raises(ValueError, match=f"no token {token}, only 0 to"):
            words.decode([token])
    for tokens in ([1.5], ["1"], np.array([1.0])):
        with pytest.raises(ValueError, match="tokens must be whole numbers, not"):
            words.decode(tokens)


def test_training_on_a_lone_surrogate_names_it():
    with pytest.raises(ValueError, match="lone surrogate"):
        BPETokenizer.train("ab\udfff", 1)


def test_a_byte_without_a_token_is_named():
    with pytest.raises(ValueError, match=r"no token stands for the bytes \[98\] of 'ab'"):
        ByteLevelBPE(["a"], [], [1]).encode("ab")


@pytest.mark.parametrize("sign", "\x0b\x0c\x1c\x1d\x1e\x1f\x85\x00\x7f\u200b")
def test_control_characters_vanish_from_berts_words(sign):
    assert tokenizers.basic_words(f"a{sign}b") == ["ab"]


@pytest.mark.parametrize("sign", "\t\n\r \u00a0\u2003\u3000\u2028")
def test_white_space_parts_berts_words(sign):
    assert tokenizers.basic_words(f"a{sign}b") == ["a", "b"]
    pieces = WordPieceTokenizer(["[CLS]", "[SEP]", "[UNK]", "a", "b"])
    assert pieces.encode(f"a{sign}b").tolist() == [0, 3, 4, 1]
