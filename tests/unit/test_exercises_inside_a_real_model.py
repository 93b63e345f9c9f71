"""Right answers pass; each plausible slip fails, and the message points at it."""

import numpy as np
import pytest

from weighted_sums import parameters
from weighted_sums.exercises import check


def passes(name, answer):
    verdict = check(f"inside_a_real_model.{name}", answer)
    assert verdict.passed, verdict


def fails(name, answer, words):
    verdict = check(f"inside_a_real_model.{name}", answer)
    assert not verdict.passed
    assert words in verdict.message, verdict


def by_diagonal(offset):
    def answer(patterns):
        scores = [np.diagonal(p, offset, axis1=1, axis2=2).mean(axis=1) for p in patterns]
        return np.unravel_index(np.argmax(scores), np.shape(scores))

    return answer


def test_the_head_that_looks_back_is_found():
    passes("previous_token_head", by_diagonal(-1))

    def by_loop(patterns):
        pairs = [(l, h) for l, p in enumerate(patterns) for h in range(len(p))]
        places = range(1, patterns[0].shape[-1])
        return max(pairs, key=lambda at: sum(patterns[at[0]][at[1], q, q - 1] for q in places))

    passes("previous_token_head", by_loop)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (by_diagonal(0), "looks at itself"),
        (by_diagonal(-2), "two places back"),
        (lambda patterns: (1, 1), "gives the most to the place before"),
        (lambda patterns: by_diagonal(-1)(patterns)[::-1], "you chose"),
        (lambda patterns: (1,), "expected a pair"),
    ],
)
def test_another_head_is_told_what_it_does(answer, words):
    fails("previous_token_head", answer, words)


def silenced(change, work_on=parameters.copy):
    def answer(model, layer, head):
        model = work_on(model)
        change(model.blocks[layer].attention, head)
        return model

    return answer


def test_a_silent_head_adds_nothing():
    passes("silence", silenced(lambda a, head: a.O[head].fill(0)))
    passes("silence", silenced(lambda a, head: a.V[head].fill(0)))


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (silenced(lambda a, head: a.O[head].fill(0), lambda model: model), "work on a copy"),
        (silenced(lambda a, head: a.O.fill(0)), "the whole layer"),
        (silenced(lambda a, head: a.Q[head].fill(0)), "still adds values"),
        (silenced(lambda a, head: None), "nothing has changed"),
        (silenced(lambda a, head: a.O[(head + 1) % 3].fill(0)), "without what this head adds"),
        (lambda model, layer, head: None, "should be a transformer"),
    ],
)
def test_another_silence_is_refused(answer, words):
    fails("silence", answer, words)


def turned(c, s):
    return lambda x, place, speed: np.array(
        [[c(place * speed), -s(place * speed)], [s(place * speed), c(place * speed)]] @ x
    )


def test_a_turn_is_a_turn():
    passes("turn", turned(np.cos, np.sin))

    def complex_turn(x, place, speed):
        z = complex(*x) * np.exp(1j * place * speed)
        return [z.real, z.imag]

    passes("turn", complex_turn)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda x, place, speed: x + place * speed, "a quarter turn takes"),
        (turned(np.cos, lambda angle: -np.sin(angle)), "clockwise"),
        (turned(lambda a: np.cos(np.deg2rad(a)), lambda a: np.sin(np.deg2rad(a))), "quarter turn"),
        (lambda x, place, speed: 2 * turned(np.cos, np.sin)(x, place, speed), "at place 0"),
        (lambda x, place, speed: place * speed, "expected a pair"),
    ],
)
def test_another_turn_is_refused(answer, words):
    fails("turn", answer, words)


def low_then_high(packed):
    return np.concatenate([packed & 15, packed >> 4])


def test_a_block_is_unpacked():
    passes("unpack", lambda step, least, packed: low_then_high(packed) * step + least)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (
            lambda step, least, packed: (
                np.stack([packed & 15, packed >> 4], 1).ravel() * step + least
            ),
            "one after the other",
        ),
        (
            lambda step, least, packed: np.concatenate([packed >> 4, packed & 15]) * step + least,
            "not the high",
        ),
        (lambda step, least, packed: low_then_high(packed) * step, "not at the least"),
        (lambda step, least, packed: (packed & 15) * step + least, "your shape is (16,)"),
        (lambda step, least, packed: np.tile(packed & 15, 2) * step + least, "number 16 is"),
    ],
)
def test_another_reading_of_a_block_is_refused(answer, words):
    fails("unpack", answer, words)


def test_a_cache_is_counted():
    passes("cached_numbers", lambda layers, heads, shared, dim, n: 2 * layers * shared * dim * n)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda layers, heads, shared, dim, n: layers * shared * dim * n, "both are kept"),
        (lambda layers, heads, shared, dim, n: 2 * layers * heads * dim * n, "several share one"),
        (lambda layers, heads, shared, dim, n: 2 * layers * shared * dim, "it should be"),
    ],
)
def test_another_count_is_refused(answer, words):
    fails("cached_numbers", answer, words)
