"""Figures of the chapter on learning better: saturation, overfitting, depth, ablations."""

from __future__ import annotations

import numpy as np

from weighted_sums.figures.style import (
    GRADIENT,
    INK,
    LINES,
    QUIET,
    TRAINING,
    VALIDATION,
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
def size_by_depth(fig, sizes) -> None:
    """Draw the mean square of the activations of each layer: `sizes[gain][seed, layer]`."""
    ax = fig.subplots()
    for (name, runs), colour in zip(sizes.items(), LINES, strict=False):
        layers = np.arange(runs.shape[1])
        ax.semilogy(layers, runs.T, color=colour, lw=1.2)
        ax.text(layers[-1] + 0.4, runs[:, -1].mean(), name, color=colour, va="center")
    ax.set(xlim=(0, layers[-1] * 1.3), xticks=layers[::5])
    ax.set(xlabel="layer", ylabel="mean square of activations")


@drawing(height=3.1)
def layer_gradients(fig, norms) -> None:
    """Draw the norm of each layer's dW: `norms[network][seed, layer]`."""
    ax = fig.subplots()
    for (name, runs), colour in zip(norms.items(), (INK, *LINES), strict=False):
        middle = np.exp(np.log(runs).mean(axis=0))
        layers = np.arange(1, len(middle) + 1)
        ax.fill_between(layers, runs.min(axis=0), runs.max(axis=0), color=colour, alpha=0.2, lw=0)
        ax.semilogy(layers, middle, "o-", ms=3, color=colour)
        ax.text(*_beside(name, middle), name, color=colour, va="center", fontsize=9)
    ax.set(xlabel="layer", ylabel="norm of the gradient", xticks=layers)


def _beside(name, middle) -> tuple[float, float]:
    # below the lines of the plain networks, above those that overlap them
    if name.startswith("sigmoid"):
        return 4.3, middle[3] / 4
    return 2.1, middle[1] * (0.2 if name.startswith("ReLU") else 3.5)


@drawing(height=2.4)
def regularisation(fig, accuracy) -> None:
    """Draw the held-out accuracies of a few methods, a dot for each seed."""
    _dots(fig.subplots(), accuracy, GRADIENT)


@drawing(height=3.9)
def ablation(fig, added, removed) -> None:
    """Draw the accuracy after each addition, and below it after each removal from the last."""
    upper, lower = fig.subplots(
        2, 1, sharex=True, height_ratios=(len(added) + 0.3, len(removed) + 0.3)
    )
    _dots(upper, added, GRADIENT)
    _dots(lower, removed, LINES[1])
    upper.set_xlabel("")


def _dots(ax, accuracy, colour) -> None:
    for row, runs in enumerate(accuracy.values()):
        ax.plot([min(runs), max(runs)], [row, row], color=QUIET, lw=5, alpha=0.4)
        ax.plot(runs, [row] * len(runs), "o", ms=5, color=colour, mec="white", mew=0.5)
    ax.set_yticks(range(len(accuracy)), list(accuracy))
    ax.set(ylim=(len(accuracy) - 0.5, -0.5), xlabel="held-out accuracy (%)")
    ax.grid(axis="x", color=QUIET, alpha=0.3)
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)
