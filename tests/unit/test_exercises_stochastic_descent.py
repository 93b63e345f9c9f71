"""The exercises on stochastic descent accept what is right and point at what is wrong."""

import numpy as np
import pytest

from weighted_sums.exercises import check


def weighted(gradients, sizes):
    return np.asarray(sizes) @ gradients / sum(sizes)


def deal(n, size, rng):
    deck = rng.permutation(n)
    return [deck[start : start + size] for start in range(0, n, size)]


def online(slope, w, examples, rate):
    for x in examples:
        w = w - rate * slope(w, x)
    return w


def online_in_place(slope, w, examples, rate):
    for x in examples:
        w -= rate * slope(w, x)
    return w


def noise(spread, size, n):
    return spread * ((n - size) / (n - 1) / size) ** 0.5


def best_epoch(costs, patience):
    best = 0
    for epoch, cost in enumerate(costs):
        if cost < costs[best]:
            best = epoch
        if epoch - best >= patience:
            break
    return best


def last_of_equals(costs, patience):
    best = 0
    for epoch, cost in enumerate(costs):
        if cost <= costs[best]:
            best = epoch
        if epoch - best >= patience:
            break
    return best


def never_resets(costs, patience):
    waited, best = 0, 0
    for epoch in range(1, len(costs)):
        if costs[epoch] < costs[best]:
            best = epoch
        else:
            waited += 1
        if waited >= patience:
            break
    return best


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("average", weighted),
        ("average", lambda g, sizes: np.average(g, axis=0, weights=sizes)),
        ("deal", deal),
        ("deal", lambda n, size, rng: np.array_split(rng.permutation(n), range(size, n, size))),
        ("online", online),
        ("noise", noise),
        ("best_epoch", best_epoch),
    ],
)
def test_a_right_answer_passes(name, answer):
    verdict = check(f"stochastic_descent.{name}", answer)
    assert verdict.passed, verdict


@pytest.mark.parametrize(
    ("name", "answer", "words"),
    [
        ("average", lambda g, sizes: g.mean(axis=0), "counts for more"),
        ("average", lambda g, sizes: np.asarray(sizes) @ g, "the sum over the examples"),
        ("average", lambda g, sizes: g.mean(axis=1), "should be (5,)"),
        ("average", lambda g, sizes: weighted(g, sizes) + 1, "not the mean over all"),
        ("deal", lambda n, size, rng: [rng.integers(n, size=size) for _ in range(n // size)], ""),
        ("deal", lambda n, size, rng: deal(n, size, rng)[:-1], "it takes"),
        ("deal", lambda n, size, rng: np.array_split(rng.permutation(n), -(-n // size)), "sizes"),
        (
            "deal",
            lambda n, size, rng: [np.arange(n)[s : s + size] for s in range(0, n, size)],
            "not shuffled",
        ),
        (
            "deal",
            lambda n, size, rng: deal(n, size, np.random.default_rng(5)),
            "use `rng`",
        ),
        ("online", online_in_place, "you changed the w"),
        ("online", lambda g, w, xs, rate: w - rate * sum(g(w, x) for x in xs), "at the start"),
        ("online", lambda g, w, xs, rate: w - rate * np.mean([g(w, x) for x in xs], axis=0), "one"),
        ("online", lambda g, w, xs, rate: online(g, w, xs[::-1], rate), "it should be"),
        ("online", lambda g, w, xs, rate: online(g, w, xs, -rate), "it should be"),
        ("noise", lambda spread, size, n: spread / size**0.5, "over all possible hands"),
        ("noise", lambda spread, size, n: spread * (n - size) / n / size**0.5, "possible hands"),
        ("noise", lambda spread, size, n: spread if size == n else 0.0, ""),
        ("best_epoch", lambda costs, patience: int(np.argmin(costs)), "stopped"),
        ("best_epoch", lambda costs, patience: len(costs) - 1, "you keep epoch"),
        ("best_epoch", last_of_equals, "equal is not lower"),
        ("best_epoch", never_resets, "resets the waiting"),
    ],
)
def test_a_slip_fails_with_words_that_point_at_it(name, answer, words):
    verdict = check(f"stochastic_descent.{name}", answer)
    assert not verdict.passed
    assert words in verdict.message, verdict
