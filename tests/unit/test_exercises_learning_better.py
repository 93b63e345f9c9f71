"""Right answers pass; each plausible slip fails, and the message points at it."""

import numpy as np
import pytest

from weighted_sums import cross_entropy, neurons
from weighted_sums.exercises import check


def passes(name, answer):
    verdict = check(f"learning_better.{name}", answer)
    assert verdict.passed, verdict


def fails(name, answer, words):
    verdict = check(f"learning_better.{name}", answer)
    assert not verdict.passed
    assert words in verdict.message, verdict


def test_error_accepts_the_answer_less_the_wish():
    passes("error", lambda z, y: (neurons.sigmoid(z) - y) / len(z))


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda z, y: (neurons.sigmoid(z) - y) * neurons.sigmoid_prime(z), "σ′ is still there"),
        (lambda z, y: 2 * (neurons.sigmoid(z) - y) * neurons.sigmoid_prime(z) / len(z), "σ′ is"),
        (lambda z, y: neurons.sigmoid(z) - y, "4 times too large"),
        (lambda z, y: (y - neurons.sigmoid(z)) / len(z), "the sign is turned"),
        (lambda z, y: (z - y) / len(z), "not the answer less the wish"),
        (lambda z, y: (neurons.sigmoid(z) - y).mean(axis=0), "shape is (2,)"),
    ],
)
def test_error_finds_a_slip(answer, words):
    fails("error", answer, words)


def test_error_must_stand_saturation():
    def by_way_of_the_quotient(z, y):
        a = neurons.sigmoid(z)
        with np.errstate(all="ignore"):
            return (a - y) / (a * (1 - a)) * (a * (1 - a)) / len(z)

    fails("error", by_way_of_the_quotient, "at z = −800")


def test_softmax_accepts_any_shift_that_keeps_it_finite():
    passes("softmax", cross_entropy.softmax)
    passes("softmax", lambda z: np.exp(z - np.logaddexp.reduce(z, axis=1)[:, None]))


def unguarded(z):
    return np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)


def one_maximum_for_all(z):
    return unguarded(z - z.max())


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (unguarded, "at scores [[1000.0, 999.0]]"),
        (one_maximum_for_all, "[-1000.0, -999.0]]"),
        (lambda z: np.exp(z) / np.exp(z).sum(), "do not add up to 1"),
        (lambda z: np.exp(z) / np.exp(z).sum(axis=0), "do not add up to 1"),
        (lambda z: cross_entropy.softmax(-z), "the shares are wrong"),
        (lambda z: unguarded(np.clip(z, -500, 500)), "your shares are"),
        (lambda z: cross_entropy.softmax(z)[0], "the shape is"),
    ],
)
def test_softmax_finds_a_slip(answer, words):
    fails("softmax", answer, words)


def measured_gain(squash, rng):
    return 1 / np.square(squash(rng.standard_normal(200_000))).mean()


def test_gain_accepts_a_measurement():
    passes("gain", measured_gain)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda squash, rng: 1.0, "for ReLU your gain is 1; it should be near 2"),
        (lambda squash, rng: 2.0, "for a squash that does nothing"),
        (lambda squash, rng: 1 / measured_gain(squash, rng), "must make up for it"),
        (lambda squash, rng: measured_gain(squash, rng) ** 0.5, "belongs to the variance"),
        (
            lambda squash, rng: 1 / squash(rng.standard_normal(200_000)).var(),
            "for ReLU your gain is 2.9",
        ),
    ],
)
def test_gain_finds_a_slip(answer, words):
    fails("gain", answer, words)


def inverted(a, rate, rng):
    return np.where(rng.random(a.shape) < rate, 0, a / (1 - rate))


def test_dropout_accepts_the_inverted_kind():
    passes("dropout", inverted)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda a, rate, rng: np.where(rng.random(a.shape) < rate, 0, a), "on average"),
        (lambda a, rate, rng: inverted(a, 1 - rate, rng), "at rate 0.2 you silence a share of 0.8"),
        (lambda a, rate, rng: inverted(a, rate, rng) * (1 - rate) ** 2, "on average"),
        (lambda a, rate, rng: a, "you silence a share of 0.00"),
        (
            lambda a, rate, rng: a * inverted(np.ones((len(a), 1)), rate, rng),
            "silence all neurons of an example together",
        ),
        (
            lambda a, rate, rng: inverted(a, rate, rng) * rng.choice([0.5, 1.5], size=a.shape),
            "not all amplified alike",
        ),
        (lambda a, rate, rng: inverted(a, rate, rng)[0], "the shape is"),
    ],
)
def test_dropout_finds_a_slip(answer, words):
    fails("dropout", answer, words)


def best_epoch(costs, patience, first=0):
    best = 0
    for epoch, cost in enumerate(costs):
        if cost < costs[best]:
            best = epoch
        if epoch - best >= patience:
            break
    return best + first


def test_best_epoch_accepts_patience():
    passes("best_epoch", best_epoch)


def stop_at_the_first_rise(costs, patience):
    rises = np.flatnonzero(np.diff(costs) > 0)
    return int(rises[0]) if len(rises) else len(costs) - 1


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda costs, patience: int(np.argmin(costs)), "look into the future"),
        (lambda costs, patience: best_epoch(costs, patience, first=1), "expected 2"),
        (lambda costs, patience: best_epoch(costs, patience - 1), "expected"),
        (lambda costs, patience: best_epoch(costs, patience + 1), "you return 4, expected 1"),
        (stop_at_the_first_rise, "you return 1, expected 5"),
        (lambda costs, patience: len(costs) - 1, "expected 1"),
    ],
)
def test_best_epoch_finds_a_slip(answer, words):
    fails("best_epoch", answer, words)
