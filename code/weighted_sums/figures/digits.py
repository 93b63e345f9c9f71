"""Figures of the chapter on digits."""

from __future__ import annotations

import numpy as np
from matplotlib.patches import Rectangle

from weighted_sums.figures.style import (
    ACTIVATION,
    AMOUNTS,
    BLACK,
    INK,
    INPUT,
    QUIET,
    WHITE,
    bare,
    digit_ranges,
    drawing,
    show_image,
)


@drawing(height=2.55)
def gallery(fig, rows) -> None:
    """Show images in rows, a column for each digit."""
    axes = fig.subplots(len(rows), len(rows[0]))
    for index in np.ndindex(axes.shape):
        show_image(axes[index], rows[index])


@drawing(height=2.6)
def as_numbers(fig, image, top: int, left: int, size: int) -> None:
    """Show `image` and, beside it, the value of each pixel in the framed square."""
    whole, crop = fig.subplots(1, 2, width_ratios=[1, 1.9])
    show_image(whole, image)
    frame = (left - 0.5, top - 0.5)
    whole.add_patch(Rectangle(frame, size, size, fill=False, ec=ACTIVATION, lw=2))
    part = image.reshape(28, 28)[top : top + size, left : left + size]
    crop.imshow(part, cmap="gray", vmin=0, vmax=1)
    bare(crop)
    for (row, column), value in np.ndenumerate(part):
        colour = WHITE if value < 0.5 else BLACK
        crop.text(column, row, _short(value), ha="center", va="center", color=colour, fontsize=9)


def _short(pixel: float) -> str:
    """Format a pixel in as few characters as fit on it: 0, .25, 1."""
    return f"{pixel:.0f}" if pixel in (0, 1) else f"{pixel:.2f}".lstrip("0")


@drawing(height=2.6)
def ink_by_digit(fig, low, middle, high) -> None:
    """Draw the median ink of each digit, and the range that holds most of its images."""
    ax = fig.subplots()
    digit_ranges(ax, low, middle, high, INPUT)
    ax.set_ylabel("ink (mean pixel)")
    ax.set_ylim(bottom=0)


@drawing(height=2.1)
def mean_digits(fig, means) -> None:
    """Show the mean image of each digit."""
    for ax, mean in zip(fig.subplots(2, 5).flat, means, strict=True):
        show_image(ax, mean)


@drawing(height=2.75)
def confusions(fig, tables: dict) -> None:
    """Show confusion tables side by side, darker where there are fewer."""
    axes = fig.subplots(1, len(tables), sharey=True)
    most = max(table.max() for table in tables.values())
    for ax, (name, table) in zip(axes, tables.items(), strict=True):
        picture = ax.imshow(table, cmap=AMOUNTS, vmin=0, vmax=most)
        ax.set_xticks(range(10))
        ax.set_yticks(range(10))
        ax.tick_params(length=0)
        ax.set_xlabel(f"digit predicted\nby {name}")
        for spine in ax.spines.values():
            spine.set_visible(False)
    axes[0].set_ylabel("label")
    fig.colorbar(picture, ax=axes, shrink=0.75, label="images")


@drawing(height=1.75)
def accuracies(fig, scores: dict, chance: float) -> None:
    """Draw the accuracies of each classifier, in per cent, one dot for each split."""
    ax = fig.subplots()
    for y, (name, values) in enumerate(reversed(scores.items())):
        ax.plot(100 * np.asarray(values), np.full(len(values), y), "o", color=ACTIVATION, alpha=0.6)
        ax.text(100 * np.mean(values), y + 0.28, name, ha="center", va="bottom", color=INK)
    ax.axvline(100 * chance, color=QUIET, ls="--")
    ax.text(100 * chance - 1.5, len(scores) - 0.6, "guessing", ha="right", va="center", color=INK)
    ax.set_ylim(-0.5, len(scores) - 0.2)
    ax.set_yticks([])
    ax.spines["left"].set_visible(False)
    ax.set_xlim(-8, 100)
    ax.set_xticks(range(0, 101, 20))
    ax.set_xlabel("test accuracy (%)")
