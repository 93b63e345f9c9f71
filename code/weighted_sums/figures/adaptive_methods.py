"""Figures of the chapter on adaptive methods."""

from __future__ import annotations

import numpy as np

from weighted_sums.figures.momentum import COLOURS, ravines, room_for_labels
from weighted_sums.figures.style import LINES, drawing

DASHES = {"plain": "-", "momentum": "--", "RMSprop": "-.", "Adam": "-", "plain, cosine": ":"}


@drawing(height=5.2)
def ravine(fig, height, paths: dict) -> None:
    """Draw the paths of several methods in a ravine, each in a panel of its own."""
    ravines(fig, height, paths)


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
    room_for_labels(ax, len(distances), 1.25)


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
