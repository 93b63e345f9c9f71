"""Answers to the exercises on digits: each error that a reader may make, and other right ways."""

import math

import numpy as np

from banks import Bank
from weighted_sums import baselines
from weighted_sums.data import Digits


def split(images, labels, test_size, rng):
    order = rng.permutation(len(labels))
    images, labels = images[order], labels[order]
    return images[:-test_size], labels[:-test_size], images[-test_size:], labels[-test_size:]


def split_apart(images, labels, test_size, rng):
    return split_unshuffled(rng.permutation(images), rng.permutation(labels), test_size, rng)


def split_unshuffled(images, labels, test_size, rng):
    return images[:-test_size], labels[:-test_size], images[-test_size:], labels[-test_size:]


def split_leaking(images, labels, test_size, rng):
    order = rng.permutation(len(labels))
    images, labels = images[order], labels[order]
    return images[:-test_size], labels[:-test_size], images[:test_size], labels[:test_size]


def split_too_late(images, labels, test_size, rng):
    order = rng.permutation(len(labels) - test_size)
    x, y, test_x, test_y = split_unshuffled(images, labels, test_size, rng)
    return x[order], y[order], test_x, test_y


def split_off(images, labels, test_size, rng):
    test = rng.choice(len(labels), test_size, replace=False)
    train = np.delete(np.arange(len(labels)), test)
    return images[train], labels[train], images[test], labels[test]


def split_with_repeats(images, labels, test_size, rng):
    order = rng.integers(0, len(labels), size=len(labels))
    return split_unshuffled(images[order], labels[order], test_size, rng)


def split_by_own_luck(images, labels, test_size, rng):
    return split(images, labels, test_size, np.random.default_rng())


def split_in_place(images, labels, test_size, rng):
    order = rng.permutation(len(labels))
    images[:], labels[:] = images[order], labels[order]
    return split_unshuffled(images, labels, test_size, rng)


def split_first(images, labels, test_size, rng):
    order = np.argsort(rng.random(len(labels)))
    test, train = np.split(order, [test_size])
    return [images[train], labels[train], images[test], labels[test]]


def split_pairs(images, labels, test_size, rng):
    pairs = list(zip(images.tolist(), labels.tolist(), strict=True))
    rng.shuffle(pairs)
    train, test = pairs[:-test_size], pairs[-test_size:]
    return *(list(part) for part in zip(*train, strict=True)), *zip(*test, strict=True)


def levels_of(train_images, train_labels):
    return np.array([train_images[train_labels == digit].mean() for digit in range(10)])


def apart(train_images, train_labels, images):
    return levels_of(train_images, train_labels) - images.mean(axis=1)[:, None]


def by_template(train_images, train_labels, images):
    return baselines.mean_digit_baseline(Digits(train_images, train_labels), images)


def equally_frequent(train_images, train_labels, images):
    sums = np.bincount(train_labels, train_images.mean(axis=1)) / (len(train_images) / 10)
    return np.abs(sums - images.mean(axis=1)[:, None]).argmin(axis=1)


def by_median(train_images, train_labels, images):
    ink = train_images.mean(axis=1)
    levels = np.array([np.median(ink[train_labels == digit]) for digit in range(10)])
    return np.abs(levels - images.mean(axis=1)[:, None]).argmin(axis=1)


def sorted_labels(train_images, train_labels, images):
    levels = train_images[: len(train_images) // 10 * 10].reshape(10, -1).mean(axis=1)
    return np.abs(levels - images.mean(axis=1)[:, None]).argmin(axis=1)


def by_sums(train_images, train_labels, images):
    """Compare sums of pixels in float64, not means, in a loop; return a list."""
    sums = [train_images[train_labels == k].sum(axis=1, dtype=float).mean() for k in range(10)]
    return [min(range(10), key=lambda k: abs(sums[k] - image.sum())) for image in images]


def by_thresholds(train_images, train_labels, images):
    levels = levels_of(train_images, train_labels)
    order = np.argsort(levels)
    between = (levels[order][1:] + levels[order][:-1]) / 2
    return order[np.searchsorted(between, images.mean(axis=1))]


def count(predicted, labels):
    table = np.zeros((10, 10), int)
    for row, column in zip(labels, predicted, strict=True):
        table[row, column] += 1
    return table


def once(predicted, labels):
    table = np.zeros((10, 10), int)
    table[labels, predicted] += 1
    return table


def only_seen(predicted, labels):
    shown, named = np.unique(labels), np.unique(predicted)
    return np.array([[np.sum((labels == r) & (predicted == c)) for c in named] for r in shown])


def remembers(predicted, labels, table=np.zeros((10, 10), int)):  # noqa: B008
    np.add.at(table, (labels, predicted), 1)
    return table


def in_fractions(predicted, labels):
    table = count(predicted, labels)
    return table / np.maximum(table.sum(axis=1, keepdims=True), 1)


def errors_only(predicted, labels):
    return count(predicted, labels) * (1 - np.eye(10, dtype=int))


BANK = {
    "nearest": Bank(
        wrong={
            "the starter": ([0, 0, 0], "for the example (2, 3) the nearest mean is not that"),
            "the farthest": ([2, 1, 0], "that is the farthest mean"),
            "from one": ([1, 3, 2], "classes count from 0"),
            "the distances": ([1, 1, 4], "those are the smallest squared distances"),
            "a weighted sum": ([2, 2, 2], "the largest weighted sum"),
            "the last one": ([0, 2, 2], "for the example (3, 2) the nearest mean"),
            "two": ([0, 2], "give three classes"),
        },
        unusual={
            "the chapter's": [0, 2, 1],
            "an array": np.array([0, 2, 1]),
            "floats": (0.0, 2.0, 1.0),
        },
    ),
    "reading": Bank(
        wrong={
            "the starter": ((8 / 30, 6 / 30, 6 / 30), "the first class alone"),
            "of all": ((19 / 30, 6 / 30, 0.5), "the total of the whole table"),
            "exchanged": ((19 / 30, 0.5, 0.6), "the total of a column"),
            "the row twice": ((19 / 30, 0.6, 0.6), "the total of a row"),
            "counts": ((19, 6, 6), "that takes a count"),
            "the mistakes": ((11 / 30, 0.6, 0.5), "the accuracy is not 0.367"),
            "two": ((19 / 30, 0.6), "give three fractions"),
        },
        unusual={
            "the chapter's": (19 / 30, 0.6, 0.5),
            "rounded": [0.633, 0.6, 0.5],
            "an array": np.array([19, 18, 15]) / 30,
        },
    ),
    "majority": Bank(
        wrong={
            "the starter": (lambda y, n: np.full(n, round(y.mean())), "that is the mean label"),
            "the median": (lambda y, n: np.full(n, int(np.median(y))), "that is the median label"),
            "the largest": (lambda y, n: np.full(n, y.max()), "that is the largest label"),
            "the count": (lambda y, n: np.full(n, np.bincount(y).max()), "a count, not a label"),
            "the first": (lambda y, n: np.full(n, y[0]), "that is the first label"),
            "its index": (
                lambda y, n: np.full(n, np.flatnonzero(y == np.bincount(y).argmax())[0]),
                "the index of a label",
            ),
            "one number": (lambda y, n: np.bincount(y).argmax(), "give 4 predictions"),
            "returns nothing": (lambda y, n: None, "did you forget `return`"),
        },
        unusual={
            "the chapter's": lambda y, n: np.full(n, np.bincount(y).argmax()),
            "a list": lambda y, n: [max(y.tolist(), key=y.tolist().count)] * n,
            "unique": lambda y, n: np.repeat(
                np.unique(y)[np.argmax(np.unique(y, return_counts=True)[1])], n
            ),
        },
    ),
    "pixel_index": Bank(
        wrong={
            "the starter: adds both": (lambda r, c: r + c, "each row above contributes 28 pixels"),
            "down the columns": (lambda r, c: r + 28 * c, "you go down the columns"),
            "counts from 1": (lambda r, c: 28 * r + c + 1, "Python counts from 0"),
            "27 pixels a row": (lambda r, c: 27 * r + c, "a row has 28 pixels"),
            "a row too many": (lambda r, c: 28 * (r + 1) + c, "0 full rows lie above row 0, not 1"),
            "multiplies": (lambda r, c: r * c, "pixel (0, 5) has the index 5, not 0"),
            "a pair": (lambda r, c: (r, c), "has the index 0, not (0, 0)"),
            "right for the first rows only": (
                lambda r, c: 28 * min(r, 10) + c,
                "pixel (11, 0) has the index 308, not 280",
            ),
            "returns nothing": (lambda r, c: None, "did you forget `return`"),
        },
        unusual={
            "the chapter's": lambda r, c: 28 * r + c,
            "a look into a table": lambda r, c: np.arange(784).reshape(28, 28)[r, c],
            "NumPy's own": lambda r, c: np.ravel_multi_index((r, c), (28, 28)),
            "a decimal number": lambda r, c: 28.0 * r + c,
            "a walk": lambda r, c: sum(28 for _ in range(r)) + c,
        },
    ),
    "split_fairly": Bank(
        wrong={
            "the starter: no shuffle": (split_unshuffled, "holds only the digits [8, 9]"),
            "two orders": (split_apart, "have come apart"),
            "a generator of its own, seeded": (
                lambda x, y, k, rng: split(x, y, k, np.random.default_rng(7)),
                "two generators gave the same split",
            ),
            "a generator of its own, unseeded": (
                split_by_own_luck,
                "one generator gave two different splits",
            ),
            "held-out examples stay in training": (split_leaking, "is in both parts"),
            "shuffles after the split": (split_too_late, "shuffle before you split"),
            "draws the held-out part only": (
                split_off,
                "training part is not shuffled",
            ),
            "draws with replacement": (split_with_repeats, "occurs twice in one part"),
            "shuffles the input itself": (split_in_place, "make shuffled copies"),
            "returns two arrays": (lambda x, y, k, rng: (x, y), "return four arrays"),
            "nothing is set aside": (
                lambda x, y, k, rng: (x, y, x[:k], y[:k]),
                "so 240, 240, 60, 60; yours are 300, 300, 60, 60",
            ),
            "images first, then labels": (
                lambda x, y, k, rng: [split(x, y, k, rng)[i] for i in (0, 2, 1, 3)],
                "the labels of a part come right after its images",
            ),
            "parts exchanged": (
                lambda x, y, k, rng: [split(x, y, k, rng)[i] for i in (2, 3, 0, 1)],
                "the held-out part comes last",
            ),
            "always a fifth": (
                lambda x, y, k, rng: split(x, y, len(x) // 5, rng),
                "of 120 examples 30 should be held out",
            ),
            "returns nothing": (lambda x, y, k, rng: None, "did you forget `return`"),
        },
        unusual={
            "the chapter's": split,
            "the first ones held out, a list": split_first,
            "pairs in Python lists": split_pairs,
            "permuted indices": lambda x, y, k, rng: split(
                *(part[i] for i in [rng.permutation(len(y))] for part in (x, y)), k, rng
            ),
        },
    ),
    "classify_by_ink": Bank(
        wrong={
            "the starter: always 0": (
                lambda x, y, images: np.zeros(len(images), dtype=int),
                "you say 0 for every image",
            ),
            "one answer for all": (lambda x, y, images: 3, "200 answers"),
            "a column": (
                lambda x, y, images: np.abs(apart(x, y, images)).argmin(1)[:, None],
                "not (200, 1)",
            ),
            "the nearest mean image": (by_template, "mixing up the pixels"),
            "the farthest": (
                lambda *given: np.abs(apart(*given)).argmax(axis=1),
                "`np.argmin` finds the nearest",
            ),
            "signed differences": (lambda *all: apart(*all).argmin(axis=1), "leave out `np.abs`"),
            "signed the other way": (
                lambda *given: apart(*given).argmax(axis=1),
                "leave out `np.abs`",
            ),
            "the distance": (
                lambda *given: np.abs(apart(*given)).min(axis=1),
                "whose distance is the smallest?",
            ),
            "as many images of each digit": (equally_frequent, "the number of its own images"),
            "the median of a digit": (by_median, "the digit with the nearest mean ink is"),
            "takes sorted labels for granted": (sorted_labels, "the nearest mean ink is"),
            "counts from 1": (
                lambda *given: np.abs(apart(*given)).argmin(axis=1) + 1,
                "Python counts from 0",
            ),
            "returns nothing": (lambda *given: None, "did you forget `return`"),
        },
        unusual={
            "the chapter's": lambda *given: np.array(
                [np.argmin(np.abs(row)) for row in apart(*given)]
            ),
            "sums in place of means, a list": by_sums,
            "thresholds between the levels": by_thresholds,
            "squared distances, as float32": lambda *given: np.float32(
                np.argmin(apart(*given) ** 2, axis=1)
            ),
        },
    ),
    "confusion": Bank(
        wrong={
            "the starter: counts a pair once": (once, "counts a repeated pair once"),
            "transposed": (lambda p, y: count(y, p), "rows and columns are exchanged"),
            "only the digits seen": (only_seen, "should be (10, 10), yours is (1, 2)"),
            "fractions of a row": (in_fractions, "fractions of a row, not counts"),
            "errors only": (errors_only, "correct answers, on the diagonal, count too"),
            "a table that stays": (remembers, "the counts of an earlier call are still in it"),
            "two digits": (lambda p, y: np.zeros((2, 2)), "should be (10, 10), yours is (2, 2)"),
            "flat": (lambda p, y: count(p, y).ravel(), "yours is (100,)"),
            "bins of its own": (
                lambda p, y: np.histogram2d(y, p)[0],
                "a 3 was named 3 1 times, but your table says",
            ),
            "returns nothing": (lambda p, y: None, "did you forget `return`"),
        },
        unusual={
            "the chapter's": count,
            "one-hot vectors": lambda p, y: np.eye(10)[y].T @ np.eye(10)[p],
            "numbers of two digits": lambda p, y: np.bincount(10 * y + p, minlength=100).reshape(
                10, 10
            ),
            "lists": lambda p, y: [
                [int(sum((y == r) & (p == c))) for c in range(10)] for r in range(10)
            ],
        },
    ),
    "standard_error": Bank(
        wrong={
            "the starter: the variance": (lambda p, n: p * (1 - p) / n, "that is the variance"),
            "of the count": (lambda p, n: np.sqrt(p * (1 - p) * n), "deviation of the count"),
            "n forgotten": (lambda p, n: np.sqrt(p * (1 - p)), "divide p (1 - p) by n"),
            "n outside the root": (
                lambda p, n: np.sqrt(p * (1 - p)) / n,
                "n belongs under the",
            ),
            "root of n only": (lambda p, n: p * (1 - p) / np.sqrt(n), "p (1 - p) belongs under"),
            "1 - p forgotten": (lambda p, n: np.sqrt(p / n), "the factor 1 - p is missing"),
            "the worst case": (lambda p, n: 0.5 / np.sqrt(n), "you take p = 1/2 for every p"),
            "one over the root": (lambda p, n: 1 / np.sqrt(n), "it is 0.009487, not 0.03162"),
            "n - 1": (lambda p, n: np.sqrt(p * (1 - p) / (n - 1)), "n - 1; here n is wanted"),
            "per cent": (lambda p, n: 100 * np.sqrt(p * (1 - p) / n), "that is in per cent"),
            "whole numbers": (lambda p, n: np.sqrt(p * (1 - p) // n), "it is 0.009487, not 0"),
            "an array": (lambda p, n: np.sqrt([p * (1 - p) / n]), "should be one number"),
            "returns nothing": (lambda p, n: None, "did you forget `return`"),
        },
        unusual={
            "the chapter's": lambda p, n: np.sqrt(p * (1 - p) / n),
            "a power": lambda p, n: (p * (1 - p) / n) ** 0.5,
            "Python's own root, taken apart": lambda p, n: math.sqrt(p - p * p) / math.sqrt(n),
            "float32": lambda p, n: np.float32(np.sqrt(p * (1 - p) / n)),
            "the standard deviation of such answers": lambda p, n: (
                np.std([1] * round(1000 * p) + [0] * round(1000 * (1 - p))) / np.sqrt(n)
            ),
        },
    ),
}
