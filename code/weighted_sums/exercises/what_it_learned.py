"""Checks for the exercises of the chapter on what a network has learned."""

from __future__ import annotations

import copy

import numpy as np

from weighted_sums import analysis, data
from weighted_sums.exercises import Wrong, require
from weighted_sums.networks import Layer, feedforward, predict, random_network


def edgeness(answer) -> str:
    """`edgeness(templates, edges)` is the share of each template its best edge accounts for."""
    rng = np.random.default_rng(0)
    edges = rng.standard_normal((7, 12)) * rng.uniform(0.2, 3, (7, 1))
    templates = rng.standard_normal((5, 12))
    where = "for 5 templates and 7 edges of 12 pixels"
    found = _numbers(answer, where, 5, templates.copy(), edges.copy())
    for factor, what, pair in (
        (2, "all templates are doubled", (2 * templates, edges)),
        (3, "all edges are tripled", (templates, 3 * edges)),
    ):
        scaled = _numbers(answer, f"when {what}", 5, *(part.copy() for part in pair))
        require(
            np.allclose(scaled, found),
            f"{where} the first score is {found[0]:.3f}, but when {what} it is {scaled[0]:.3f}: "
            f"it should not know about the factor {factor}",
        )
    for sign, name in ((1, "an edge itself"), (-1, "minus an edge, which is an edge too,")):
        own = _numbers(answer, f"for {name}", 1, sign * edges[3:4], edges.copy())[0]
        require(bool(np.isclose(own, 1)), f"{name} should score 1; it scores {own:.3f}")
    right = analysis.edgeness(templates, edges)
    hint = "the share is the *square*" if np.allclose(found**2, right) else "which edge fits best?"
    require(
        np.allclose(found, right),
        f"{where} the first score is {found[0]:.3f}, it should be {right[0]:.3f}: {hint}",
    )
    return "1 for an edge, whatever the sizes, and near 0 for noise"


def forget(answer) -> str:
    """`forget(network, images)` zeroes the first layer's weights of never-lit pixels only."""
    rng = np.random.default_rng(0)
    for sizes in ([9, 4, 3], [9, 5, 6, 2]):
        network = random_network(sizes, rng, dtype=np.float64)
        images = rng.random((8, 9)) * (rng.random((8, 9)) < 0.6)
        images[:, [2, 7]] = 0
        images[:, 4] = (0, 1, 1, 1, 1, 1, 1, 1)
        given = copy.deepcopy(network)
        where = f"for a network of sizes {sizes} and 8 images that never light pixels 2 and 7"
        found = _network(_call(answer, where, given, images.copy()), network, where)
        same = np.array_equal(network[0].W, given[0].W)
        require(same, f"{where} you changed the network you were given; return a new one")
        W, old = found[0].W, network[0].W
        for i in range(9):
            lit = int((images[:, i] > 0).sum())
            if lit:
                kept = np.array_equal(W[:, i], old[:, i])
                require(kept, f"{where} you changed the weights of pixel {i}; {lit} images lit it")
            else:
                require(not W[:, i].any(), f"{where} the weights of pixel {i} are not all 0")
        require(
            np.array_equal(feedforward(images, found), feedforward(images, network)),
            f"{where} the answers changed: biases and later layers should stay as they are",
        )
    return "no answer on these images can tell the difference"


def centre(answer) -> str:
    """`centre(images)` moves the centre of ink of each image to row and column fourteen."""
    images = data.load_digits().held_out.images[:60]
    inner = images.reshape(-1, data.SIDE, data.SIDE)[:, 3:-3, 3:-3]
    images = images[np.isclose(inner.sum(axis=(1, 2)), images.sum(axis=1))]  # none falls off
    for dx, dy in ((0, 0), (2, 0), (-2, 0), (0, 2), (0, -2), (3, -1)):
        where = f"for digits moved by {dx} to the right and {dy} down"
        found = _images(answer, analysis.shift(images, dx, dy), where)
        for number, image in enumerate(found):
            row, column = _centre_of_ink(image)
            require(
                max(abs(row - 14), abs(column - 14)) < 0.51,
                f"{where}, image {number}: the centre of ink is at row {row:.2f} and column "
                f"{column:.2f}, more than half a pixel from 14",
            )
            back = [round(14 - place) for place in _centre_of_ink(images[number])]
            require(
                np.allclose(image, analysis.shift(images[[number]], back[1], back[0])[0]),
                f"{where}, image {number}: the centre of ink is right, but this is not the same "
                "digit moved by whole pixels",
            )
    where = "for an image without ink"
    left = _images(answer, np.zeros_like(images[:2]), where)
    require(not left.any(), f"{where} you give something that is not black")
    return "wherever the digit was, the network now meets it in the middle"


def calibration_error(answer) -> str:
    """`calibration_error(confidence, correct)` is the expected calibration error of ten bins."""
    rng = np.random.default_rng(0)
    cases = {
        "for ten answers at 0.05 that are right, and ten at 0.95 that are wrong": (
            np.repeat([0.05, 0.95], 10),
            np.arange(20) < 10,
        ),
        "for ten answers at 0.05, one of them right, and thirty at 0.95, all right": (
            np.repeat([0.05, 0.95], [10, 30]),
            np.arange(40) >= 9,
        ),
        "for four answers at exactly 1, one of them wrong": (np.ones(4), np.arange(4) > 0),
    }
    for size in (300, 51):
        claims = rng.beta(4, 1.5, size)
        cases[f"for {size} random answers"] = claims, rng.random(size) < claims**1.5
    for where, (claims, correct) in cases.items():
        found = _call(answer, where, claims.copy(), correct.copy())
        require(np.ndim(found) == 0, f"{where} your error should be one number")
        right = analysis.calibration_error(claims, correct)
        require(
            bool(np.isclose(found, right)),
            f"{where} your error is {found:.4f}, it should be {right:.4f}"
            + _calibration_slip(float(found), claims, correct),
        )
    return "every bin counts as much as it has answers"


def memorise(answer) -> str:
    """`memorise(digits, rng)` returns a network that has learned a hundred shuffled labels."""
    digits, rng = data.load_digits(), np.random.default_rng(11)
    few, exam = digits.train[:100], digits.held_out
    labels = rng.permutation(few.labels)
    where = "for a hundred digits with shuffled labels"
    network = _call(answer, where, data.Digits(few.images, labels), rng)
    try:
        said = predict(few.images, network)
        met = 100 * (predict(exam.images, network) == exam.labels).mean()
    except Exception as error:
        raise Wrong(f"{where} expected a network, a list of Layers, not this: {error}") from error
    learned = (said == labels).mean()
    true = (said == few.labels).mean() > 0.5
    require(
        learned >= 0.95,
        f"{where} your network gives {100 * learned:.0f} per cent of the labels it was given, "
        f"fewer than 95" + ("; it gives the true ones instead" if true else ""),
    )
    return (
        f"{100 * learned:.0f} per cent of the meaningless labels learned, "
        f"{met:.0f} per cent of held-out digits right"
    )


def _calibration_slip(found: float, claims, correct) -> str:
    bins = analysis.reliability(claims, correct)
    filled = bins.count > 0
    gaps = (bins.accuracy - bins.confidence)[filled]
    slips = (
        (float(abs(correct.mean() - claims.mean())), ": gaps of opposite sign cancelled"),
        (float(abs(gaps).mean()), ": bins with more answers should count for more"),
        (float(abs(gaps).max()), ": that is the largest gap; the average is asked for"),
    )
    return next((hint for value, hint in slips if np.isclose(found, value)), "")


def _centre_of_ink(image) -> list[float]:
    grid = image.reshape(data.SIDE, data.SIDE).astype(float)
    return [float(np.arange(data.SIDE) @ grid.sum(axis=way) / grid.sum()) for way in (1, 0)]


def _network(found, like, where):
    require(
        isinstance(found, list | tuple) and len(found) == len(like),
        f"{where} you should return a network of {len(like)} layers",
    )
    for number, (part, old) in enumerate(zip(found, like, strict=True), 1):
        fits = isinstance(part, list | tuple) and len(part) == 2
        fits = fits and tuple(map(np.shape, part)) == (old.W.shape, old.b.shape)
        require(fits, f"{where} layer {number} should keep its shapes {old.W.shape}, {old.b.shape}")
    return [Layer(*part) for part in found]


def _images(answer, given, where):
    found = np.asarray(_call(answer, where, given.copy()))
    shape = given.shape
    require(found.shape == shape, f"{where}: the shape is {found.shape}, should be {shape}")
    return found


def _numbers(answer, where, count, *given):
    found = np.asarray(_call(answer, where, *given))
    require(found.shape == (count,), f"{where}: the shape is {found.shape}, should be ({count},)")
    return found


def _call(answer, where, *given):
    try:
        found = answer(*given)
    except Exception as error:
        raise Wrong(f"{where} your function stops with {type(error).__name__}: {error}") from error
    require(found is not None, f"{where} your function returns nothing; did you forget `return`?")
    return found
