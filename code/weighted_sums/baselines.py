"""Simple classifiers that any network must beat, and how to evaluate them."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float, Int

from weighted_sums.data import CLASSES, Digits
from weighted_sums.workshop.checks import as_float, indices, same_length, same_shape


def ink(images: Float[np.ndarray, "example pixel"]) -> Float[np.ndarray, "example 1"]:
    """Return the ink of each image, its mean pixel, from 0 (black) to 1 (white): {eq}`ink`."""
    return as_float(images, "images").mean(axis=1, keepdims=True)


def class_means(
    features: Float[np.ndarray, "example feature"], labels: Int[np.ndarray, " example"]
) -> Float[np.ndarray, "digit feature"]:
    r"""Return the mean features of the examples of each digit, {eq}`class-mean`.

    Raises ValueError when a digit has no example, and so no mean, and for labels that are not
    digits.
    """
    same_length(features, labels, ("features", "labels"))
    features, labels = as_float(features, "features"), indices(labels, CLASSES, "labels")
    missing = sorted(set(range(CLASSES)) - set(labels.tolist()))
    if missing:
        raise ValueError(f"there is no example of the digits {missing}, so they have no mean")
    return np.array([features[labels == digit].mean(axis=0) for digit in range(CLASSES)])


def nearest(
    features: Float[np.ndarray, "example feature"], means: Float[np.ndarray, "digit feature"]
) -> Int[np.ndarray, " example"]:
    r"""Predict, for each example, the digit whose mean is closest.

    Implements {eq}`nearest`: $\arg\min_k \sum_i (x_i - m_{ki})^2$.
    """
    features, means = as_float(features, "features"), as_float(means, "means")
    if features.shape[1:] != means.shape[1:]:
        raise ValueError(f"examples of shape {features.shape} do not fit means of {means.shape}")
    distances = [np.square(features - mean).sum(axis=1) for mean in means]
    return np.argmin(distances, axis=0)


def accuracy(predicted: Int[np.ndarray, " example"], labels: Int[np.ndarray, " example"]) -> float:
    """Return the fraction of correct predictions, from 0 to 1: {eq}`accuracy`.

    Raises ValueError unless both hold equally many digits.
    """
    return float(np.equal(*_digits(predicted, labels)).mean())


def confusion(
    predicted: Int[np.ndarray, " example"], labels: Int[np.ndarray, " example"]
) -> Int[np.ndarray, "digit digit"]:
    """Count predictions: the row is the label, the column the predicted digit."""
    predicted, labels = _digits(predicted, labels)
    counts = np.zeros((CLASSES, CLASSES), dtype=np.int64)
    np.add.at(counts, (labels, predicted), 1)
    return counts


def ink_baseline(
    train: Digits, images: Float[np.ndarray, "example pixel"]
) -> Int[np.ndarray, " example"]:
    """Classify each image by its ink alone. Source: Nielsen (2015, chapter 1)."""
    return nearest(ink(images), class_means(ink(train.images), train.labels))


def mean_digit_baseline(
    train: Digits, images: Float[np.ndarray, "example pixel"]
) -> Int[np.ndarray, " example"]:
    """Classify each image as the digit whose mean image is closest."""
    return nearest(images, class_means(train.images, train.labels))


def _digits(predicted: np.ndarray, labels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    same_length(predicted, labels, ("predictions", "labels"))
    same_shape(predicted, labels, ("predictions", "labels"))
    return indices(predicted, CLASSES, "predictions"), indices(labels, CLASSES, "labels")
