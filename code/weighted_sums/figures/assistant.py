"""Figures of the page on assistants: reward against what is felt, and three policies."""

from __future__ import annotations

import numpy as np

from weighted_sums.figures.style import ACTIVATION, AMOUNTS, LINES, QUIET, drawing


@drawing(height=3.0)
def beta(fig, moved, learnt, felt) -> None:
    """Draw the learnt reward and what raters feel against the distance from the predictor."""
    ax = fig.subplots()
    best = int(np.argmax(felt))
    ax.axvline(moved[best], color=QUIET, lw=0.8, ls=(0, (4, 3)))
    ax.plot(moved, learnt, color=LINES[0])
    ax.plot(moved, felt, color=ACTIVATION)
    ax.text(moved[-1] + 0.2, learnt[-1], "learnt reward", color=LINES[0], va="center")
    ax.text(moved[-1] + 0.2, felt[-1], "what is felt", color=ACTIVATION, va="center")
    ax.set_xlim(0, moved[-1] * 1.38)
    ax.set_ylim(0, None)
    ax.set_xlabel("distance from the predictor (nats)")
    ax.set_ylabel("average over answers")


@drawing(height=1.7)
def policies(fig, shares, facts=5, flourishes=9) -> None:
    """Show the shares of all answers under several policies, as tables."""
    names = ("predictor", "liked best", "most reward")
    axes = fig.subplots(1, len(shares), sharey=True)
    for ax, p, name in zip(axes, shares, names, strict=True):
        ax.imshow(p.reshape(facts, flourishes), cmap=AMOUNTS, origin="lower", vmin=0)
        ax.set_title(name, fontsize=10)
        ax.set_xticks([0, 4, 8])
        ax.set_yticks([0, 4])
        ax.set_xlabel("flourishes")
    axes[0].set_ylabel("facts")
