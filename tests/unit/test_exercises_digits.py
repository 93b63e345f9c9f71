"""Right answers pass; each wrong one fails with a word about the mistake it makes."""

import numpy as np
import pytest

from weighted_sums import baselines
from weighted_sums.data import Digits
from weighted_sums.exercises import check


def darkness(train_images, train_labels, images):
    levels = [train_images[train_labels == digit].mean() for digit in range(10)]
    return np.array([np.argmin(np.abs(levels - image.mean())) for image in images])


def split(images, labels, held_out, rng):
    order = rng.permutation(len(labels))
    images, labels = images[order], labels[order]
    return images[:-held_out], labels[:-held_out], images[-held_out:], labels[-held_out:]


def split_apart(images, labels, held_out, rng):
    images, labels = rng.permutation(images), rng.permutation(labels)
    return images[:-held_out], labels[:-held_out], images[-held_out:], labels[-held_out:]


def split_sorted(images, labels, held_out, rng):
    return images[:-held_out], labels[:-held_out], images[-held_out:], labels[-held_out:]


def split_fixed(images, labels, held_out, rng):
    return split(images, labels, held_out, np.random.default_rng(7))


def split_leaking(images, labels, held_out, rng):
    order = rng.permutation(len(labels))
    images, labels = images[order], labels[order]
    return images[:-held_out], labels[:-held_out], images[:held_out], labels[:held_out]


def by_template(train_images, train_labels, images):
    return baselines.mean_digit_baseline(Digits(train_images, train_labels), images)


def confusion(predicted, labels):
    table = np.zeros((10, 10), int)
    for row, column in zip(labels, predicted, strict=True):
        table[row, column] += 1
    return table


def once(predicted, labels):
    table = np.zeros((10, 10), int)
    table[labels, predicted] += 1
    return table


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("position", lambda row, column: 28 * row + column),
        ("split_fairly", split),
        ("darkness", darkness),
        ("confusion", confusion),
        ("standard_error", lambda p, n: np.sqrt(p * (1 - p) / n)),
    ],
)
def test_a_right_answer_passes(name, answer):
    verdict = check(f"digits.{name}", answer)
    assert verdict.passed, verdict


@pytest.mark.parametrize(
    ("name", "answer", "word"),
    [
        ("position", lambda row, column: row + 28 * column, "you go down the columns"),
        ("position", lambda row, column: 28 * row + column + 1, "Python counts from 0"),
        ("position", lambda row, column: row * column, "stands at"),
        ("split_fairly", split_apart, "have come apart"),
        ("split_fairly", split_sorted, "holds only the digits [8, 9]"),
        ("split_fairly", split_fixed, "two different generators gave the same split"),
        ("split_fairly", split_leaking, "stands in both parts"),
        ("split_fairly", lambda x, y, k, rng: (x, y), "return four arrays"),
        ("split_fairly", lambda x, y, k, rng: (x, y, x[:k], y[:k]), "240, 240, 60, 60"),
        ("darkness", lambda x, y, images: np.zeros(len(images)), "the nearest mean ink is"),
        ("darkness", lambda x, y, images: 3, "200 answers"),
        ("darkness", by_template, "mixing up the pixels"),
        ("confusion", lambda p, y: confusion(y, p), "rows and columns are exchanged"),
        ("confusion", once, "a 3 was named 5 2 times, but your table says 1"),
        ("confusion", lambda p, y: np.zeros((2, 2)), "should be (10, 10)"),
        ("standard_error", lambda p, n: p * (1 - p) / n, "that is the variance"),
        ("standard_error", lambda p, n: np.sqrt(p * (1 - p) * n), "spread of the count"),
        ("standard_error", lambda p, n: 1 / np.sqrt(n), "it is 0.0500"),
    ],
)
def test_a_wrong_answer_is_told_its_mistake(name, answer, word):
    verdict = check(f"digits.{name}", answer)
    assert not verdict.passed
    assert word in verdict.message
