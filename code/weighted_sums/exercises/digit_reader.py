"""Checks for the project of a digit reader by hand."""

from __future__ import annotations

import itertools

import numpy as np
from jaxtyping import Float

from weighted_sums.data import CLASSES, SIDE, load_digits
from weighted_sums.exercises import call, diagnose, require, require_equal, require_shape

WIDTH = 2.0  # of the pen, in pixels
LEAST, LEAST_EACH = 55, 20  # per cent: of all digits, and of each


def distance(answer) -> str:
    """`distance(p, q)`: how far each pixel is from the stroke between two points."""
    cases = [((4, 6), (20, 11)), ((9, 22), (9, 5)), ((24, 13), (3, 13)), ((7, 7), (7, 7))]
    for p, q in cases:
        where = f"for the stroke from {p} to {q}"
        found = np.asarray(call(answer, where, p, q))
        require_shape(found, (SIDE, SIDE), where)
        want = _distance(p, q)
        ends = [np.hypot(*(np.mgrid[0:SIDE, 0:SIDE] - np.reshape(x, (2, 1, 1)))) for x in (p, q)]
        errors = {
            ": rows and columns are swapped": want.T,
            ": that is its square": want**2,
            ": that is the distance from the first point": ends[0],
            ": that is the distance from the nearer end": np.minimum(*ends),
            ": that is the distance from its middle": _distance(*2 * [np.mean([p, q], axis=0)]),
            ", beyond its ends: the stroke does not go on there": _line(p, q),
        }
        if not np.allclose(found, want):
            row, column = np.argwhere(~np.isclose(found, want))[0]
            why = diagnose(found, errors)
            require(False, f"{where} pixel ({row}, {column}) is {want[row, column]:.3f} away, "
                    f"not {found[row, column]:.3f}{why}")  # fmt: skip
    return "the nearest point of a stroke is on it or at one of its ends"


def fair(answer) -> str:
    """`fair(templates)`: each row with mean 0 and length 1."""
    rng = np.random.default_rng(0)
    for shape in ((3, 5), (10, 784), (1, 4)):
        templates = rng.uniform(size=shape) * rng.uniform(1, 9, size=(shape[0], 1))
        where = f"for {shape[0]} templates of {shape[1]} pixels"
        found = np.asarray(call(answer, where, templates))
        centred = templates - templates.mean(axis=1, keepdims=True)
        length = np.linalg.norm(centred, axis=1, keepdims=True)
        whole = templates - templates.mean()
        require_equal(found, centred / length, where, {
            "you treat the whole table as one; each row has a mean and a length of its own":
                whole / np.linalg.norm(whole),
            "the means are right; the lengths are not yet 1": centred,
            "the lengths are 1; the means are not 0":
                templates / np.linalg.norm(templates, axis=1, keepdims=True),
            "you divide by the standard deviation; the length is asked for":
                centred / centred.std(axis=1, keepdims=True),
            "you divide by the squared length": centred / length**2,
            "you divide by the length before the mean was subtracted":
                centred / np.linalg.norm(templates, axis=1, keepdims=True),
            "your means are those of the columns": _by_column(templates),
        }, "the rows do not have mean 0 and length 1")  # fmt: skip
    return "no template has more weight than another, and black pixels around the digit count, too"


def strokes(answer) -> str:
    """Strokes for each of the ten digits, which as templates classify most digits correctly."""
    keys = isinstance(answer, dict) and sorted(answer) == list(range(CLASSES))
    require(keys, "give a dictionary with a list of lines for each of the digits 0 to 9")
    templates = np.array([_drawn(k, answer[k]) for k in range(CLASSES)])
    centred = templates - templates.mean(axis=1, keepdims=True)
    weights = centred / np.linalg.norm(centred, axis=1, keepdims=True)
    digits = load_digits().train
    predicted = (digits.images @ weights.T).argmax(axis=1)
    each = [100 * np.mean(predicted[digits.labels == k] == k) for k in range(CLASSES)]
    total = 100 * np.mean(predicted == digits.labels)
    worst = int(np.argmin(each))
    taken = np.bincount(predicted[digits.labels == worst], minlength=CLASSES)
    taken[worst] = 0
    most = f"the digit {worst} is recognised in {each[worst]:.0f} per cent of its images, and most "
    most += f"often classified as {taken.argmax()}"
    require(each[worst] >= LEAST_EACH, f"{most}; draw it where people write it")
    require(total >= LEAST, f"your templates classify {total:.1f} per cent correctly; {most}")
    return f"{total:.1f} per cent without any training"


def _drawn(digit: int, lines) -> Float[np.ndarray, " pixel"]:
    pairs = [pair for line in lines for pair in itertools.pairwise(line)]
    require(len(pairs) > 0, f"the digit {digit} has no stroke: a line needs at least two points")
    for point in (point for pair in pairs for point in pair):
        inside = np.shape(point) == (2,) and min(point) >= 0 and max(point) < SIDE
        require(inside, f"the digit {digit}: {point} is no point (row, column) of the image")
    nearest = np.min([_distance(p, q) for p, q in pairs], axis=0)
    return np.exp(-(nearest**2) / (2 * WIDTH**2)).ravel()


def _nearest(p, q, limit) -> Float[np.ndarray, "side side"]:
    rows, columns = np.mgrid[0:SIDE, 0:SIDE]
    down, right = q[0] - p[0], q[1] - p[1]
    t = (rows - p[0]) * down + (columns - p[1]) * right
    t = np.clip(t / max(down**2 + right**2, 1e-12), -limit, 1 + limit)
    return np.hypot(rows - p[0] - t * down, columns - p[1] - t * right)


def _distance(p, q) -> Float[np.ndarray, "side side"]:
    return _nearest(p, q, 0.0)


def _line(p, q) -> Float[np.ndarray, "side side"]:
    return _nearest(p, q, np.inf)


def _by_column(templates: np.ndarray) -> np.ndarray:
    with np.errstate(invalid="ignore", divide="ignore"):
        centred = templates - templates.mean(axis=0)
        return centred / np.linalg.norm(centred, axis=0)
