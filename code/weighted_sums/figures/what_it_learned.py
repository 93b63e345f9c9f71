"""Figures of the chapter on what a network has learned."""

from __future__ import annotations

import numpy as np

from weighted_sums.figures.style import (
    ACTIVATION,
    AMOUNTS,
    INK,
    INPUT,
    QUIET,
    bare,
    drawing,
    show_image,
    show_weights,
)

COLUMNS = 5


@drawing(height=2.8)
def mistakes(fig, images, labels, outputs) -> None:
    """Show misclassified images: below each its label, the prediction and its confidence."""
    axes = fig.subplots(-(-len(images) // COLUMNS), COLUMNS)
    for ax, image, label, output in zip(axes.flat, images, labels, outputs, strict=True):
        show_image(ax, image)
        ax.set_xlabel(f"a {label}, read as {output.argmax()}\nat {output.max():.2f}", fontsize=9)


@drawing(height=4.9)
def template_rows(fig, rows, scores) -> None:
    """Draw rows of weights as images, each row with its name above and `scores` below.

    Every row has its own scale of colours: red negative, white zero, blue positive.
    """
    fig.set_layout_engine("none")  # a plain grid: each row takes the same height
    height = 1 / len(rows)
    for number, (name, templates) in enumerate(rows.items(), 1):
        bottom, width = 1 - number * height, 1 / len(templates)
        fig.text(0.01, bottom + 0.93 * height, name, va="center")
        limit = np.quantile(np.abs(templates), 0.99)  # a few extremes must not make the rest pale
        for column, template in enumerate(templates):
            box = ((column + 0.03) * width, bottom + 0.15 * height, 0.94 * width, 0.7 * height)
            ax = fig.add_axes(box)
            show_weights(ax, template, limit)
            ax.set_xlabel(f"{scores[name][column]:.2f}", fontsize=9, labelpad=2)


@drawing(height=2.5)
def moved(fig, lit, distance) -> None:
    """Draw how often each pixel is lit beside how much its weights changed in training."""
    parts = ((lit, "fraction of digits that light it"), (distance, "mean change of its weights"))
    for ax, (values, name) in zip(fig.subplots(1, 2), parts, strict=True):
        shown = ax.imshow(values.reshape(28, 28), cmap=AMOUNTS, vmin=0)
        bare(ax)
        fig.colorbar(shown, ax=ax, orientation="horizontal", shrink=0.9, pad=0.03).set_label(name)


@drawing(height=4.1)
def into_noise(fig, images, answers, levels, accuracy, brightness) -> None:
    """Show one digit fading into noise, and how networks classify all test digits meanwhile.

    `images` and `answers` (class and confidence) belong to some of the `levels`;
    `accuracy` and `brightness` have a row for each network and a column for each level.
    """
    above, below = fig.subfigures(2, 1, height_ratios=[1, 2.3])
    picked = np.linspace(0, len(levels) - 1, len(images)).astype(int)
    for ax, image, answer, index in zip(
        above.subplots(1, len(images)), images, answers, picked, strict=True
    ):
        show_image(ax, image)
        ax.set_title(f"{levels[index]:.1f}", fontsize=9, pad=3)
        ax.set_xlabel(f"{answer[0]} at {answer[1]:.2f}", fontsize=9)
    ax = below.subplots()
    for rows, colour in ((brightness, ACTIVATION), (accuracy, INPUT)):
        _band(ax, levels, rows, colour)
    ax.text(0.74, 0.75, "largest output", color=ACTIVATION, ha="center")
    ax.text(0.30, 0.36, "accuracy", color=INPUT, ha="center")
    ax.set(xlim=(0, 1), ylim=(0, 1), xlabel="noise level (0 digit, 1 noise)", ylabel="average")


def _band(ax, x, rows, colour, **kwargs) -> None:
    """The mean of the rows as a line, from the lowest to the highest as a band."""
    ax.fill_between(x, rows.min(axis=0), rows.max(axis=0), color=colour, alpha=0.2, lw=0)
    ax.plot(x, rows.mean(axis=0), color=colour, **kwargs)


@drawing(height=3.0)
def accuracy_by_shift(fig, shifts, plain, copies, baseline) -> None:
    """Draw accuracy against the shift, sideways on the left, up and down on the right.

    `plain` and `copies` have a network for each entry of the first axis, `baseline` has one
    entry; then follow the two directions, then the shifts.
    """
    axes = fig.subplots(1, 2, sharey=True)
    for way, (ax, name) in enumerate(zip(axes, ("right", "down"), strict=True)):
        _band(ax, shifts, 100 * baseline[:, way], QUIET, lw=1.2)
        for rows, colour in ((plain, ACTIVATION), (copies, INPUT)):
            _band(ax, shifts, 100 * rows[:, way], colour, marker="o", ms=4)
        ax.axhline(10, color=INK, lw=1, ls="--")
        ax.set(ylim=(0, 100), xticks=shifts[::2], xlabel=f"shift {name} (pixels)")
    axes[0].set_ylabel("accuracy (%)")
    axes[0].text(0, 12, "guessing", ha="center")
    axes[1].text(0, 60, "nearest\nmean", color=INK, ha="center", va="center", fontsize=9)
    axes[1].text(1.1, 93, "with copies", color=INPUT, ha="left", va="bottom", fontsize=9)
    axes[0].text(0, 40, "without", color=ACTIVATION, ha="center", va="center", fontsize=9)
