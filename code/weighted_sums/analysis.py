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
MAX_SHIFT = 10_000  # pixels
RADII = (3, 5, 7)  # of edge and stroke templates, in pixels
CENTRES = range(3, SIDE - 3, 3)  # of the templates, in both directions


def worst_mistakes(
    outputs: Float[np.ndarray, "example digit"], labels: Int[np.ndarray, " example"], count: int
) -> Int[np.ndarray, " mistake"]:
    """Return the indices of up to `count` misclassified examples, the most confident first."""
    same_length(outputs, labels, ("outputs", "labels"))
    labels = indices(labels, outputs.shape[1], "labels")
    wrong = np.flatnonzero(outputs.argmax(axis=1) != labels)
    most_confident_first = np.argsort(-confidence(outputs[wrong]), kind="stable")
    return wrong[most_confident_first][:count]


def roughness(templates: Float[np.ndarray, "template pixel"]) -> Float[np.ndarray, " template"]:
    r"""Return how much neighbouring pixels differ, relative to any two pixels: {eq}`roughness`.

    Near 1 for independent random numbers, near 0 for a smooth image. Raises ValueError for a
    constant template, whose pixels have no variance to compare with.
    """
    grid = _grid(as_float(templates, "templates"))
    variance = grid.var(axis=(1, 2))
    if not (variance > 0).all():
        raise ValueError("a template whose pixels are all equal has no roughness")
    differences = [np.square(np.diff(grid, axis=axis)).mean(axis=(1, 2)) for axis in (1, 2)]
    return (differences[0] + differences[1]) / 2 / (2 * variance)


def edge_template(
    angle: float, row: int, column: int, radius: int, stroke: bool
) -> Float[np.ndarray, " pixel"]:
    """Return weights inside a disc that respond to an edge, or to a stroke.

    An edge is bright on one side of the line through the disc's centre and dark on the
    other; a stroke is bright along the line, a third of the disc wide, and dark on both
    sides. `angle` rotates the line. The weights sum to zero, and their squares to one.
    """
    rows, columns = np.mgrid[:SIDE, :SIDE]
    across = (columns - column) * np.cos(angle) + (rows - row) * np.sin(angle)
    disc = np.hypot(rows - row, columns - column) <= radius
    if stroke:
        bright = disc & (abs(across) < radius / 3)
        dark = disc & ~bright
    else:  # a pixel on the line belongs to neither side, in spite of rounding
        bright, dark = disc & (across > 1e-9), disc & (across < -1e-9)
    w = (bright / bright.sum() - dark / dark.sum()).ravel()
    return w / np.linalg.norm(w)


def edge_templates() -> Float[np.ndarray, "edge pixel"]:
    """Return edges and strokes in eight directions, three sizes, and every three pixels."""
    return np.array(
        [
            edge_template(turn * np.pi / DIRECTIONS, row, column, radius, stroke)
            for turn in range(DIRECTIONS)
            for row in CENTRES
            for column in CENTRES
            for radius in RADII
            for stroke in (False, True)
        ]
    )


def edge_fraction(
    templates: Float[np.ndarray, "template pixel"], edges: Float[np.ndarray, "edge pixel"]
) -> Float[np.ndarray, " template"]:
    r"""Return the fraction of each template that its best-fitting edge explains: {eq}`edgeness`.

    $\max_e (w \cdot e)^2 / (w \cdot w)(e \cdot e)$, from 0 (no edge fits at all) to 1 (an edge).
    """
    templates, edges = as_float(templates, "templates"), as_float(edges, "edges")
    products = np.square(templates @ edges.T)
    sizes = np.outer(np.square(templates).sum(axis=1), np.square(edges).sum(axis=1))
    return (products / sizes).max(axis=1)


def blurred(templates: Float[np.ndarray, "template pixel"]) -> Float[np.ndarray, "template pixel"]:
    """Average each pixel with its eight neighbours; pixels beyond the border count as zero."""
    padded = np.pad(_grid(as_float(templates, "templates")), ((0, 0), (1, 1), (1, 1)))
    neighbours = [
        padded[:, row : row + SIDE, column : column + SIDE]
        for row in range(3)
        for column in range(3)
    ]
    return np.mean(neighbours, axis=0).reshape(templates.shape)


def shift(
    images: Float[np.ndarray, "example pixel"],
    dx: int | np.integer,
    dy: int | np.integer,
) -> Float[np.ndarray, "example pixel"]:
    """Shift every image `dx` pixels right and `dy` down; uncovered pixels become black."""
    indices([dx, dy], MAX_SHIFT, "shifts", least=-MAX_SHIFT)
    shifted = np.zeros_like(_grid(images))
    shifted[:, _filled(dy), _filled(dx)] = _grid(images)[:, _filled(-dy), _filled(-dx)]
    return shifted.reshape(images.shape)


def shifted_copies(digits: Digits, reach: int) -> Digits:
    """Return the digits and four copies of them, shifted by `reach` right, left, down and up.

    Source: Nielsen (2015, chapter 3), there by one pixel.
    """
    shifts = ((0, 0), (reach, 0), (-reach, 0), (0, reach), (0, -reach))
    images = np.concatenate([shift(digits.images, dx, dy) for dx, dy in shifts])
    return Digits(images, np.tile(digits.labels, len(shifts)))


def add_noise(
    images: Float[np.ndarray, "example pixel"],
    noise: Float[np.ndarray, "example pixel"],
    level: float,
) -> Float[np.ndarray, "example pixel"]:
    r"""Blend images with noise, {eq}`noisy-image`: $(1 - s)\,x + s\,u$ for `level` $s$.

    Raises ValueError unless the level lies between 0 and 1 and the shapes agree.
    """
    if not 0 <= level <= 1:
        raise ValueError(f"the noise level must lie between 0 and 1, not {level}")
    same_shape(images, noise, ("images", "noise"))
    images, noise = as_float(images, "images"), as_float(noise, "noise")
    return (1 - level) * images + level * noise


def confidence(outputs: Float[np.ndarray, "example digit"]) -> Float[np.ndarray, " example"]:
    """Return the largest output of each example, whether its class is correct or not."""
    return outputs.max(axis=1)


class Reliability(NamedTuple):
    """Mean confidence and accuracy in each bin of confidence; nan in an empty bin."""

    counts: Int[np.ndarray, " bin"]
    confidence: Float[np.ndarray, " bin"]
    accuracy: Float[np.ndarray, " bin"]


def reliability(
    confidence: Float[np.ndarray, " example"], correct: Bool[np.ndarray, " example"], bins: int = 10
) -> Reliability:
    """Sort predictions into equal `bins` of confidence, and average within each bin.

    Raises ValueError unless there is a confidence from 0 to 1 for every prediction.
    """
    same_length(confidence, correct, ("confidences", "predictions"))
    confidence = as_float(confidence, "confidences")
    if np.asarray(correct).dtype != bool:
        raise ValueError("correct must hold True or False for each prediction, not numbers")
    if not ((confidence >= 0) & (confidence <= 1)).all():
        raise ValueError("a confidence must lie between 0 and 1")
    index = _bin_index(confidence, whole_number(bins, "bins"))
    counts = np.bincount(index, minlength=bins)
    with np.errstate(invalid="ignore"):  # an empty bin has no average: 0 / 0 is nan
        mean_confidence = np.bincount(index, weights=confidence, minlength=bins) / counts
        accuracy = np.bincount(index, weights=correct, minlength=bins) / counts
    return Reliability(counts, mean_confidence, accuracy)


def calibration_error(
    confidence: Float[np.ndarray, " example"], correct: Bool[np.ndarray, " example"], bins: int = 10
) -> float:
    r"""Return the expected calibration error, {eq}`calibration-error`.

    This is the gap between confidence and accuracy in each bin, averaged over the predictions.
    Source: Guo, Pleiss, Sun and Weinberger (2017).
    """
    found = reliability(confidence, correct, bins)
    filled = found.counts > 0
    gaps = np.abs(found.accuracy - found.confidence)[filled]
    return float((found.counts[filled] * gaps).sum() / len(confidence))


def _bin_index(confidence: np.ndarray, bins: int) -> np.ndarray:
    # a confidence of exactly 1 belongs to the last bin
    return np.minimum((confidence * bins).astype(int), bins - 1)


def _grid(images: np.ndarray) -> np.ndarray:
    return images.reshape(-1, SIDE, SIDE)


def _filled(shift: int | np.integer) -> slice:
    # the rows or columns that a shift fills with pixels of the image
    return slice(max(shift, 0), max(SIDE + min(shift, 0), 0))
