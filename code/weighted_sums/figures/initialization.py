"""Figures of the chapter on initialisation: the size of activations and gradients in layers."""

from __future__ import annotations

import numpy as np

from weighted_sums.figures.style import (
    INK,
    LINES,
    drawing,
)


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
