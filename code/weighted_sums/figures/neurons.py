"""Figures of the chapter on neurons."""

from __future__ import annotations

import numpy as np

from weighted_sums.figures.style import (
    ACTIVATION,
    INK,
    LINES,
    NEGATIVE,
    POSITIVE,
    QUIET,
    digit_ranges,
    drawing,
    show_image,
    show_weights,
)


@drawing(height=3.1)
def template_scores(fig, templates: dict, images: dict, scores) -> None:
    """A table of pictures: images on top, templates on the left, every score where they meet."""
    axes = fig.subplots(len(templates) + 1, len(images) + 1)
    axes[0, 0].axis("off")
    for ax, (name, image) in zip(axes[0, 1:], images.items(), strict=True):
        show_image(ax, image)
        ax.set_xlabel(name)
        ax.xaxis.set_label_position("top")
    for row, (name, template) in zip(axes[1:], templates.items(), strict=True):
        show_weights(row[0], template, np.abs(template).max())
        row[0].set_ylabel(name)
    for place, score in np.ndenumerate(scores):
        ax = axes[place[0] + 1, place[1] + 1]
        ax.axis("off")
        colour = POSITIVE if score > 0.05 else NEGATIVE if score < -0.05 else QUIET
        text = f"{score:+.2f}".replace("-", "−")
        ax.text(0.5, 0.5, text, color=colour, ha="center", va="center", weight="bold")


@drawing(height=2.5)
def scores_by_digit(fig, low, middle, high) -> None:
    """The weighted sums that one neuron gives to the images of each digit."""
    ax = fig.subplots()
    digit_ranges(ax, low, middle, high, ACTIVATION)
    ax.axhline(0, color=INK, lw=0.8)
    ax.set_ylabel("weighted sum z")


@drawing(height=2.5)
def soft_to_step(fig, x, by_weight: dict, by_bias: dict) -> None:
    """One neuron with one input: what its weight does, and what its bias does."""
    left, right = fig.subplots(1, 2, sharey=True)
    for ax, curves, letter in ((left, by_weight, "w"), (right, by_bias, "b")):
        for colour, (value, a) in zip(LINES, curves.items(), strict=False):
            ax.plot(x, a, color=colour)
            _name_curve(ax, x, a, f"{letter} = {value:g}".replace("-", "−"), colour)
        ax.set_xlabel("input x")
        ax.set_ylim(-0.03, 1.03)
    left.set_ylabel("activation a")


def _name_curve(ax, x, a, name: str, colour: str) -> None:
    """Write the name beside the curve, at the height where the curves lie furthest apart."""
    at = int(np.argmin(np.abs(a - 0.72)))
    ax.annotate(
        name, (x[at], a[at]), (-4, 3), textcoords="offset points", ha="right", color=colour,
        fontsize=9,
    )  # fmt: skip


@drawing(height=2.5)
def activations(fig, z, values: dict, slopes: dict) -> None:
    """Three squashes and their slopes."""
    left, right = fig.subplots(1, 2)
    for ax, curves, label in ((left, values, "activation a"), (right, slopes, "slope")):
        for colour, style, (name, curve) in zip(
            LINES, ("-", "--", ":"), curves.items(), strict=False
        ):
            ax.plot(z, curve, style, color=colour, label=name)
        ax.set_xlabel("weighted sum z")
        ax.set_ylabel(label)
        ax.set_ylim(-1.15, 1.6) if ax is left else ax.set_ylim(-0.05, 1.15)
    right.legend(frameon=False, fontsize=9, loc="upper left", handlelength=1.6)


@drawing(height=4.3)
def decision_lines(fig, corners, answers: dict, lines: dict) -> None:
    """Four corners for each gate, full where the gate fires, and the line of its perceptron."""
    for ax, (name, fires) in zip(fig.subplots(2, 2).flat, answers.items(), strict=True):
        ax.set_xlim(-0.5, 1.5)
        ax.set_ylim(-0.5, 1.5)
        ax.set_aspect("equal")
        if name in lines:
            (w1, w2), b = lines[name]
            x = np.linspace(-0.5, 1.5, 50)
            y = -(w1 * x + b) / w2
            ax.plot(x, y, color=INK)
            ax.fill_between(x, y, 1.5 if w2 > 0 else -0.5, color=ACTIVATION, alpha=0.15, lw=0)
        full = np.asarray(fires, bool)
        ax.plot(*corners[full].T, "o", color=ACTIVATION, ms=11)
        ax.plot(*corners[~full].T, "o", mfc="white", mec=INK, ms=11)
        ax.set_xticks([0, 1])
        ax.set_yticks([0, 1])
        ax.set_xlabel(f"x₁          {name}          ".rstrip())
        ax.set_ylabel("x₂", rotation=0, labelpad=8)
