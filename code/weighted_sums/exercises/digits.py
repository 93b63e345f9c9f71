"""Checks for the exercises of the chapter on digits."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from weighted_sums import baselines
from weighted_sums.data import PIXELS, SIDE, Digits
from weighted_sums.exercises import Wrong, require


def _digits(rng: np.random.Generator, n: int) -> Digits:
    """Images of ten random patterns, one for each digit, brighter the larger the digit."""
    labels = rng.permutation(np.arange(n) % 10)
    patterns = np.random.default_rng(99).random((10, PIXELS))
    level = 0.2 + 0.05 * labels[:, None] + 0.05 * rng.normal(size=(n, 1))
    images = np.clip(level * patterns[labels], 0, 1)
    return Digits(images.astype(np.float32), labels)


def position(answer: Callable) -> str:
    """`position(row, column)` is where that pixel stands in the list of 784."""
    table = np.arange(PIXELS).reshape(SIDE, SIDE)
    for row, column in [(0, 0), (0, 5), (1, 0), (3, 2), (27, 27)]:
        found, wanted = answer(row, column), int(table[row, column])
        hint = ""
        if found == table[column, row]:
            hint = "; you go down the columns, but the list goes along the rows"
        elif found == wanted + 1:
            hint = "; Python counts from 0"
        require(found == wanted, f"pixel ({row}, {column}) stands at {wanted}, not {found}{hint}")
    return "row by row, from the top"


def split_fairly(answer: Callable) -> str:
    """`split_fairly(images, labels, held_out, rng)` shuffles, splits, and keeps pairs together."""
    labels = np.repeat(np.arange(10), 30)
    images = np.column_stack([labels, np.arange(300)])  # each image knows its label
    parts = [answer(images, labels, 60, np.random.default_rng(seed)) for seed in (0, 1)]
    for part in parts:
        require(
            isinstance(part, tuple) and len(part) == 4,
            "return four arrays: training images and labels, held-out images and labels",
        )
    train_x, train_y, test_x, test_y = parts[0]
    sizes = (len(train_x), len(train_y), len(test_x), len(test_y))
    require(
        sizes == (240, 240, 60, 60),
        f"of 300 examples 60 should be held out, so 240, 240, 60, 60; yours are {sizes}",
    )
    require(
        (train_x[:, 0] == train_y).all() and (test_x[:, 0] == test_y).all(),
        "images and labels have come apart: shuffle both in one and the same order",
    )
    together = np.concatenate([train_x, test_x])[:, 1]
    require(len(set(together.tolist())) == 300, "an example is lost, or stands in both parts")
    require(
        len(set(test_y.tolist())) == 10,
        f"the held-out part holds only the digits {sorted(set(test_y.tolist()))}: was it shuffled?",
    )
    require(
        not np.array_equal(parts[0][2], parts[1][2]),
        "two different generators gave the same split: draw the order from `rng`",
    )
    return "every digit is in both parts, and each kept its label"


def darkness(answer: Callable) -> str:
    """`darkness(train_images, train_labels, images)` names each image by its ink alone."""
    rng = np.random.default_rng(0)
    train, other = _digits(rng, 400), _digits(rng, 200)
    found = np.asarray(answer(train.images, train.labels, other.images))
    require(
        found.shape == (200,),
        f"for 200 images there should be 200 answers, an array of shape (200,), not {found.shape}",
    )
    mixed = rng.permuted(other.images, axis=1)
    require(
        np.array_equal(answer(train.images, train.labels, mixed), found),
        "mixing up the pixels of an image changed its answer, but its ink is the same",
    )
    wanted = baselines.ink_baseline(train, other.images)
    _same(found, wanted, baselines.ink(other.images)[:, 0])
    return "as good as ink can tell"


def _same(found: np.ndarray, wanted: np.ndarray, ink: np.ndarray) -> None:
    if (found == wanted).all():
        return
    i = int(np.argmax(found != wanted))
    raise Wrong(
        f"image {i} has an ink of {ink[i]:.3f}, and the digit with the nearest mean ink is "
        f"{wanted[i]}; you say {found[i]}"
    )


def confusion(answer: Callable) -> str:
    """`confusion(predicted, labels)`: row = digit shown, column = digit named, entry = count."""
    rng = np.random.default_rng(1)
    labels, predicted = rng.integers(0, 10, 150), rng.integers(0, 10, 150)
    for shown, named in [(np.array([3, 3, 3]), np.array([3, 5, 5])), (labels, predicted)]:
        found, wanted = np.asarray(answer(named, shown)), baselines.confusion(named, shown)
        require(found.shape == (10, 10), f"the table should be (10, 10), yours is {found.shape}")
        require(
            np.array_equal(found, wanted) or not np.array_equal(found, wanted.T),
            "rows and columns are exchanged: the row is the digit that was shown",
        )
        if not np.array_equal(found, wanted):
            row, column = np.argwhere(found != wanted)[0]
            raise Wrong(
                f"a {row} was named {column} {wanted[row, column]} times, "
                f"but your table says {found[row, column]}"
            )
    return "every image counted once"


def standard_error(answer: Callable) -> str:
    """`standard_error(p, n)` is the typical error of an accuracy p measured on n examples."""
    for p, n in [(0.5, 100), (0.9, 1000), (0.9, 4000), (1.0, 10)]:
        found, wanted = answer(p, n), float(np.sqrt(p * (1 - p) / n))
        hint = ""
        if np.isclose(found, p * (1 - p) / n):
            hint = "; that is the variance, its square root is wanted"
        elif np.isclose(found, np.sqrt(p * (1 - p) * n)):
            hint = "; that is the spread of the count, not of the share"
        require(
            np.isclose(found, wanted),
            f"for p = {p} and n = {n} it is {wanted:.4f}, not {found:.4f}{hint}",
        )
    return "four times as many examples halve it"
