"""Figures of the chapter on superposition: angles between many directions, and their price."""

from __future__ import annotations

import numpy as np

from weighted_sums.figures.style import INK, LINES, NEGATIVE, QUIET, drawing


@drawing(height=2.8)
def angles(fig, dims, bands) -> None:
    """Draw which angles pairs of random directions form: lowest, nearly all, highest."""
    ax = fig.subplots()
    lowest, low, high, highest = np.transpose(bands)
    ax.fill_between(dims, lowest, highest, color=LINES[0], alpha=0.18, lw=0)
    ax.fill_between(dims, low, high, color=LINES[0], alpha=0.45, lw=0)
    ax.axhline(90, color=INK, lw=0.8)
    ax.set_xscale("log")
    ax.text(dims[0] * 1.12, 93, "a right angle", fontsize=9)
    ax.text(dims[2] * 1.25, 70, "98 % of pairs", fontsize=9, color=INK)
    ax.text(dims[1] * 1.25, 9, "all pairs", fontsize=9, color=INK)
    ax.set(xlabel="dimensions", ylabel="angle (degrees)", yticks=[0, 45, 90, 135, 180])
    ax.set(xlim=(dims[0], dims[-1]), ylim=(0, 180))


@drawing(height=2.8)
def packed(fig, random, pushed, limit) -> None:
    """Draw how many pairs form which angle, before and after pushing, and the `limit`."""
    ax = fig.subplots()
    bins = np.arange(55, 126, 1.0)
    for found, colour, alpha in ((random, QUIET, 0.45), (pushed, LINES[0], 0.6)):
        ax.hist(
            found, bins, color=colour, alpha=alpha, weights=np.full(len(found), 100 / len(found))
        )
    for edge in (limit, 180 - limit):
        ax.axvline(edge, color=NEGATIVE, lw=1.2, ls="--")
    top = ax.get_ylim()[1]
    ax.text(77, 0.14 * top, "random", color=INK, fontsize=9, ha="right")
    ax.text(100, 0.6 * top, "pushed apart", color=LINES[0], fontsize=9)
    words = "not all pairs can lie\nbetween these lines"
    ax.text(79, 0.97 * top, words, color=NEGATIVE, fontsize=9, ha="right", va="top")
    ax.set(xlabel="angle (degrees)", ylabel="pairs (%)", xlim=(55, 125))
    ax.set_xticks([60, 75, 90, 105, 120])


@drawing(height=2.9)
def errors(fig, present, curves) -> None:
    """Draw how many features are misread, a group of runs for each number of dimensions."""
    ax = fig.subplots()
    for (d, runs), colour in zip(curves.items(), LINES, strict=False):
        mean = np.mean(runs, axis=0)
        for run in runs:
            ax.plot(present, run, color=colour, lw=0.7, alpha=0.6)
        ax.plot(present, mean, "o-", color=colour, ms=3)
        ax.text(present[-1] * 1.06, mean[-1], f"{d} dimensions", color=colour, va="center",
                fontsize=9)  # fmt: skip
    ax.set(xscale="log", xlabel="features present", ylabel="features misread", ylim=(0, None))
    ax.set_xticks(present, present)
    ax.tick_params(which="minor", length=0, labelbottom=False)
    ax.set_xlim(present[0] * 0.9, present[-1] * 3.6)
