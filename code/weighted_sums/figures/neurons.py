"""Figures of the chapter on neurons."""

from __future__ import annotations

import numpy as np
from matplotlib.patches import Circle

from weighted_sums.figures.style import (
    ACTIVATION,
    INK,
    INPUT,
    LINES,
    NEGATIVE,
    POSITIVE,
    QUIET,
    digit_ranges,
    drawing,
    show_image,
    show_weights,
)


@drawing(height=2.5)
def neuron_diagram(fig, x, w, b: float, z: float, a: float) -> None:
    """Draw one neuron: inputs times weights, their sum with the bias, the activation."""
    ax = fig.subplots()
    ax.set_xlim(-0.5, 8.3)
    ax.set_ylim(-2.2, 2.2)
    ax.set_aspect("equal")
    ax.axis("off")
    for y, value, weight in zip((1.7, 0.0, -1.7), x, w, strict=True):
        colour = POSITIVE if weight > 0 else NEGATIVE
        ax.plot([0.4, 3.1], [y, 0.15 * y], color=colour, lw=0.8 + 0.6 * abs(weight), zorder=0)
        _node(ax, 0.0, y, INPUT, _signed(value))
        side, above = (0.35, "bottom") if y > 0 else (0.1, "bottom") if y == 0 else (-0.35, "top")
        text = f"w = {_signed(weight)}"
        ax.text(1.6, 0.62 * y + side, text, color=colour, ha="center", va=above)
    _arrow(ax, (3.5, -1.2), (3.5, -0.5))
    ax.text(3.5, -1.35, f"b = {_signed(b)}", ha="center", va="top")
    _node(ax, 3.5, 0.0, INK, "Σ")
    _arrow(ax, (3.9, 0.0), (5.2, 0.0))
    ax.text(4.55, 0.15, f"z = {_signed(z)}", ha="center", va="bottom")
    _node(ax, 5.65, 0.0, ACTIVATION, "")
    curve = np.linspace(-6, 6, 60)
    ax.plot(5.65 + curve / 24, 0.25 * np.tanh(curve / 2), color=ACTIVATION)
    ax.text(5.65, 0.55, "σ", ha="center", va="bottom", color=ACTIVATION)
    _arrow(ax, (6.05, 0.0), (6.9, 0.0))
    ax.text(7.0, 0, f"a = {a:g}", va="center", color=ACTIVATION, weight="bold")


def _node(ax, x: float, y: float, colour: str, text: str) -> None:
    ax.add_patch(Circle((x, y), 0.4, fc="white", ec=colour, lw=1.6))
    ax.text(x, y, text, color=colour, ha="center", va="center")


def _arrow(ax, begin: tuple[float, float], end: tuple[float, float]) -> None:
    ax.annotate("", end, begin, arrowprops={"arrowstyle": "-|>", "color": INK, "lw": 1.2})


def _signed(value: float) -> str:
    return f"{value:g}".replace("-", "−")


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
def scores_by_digit(fig, template, low, middle, high) -> None:
    """Draw a template, and the range of its weighted sums over the images of each digit."""
    left, ax = fig.subplots(1, 2, width_ratios=[1, 2])
    show_weights(left, template, np.abs(template).max())
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


@drawing(height=2.4)
def smooth_or_not(fig, weights, errors: dict) -> None:
    """Draw the error of a neuron with each activation function against one of its weights."""
    ax = fig.subplots()
    for colour, style, (name, error) in zip(LINES, ("-", "--"), errors.items(), strict=False):
        ax.plot(weights, error, style, color=colour, label=name)
    ax.set_xlabel("first weight w₁")
    ax.set_ylabel("mean distance\nfrom the targets")
    ax.set_ylim(bottom=-0.01)
    ax.legend(frameon=False, loc="lower right")


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
