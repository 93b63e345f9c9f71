"""Figures of the chapter on trained heads: their attention patterns, and what ablations cost."""

from __future__ import annotations

import numpy as np

from weighted_sums.figures.style import ATTENTION, INK, OTHER, QUIET, drawing, show_pattern


@drawing(height=2.0)
def patterns(fig, mirror, first, second) -> None:
    """Show the attention patterns of the reversal head and of the induction model's two layers."""
    names = ("reversal", "induction, layer one", "induction, layer two")
    for ax, pattern, name in zip(fig.subplots(1, 3), (mirror, first, second), names, strict=True):
        show_pattern(ax, pattern, limit=1)
        ax.set_title(name, fontsize=9)


@drawing(height=2.9)
def ablations(fig, accuracies, by_position) -> None:
    """Draw the accuracies of each ablated model, a dot for each seed, beside the best guess.

    `accuracies` maps what was removed to numbers from 0 to 1; `by_position` is the accuracy of the
    best copy from a fixed distance.
    """
    ax = fig.subplots()
    for y, (name, found) in enumerate(accuracies.items()):
        colour = OTHER if "MLP" in name or name == "nothing" else ATTENTION
        ax.plot(found, np.full(len(found), y), "o", color=colour, ms=6, alpha=0.6)
    ax.axvline(by_position, color=QUIET, lw=1, ls=(0, (4, 3)))
    ax.text(by_position + 0.01, -0.75, "position alone", color=INK, fontsize=9, va="center")
    ax.set_yticks(range(len(accuracies)), list(accuracies))
    ax.set_ylim(len(accuracies) - 0.5, -1.1)
    ax.set_xlim(0, 1.03)
    ax.set_xlabel("fraction of repeated symbols predicted")
    ax.set_ylabel("removed")
