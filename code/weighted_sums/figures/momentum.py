"""Figures of the chapter on momentum."""

from __future__ import annotations

import numpy as np

from weighted_sums.figures.style import ACTIVATION, INK, LINES, QUIET, apart, drawing

COLOURS = {
    "plain": INK,
    "plain, cosine": LINES[3],
    "momentum": LINES[0],
    "RMSprop": LINES[2],
    "Adam": LINES[1],
}


@drawing(height=2.9)
def zigzag(fig, height, paths: dict) -> None:
    """Draw the paths of one method, one below the other, each with its name."""
    ravines(fig, height, paths)


def ravines(fig, height, paths) -> None:
    """Draw paths in a ravine, a panel for each, with equal scales."""
    # equal scales for both directions: a ravine has to look like one
    points = np.concatenate(list(paths.values()))
    left, right = points[:, 0].min() - 0.8, max(points[:, 0].max(), 2) + 0.8
    top = np.abs(points[:, 1]).max() + 0.3
    x, y = np.meshgrid(np.linspace(left, right, 201), np.linspace(-top, top, 81))
    heights = height(np.stack([x, y], axis=-1))
    levels = heights.max() * np.linspace(0.1, 1, 8) ** 2
    axes = fig.subplots(len(paths), 1, sharex=True, squeeze=False)[:, 0]
    for ax, (name, path) in zip(axes, paths.items(), strict=True):
        ax.contour(x, y, heights, levels=levels, colors=QUIET, linewidths=0.6, alpha=0.7)
        colour = COLOURS.get(name, ACTIVATION)
        ax.plot(*path.T, ".-", color=colour, lw=1.1, ms=4)
        ax.plot(*path[0], "o", color=colour, ms=6)
        ax.plot(0, 0, "+", color=INK, ms=10, mew=1.5)
        ax.set_title(name, fontsize=10, color=colour, loc="left", pad=3)
        ax.set(xlim=(left, right), ylim=(-top, top), aspect="equal", yticks=[-1, 0, 1])
        ax.set_ylabel("$x_2$", rotation=0, va="center")
    axes[-1].set_xlabel("$x_1$")


@drawing(height=2.9)
def convergence(fig, curves: dict) -> None:
    """Draw the distance from the minimum after each step, a curve for each momentum."""
    ax = fig.subplots()
    heights = apart([distances[-1] for distances in curves.values()], 1.4, factor=True)
    for colour, height, (name, distances) in zip(LINES, heights, curves.items(), strict=False):
        ax.semilogy(distances, color=colour)
        ax.annotate(
            name, (len(distances) - 1, height), (5, 0), textcoords="offset points",
            color=colour, va="center",
        )  # fmt: skip
    ax.set(xlabel="step", ylabel="distance from the minimum")
    room_for_labels(ax, len(distances), 1.22)


@drawing(height=2.9)
def condition(fig, numbers, counted: dict, powers: dict) -> None:
    """Draw steps against the condition number as dots, and power laws as lines."""
    ax = fig.subplots()
    for name, steps in counted.items():
        colour = COLOURS[name]
        predicted = steps[-1] * (numbers / numbers[-1]) ** powers[name]
        ax.loglog(numbers, predicted, color=colour, lw=1.2, alpha=0.7)
        ax.loglog(numbers, steps, "o", color=colour, ms=6)
        ax.annotate(
            name, (numbers[-1], steps[-1]), (8, 0), textcoords="offset points", color=colour,
            va="center",
        )  # fmt: skip
    ax.set(xlabel=r"condition number $\kappa$", ylabel="steps needed")
    ax.set_xlim(right=numbers[-1] * 5)


def room_for_labels(ax, steps, factor) -> None:
    """Leave room for the names of curves to the right of them."""
    ax.set_xlim(0, factor * (steps - 1))
    ax.set_xticks(range(0, steps, 20))
