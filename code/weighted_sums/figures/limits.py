"""Figures of the page on limits: memorised passages, and an amplified bias."""

from __future__ import annotations

from weighted_sums.figures.style import ACTIVATION, LINES, QUIET, drawing


@drawing(height=2.8)
def recited(fig, orders, fractions) -> None:
    """Draw the fraction of passages reproduced exactly, for training and for unseen text."""
    ax = fig.subplots()
    for colour, (name, row) in zip((ACTIVATION, LINES[0]), fractions.items(), strict=True):
        ax.plot(orders, row, "o-", color=colour, ms=5)
        ax.text(orders[-1] + 0.3, row[-1], name, color=colour, va="center")
    ax.set_xticks(orders)
    ax.set_xlim(orders[0] - 0.4, orders[-1] + 3.6)
    ax.set_ylim(-0.03, 1.03)
    ax.set_xlabel("n of the n-gram model")
    ax.set_ylabel("fraction recited exactly")


@drawing(height=2.6)
def amplified(fig, temperatures, written, real) -> None:
    """Draw how often the majority's word is generated, against falling temperature."""
    ax = fig.subplots()
    ax.axhline(real, color=QUIET, lw=1, ls=(0, (4, 3)))
    ax.text(0, real - 0.015, "in the text", ha="right", va="top", fontsize=9)
    ax.plot(temperatures, written, color=ACTIVATION)
    ax.set_xlim(1, 0)
    ax.set_ylim(0.7, 1.01)
    ax.set_xlabel("temperature")
    ax.set_ylabel("fraction of “she”")
