"""The figure on the book's first page: one digit on its way through a network."""

from __future__ import annotations

import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.patches import Polygon, Rectangle

from weighted_sums.figures.style import (
    ACTIVATION,
    INK,
    NEGATIVE,
    POSITIVE,
    QUIET,
    WIDTH,
    drawing,
    show_image,
)

HEIGHT = 2.5
FLOOR, CEILING = 0.32, 2.46  # inches: the neurons stand between these, the words below
PICTURE = (0.05, 0.72, 1.4)  # left, bottom and side of the image
COLUMNS = (1.78, 2.7, 3.58)  # where the two hidden layers and the outputs stand
BAR = (3.82, 0.94, 0.15)  # left, width and height of an answer's bar
FAINTEST = 0.12  # smaller fractions of the largest term are left out


@drawing(height=HEIGHT)
def from_pixels_to_answer(fig, image, layers, terms) -> None:
    """Draw `image`, the activations of the `layers` after it, and the `terms` between them.

    Every term of a weighted sum, weight times activation, is a line: blue adds, red subtracts.
    """
    fig.set_layout_engine("none")  # all positions are in inches
    ax = fig.add_axes((0, 0, 1, 1), xlim=(0, WIDTH), ylim=(0, HEIGHT))
    ax.axis("off")
    _picture(ax, image)
    points = [_points(x, len(a)) for x, a in zip(COLUMNS, layers, strict=True)]
    for start, end, term in zip(points[:-1], points[1:], terms, strict=True):
        ax.add_collection(_lines(start, end, term))
    for layer, a in zip(points[:-1], layers[:-1], strict=True):
        _neurons(ax, layer, a)
        _words(ax, layer[0, 0], f"{len(a)} neurons")
    _answers(ax, points[-1], layers[-1])


def _words(ax, x: float, words: str) -> None:
    ax.text(x, FLOOR - 0.12, words, ha="center", va="top")


def _points(x: float, n: int) -> np.ndarray:
    return np.column_stack([np.full(n, x), CEILING - (CEILING - FLOOR) * (np.arange(n) + 0.5) / n])


def _picture(ax, image) -> None:
    left, bottom, side = PICTURE
    frame = ax.inset_axes((left, bottom, side, side), transform=ax.transData)
    show_image(frame, image)
    fan = [(left + side, bottom), (left + side, bottom + side)]
    fan += [(COLUMNS[0], CEILING - 0.07), (COLUMNS[0], FLOOR + 0.07)]
    ax.add_patch(Polygon(fan, color=QUIET, alpha=0.18, lw=0, zorder=0))
    _words(ax, left + side / 2, f"{image.size} pixels")


def _lines(start, end, term) -> LineCollection:
    strength = np.abs(term) / np.abs(term).max()
    ends, starts = np.nonzero(strength > FAINTEST)
    order = np.argsort(strength[ends, starts])
    ends, starts = ends[order], starts[order]
    return LineCollection(
        [(start[i], end[j]) for j, i in zip(ends, starts, strict=True)],
        colors=np.where(term[ends, starts] > 0, POSITIVE, NEGATIVE),
        linewidths=0.3 + 1.7 * strength[ends, starts],
        alpha=0.25 + 0.75 * strength[ends, starts],
        zorder=1,
    )


def _neurons(ax, points, a) -> None:
    # the fill is the activation itself: 0 black, 1 white, as for the pixels
    ax.scatter(*points.T, s=46, c=a, cmap="gray", vmin=0, vmax=1, edgecolors=QUIET, zorder=2)


def _answers(ax, points, a) -> None:
    brightest = a.argmax()
    left, width, height = BAR
    for digit, ((x, y), activation) in enumerate(zip(points, a, strict=True)):
        chosen = digit == brightest
        weight, colour = ("bold", ACTIVATION) if chosen else ("normal", INK)
        ax.text(x + 0.12, y, str(digit), ha="center", va="center", weight=weight)
        corner = (left, y - height / 2)
        ax.add_patch(Rectangle(corner, width * activation, height, color=colour, lw=0))
        ax.add_patch(Rectangle(corner, width, height, fill=False, ec=QUIET, lw=0.6))
    _words(ax, (COLUMNS[-1] + left + width) / 2, f"{len(a)} answers")
