"""Byte pairs: the reader's line, merged step by step as Python merges it."""

import pytest
from interactives import nonsense, opened, press, words

from weighted_sums.tokens import BPETokenizer

LINES = ["banana bandana", "人人为我，我为人人", "aaaa aaaa", "🍰🍰 é"]


def tokens_after(text, merges):
    byte_pairs = BPETokenizer.train(text, merges)
    return len(byte_pairs.merges), len(byte_pairs.encode(text))


@pytest.mark.parametrize("text", LINES)
def test_tokens_after_some_merges_are_pythons(page, base, text):
    figure = opened(page, base, "bpe", text=text, merges=4)
    merges, tokens = tokens_after(text, 4)
    assert (
        f"After {merges} merge{'s' * (merges != 1)}: {tokens} tokens for {len(text.encode())} bytes"
        in words(figure)
    )


def test_the_reader_types_and_steps(page, base):
    figure = opened(page, base, "bpe")
    figure.get_by_label("a line of text").fill("tomato potato")
    press(figure, "Step")
    assert f"After 1 merge: {tokens_after('tomato potato', 1)[1]} tokens" in words(figure)
    press(figure, "Back")
    assert "After 0 merges: 13 tokens for 13 bytes" in words(figure)


def test_at_first_some_pairs_are_merged_and_a_new_line_begins_without_merges(page, base):
    figure = opened(page, base, "bpe")
    tokens = figure.locator(".ws-bpe-line").first.locator("span")
    assert tokens.all_inner_texts() == ["ban", "ana", "␣", "ban", "d", "ana"]
    figure.get_by_label("a line of text").fill("banana")
    assert words(figure).startswith("After 0 merges: 6 tokens")


def test_an_empty_line_asks_for_one(page, base):
    assert "Type a line of text" in words(opened(page, base, "bpe", text=""))


@pytest.mark.parametrize("text", [" ", "%00", "<script>"])
def test_a_line_of_nothing_is_no_trouble(page, base, text):
    figure = opened(page, base, "bpe", text=text, merges=60)
    assert "No pair is left" in words(figure)
    assert nonsense(figure) == []
