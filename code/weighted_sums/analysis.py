"""What a trained network has learned: its mistakes, templates, confidence, and where it fails."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Float, Int

from weighted_sums.data import SIDE, Digits
from weighted_sums.workshop.checks import (
    as_float,
    indices,
    same_length,
    same_shape,
    whole_number,
)

DIRECTIONS = 8
MOST = 10_000  # pixels that an image may be moved by
SIZES = (3, 5, 7)  # radii of the searched-for edges and strokes, in pixels
PLACES = range(3, SIDE - 3, 3)  # their centres, in both directions


def worst_mistakes(
    outputs: Float[np.ndarray, "example digit"], labels: Int[np.ndarray, " example"], count: int
) -> Int[np.ndarray, " mistake"]:
    """Positions of up to `count` wrong answers, the brightest first."""
    same_length(outputs, labels, ("outputs", "labels"))
    labels = indices(labels, outputs.shape[1], "labels")
    wrong = np.flatnonzero(outputs.argmax(axis=1) != labels)
    brightest_first = np.argsort(-confidence(outputs[wrong]), kind="stable")
    return wrong[brightest_first][:count]


def roughness(templates: Float[np.ndarray, "template pixel"]) -> Float[np.ndarray, " template"]:
    r"""How much neighbouring pixels differ, compared with pixels anywhere: {eq}`roughness`.

    Near 1 for independent random numbers, near 0 for a smooth image. Raises ValueError for a
    template that is the same everywhere: it has nothing to compare with.
    """
    grid = _grid(as_float(templates, "templates"))
    spread = grid.var(axis=(1, 2))
    if not (spread > 0).all():
        raise ValueError("a template whose pixels are all equal has no roughness")
    steps = [np.square(np.diff(grid, axis=axis)).mean(axis=(1, 2)) for axis in (1, 2)]
    return (steps[0] + steps[1]) / 2 / (2 * spread)


def edge_template(
    angle: float, row: int, column: int, radius: int, stroke: bool
) -> Float[np.ndarray, " pixel"]:
    """Weights inside a disc that look for an edge, or for a stroke.

    An edge is bright on one side of the line through the disc's centre and dark on the
    other; a stroke is bright along the line, a third of the disc wide, and dark on both
    sides. `angle` turns the line. The weights sum to zero, and their squares to one.
    """
    rows, columns = np.mgrid[:SIDE, :SIDE]
    across = (columns - column) * np.cos(angle) + (rows - row) * np.sin(angle)
    disc = np.hypot(rows - row, columns - column) <= radius
    if stroke:
        bright = disc & (abs(across) < radius / 3)
        dark = disc & ~bright
    else:  # a pixel on the line belongs to neither side, whatever rounding makes of it
        bright, dark = disc & (across > 1e-9), disc & (across < -1e-9)
    w = (bright / bright.sum() - dark / dark.sum()).ravel()
    return w / np.linalg.norm(w)


def edge_templates() -> Float[np.ndarray, "edge pixel"]:
    """List edges and strokes in eight directions, three sizes, and at places three pixels apart."""
    return np.array(
        [
            edge_template(turn * np.pi / DIRECTIONS, row, column, radius, stroke)
            for turn in range(DIRECTIONS)
            for row in PLACES
            for column in PLACES
            for radius in SIZES
            for stroke in (False, True)
        ]
    )


def edge_fraction(
    templates: Float[np.ndarray, "template pixel"], edges: Float[np.ndarray, "edge pixel"]
) -> Float[np.ndarray, " template"]:
    r"""The share of each template that its best-fitting edge accounts for: {eq}`edgeness`.

    $\max_e (w \cdot e)^2 / (w \cdot w)(e \cdot e)$, from 0 (no edge fits at all) to 1 (an edge).
    """
    templates, edges = as_float(templates, "templates"), as_float(edges, "edges")
    products = np.square(templates @ edges.T)
    sizes = np.outer(np.square(templates).sum(axis=1), np.square(edges).sum(axis=1))
    return (products / sizes).max(axis=1)


def blurred(templates: Float[np.ndarray, "template pixel"]) -> Float[np.ndarray, "template pixel"]:
    """Average each pixel with its eight neighbours; beyond the border there is zero."""
    padded = np.pad(_grid(as_float(templates, "templates")), ((0, 0), (1, 1), (1, 1)))
    moved = [
        padded[:, row : row + SIDE, column : column + SIDE]
        for row in range(3)
        for column in range(3)
    ]
    return np.mean(moved, axis=0).reshape(templates.shape)


def shift(
    images: Float[np.ndarray, "example pixel"],
    dx: int | np.integer,
    dy: int | np.integer,
) -> Float[np.ndarray, "example pixel"]:
    """Move every image `dx` pixels right and `dy` down; black comes in from behind."""
    indices([dx, dy], MOST, "moves", least=-MOST)
    moved = np.zeros_like(_grid(images))
    moved[:, _to(dy), _to(dx)] = _grid(images)[:, _to(-dy), _to(-dx)]
    return moved.reshape(images.shape)


def shifted_copies(digits: Digits, reach: int) -> Digits:
    """Return the digits and four copies of them, moved by `reach` right, left, down and up.

    Source: Nielsen (2015, chapter 3), there by one pixel.
    """
    moves = ((0, 0), (reach, 0), (-reach, 0), (0, reach), (0, -reach))
    images = np.concatenate([shift(digits.images, dx, dy) for dx, dy in moves])
    return Digits(images, np.tile(digits.labels, len(moves)))


def add_noise(
    images: Float[np.ndarray, "example pixel"],
    noise: Float[np.ndarray, "example pixel"],
    level: float,
) -> Float[np.ndarray, "example pixel"]:
    r"""Fade images into noise, {eq}`noisy-image`: $(1 - s)\,x + s\,u$ for `level` $s$."""
    if not 0 <= level <= 1:
        raise ValueError(f"the noise level lies between 0 and 1; {level} does not")
    same_shape(images, noise, ("images", "noise"))
    images, noise = as_float(images, "images"), as_float(noise, "noise")
    return (1 - level) * images + level * noise


def confidence(outputs: Float[np.ndarray, "example digit"]) -> Float[np.ndarray, " example"]:
    """The brightest output of each example, whether it is the right one or not."""
    return outputs.max(axis=1)


class Reliability(NamedTuple):
    """What was claimed and what came true, for each bin of confidence; nan where it is empty."""

    count: Int[np.ndarray, " bin"]
    confidence: Float[np.ndarray, " bin"]
    accuracy: Float[np.ndarray, " bin"]


def reliability(
    confidence: Float[np.ndarray, " example"], correct: Bool[np.ndarray, " example"], bins: int = 10
) -> Reliability:
    """Sort answers into equal `bins` of confidence and take the averages in each of them.

    Raises ValueError unless there is a confidence from 0 to 1 for every answer.
    """
    same_length(confidence, correct, ("confidences", "answers"))
    confidence = as_float(confidence, "confidences")
    if np.asarray(correct).dtype != bool:
        raise ValueError("whether an answer is right is true or false, not a number")
    if not ((confidence >= 0) & (confidence <= 1)).all():
        raise ValueError("a confidence must lie between 0 and 1")
    place = _bin(confidence, whole_number(bins, "bins"))
    count = np.bincount(place, minlength=bins)
    with np.errstate(invalid="ignore"):  # an empty bin has no average: 0 / 0 is nan
        claimed = np.bincount(place, weights=confidence, minlength=bins) / count
        came_true = np.bincount(place, weights=correct, minlength=bins) / count
    return Reliability(count, claimed, came_true)


def calibration_error(
    confidence: Float[np.ndarray, " example"], correct: Bool[np.ndarray, " example"], bins: int = 10
) -> float:
    r"""Expected calibration error, {eq}`calibration-error`.

    The gap between confidence and accuracy in each bin, averaged over the answers.
    Source: Guo, Pleiss, Sun and Weinberger (2017).
    """
    found = reliability(confidence, correct, bins)
    filled = found.count > 0
    gaps = np.abs(found.accuracy - found.confidence)[filled]
    return float((found.count[filled] * gaps).sum() / len(confidence))


def _bin(confidence, bins: int):
    # a confidence of exactly 1 belongs to the last bin
    return np.minimum((confidence * bins).astype(int), bins - 1)


def _grid(images):
    return images.reshape(-1, SIDE, SIDE)


def _to(move) -> slice:
    # where, along one side, the pixels arrive that are moved by `move`
    return slice(max(move, 0), max(SIDE + min(move, 0), 0))
