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
    """Draw images on top, templates on the left, and each pair's score where they meet."""
    axes = fig.subplots(len(templates) + 1, len(images) + 1)
    axes[0, 0].axis("off")
    for ax, (name, image) in zip(axes[0, 1:], images.items(), strict=True):
        show_image(ax, image)
        ax.set_xlabel(name)
        ax.xaxis.set_label_position("top")
    for row, (name, template) in zip(axes[1:], templates.items(), strict=True):
        show_weights(row[0], template, np.abs(template).max())
        row[0].set_ylabel(name)
    for (row, column), score in np.ndenumerate(scores):
        ax = axes[row + 1, column + 1]
        ax.axis("off")
        colour = POSITIVE if score > 0.05 else NEGATIVE if score < -0.05 else QUIET
        text = "0.00" if abs(score) < 0.005 else f"{score:+.2f}".replace("-", "−")
        ax.text(0.5, 0.5, text, color=colour, ha="center", va="center", weight="bold")


@drawing(height=2.5)
def scores_by_digit(fig, low, middle, high) -> None:
    """Draw the range of one neuron's weighted sums over the images of each digit."""
    ax = fig.subplots()
    digit_ranges(ax, low, middle, high, ACTIVATION)
    ax.axhline(0, color=INK, lw=0.8)
    ax.set_ylabel("weighted sum z")


@drawing(height=2.5)
def soft_to_step(fig, x, by_weight: dict, by_bias: dict) -> None:
    """Draw one neuron with one input: the effect of its weight, and that of its bias."""
    left, right = fig.subplots(1, 2, sharey=True)
    for colour, y, (weight, a) in zip(LINES, (0.1, 0.22, 0.34), by_weight.items(), strict=False):
        left.plot(x, a, color=colour)
        left.text(1.0, y, f"w = {weight}", color=colour, va="center")
    for colour, y, (bias, a) in zip(LINES, (0.94, 0.82, 0.7), by_bias.items(), strict=False):
        right.plot(x, a, color=colour)
        right.text(-3, y, f"b = {bias}".replace("-", "−"), color=colour, va="center", fontsize=9)
    for ax in (left, right):
        ax.set_xlabel("input x")
        ax.set_ylim(-0.03, 1.03)
    left.set_ylabel("activation a")


# the name of each curve, and its positions in the panels of values and derivatives
NAMES = {
    "sigmoid": ("sigmoid", (-6, 0.1), (1.9, 0.2)),
    "tanh": ("tanh", (-6, -0.9), (0.9, 0.72)),
    "relu": ("ReLU", (1.9, 1.4), (2.2, 0.9)),
}


@drawing(height=2.5)
def activations(fig, z, values: dict, derivatives: dict) -> None:
    """Draw three activation functions and their derivatives."""
    left, right = fig.subplots(1, 2)
    for colour, style, (key, (name, *points)) in zip(
        LINES, ("-", "--", ":"), NAMES.items(), strict=False
    ):
        for ax, curves, point in zip((left, right), (values, derivatives), points, strict=True):
            ax.plot(z, curves[key], style, color=colour)
            ax.text(*point, name, color=colour)
    for ax, label in ((left, "activation a"), (right, "derivative")):
        ax.set_xlabel("weighted sum z")
        ax.set_ylabel(label)
    left.set_ylim(-1.15, 1.6)
    right.set_ylim(-0.05, 1.15)


@drawing(height=4.4)
def decision_lines(fig, corners, answers: dict, lines: dict) -> None:
    """Draw four inputs for each gate, full where it fires, and the line of its perceptron."""
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
        ax.set_title(name, fontsize=10, weight="bold")
        ax.set_xlabel("x₁", labelpad=1)
        ax.set_ylabel("x₂", rotation=0, labelpad=6)
