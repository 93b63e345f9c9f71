"""Byte-level BPE gives back any text; word pieces are the longest from the left."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weighted_sums.pretrained import tokenizers
from weighted_sums.pretrained.tokenizers import ByteLevelBPE, WordPieceTokenizer

MERGES = ["Ġ t", "h e", "Ġt he", "i n", "e r", "ã ģ"]
SPECIALS = ["<|end|>", "<|turn|>"]


def byte_level(merges=MERGES):
    tokens = [*SPECIALS, *tokenizers.BYTE_CHARACTERS, *(merge.replace(" ", "") for merge in merges)]
    token_types = [tokenizers.SPECIAL if token in SPECIALS else 1 for token in tokens]
    return ByteLevelBPE(tokens, merges, token_types)


def pieces(tokenizer, text):
    return [tokenizer.tokens[token] for token in tokenizer.encode(text)]


@given(st.text())
def test_any_text_comes_back(text):
    bpe = byte_level()
    assert bpe.decode(bpe.encode(text)) == text


def test_merges_are_made_in_their_order_within_words():
    bpe = byte_level()
    assert pieces(bpe, "then the inner") == ["t", "he", "n", "Ġthe", "Ġ", "in", "n", "er"]


def test_each_digit_is_a_pre_token_of_its_own():
    bpe = byte_level(["1 9", "Ġ 1"])
    assert pieces(bpe, "in 19") == ["i", "n", "Ġ", "1", "9"]


def test_an_ending_after_an_apostrophe_is_a_pre_token():
    bpe = byte_level(["e '", "l l", "' ll"])
    assert pieces(bpe, "we'll") == ["w", "e", "'ll"]


def test_special_tokens_stand_for_no_text():
    bpe = byte_level()
    assert bpe.decode([0, *bpe.encode("the").tolist(), 1]) == "the"
    assert 0 not in bpe.encode("<|end|>")


def test_a_merge_whose_token_is_missing_is_never_made():
    bpe = byte_level()
    short = ByteLevelBPE(bpe.tokens[:-1], bpe.merges, bpe.token_types[:-1])
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


def test_case_and_accents_are_dropped_and_symbols_are_words():
    assert found("The NAÏVE!") == ["the", "naive", "!"]


def test_a_word_without_pieces_is_unknown_and_so_is_an_endless_one():
    assert found("the xyz the") == ["the", "[UNK]", "the"]
    assert found("un" + "able" * 30) == ["[UNK]"]


def test_a_text_is_between_cls_and_sep():
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
    assert tokenizers.basic_words(text) == words


@pytest.mark.parametrize(
    ("tokens", "merges", "token_types", "complaint"),
    [
        (["a", "b"], [], [1], "there are 2 tokens, but 1 token types"),
        (["a", "b", "ab"], ["ab"], [1, 1, 1], "the merge 'ab' does not join two tokens"),
        (["a", "b"], ["a b "], [1, 1], "the merge 'a b ' does not join"),
        (["a b"], [], [1], "the token 'a b' has characters that stand for no byte"),
    ],
)
def test_lists_that_do_not_fit_together_are_refused(tokens, merges, token_types, complaint):
    with pytest.raises(ValueError, match=complaint):
        ByteLevelBPE(tokens, merges, token_types)


def test_word_pieces_without_cls_and_sep_are_refused():
    with pytest.raises(ValueError, match=r"the 2 pieces lack \['\[SEP\]', '\[UNK\]'\]"):
        WordPieceTokenizer(["[CLS]", "bear"])
