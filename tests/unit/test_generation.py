"""Generation: with the cache or without, the same tokens; the window, the temperature."""

import numpy as np
import pytest

from weighted_sums import generation, transformer
from weighted_sums.generation import KVCache, generate, next_logits, window

RNG = np.random.default_rng(0)
CONTEXT = 10
MODEL = transformer.init_transformer(11, CONTEXT, 12, 3, 2, np.random.default_rng(1), np.float64)
MODEL.unembedding[:] *= 50  # opinions, so that different logits draw different tokens


def test_cached_logits_equal_those_of_the_whole_sequence():
    tokens = RNG.integers(11, size=CONTEXT)
    wanted = transformer.logits(MODEL, tokens)
    cache = KVCache(MODEL)
    for position, token in enumerate(tokens.tolist()):
        np.testing.assert_allclose(next_logits(cache, [token]), wanted[position], atol=1e-12)


@pytest.mark.parametrize("cut", [1, 4, 9])
def test_a_prompt_may_be_read_in_parts(cut):
    tokens = RNG.integers(11, size=CONTEXT)
    cache = KVCache(MODEL)
    next_logits(cache, tokens[:cut])
    found = next_logits(cache, tokens[cut:])
    np.testing.assert_allclose(found, transformer.logits(MODEL, tokens)[-1], atol=1e-12)


def test_generation_with_and_without_cache_draws_the_same_tokens_past_the_context():
    with_cache, without = (
        generate(MODEL, [1, 2, 3], 35, np.random.default_rng(2), cached=cached)
        for cached in (True, False)
    )
    assert with_cache == without and len(with_cache) == 35
    assert len(set(with_cache)) > 3


def test_temperature_zero_and_top_one_take_the_likeliest():
    cold = generate(MODEL, [4], 20, np.random.default_rng(0), temperature=0.0)
    assert cold == generate(MODEL, [4], 20, np.random.default_rng(9), top=1)
    assert cold[0] == transformer.logits(MODEL, np.array([4]))[-1].argmax()


@pytest.mark.parametrize("context", [1, 2, 5, 10])
def test_the_window_is_the_end_of_the_text_and_moves_in_halves(context):
    for length in range(1, 40):
        seen = window(range(length), context)
        assert 1 <= len(seen) <= context and seen[-1] == length - 1
        assert seen[0] == 0 or len(seen) > context - max(context // 2, 1)
        assert seen[0] % max(context // 2, 1) == 0


def test_a_prompt_that_is_missing_or_too_long_is_refused():
    with pytest.raises(ValueError, match="there must be a token"):
        generate(MODEL, [], 1, RNG)
    with pytest.raises(ValueError, match="11 tokens do not fit"):
        next_logits(KVCache(MODEL), range(11))


def test_nothing_is_drawn_when_nothing_is_asked_for():
    assert generation.generate(MODEL, [1], 0, RNG) == []


@pytest.mark.usefixtures("without_shape_checks")
@pytest.mark.parametrize("cached", [True, False])
def test_a_prompt_must_hold_tokens_that_there_are(cached):
    model = transformer.init_transformer(5, 6, 8, 2, 1, np.random.default_rng(0))
    for prompt in ([], [-1], [5], [0.5], ["1"]):
        with pytest.raises(ValueError, match="token"):
            generation.generate(model, prompt, 2, np.random.default_rng(0), cached=cached)
    with pytest.raises(ValueError, match="count must be a whole number"):
        generation.generate(model, [1], 2.5, np.random.default_rng(0), cached=cached)


def test_each_token_is_worked_out_once_until_the_window_moves(monkeypatch):
    read = []

    def counted(model, tokens, start=0):
        read.append(len(tokens))
        return transformer.embed(model, tokens, start)

    monkeypatch.setattr(generation, "embed", counted)
    generate(MODEL, [1, 2, 3], 14, np.random.default_rng(2))
    # the eleventh token does not fit: the last six are read again, for other positions
    assert read == [3, *7 * [1], 6, *4 * [1], 6]


def test_the_temperature_is_one_unless_another_is_wanted():
    drawn = [
        generate(MODEL, [4], 30, np.random.default_rng(3), **given)
        for given in ({}, {"temperature": 1.0}, {"temperature": 2.0})
    ]
    assert drawn[0] == drawn[1] != drawn[2]


def test_a_model_in_single_precision_keeps_its_keys_and_values_in_it():
    model = transformer.init_transformer(5, 6, 8, 2, 1, np.random.default_rng(0))
    cache = KVCache(model)
    assert next_logits(cache, [1, 2]).dtype == np.float32
    assert {array.dtype for array in cache.keys + cache.values} == {np.dtype(np.float32)}


def test_a_cache_shows_how_much_it_holds_and_not_its_arrays():
    cache = KVCache(MODEL)
    next_logits(cache, [1, 2])
    assert "length=2" in repr(cache) and "keys" not in repr(cache) and "values" not in repr(cache)
