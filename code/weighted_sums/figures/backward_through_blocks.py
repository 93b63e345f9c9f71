"""Figures of the chapter on the backward pass of a transformer."""

from __future__ import annotations

import numpy as np

from weighted_sums.figures.style import GRADIENT, LINES, drawing


@drawing(height=2.9)
def gradients_along_blocks(fig, blocks, runs) -> None:
    """Draw the gradient's norm after so many `blocks`, a group of runs for each name."""
    ax = fig.subplots()
    colours = (GRADIENT, *LINES[:2])
    for (name, found), colour in zip(runs.items(), colours, strict=True):
        ax.semilogy(blocks, found.T, color=colour, lw=0.8, alpha=0.6)
        mean = np.exp(np.log(found).mean(axis=0))
        ax.semilogy(blocks, mean, "o-", ms=3, color=colour)
        ax.text(blocks[-1] * 1.03, mean[-1], name, color=colour, va="center", fontsize=9)
    ax.set(xlabel="blocks passed", ylabel="norm of the gradient", xticks=blocks[::2])
    ax.set_xlim(-0.5, blocks[-1] * 1.45)
