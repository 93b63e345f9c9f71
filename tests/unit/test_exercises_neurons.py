"""Right answers pass; each wrong one fails with a word about the mistake it makes."""

import numpy as np
import pytest

from weighted_sums.exercises import check


def weights(left, right, rows=slice(0, 28)):
    w = np.zeros((28, 28))
    w[rows, 10:14], w[rows, 14:18] = left, right
    return w.ravel()


def stable(z):
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1 / (1 + e), e / (1 + e))


def naive(z):
    return 1 / (1 + np.exp(-z))


def clipped(z):
    return 1 / (1 + np.exp(-np.clip(z, -1, 1)))


def growing(z):
    with np.errstate(all="ignore"):
        return np.exp(z) / (1 + np.exp(z))


def straightened(z):
    """Right where it is far from zero and at the few places one would try by hand."""
    return np.interp(z, [-9, -2, 0, 2, 9], [0, 0.119203, 0.5, 0.880797, 1])


def one_number(z):
    return 1 / (1 + np.exp(-z)) if z >= 0 else np.exp(z) / (1 + np.exp(z))


OR, NAND, AND = ([1, 1], -0.5), ([-1, -1], 1.5), ([1, 1], -1.5)


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("edge", weights(-1, 1)),
        ("edge", weights(-3, 3, slice(10, 18))),
        ("slope", lambda a: a * (1 - a)),
        ("stable_sigmoid", stable),
        ("hardness", lambda z, error: np.log((1 - error) / error) / abs(z)),
        ("xor", ([OR, NAND], AND)),
        ("xor", ([OR, AND], ([1, -2], -0.5))),
    ],
)
def test_a_right_answer_passes(name, answer):
    verdict = check(f"neurons.{name}", answer)
    assert verdict.passed, verdict


@pytest.mark.parametrize(
    ("name", "answer", "word"),
    [
        ("edge", np.zeros(784), "it should be positive"),
        ("edge", weights(1, -1), "it should be positive"),
        ("edge", weights(0, 1), "which pixels should vote against it?"),
        ("edge", weights(-1, 2), "almost as much as the edge itself"),
        ("edge", np.zeros((28, 28)), "there should be 784 weights"),
        ("slope", lambda a: a, "the curve rises by"),
        ("slope", lambda a: a * (1 + a), "the curve rises by"),
        ("stable_sigmoid", naive, "NumPy warns: overflow"),
        ("stable_sigmoid", clipped, "at z = 1000 your sigmoid gives"),
        ("stable_sigmoid", growing, "at z = 1000 your sigmoid gives nan"),
        ("stable_sigmoid", straightened, "at z = 3.6160 your sigmoid gives"),
        ("stable_sigmoid", one_number, "stopped with ValueError"),
        ("stable_sigmoid", lambda z: stable(z.ravel()), "an array of shape (3, 4) came out"),
        ("stable_sigmoid", lambda z: 0.5, "two numbers went in"),
        ("hardness", lambda z, error: 1.0, "still misses the step"),
        ("hardness", lambda z, error: 1e6, "a smaller c than"),
        ("hardness", lambda z, error: np.log((1 - error) / error) / z, "should be positive"),
        ("xor", ([OR, AND], AND), "for the inputs 0 and 1"),
        ("xor", ([OR], ([1], -0.5)), "for the inputs 1 and 1"),
        ("xor", ([OR, NAND], ([1], -0.5)), "needs 2 weights"),
    ],
)
def test_a_wrong_answer_is_told_its_mistake(name, answer, word):
    verdict = check(f"neurons.{name}", answer)
    assert not verdict.passed
    assert word in verdict.message
