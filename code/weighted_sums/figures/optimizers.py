"""Figures of the chapter on optimisers."""

from __future__ import annotations

import numpy as np

from weighted_sums.figures.style import ACTIVATION, INK, LINES, QUIET, drawing

COLOURS = {
    "plain": INK,
    "plain, cosine": LINES[3],
    "momentum": LINES[0],
    "RMSprop": LINES[2],
    "Adam": LINES[1],
}
DASHES = {"plain": "-", "momentum": "--", "RMSprop": "-.", "Adam": "-", "plain, cosine": ":"}


@drawing(height=2.9)
def zigzag(fig, height, paths: dict) -> None:
    """Draw the paths of one method, one below the other, each with its name."""
    _ravines(fig, height, paths)


@drawing(height=5.2)
def ravine(fig, height, paths: dict) -> None:
    """Draw the paths of several methods in a ravine, each in a panel of its own."""
    _ravines(fig, height, paths)


def _ravines(fig, height, paths) -> None:
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
    for colour, (name, distances) in zip(LINES, curves.items(), strict=False):
        ax.semilogy(distances, color=colour)
        ax.annotate(
            name, (len(distances) - 1, distances[-1]), (5, 0), textcoords="offset points",
            color=colour, va="center",
        )  # fmt: skip
    ax.set(xlabel="step", ylabel="distance from the minimum")
    _room_for_labels(ax, len(distances), 1.22)


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


@drawing(height=2.9)
def noise_floors(fig, curves: dict) -> None:
    """Draw the distance from the minimum under gradient noise, a curve for each schedule."""
    ax = fig.subplots()
    for colour, (name, distances) in zip(LINES, curves.items(), strict=False):
        ax.semilogy(distances, color=colour, lw=1.5)
        ax.annotate(
            name, (len(distances) - 1, distances[-1]), (5, 0), textcoords="offset points",
            color=colour, va="center",
        )  # fmt: skip
    ax.set(xlabel="step", ylabel="distance from the minimum")
    _room_for_labels(ax, len(distances), 1.25)


def _room_for_labels(ax, steps, factor) -> None:
    ax.set_xlim(0, factor * (steps - 1))
    ax.set_xticks(range(0, steps, 20))


@drawing(height=4.4)
def rates(fig, x, panels: dict) -> None:
    """Draw final cost against learning rate: each optimiser's range over seeds and its median.

    `panels` maps a panel's name to {optimiser: costs}, with a row of costs for each entry of `x`.
    """
    axes = fig.subplots(len(panels), 1, sharex=True, squeeze=False)[:, 0]
    for ax, (title, kinds) in zip(axes, panels.items(), strict=True):
        for name, costs in kinds.items():
            low, high, middle = costs.min(axis=1), costs.max(axis=1), np.median(costs, axis=1)
            ax.fill_between(x, low, high, color=COLOURS[name], alpha=0.18, lw=0)
            ax.plot(x, middle, DASHES[name], color=COLOURS[name], lw=1.6, marker="o", ms=3)
        ax.set(xscale="log", ylim=(0, 1.05), ylabel="validation cost")
        ax.set_title(title, fontsize=10, loc="left")
    axes[-1].set_xlabel("learning rate")
    _legend(fig, panels[title])


@drawing(height=3.3)
def curves(fig, costs: dict) -> None:
    """Draw the cost after each epoch: for each optimiser the range over seeds and its mean."""
    ax = fig.subplots()
    for name, runs in costs.items():
        epochs = np.arange(runs.shape[1])[1:]
        low, high = runs.min(axis=0)[1:], runs.max(axis=0)[1:]
        ax.fill_between(epochs, low, high, color=COLOURS[name], alpha=0.15, lw=0)
        ax.plot(epochs, runs.mean(axis=0)[1:], DASHES[name], color=COLOURS[name])
    ax.set(xlabel="epoch", ylabel="training cost", ylim=(0, None), xticks=epochs)
    _legend(fig, costs)


def _legend(fig, names) -> None:
    # five curves lie too close together for labels at their ends
    lines = [
        fig.axes[0].plot([], [], DASHES[name], color=COLOURS[name], label=name)[0] for name in names
    ]
    fig.legend(handles=lines, loc="outside upper center", ncols=3, frameon=False, fontsize=9)
