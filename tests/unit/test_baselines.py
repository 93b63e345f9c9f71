"""The baselines do what their equations say."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from sklearn.metrics import accuracy_score, confusion_matrix
from sklearn.neighbors import NearestCentroid

from weighted_sums import baselines, data

LABELS = hnp.arrays(np.int64, 40, elements=st.integers(0, 9))


@given(LABELS, LABELS)
def test_scores_agree_with_scikit_learn(predicted, labels):
    assert baselines.accuracy(predicted, labels) == pytest.approx(accuracy_score(labels, predicted))
    theirs = confusion_matrix(labels, predicted, labels=range(10))
    np.testing.assert_array_equal(baselines.confusion(predicted, labels), theirs)


@given(LABELS, LABELS)
def test_the_diagonal_of_the_confusion_is_the_accuracy(predicted, labels):
    table = baselines.confusion(predicted, labels)
    assert table.sum() == len(labels)
    assert np.trace(table) / len(labels) == pytest.approx(baselines.accuracy(predicted, labels))


def test_nearest_mean_agrees_with_scikit_learn():
    digits = data.load_digits()
    images = digits.test.images
    theirs = NearestCentroid().fit(digits.train.images, digits.train.labels).predict(images)
    np.testing.assert_array_equal(baselines.mean_digit_baseline(digits.train, images), theirs)


def test_ink_is_the_mean_pixel_wherever_it_is():
    images = np.random.default_rng(0).random((3, data.PIXELS), dtype=np.float32)
    mixed = np.random.default_rng(1).permuted(images, axis=1)
    np.testing.assert_allclose(baselines.ink(images)[:, 0], images.mean(axis=1))
    np.testing.assert_allclose(baselines.ink(images), baselines.ink(mixed), rtol=1e-5)


def test_by_ink_an_image_is_the_digit_whose_mean_ink_is_closest():
    shades = np.linspace(0, 0.9, 10)[:, None]
    train = data.Digits(np.concatenate([shades, shades + 0.02]) + np.zeros(4), np.arange(20) % 10)
    found = baselines.ink_baseline(train, shades[::-1] + np.array([0.1, -0.1, 0, 0]))
    np.testing.assert_array_equal(found, np.arange(10)[::-1])


def test_a_digit_without_examples_has_no_mean():
    with pytest.raises(ValueError, match=r"no example of the digits \[8, 9\]"):
        baselines.class_means(np.zeros((16, 2)), np.arange(16) % 8)


@pytest.mark.usefixtures("without_shape_checks")
def test_pixels_in_bytes_are_as_near_as_in_numbers():
    digits = data.load_digits()
    means = baselines.class_means(digits.train.images, digits.train.labels)
    named = baselines.nearest(np.uint8(255 * digits.test.images), np.uint8(np.round(255 * means)))
    assert baselines.accuracy(named, digits.test.labels) > 0.79


@pytest.mark.usefixtures("without_shape_checks")
@pytest.mark.parametrize("score", [baselines.accuracy, baselines.confusion])
def test_predictions_of_another_dtype_or_shape_are_refused(score):
    labels = np.array([1, 2, 3])
    for other in (
        labels.astype(str),
        labels[:, None],
        labels[:2],
        labels - 5,
        labels.astype(float),
    ):
        with pytest.raises(ValueError, match="predictions|labels"):
            score(labels, other)
