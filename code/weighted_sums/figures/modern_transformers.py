"""Figures of the chapter on newer parts: what was exchanged, what it buys, and few bits."""

from __future__ import annotations

import numpy as np
from matplotlib.patches import FancyBboxPatch, Rectangle

from weighted_sums.figures.diagrams import arrow, canvas
from weighted_sums.figures.style import (
    ACTIVATION,
    ATTENTION,
    GRADIENT,
    INK,
    INPUT,
    LINES,
    OTHER,
    QUIET,
    drawing,
)

PARTS = (
    ("layer norm", "RMS norm", INK),
    ("attention", "grouped-query\nattention", ATTENTION),
    ("layer norm", "RMS norm", INK),
    ("MLP, GELU", "SwiGLU, or\nexperts", ACTIVATION),
)
HEIGHTS = (5.5, 4.35, 2.7, 1.55)


@drawing(height=4.4)
def exchanged(fig) -> None:
    """Draw a block of GPT-2 beside one of today: the same stream, other parts."""
    ax = canvas(fig, 9.0, 8.25)
    for left, title, positions in (
        (0.9, "GPT-2 (2019)", "tokens + learned positions"),
        (5.4, "many models today", "tokens; positions are rotations"),
    ):
        new = left > 2
        ax.text(left + 1.45, 7.95, title, ha="center", va="center", color=INK)
        ax.text(left + 1.45, 7.3, positions, ha="center", va="center", fontsize=8.5, color=INPUT)
        arrow(ax, (left, 6.9), (left, 0.35), INPUT, 2.5)
        for y, (old, today, colour) in zip(HEIGHTS, PARTS, strict=True):
            _box(ax, left + 0.75, y, today if new else old, colour, today if new else "")
        for top, bottom in ((5.5, 4.35), (2.7, 1.55)):
            ax.plot([left, left + 0.75], [top, top], color=QUIET, lw=1.2)
            arrow(ax, (left + 1.85, top - 0.38), (left + 1.85, bottom + 0.38))
            ax.plot([left + 1.85] * 2, [bottom - 0.38, bottom - 0.62], color=QUIET, lw=1.2)
            arrow(ax, (left + 1.85, bottom - 0.62), (left + 0.08, bottom - 0.62))
            ax.text(left - 0.32, bottom - 0.62, "+", ha="center", va="center", color=INPUT)


def _box(ax, x, y, words, colour, new) -> None:
    look = {"boxstyle": "round,pad=0,rounding_size=0.12", "ec": colour}
    for style in ({"fc": colour, "alpha": 0.16 if new else 0.05, "lw": 0}, {"fc": "none"}):
        ax.add_patch(FancyBboxPatch((x, y - 0.38), 2.2, 0.76, **look, **style))
    ax.text(x + 1.1, y, words, ha="center", va="center", fontsize=9, color=INK)


@drawing(height=3.3)
def designs(fig, losses) -> None:
    """Draw, for each design, how far every seed lies from the same seed of the base."""
    ax = fig.subplots()
    base = np.array(losses["base"])
    others = {name: np.array(runs) - base for name, runs in losses.items() if name != "base"}
    ax.axvline(0, color=QUIET, lw=1, ls=(0, (4, 3)))
    for row, change in enumerate(others.values()):
        ax.plot([change.min(), change.max()], [row, row], color=QUIET, lw=5, alpha=0.35)
        ax.plot(change, np.full(len(change), row), "o", ms=4.5, color=LINES[1], alpha=0.8)
        ax.plot(change.mean(), row, "|", ms=16, mew=2, color=INK)
    ax.set_yticks(range(len(others)), list(others))
    ax.set(ylim=(len(others) - 0.5, -0.5), xlabel="change of the loss (nats per character)")
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)


@drawing(height=3.0)
def tiles(fig, n_blocks: int, row: int) -> None:
    """Draw the table of scores in tiles: done, at work, still to come, and never computed."""
    ax = canvas(fig, 9.4, 5.9)
    side, left, top = 0.62, 1.0, 5.35
    for i in range(n_blocks):
        for j in range(n_blocks):
            corner = left + j * side, top - (i + 1) * side
            done = j <= i and (i < row or (i == row and j < row))
            now = i == row and j == row - 1
            fill = {"facecolor": ATTENTION, "alpha": 0.75 if now else 0.2 if done else 0.0}
            ax.add_patch(Rectangle(corner, side, side, lw=0, **fill))
            ax.add_patch(
                Rectangle(corner, side, side, fill=False, lw=0.8, ec=QUIET if j <= i else "none")
            )
    middle = left + n_blocks * side / 2
    ax.text(middle, top + 0.28, "keys and values", ha="center", fontsize=9)
    ax.text(left - 0.3, top - n_blocks * side / 2, "queries", rotation=90, va="center", fontsize=9)
    ax.text(middle + 1.1, top - 0.75, "never\ncomputed", fontsize=9, color=OTHER, ha="center")
    y = top - (row + 0.5) * side
    end = left + n_blocks * side
    arrow(ax, (left + row * side, y), (end + 0.5, y), ATTENTION)
    lines = ("kept for each query:", "largest score m", "sum of exp(s − m)", "weighted sum",
             "of the values")  # fmt: skip
    for i, words in enumerate(lines):
        ax.text(end + 0.65, y + 0.46 * (2 - i), words, va="center", fontsize=9)


@drawing(height=3.0)
def gradient_sizes(fig, sizes, scaled, least, largest) -> None:
    """Draw how large derivatives are, unscaled and scaled, and what float16 can hold."""
    ax = fig.subplots()
    bins = np.arange(-46, 20)
    for values, colour, name in (
        (sizes, OTHER, "unscaled"),
        (scaled, GRADIENT, "loss scaled"),
    ):
        counts, _ = np.histogram(np.log2(values), bins)
        heights = 100 * counts / len(values)
        ax.stairs(heights, bins, color=colour, lw=1.6)
        ax.text(
            np.median(np.log2(values)), heights.max() * 1.04, name, ha="center", color=colour,
            fontsize=9,
        )  # fmt: skip
    for x, words, side in ((least, "float16: 0", "right"), (largest, "∞", "left")):
        ax.axvline(x, color=INK, lw=1, ls=(0, (4, 3)))
        ax.text(x + (0.4 if side == "left" else -0.4), 1, words, ha=side, va="top", fontsize=9,
                transform=ax.get_xaxis_transform())  # fmt: skip
    ax.set_ylim(0, None)
    ax.margins(y=0.2)
    ax.set_ylim(0, ax.get_ylim()[1] * 1.12)
    ticks = [-40, -30, -20, -10, 0, 10]
    ax.set_xticks(ticks, [f"$2^{{{t}}}$".replace("-", "−") for t in ticks])
    ax.set_xlabel("size of a derivative")
    ax.set_ylabel("derivatives (%)")


@drawing(height=3.1)
def rounded(fig, bits, increases) -> None:
    """Draw by how much the loss rises when weights have few bits, for three ways of rounding."""
    ax = fig.subplots()
    for (name, runs), colour in zip(increases.items(), (OTHER, LINES[1], GRADIENT), strict=True):
        runs = np.maximum(np.array(runs), 1e-4)
        ax.plot(range(len(bits)), np.median(runs, axis=1), color=colour, lw=1.6)
        ax.plot(range(len(bits)), runs, "o", ms=3.5, color=colour, alpha=0.7)
        ax.text(len(bits) - 0.85, np.median(runs[-1]), name, color=colour, va="center", fontsize=9)
    ax.set_yscale("log")
    ax.set_yticks([1e-4, 1e-3, 1e-2, 0.1, 1], ["≤ 0.0001", "0.001", "0.01", "0.1", "1"])
    ax.tick_params(which="minor", length=0)
    ax.set_xticks(range(len(bits)), [str(b) for b in bits])
    ax.set_xlim(-0.3, len(bits) + 0.5)
    ax.set_xlabel("bits of a weight")
    ax.set_ylabel("rise of the loss (nats)")
