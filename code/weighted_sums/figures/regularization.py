"""Figures of the chapter on overfitting and regularisation."""

from __future__ import annotations

import numpy as np

from weighted_sums.figures.style import (
    GRADIENT,
    TRAINING,
    VALIDATION,
    dots,
    drawing,
)


@drawing(height=2.8)
def overfitting(fig, runs) -> None:
    """Draw `runs[seed, epoch]`: training and held-out cost, then both accuracies in per cent."""
    costs, accuracies = fig.subplots(1, 2)
    epochs = np.arange(1, runs.shape[1] + 1)
    for column, (ax, colour) in enumerate(
        [(costs, TRAINING), (costs, VALIDATION), (accuracies, TRAINING), (accuracies, VALIDATION)]
    ):
        ax.plot(epochs, runs[:, :, column].T, color=colour, lw=1.2)
    middle, ends = len(epochs) // 2, runs.mean(axis=0)
    costs.text(middle, ends[middle, 1] + 0.06, "held out", color=VALIDATION, ha="center")
    costs.text(middle, ends[middle, 0] + 0.04, "training", color=TRAINING, ha="center")
    accuracies.text(
        middle, ends[middle, 3] - 3, "held out", color=VALIDATION, ha="center", va="top"
    )
    accuracies.text(middle, ends[middle, 2] - 1, "training", color=TRAINING, ha="center", va="top")
    costs.set(xlabel="epoch", ylabel="cross-entropy", ylim=(0, 0.9))
    accuracies.set(xlabel="epoch", ylabel="accuracy (%)", ylim=(75, 101))


@drawing(height=2.8)
def by_size(fig, sizes, accuracies) -> None:
    """Draw `accuracies[size, seed]`, training and held-out in per cent, against the examples."""
    ax = fig.subplots()
    parts = (("training", TRAINING, "bottom", 1), ("held out", VALIDATION, "top", -1.5))
    for k, (name, colour, side, above) in enumerate(parts):
        runs = accuracies[..., k]
        ax.fill_between(sizes, runs.min(axis=1), runs.max(axis=1), color=colour, alpha=0.2, lw=0)
        ax.plot(sizes, runs.mean(axis=1), "o-", ms=4, color=colour)
        middle = len(sizes) // 2
        ax.text(sizes[middle], runs[middle].mean() + above, name, color=colour, va=side)
    ax.set_xscale("log")
    ax.set_xticks(sizes, [f"{size:,d}" for size in sizes], minor=False)
    ax.minorticks_off()
    ax.set(xlabel="training digits", ylabel="accuracy (%)", ylim=(65, 104))


@drawing(height=2.4)
def methods(fig, accuracy) -> None:
    """Draw the held-out accuracies of a few methods, a dot for each seed."""
    dots(fig.subplots(), accuracy, GRADIENT)
