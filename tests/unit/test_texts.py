"""The texts, their split, and the batches of windows."""

import numpy as np
import pytest

from weighted_sums import texts


def test_the_default_text_comes_with_python():
    text = texts.default_text()
    assert len(text) > 300_000 and "assert" in text and text == texts.default_text()


def test_a_split_loses_nothing():
    train, validation = texts.split("abcdefghij" * 10, 0.25)
    assert train + validation == "abcdefghij" * 10 and len(validation) == 25


@pytest.mark.parametrize("fraction", [0.0, 1.0, -0.5])
def test_the_validation_fraction_lies_between_0_and_1(fraction):
    with pytest.raises(ValueError, match="must lie between 0 and 1"):
        texts.split("text", fraction)


def test_the_target_is_the_next_token():
    windows = texts.Windows(np.arange(100), context_length=7, batch_size=3, batches=4)
    batches = list(windows.epoch(np.random.default_rng(0)))
    assert len(batches) == len(windows) == 4
    for x, y in batches:
        assert x.shape == (3, 7)
        np.testing.assert_array_equal(y, x + 1)
        np.testing.assert_array_equal(np.diff(x), 1)


def test_every_token_of_the_text_can_be_drawn():
    windows = texts.Windows(np.arange(12), context_length=4, batch_size=50, batches=4)
    seen = np.concatenate(
        [batch for pair in windows.epoch(np.random.default_rng(0)) for batch in pair]
    )
    assert set(seen.ravel()) == set(range(12))


def test_a_text_must_be_longer_than_a_window():
    with pytest.raises(ValueError, match="windows of 5 tokens"):
        texts.Windows(np.arange(5), context_length=5, batch_size=1, batches=1)
    with pytest.raises(ValueError, match="at least 1"):
        texts.Windows(np.arange(5), context_length=2, batch_size=0, batches=1)


@pytest.mark.parametrize("text", ["", "a", "abcd"])
def test_a_text_too_short_for_two_parts_is_refused(text):
    with pytest.raises(ValueError, match=f"{len(text)} characters cannot be split"):
        texts.split(text)
    assert texts.split("abcdefghij") == ("abcdefghi", "j")


@pytest.mark.usefixtures("without_shape_checks")
@pytest.mark.parametrize("tokens", [[-1, 2, 3], [1.0, 2.0, 3.0], ["a", "b", "c"], [[1, 2], [3, 4]]])
def test_windows_are_cut_from_one_row_of_tokens(tokens):
    with pytest.raises(ValueError, match="token"):
        texts.Windows(np.array(tokens), 1, 1, 1)


def test_a_tenth_is_held_out_and_rounded_to_whole_characters():
    assert [len(part) for part in texts.split("x" * 26)] == [23, 3]
    assert [len(part) for part in texts.split("ab", 0.5)] == [1, 1]
    with pytest.raises(ValueError, match="cannot be split by a fraction"):
        texts.split("x" * 10, 0.99)


@pytest.mark.parametrize("name", ["context_length", "batch_size", "batches"])
def test_sizes_of_windows_are_whole_numbers_from_one_up(name):
    with pytest.raises(ValueError, match=f"{name} must be a whole number of at least 1"):
        texts.Windows(
            **{"tokens": np.arange(9), "context_length": 2, "batch_size": 1, "batches": 1, name: 0}
        )


def test_a_text_of_one_token_more_than_a_window_has_one_window():
    windows = texts.Windows(np.arange(5), context_length=4, batch_size=3, batches=1)
    ((x, y),) = windows.epoch(np.random.default_rng(0))
    assert x.tolist() == [[0, 1, 2, 3]] * 3 and y.tolist() == [[1, 2, 3, 4]] * 3


def test_each_window_begins_at_a_random_position():
    windows = texts.Windows(np.arange(1000), context_length=4, batch_size=50, batches=2)
    starts = np.concatenate([x[:, 0] for x, _ in windows.epoch(np.random.default_rng(0))])
    assert len(set(starts.tolist())) > 80


def test_shakespeare_is_fetched_and_read(monkeypatch, tmp_path):
    file = tmp_path / "text"
    file.write_text("Où est-il ?", "utf-8")
    monkeypatch.setattr(texts, "fetch", {texts.SHAKESPEARE: file}.get)
    assert texts.shakespeare() == "Où est-il ?"
