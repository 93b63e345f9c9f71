"""Checks for the exercises of the chapter on digits."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from weighted_sums import baselines
from weighted_sums.data import PIXELS, SIDE, Digits
from weighted_sums.exercises import Wrong, diagnose, require, returned


def _digits(rng: np.random.Generator, n: int) -> Digits:
    """Images of ten random patterns, one for each digit, brighter the larger the digit."""
    labels = rng.permutation(np.minimum(np.arange(n) % 14, 9))  # more nines than other digits
    patterns = np.random.default_rng(99).random((10, PIXELS))
    level = 0.2 + 0.05 * labels[:, None] + 0.05 * rng.normal(size=(n, 1))
    return Digits(np.clip(level * patterns[labels], 0, 1).astype(np.float32), labels)


def nearest(predicted) -> str:
    """The nearest of three class means for the examples (2, 1), (2, 3) and (3, 2)."""
    means = np.array([[1, 1], [3, 0], [2, 4]])
    examples = np.array([[2, 1], [2, 3], [3, 2]])
    squared = np.square(examples[:, None] - means).sum(axis=2)
    found = np.asarray(predicted)
    require(found.shape == (3,), f"give three classes, one for each example, not {predicted!r}")
    errors = {
        "; that is the farthest mean": squared.argmax(axis=1),
        "; classes count from 0": squared.argmin(axis=1) + 1,
        "; those are the smallest squared distances": squared.min(axis=1),
        "; that is the mean with the largest weighted sum": (examples @ means.T).argmax(axis=1),
    }
    hint = diagnose(found, errors)
    for example, own, distances in zip(examples, found, squared, strict=True):
        require(
            own == distances.argmin(),
            f"for the example {tuple(example.tolist())} the nearest mean is not that of class "
            f"{own}{hint}",
        )
    return "the smallest squared distance decides"


def reading(fractions) -> str:
    """Accuracy, recall and precision of class 1 from a confusion matrix of three classes."""
    table = np.array([[8, 1, 1], [2, 6, 2], [0, 5, 5]])
    found = np.asarray(fractions, dtype=float)
    require(found.shape == (3,), f"give three fractions, not {fractions!r}")
    rows = {
        "the accuracy": (19 / 30, {19.0: "a count", 8 / 30: "the first class alone"}),
        "the fraction of label 1 that is classified correctly": (
            6 / 10,
            {6 / 12: "the total of a column", 6 / 30: "the total of the whole table", 6: "a count"},
        ),
        "the fraction of predictions of class 1 that is correct": (
            6 / 12,
            {6 / 10: "the total of a row", 6 / 30: "the total of the whole table", 6: "a count"},
        ),
    }
    for own, (name, (expected, errors)) in zip(found, rows.items(), strict=True):
        of = diagnose(own, {words: value for value, words in errors.items()})
        where = f": that takes {of}" if of else f"; the table holds {table.sum()} examples"
        require(abs(own - expected) < 5e-3, f"{name} is not {own:.3f}{where}")
    return "rows are labels, columns are predictions"


def majority(answer: Callable) -> str:
    """`majority(train_labels, n)` predicts the most frequent label for each of n examples."""
    for labels, n in (([6, 0, 0, 0, 7, 8, 9, 2, 1], 4), ([5, 3, 3, 7, 8], 1), ([2, 2, 9, 8, 7], 7)):
        given = np.array(labels)
        found = np.asarray(returned(answer(given.copy(), n)))
        expected = int(np.bincount(given).argmax())
        where = f"for the labels {labels} and n = {n}"
        require(found.shape == (n,), f"{where} give {n} predictions, not an array {found.shape}")
        errors = {
            "; that is the mean label": np.full(n, np.round(given.mean())),
            "; that is the median label": np.full(n, np.median(given)),
            "; that is the largest label, not the most frequent": np.full(n, given.max()),
            "; that is a count, not a label": np.full(n, np.bincount(given).max()),
            "; that is the first label": np.full(n, given[0]),
            "; that is the index of a label; which label is it?": np.full(
                n, np.flatnonzero(given == expected)[0]
            ),
        }
        require(
            bool((found == expected).all()),
            f"{where} the most frequent label is {expected}, not {found[0]}"
            f"{diagnose(found, errors)}",
        )
    return "no image was needed"


def pixel_index(answer: Callable) -> str:
    """`pixel_index(row, column)` is the index of that pixel in the list of 784."""
    for row, column in [(0, 0), (0, 5), (3, 2), *np.ndindex(SIDE, SIDE)]:
        found, wanted = returned(answer(row, column)), SIDE * row + column
        if np.ndim(found) == 0 and found == wanted:
            continue
        errors = {
            "; you go down the columns, but the list goes along the rows": SIDE * column + row,
            "; Python counts from 0": wanted + 1,
            f"; each row above contributes {SIDE} pixels, not 1": row + column,
            f"; a row has {SIDE} pixels, with the columns 0 to {SIDE - 1}": wanted - row,
            f"; {row} full rows lie above row {row}, not {row + 1}": wanted + SIDE,
        }
        hint = diagnose(found, errors)
        raise Wrong(f"pixel ({row}, {column}) has the index {wanted}, not {found}{hint}")
    return "row by row, from the top"


def split_fairly(answer: Callable) -> str:
    """`split_fairly(images, labels, test_size, rng)` shuffles, splits, and keeps pairs together."""
    for count, test_size in ((300, 60), (120, 30)):
        labels = np.repeat(np.arange(10), count // 10)
        images = np.column_stack([labels, np.arange(count)])  # each image knows its label
        parts = [_split(answer, images, labels, test_size, seed) for seed in (0, 0, 1)]
        for part in parts:
            _is_fair(part, count, test_size)
        same, other = (np.array_equal(parts[0][2], part[2]) for part in parts[1:])
        require(not other, "two generators gave the same split: draw the order from `rng`")
        require(same, "one generator gave two different splits: draw the order from `rng` alone")
    return "every digit is in both parts, and each kept its label"


def _split(answer: Callable, images, labels, test_size: int, seed: int) -> list[np.ndarray]:
    own = images.copy(), labels.copy()
    found = returned(answer(*own, test_size, np.random.default_rng(seed)))
    require(
        np.array_equal(own[0], images) and np.array_equal(own[1], labels),
        "you shuffled the given arrays themselves; make shuffled copies, as `images[order]` does",
    )
    require(
        isinstance(found, tuple | list) and len(found) == 4,
        "return four arrays: training images and labels, held-out images and labels",
    )
    return [np.asarray(part) for part in found]


def _is_fair(parts: list[np.ndarray], count: int, test_size: int) -> None:
    kept, sizes = count - test_size, [len(part) for part in parts]
    hints = {
        "; the labels of a part come right after its images": [kept, test_size, kept, test_size],
        "; the held-out part comes last": [test_size, test_size, kept, kept],
    }
    require(
        sizes == [kept, kept, test_size, test_size],
        f"of {count} examples {test_size} should be held out, so {kept}, {kept}, {test_size}, "
        f"{test_size}; yours are {', '.join(map(str, sizes))}{diagnose(sizes, hints)}",
    )
    train_x, train_y, test_x, test_y = parts
    require(
        (train_x[:, 0] == train_y).all() and (test_x[:, 0] == test_y).all(),
        "images and labels have come apart: shuffle both in one and the same order",
    )
    train, test = train_x[:, 1].tolist(), test_x[:, 1].tolist()
    once = len(set(train)) == kept and len(set(test)) == test_size
    require(once, "an example occurs twice in one part: an order holds each index once")
    require(not {*train} & {*test}, "an example is in both parts, so the test would be no test")
    shown = sorted(set(test_y.tolist()))
    require(
        len(shown) > 5, f"the held-out part holds only the digits {shown}: shuffle before you split"
    )
    require(train != sorted(train), "the training part is not shuffled: it is in its old order")


def classify_by_ink(answer: Callable) -> str:
    """`classify_by_ink(train_images, train_labels, images)` predicts from the ink alone."""
    rng = np.random.default_rng(0)
    train, other = _digits(rng, 400), _digits(rng, 200)

    def named(images: np.ndarray) -> np.ndarray:
        return np.asarray(returned(answer(train.images.copy(), train.labels.copy(), images.copy())))

    found = named(other.images)
    require(
        found.shape == (200,),
        f"for 200 images there should be 200 answers, an array of shape (200,), not {found.shape}",
    )
    require(
        np.allclose(named(rng.permuted(other.images, axis=1)), found, atol=1e-6),
        "mixing up the pixels of an image changed its answer, but its ink is the same",
    )
    ink = baselines.ink(other.images)[:, 0]
    levels = baselines.class_means(baselines.ink(train.images), train.labels)[:, 0]
    _same(found, levels - ink[:, None], train, ink)
    return "as good as ink can tell"


def _same(found: np.ndarray, apart: np.ndarray, train: Digits, ink: np.ndarray) -> None:
    """Require that each `found` digit has the mean ink nearest to the image's, up to rounding."""
    distance = np.abs(apart)
    wanted = distance.argmin(axis=1)
    digits = np.nan_to_num(found.astype(float)).clip(0, 9).astype(int)
    own = np.take_along_axis(distance, digits[:, None], axis=1)[:, 0]
    wrong = (own > distance.min(axis=1) + 1e-6) | (found != digits)
    if not wrong.any():
        return
    of_tenth = np.bincount(train.labels, train.images.mean(axis=1)) / (len(train.labels) / 10)
    errors = {
        ", the farthest; `np.argmin` finds the nearest": distance.argmax(axis=1),
        " for every image; did you leave out `np.abs`?": np.full(len(ink), found[0]),
        "; divide the ink of a digit by the number of its own images": (
            np.abs(of_tenth - ink[:, None]).argmin(axis=1)
        ),
        "; Python counts from 0": wanted + 1,
    }
    i, hint = int(wrong.argmax()), diagnose(found, errors)
    if not hint and found[i] != digits[i]:
        hint = ", which is no digit; whose distance is the smallest? (`np.argmin`)"
    raise Wrong(
        f"image {i} has an ink of {ink[i]:.3f}, and the digit with the nearest mean ink is "
        f"{wanted[i]}; you say {found[i]}{hint}"
    )


def confusion(answer: Callable) -> str:
    """`confusion(predicted, labels)`: row = label, column = predicted digit, entry = count."""
    rng = np.random.default_rng(1)
    labels, predicted = rng.integers(0, 10, (2, 150)).astype(np.intp)
    predicted[labels == 7] = 7  # a digit that is always recognised
    before = 0
    for shown, named in [(np.array([3, 3, 3]), np.array([3, 5, 5])), (labels, predicted)]:
        wanted = baselines.confusion(named, shown)
        found = np.asarray(returned(answer(named.copy(), shown.copy())))
        require(found.shape == (10, 10), f"the table should be (10, 10), yours is {found.shape}")
        if not np.array_equal(found, wanted):
            row, column = np.argwhere(found != wanted)[0]
            raise Wrong(
                f"a {row} was named {column} {wanted[row, column]} times, but your table says "
                f"{found[row, column]}{diagnose(found, _miscounts(wanted, before))}"
            )
        before = before + wanted
    return "every image counted once"


def _miscounts(wanted: np.ndarray, before: Any) -> dict[str, np.ndarray]:
    of_row = wanted / np.maximum(wanted.sum(axis=1, keepdims=True), 1)
    return {
        "; rows and columns are exchanged: the row is the digit that was shown": wanted.T,
        "; `table[labels, predicted] += 1` counts a repeated pair once": np.minimum(wanted, 1),
        "; the counts of an earlier call are still in it": wanted + before,
        "; correct answers, on the diagonal, count too": wanted - np.diag(np.diag(wanted)),
        "; these are fractions of a row, not counts": of_row,
    }


def standard_error(answer: Callable) -> str:
    """`standard_error(p, n)` is the typical error of an accuracy p measured on n examples."""
    for p, n in [(0.9, 1000), (0.5, 100), (0.9, 4000), (0.25, 7), (1.0, 10)]:
        v = p * (1 - p)
        found, wanted = returned(answer(p, n)), float(np.sqrt(v / n))
        require(np.ndim(found) == 0, f"it should be one number, not {found!r}")
        errors = {
            "; that is the variance, its square root is wanted": v / n,
            "; that is the standard deviation of the count, not of the fraction": np.sqrt(v * n),
            "; that is the standard deviation for one example; divide p (1 - p) by n": np.sqrt(v),
            "; n belongs under the root": np.sqrt(v) / n,
            "; p (1 - p) belongs under the root": v / np.sqrt(n),
            "; the factor 1 - p is missing": np.sqrt(p / n),
            "; you take p = 1/2 for every p": 0.5 / np.sqrt(n),
            "; you divide by n - 1; here n is wanted": np.sqrt(v / (n - 1)),
            "; that is in per cent": 100 * wanted,
        }
        hint = diagnose(found, errors)
        require(
            np.isclose(found, wanted),
            f"for p = {p} and n = {n} it is {wanted:.4g}, not {found:.4g}{hint}",
        )
    return "four times as many examples halve it"
