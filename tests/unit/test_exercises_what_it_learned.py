"""The exercises on what was learned accept what is right and point at what is wrong."""

import re

import numpy as np
import pytest

from weighted_sums import analysis, backprop, data, descent, networks
from weighted_sums.exercises import check, names


def unit_rows(rows):
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def cosines(templates, edges):
    return unit_rows(templates) @ unit_rows(edges).T


def best(products):
    return np.square(products).max(axis=1)


def edgeness(templates, edges):
    return best(cosines(templates, edges))


def edgeness_by_residuals(templates, edges):
    found = []
    for w in templates:
        left = [np.square(w - (w @ e) / (e @ e) * e).sum() for e in edges]
        found.append(1 - min(left) / np.square(w).sum())
    return found


def forget(network, images, bias=False):
    first, *others = network
    W = np.where(images.any(axis=0), first.W, 0)
    return [networks.Layer(W, 0 * first.b if bias else first.b), *others]


def forget_by_loops(network, images):
    W = network[0].W.copy()
    for pixel in range(images.shape[1]):
        if images[:, pixel].max() == 0:
            W[:, pixel] = 0
    return [(W, network[0].b), *network[1:]]


def forget_in_place(network, images):
    network[0].W[:, (images == 0).all(axis=0)] = 0
    return network


def centres(images):
    grid = images.reshape(-1, 28, 28).astype(float)
    places = np.arange(28)
    ink = grid.sum(axis=(1, 2))
    rows = (grid.sum(axis=2) @ places) / np.where(ink > 0, ink, 1)
    columns = (grid.sum(axis=1) @ places) / np.where(ink > 0, ink, 1)
    return np.where(ink > 0, rows, 14), np.where(ink > 0, columns, 14)


def centre(images, swap=False, sign=1, middle=14):
    rows, columns = (sign * np.rint(middle - place) for place in centres(images))
    if swap:
        rows, columns = columns, rows
    moves = zip(images, columns.astype(int), rows.astype(int), strict=True)
    return np.array([analysis.shift(image[None], dx, dy)[0] for image, dx, dy in moves])


def centre_by_rolling(images):
    found = []
    for image, row, column in zip(images, *centres(images), strict=True):
        by = round(14 - row), round(14 - column)
        found.append(np.roll(image.reshape(28, 28), by, axis=(0, 1)).ravel())
    return np.array(found)


def one_dot(images):
    found = np.zeros_like(images)
    found[images.any(axis=1), 28 * 14 + 14] = 1
    return found


def divide_by_zero(images):
    ink = images.sum(axis=1, keepdims=True)
    return np.where(ink > 0, centre(images), images / ink)


def calibration_error(confidence, correct):
    place = np.minimum((confidence * 10).astype(int), 9)
    gaps = [abs((correct[place == b] - confidence[place == b]).sum()) for b in range(10)]
    return sum(gaps) / len(confidence)


def binned(weigh, last=9):
    def error(confidence, correct):
        place = np.minimum((confidence * 10).astype(int), last)
        inside = [place == b for b in range(10) if (place == b).any()]
        gaps = [abs(correct[i].mean() - confidence[i].mean()) for i in inside]
        return weigh(gaps, [i.mean() for i in inside])

    return error


def memorise(digits, rng, epochs=150, rate=1.5, sizes=(784, 16, 16, 10)):
    batches = descent.Minibatches(digits.images, data.one_hot(digits.labels), size=10)
    return descent.train(
        networks.random_network(sizes, rng),
        backprop.cost_and_gradient,
        batches,
        optimizer=descent.GradientDescent(rate),
        epochs=epochs,
        rng=rng,
    )


def learn_the_true_labels(digits, rng):
    return memorise(data.load_digits().train[:100], rng)


RIGHT = {
    "edgeness, scaled rows": ("edgeness", edgeness),
    "edgeness, what is left over": ("edgeness", edgeness_by_residuals),
    "edgeness, the package": ("edgeness", analysis.edgeness),
    "forget, where": ("forget", forget),
    "forget, loops and pairs": ("forget", forget_by_loops),
    "centre, arrays": ("centre", centre),
    "centre, rolled": ("centre", centre_by_rolling),
    "calibration_error, sums": ("calibration_error", calibration_error),
    "calibration_error, shares": ("calibration_error", binned(np.dot)),
    "memorise, longer": ("memorise", memorise),
    "memorise, wider": ("memorise", lambda d, rng: memorise(d, rng, sizes=(784, 30, 10))),
}

WRONG = {
    "large templates win": ("edgeness", lambda w, e: best(w @ unit_rows(e).T), "are doubled"),
    "large edges win": ("edgeness", lambda w, e: best(unit_rows(w) @ e.T), "are tripled"),
    "not squared": ("edgeness", lambda w, e: abs(cosines(w, e)).max(axis=1), "\\*square\\*"),
    "one sign": ("edgeness", lambda w, e: best(cosines(w, e).clip(0)), "minus an edge, which is"),
    "the mean": ("edgeness", lambda w, e: (cosines(w, e) ** 2).mean(axis=1), "should score 1"),
    "of each edge": ("edgeness", lambda w, e: best(cosines(e, w)), r"\(7,\), should be \(5,\)"),
    "all weights": ("forget", lambda n, x: forget(n, 0 * x), "the weights of pixel 0"),
    "often black": ("forget", lambda n, x: forget(n, x[:1]), r"of pixel \d; \d images lit it"),
    "nothing forgotten": ("forget", lambda n, x: n, "are not all 0"),
    "the bias too": ("forget", lambda n, x: forget(n, x, bias=True), "biases and later layers"),
    "in place": ("forget", forget_in_place, "you changed the network you were given"),
    "one layer": ("forget", lambda n, x: forget(n, x)[:1], "return a network of 2 layers"),
    "not centred": ("centre", lambda images: images, "more than half a pixel from 14"),
    "turned": ("centre", lambda images: centre(images, swap=True), "by 2 to .* and 0 down, image"),
    "the wrong way": ("centre", lambda images: centre(images, sign=-1), "more than half a pixel"),
    "another middle": ("centre", lambda images: centre(images, middle=13), "at row 1[23]"),
    "a dot in the middle": ("centre", one_dot, "not the same digit"),
    "blank divided by zero": ("centre", divide_by_zero, "for an image without ink"),
    "one bin": ("calibration_error", lambda c, r: abs(c.mean() - r.mean()), "opposite sign"),
    "not weighed": ("calibration_error", binned(lambda g, n: np.mean(g)), "more answers should"),
    "the largest gap": ("calibration_error", binned(lambda g, n: max(g)), "the largest gap"),
    "certainty lost": (
        "calibration_error",
        binned(np.dot, last=10),
        "one of them wrong your error",
    ),
    "no bins": ("calibration_error", lambda c, r: np.abs(c - r).mean(), "thirty at 0.95"),
    "too short": ("memorise", lambda d, rng: memorise(d, rng, epochs=9), "fewer than 95"),
    "true labels": ("memorise", learn_the_true_labels, "the true ones instead"),
    "not a network": ("memorise", lambda d, rng: 3, "expected a network"),
    "nothing": ("memorise", lambda d, rng: None, "did you forget `return`"),
}


@pytest.mark.parametrize(("exercise", "answer"), RIGHT.values(), ids=RIGHT)
def test_what_is_right_passes(exercise, answer):
    verdict = check(f"what_it_learned.{exercise}", answer)
    assert verdict.passed, verdict.message


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize(("exercise", "answer", "reason"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_fails_with_the_reason(exercise, answer, reason):
    verdict = check(f"what_it_learned.{exercise}", answer)
    assert not verdict.passed
    assert re.search(reason, verdict.message), verdict.message


def test_every_exercise_is_tried():
    tried = {f"what_it_learned.{exercise}" for exercise, *_ in WRONG.values()}
    assert tried == set(names("what_it_learned"))
