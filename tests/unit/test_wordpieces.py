"""Text survives the byte pairs of a real model; word pieces are the longest from the left."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weighted_sums.pretrained import wordpieces
from weighted_sums.pretrained.wordpieces import ByteLevelBPE, WordPieceTokenizer

MERGES = ["Ġ t", "h e", "Ġt he", "i n", "e r", "ã ģ"]
SPECIALS = ["<|end|>", "<|turn|>"]


def byte_level(merges=MERGES):
    tokens = [*SPECIALS, *wordpieces.BYTE_SIGNS, *(merge.replace(" ", "") for merge in merges)]
    kinds = [wordpieces.SPECIAL if token in SPECIALS else 1 for token in tokens]
    return ByteLevelBPE(tokens, merges, kinds)


def pieces(words, text):
    return [words.tokens[token] for token in words.encode(text)]


@given(st.text())
def test_any_text_comes_back(text):
    words = byte_level()
    assert words.decode(words.encode(text)) == text


def test_merges_are_made_in_their_order_within_words():
    words = byte_level()
    assert pieces(words, "then the inner") == ["t", "he", "n", "Ġthe", "Ġ", "in", "n", "er"]


def test_each_digit_is_a_word_of_its_own():
    words = byte_level(["1 9", "Ġ 1"])
    assert pieces(words, "in 19") == ["i", "n", "Ġ", "1", "9"]


def test_an_ending_behind_an_apostrophe_is_a_word():
    words = byte_level(["e '", "l l", "' ll"])
    assert pieces(words, "we'll") == ["w", "e", "'ll"]


def test_special_tokens_stand_for_no_text():
    words = byte_level()
    assert words.decode([0, *words.encode("the").tolist(), 1]) == "the"
    assert 0 not in words.encode("<|end|>")


def test_a_merge_whose_token_is_missing_is_never_made():
    words = byte_level()
    short = ByteLevelBPE(words.tokens[:-1], words.merges, words.kinds[:-1])
    assert short.decode(short.encode("ああ")) == "ああ"


VOCABULARY = WordPieceTokenizer(
    (
        "[PAD]",
        "[UNK]",
        "[CLS]",
        "[SEP]",
        "the",
        "un",
        "##know",
        "##n",
        "##able",
        "unk",
        "!",
        "naive",
    )
)


def found(text):
    return [VOCABULARY.pieces[token] for token in VOCABULARY.encode(text)][1:-1]


def test_a_word_is_cut_into_the_longest_pieces_from_the_left():
    assert found("unable") == ["un", "##able"]
    # greedy: "unk" is longer than "un", and then nothing fits
    assert found("unknown") == ["[UNK]"]


def test_case_and_accents_are_dropped_and_signs_stand_alone():
    assert found("The NAÏVE!") == ["the", "naive", "!"]


def test_a_word_without_pieces_is_unknown_and_so_is_an_endless_one():
    assert found("the xyz the") == ["the", "[UNK]", "the"]
    assert found("un" + "able" * 30) == ["[UNK]"]


def test_a_text_stands_between_its_marks():
    first, *_, last = VOCABULARY.encode("the")
    assert (VOCABULARY.pieces[first], VOCABULARY.pieces[last]) == ("[CLS]", "[SEP]")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a\tb\x00c", ["a", "bc"]),
        ("don't", ["don", "'", "t"]),
        ("深度 learning", ["深", "度", "learning"]),
        ("$5 ¿qué?", ["$", "5", "¿", "que", "?"]),
    ],
)
def test_words_are_berts(text, words):
    assert wordpieces.basic_words(text) == words


@pytest.mark.parametrize(
    ("tokens", "merges", "kinds", "complaint"),
    [
        (["a", "b"], [], [1], "2 tokens are of 1 kinds"),
        (["a", "b", "ab"], ["ab"], [1, 1, 1], "the merge 'ab' does not join two tokens"),
        (["a", "b"], ["a b "], [1, 1], "the merge 'a b ' does not join"),
        (["a b"], [], [1], "the token 'a b' has signs that stand for no byte"),
    ],
)
def test_lists_that_do_not_fit_together_are_refused(tokens, merges, kinds, complaint):
    with pytest.raises(ValueError, match=complaint):
        ByteLevelBPE(tokens, merges, kinds)


def test_word_pieces_without_the_marks_of_a_text_are_refused():
    with pytest.raises(ValueError, match=r"the 2 pieces lack \['\[SEP\]', '\[UNK\]'\]"):
        WordPieceTokenizer(["[CLS]", "bear"])
