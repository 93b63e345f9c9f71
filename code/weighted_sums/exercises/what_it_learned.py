"""Checks for the exercises of the chapter on what a network has learned."""

from __future__ import annotations

import copy

import numpy as np

from weighted_sums import analysis, data
from weighted_sums.exercises import Wrong, diagnose, require
from weighted_sums.networks import Layer, feedforward, init_network, predict


def roughness(answer) -> str:
    """The roughness of the rows 1, 1, 0, 0, 1, 1 and 0, 1, 0, 1, 1, 0."""
    found = np.asarray(answer, dtype=float)
    require(found.shape == (2,), f"expected 2 numbers, found shape {found.shape}")
    right = np.array([0.9, 1.6])
    if not np.allclose(found, right, atol=0.005):
        raise Wrong(diagnose(found, {
            "divide by twice the variance": 2 * right,
            "swap the two: the smoother row comes first": right[::-1],
            "divide the squared differences by their number, five": 5 * right,
            "each row has five pairs of neighbours, not six": right * 5 / 6,
            "those are the mean squared differences; divide by twice the variance": [0.4, 0.8],
        }) or f"row {1 + int(np.isclose(found, right, atol=0.005).argmin())} is not right: which "
            "pairs differ, and what fraction of the pixels is 1?")  # fmt: skip
    return "the second row changes more often, and is rougher than noise"


def edge_fraction(answer) -> str:
    """`edge_fraction(templates, edges)`: how much of each template its best edge explains."""
    rng = np.random.default_rng(0)
    edges = rng.standard_normal((7, 12)) * rng.uniform(0.2, 3, (7, 1))
    templates = rng.standard_normal((5, 12))
    where = "for 5 templates and 7 edges of 12 pixels"
    found = _shaped(answer, where, (5,), templates.copy(), edges.copy())
    doubled = "all templates are doubled", 2 * templates, edges.copy()
    tripled = "all edges are tripled", templates.copy(), 3 * edges
    for what, *pair in (doubled, tripled):
        scaled = _shaped(answer, f"when {what}", (5,), *pair)
        require(
            np.allclose(scaled, found),
            f"{where} the first score is {found[0]:.3f}, but when {what} it is {scaled[0]:.3f}: "
            "divide by the sizes, so that the factor cancels",
        )
    for sign, name in ((1, "an edge itself"), (-1, "minus an edge, which is an edge too,")):
        own = _shaped(answer, f"for {name}", (1,), sign * edges[3:4], edges.copy())[0]
        require(bool(np.isclose(own, 1)), f"{name} should score 1; it scores {own:.3f}")
    right = analysis.edge_fraction(templates, edges)
    if not np.allclose(found, right, atol=1e-6):
        centred = [rows - rows.mean(axis=1, keepdims=True) for rows in (templates, edges)]
        hint = diagnose(found, {
            "the fraction is the *square*": np.sqrt(right),
            "do not subtract the means": analysis.edge_fraction(*centred),
            "that is what the edge leaves over": 1 - right,
        }, "which edge fits best?")  # fmt: skip
        raise Wrong(f"{where} a score is {found[0]:.3f}, it should be {right[0]:.3f}: {hint}")
    return "1 for an edge, whatever the sizes, and near 0 for noise"


def forget(answer) -> str:
    """`forget(network, images)` zeroes the first layer's weights of never-lit pixels only."""
    rng = np.random.default_rng(0)
    for sizes in ([9, 4, 3], [9, 5, 6, 2]):
        network = init_network(sizes, rng, dtype=np.float64)
        images = rng.random((8, 9)) * (rng.random((8, 9)) < 0.6)
        images[:, [2, 7]] = 0
        images[:, 4], images[:, 5] = (0, 1, 1, 1, 1, 1, 1, 1), (0, 0, 0, 0.01, 0, 0, 0, 0)
        given = copy.deepcopy(network)
        where = f"for a network of sizes {sizes} and 8 images that never light pixels 2 and 7"
        found = _network(_call(answer, where, given, images.copy()), network, where)
        same = np.array_equal(network[0].W, given[0].W)
        require(same, f"{where} you changed the network you were given; return a new one")
        for i, (new, old) in enumerate(zip(found[0].W.T, network[0].W.T, strict=True)):
            lit = int((images[:, i] > 0).sum())
            kept = not lit or np.array_equal(new, old)
            require(kept, f"{where} you changed the weights of pixel {i}, lit in {lit} of 8 images")
            require(lit > 0 or not new.any(), f"{where} the weights of pixel {i} are not all 0")
        same = np.allclose(feedforward(found, images), feedforward(network, images))
        require(same, f"{where} the outputs changed: biases and later layers should stay")
    return "no output on these images can tell the difference"


def centre(answer) -> str:
    """`centre(images)` moves the centre of ink of each image to row and column fourteen."""
    rng = np.random.default_rng(0)
    images = np.zeros((36, data.SIDE, data.SIDE), np.float32)
    for image, (row, column) in zip(images, rng.integers(8, 12, (36, 2)), strict=True):
        image[row : row + 9, column : column + 9] = rng.random((9, 9)) ** 3
    images = images.reshape(36, -1)
    moves = np.resize([(2, -1), (0, 0), (-2, 0), (0, 2), (0, -2), (3, -1)], (len(images), 2))
    pairs = zip(images, moves, strict=True)
    given = np.concatenate([analysis.shift(image[None], *move) for image, move in pairs])
    found = _shaped(answer, "for images that were moved", given.shape, given.copy())
    for number, (image, moved, (dx, dy)) in enumerate(zip(found, given, moves, strict=True)):
        where = f"image {number}, moved by {dx} to the right and {dy} down"
        before, after = np.array(_centre_of_ink(moved)), np.array(_centre_of_ink(image))
        back = np.rint(14 - before).astype(int)
        if np.abs(after - 14).max() >= 0.51:
            hint = diagnose(np.rint(after - before), {
                ", where it was": 0 * back,
                ": you moved it the wrong way": -back,
                ": you swapped rows and columns": back[::-1],
                ": round the distance, do not cut it off": np.fix(14 - before),
                ": one pixel too far up and to the left": back - 1,
            })  # fmt: skip
            raise Wrong(
                f"{where}: the centre of ink is at row {after[0]:.2f} and column {after[1]:.2f}, "
                f"more than half a pixel from 14{hint}"
            )
        same = np.allclose(image, analysis.shift(moved[None], back[1], back[0])[0], atol=1e-6)
        require(same, f"{where}: it is centred, but not the same image moved by whole pixels")
    left = _shaped(answer, "for an image without ink", (2, 784), np.zeros_like(images[:2]))
    require(not left.any(), "for an image without ink you give one with ink, or no numbers")
    return "wherever the digit was, the network now meets it in the middle"


def vote(answer) -> str:
    """`vote(outputs)` gives the prediction of the average output of several networks."""
    rng = np.random.default_rng(3)
    for shape in ((5, 40, 10), (3, 7, 4), (1, 6, 10)):
        outputs = rng.beta(0.4, 2.0, size=shape)
        where = f"for outputs of {shape[0]} networks, {shape[1]} images and {shape[2]} digits"
        found = _shaped(answer, where, shape[1:2], outputs.copy())
        right, single = outputs.mean(axis=0).argmax(axis=1), outputs.argmax(axis=2)
        counts = (single[..., None] == np.arange(shape[2])).sum(axis=0)
        if not np.array_equal(found, right):
            hint = diagnose(found, {
                "that is the first network alone": single[0],
                "each network has one vote here; average the outputs": counts.argmax(axis=1),
                "that is the largest output of any network": outputs.max(axis=0).argmax(axis=1),
                "that multiplies the outputs": outputs.prod(axis=0).argmax(axis=1),
                "the averages of predictions are no digits": single.mean(axis=0),
                "those are the averages; which is the largest?": outputs.mean(axis=0).max(axis=1),
            }, "which output is the largest on average?")  # fmt: skip
            raise Wrong(f"{where} some predictions are not those of the average output: {hint}")
    return "the average of several networks is a network, too"


def memorise(answer) -> str:
    """`memorise(shuffled, rng)` returns a network that has learned a hundred shuffled labels."""
    digits, rng = data.load_digits(), np.random.default_rng(11)
    few, exam = digits.train[:100], digits.test
    labels = rng.permutation(few.labels)
    where = "for a hundred digits with shuffled labels"
    network = _call(answer, where, data.Digits(few.images, labels), rng)
    try:
        said = predict(network, few.images)
        met = 100 * (predict(network, exam.images) == exam.labels).mean()
    except Exception as error:
        raise Wrong(f"{where} expected a network, a list of Layers, not this: {error}") from error
    learned = (said == labels).mean()
    hint = "train for longer, or with a larger rate"
    if (said == few.labels).mean() > 0.5:
        hint = "it gives the true ones instead"
    elif len(set(said.tolist())) == 1:
        hint = f"it gives {said[0]} for every image"
    what = f"your network gives {100 * learned:.0f} per cent of the labels it was given"
    require(learned >= 0.95, f"{where} {what}, fewer than 95: {hint}")
    return (
        f"{100 * learned:.0f} per cent of the meaningless labels learned, "
        f"{met:.0f} per cent of held-out digits right"
    )


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


def _shaped(answer, where, shape, *given):
    found = np.asarray(_call(answer, where, *given))
    require(found.shape == shape, f"{where}: the shape is {found.shape}, should be {shape}")
    return found


def _call(answer, where, *given):
    try:
        found = answer(*given)
    except Exception as error:
        raise Wrong(f"{where} your function stops with {type(error).__name__}: {error}") from error
    require(found is not None, f"{where} your function returns nothing; did you forget `return`?")
    return found
