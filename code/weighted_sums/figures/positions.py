"""Figures of the chapter on positions: rotated pairs, their score, and what is learned."""

from __future__ import annotations

import numpy as np
from matplotlib.patches import Circle

from weighted_sums.figures.diagrams import arrow, canvas
from weighted_sums.figures.style import BOOK, INK, LINES, OTHER, QUIET, TRAINING, apart, drawing

QUERY, KEY = LINES[1], LINES[2]
KIND_COLOURS = {"none": OTHER, "learned": LINES[1], "rotary": BOOK}


@drawing(height=2.4)
def turned_together(fig, cases) -> None:
    """Draw a query and a key as arrows, for each of `cases`: title, query, key, and their score."""
    ax = canvas(fig, 4 * len(cases), 4.8)
    for i, (title, q, k, score) in enumerate(cases):
        centre = np.array([4 * i + 2, 2.4])
        ax.add_patch(Circle(centre, 1.5, fill=False, ec=QUIET, lw=0.8))
        for vector, colour, name in ((q, QUERY, "q"), (k, KEY, "k")):
            tip = centre + 1.5 * vector
            arrow(ax, centre, tip, colour, lw=2.2)
            ax.text(*(centre + 1.75 * vector), f"${name}$", color=colour, ha="center", va="center")
        ax.text(centre[0], 4.5, title, ha="center", fontsize=9, color=INK)
        ax.text(centre[0], 0.3, f"score {score:.2f}", ha="center", fontsize=10, color=INK)


@drawing(height=2.3)
def rotations(fig, angles) -> None:
    """Draw the angle of each pair of coordinates on a dial, for `angles[position, pair]`."""
    fig.set_layout_engine("none")
    ax = fig.add_axes((0.13, 0.02, 0.86, 0.8))
    positions, pairs = angles.shape
    for (p, i), angle in np.ndenumerate(angles):
        ax.add_patch(_circle(p, -i))
        tip = p + 0.38 * np.cos(angle), -i + 0.38 * np.sin(angle)
        ax.plot([p, tip[0]], [-i, tip[1]], color=LINES[i % len(LINES)], lw=2.2)
    ax.set(xlim=(-0.5, positions - 0.5), ylim=(-pairs + 0.5, 0.5), aspect="equal")
    ax.set_xticks(range(positions), [str(p) for p in range(positions)])
    ax.set_yticks([-i for i in range(pairs)], [f"pair {i + 1}" for i in range(pairs)])
    ax.xaxis.tick_top()
    ax.xaxis.set_label_position("top")
    ax.set_xlabel("position")
    ax.tick_params(length=0)
    for spine in ax.spines.values():
        spine.set_visible(False)


def _circle(x, y) -> Circle:
    return Circle((x, y), 0.42, fill=False, ec=QUIET, lw=0.8)


@drawing(height=2.9)
def reach(fig, accuracies, back: int, trained_to: int) -> None:
    """Draw the accuracy at each position, the median of the seeds and their range, for each kind.

    `accuracies` maps a kind to an array with a row for each seed; training ended at `trained_to`.
    """
    ax = fig.subplots()
    names = {"none": "no positions", "learned": "learned rows", "rotary": "RoPE"}
    ax.axvspan(back, trained_to - 0.5, color=TRAINING, alpha=0.12, lw=0)
    ax.text((back + trained_to) / 2, 1.1, "trained", color=TRAINING, ha="center", fontsize=9)
    ends = apart([np.median(found[:, -1]) for found in accuracies.values()], 0.09)
    for (kind, found), end in zip(accuracies.items(), ends, strict=True):
        at = back + np.arange(found.shape[1])
        colour, middle = KIND_COLOURS[kind], np.median(found, axis=0)
        ax.fill_between(at, found.min(axis=0), found.max(axis=0), color=colour, alpha=0.25, lw=0)
        ax.plot(at, middle, color=colour)
        ax.text(at[-1] + 1, end, names[kind], color=colour, va="center", fontsize=9)
    ax.set_xlim(0, at[-1] + 17)
    ax.set_ylim(0, 1.18)
    ax.set_yticks([0, 0.5, 1])
    ax.set_xticks(range(0, 64, 10))
    ax.set_xlabel("position")
    ax.set_ylabel("accuracy")
