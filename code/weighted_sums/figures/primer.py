"""Figures of the primer: secants that become a tangent, and means that crowd together."""

from __future__ import annotations

import numpy as np

from weighted_sums.figures.style import GRADIENT, INK, LINES, QUIET, bare, drawing


@drawing(height=2.7)
def secants(fig, f, x, steps) -> None:
    """Draw the curve `f` and, through its point at `x`, a line to the point each step further."""
    ax = fig.add_subplot()
    grid = np.linspace(x - 1.3, x + max(steps) + 0.15, 200)
    ax.plot(grid, f(grid), color=INK)
    for step in steps:
        quotient = (f(x + step) - f(x)) / step
        tangent = step == min(steps)
        colour, width = (GRADIENT, 2.2) if tangent else (QUIET, 1.0)
        ax.plot(grid, f(x) + quotient * (grid - x), color=colour, lw=width, zorder=1)
        if not tangent:
            ax.plot(x + step, f(x + step), "o", color=QUIET, ms=4)
        words = "tangent" if tangent else f"step {step:g}"
        ax.annotate(
            f"{words}: {quotient:.1f}", (grid[-1], f(x) + quotient * (grid[-1] - x)), (4, 0),
            textcoords="offset points", va="center", color=GRADIENT if tangent else INK, fontsize=9,
        )  # fmt: skip
    ax.plot(x, f(x), "o", color=INK, ms=6)
    ax.set_xlim(grid[0], grid[-1])
    ax.set_ylim(-1.2, f(grid[-1]) + 0.4)
    ax.set_xlabel("x")


@drawing(height=2.6)
def means(fig, samples) -> None:
    """Draw a histogram for each of `samples`, a dictionary from the number of throws to means."""
    axes = fig.subplots(len(samples), sharex=True)
    bins = np.arange(1, 6.01, 0.125) - 0.0625
    for ax, (n, values), colour in zip(axes, samples.items(), LINES, strict=False):
        ax.hist(values, bins, color=colour, density=True)
        ax.axvline(3.5, color=QUIET, lw=0.8)
        ax.text(1.05, ax.get_ylim()[1] * 0.6, f"{n} throws", color=colour)
        bare(ax)
        ax.spines["left"].set_visible(False)
        ax.spines["bottom"].set_visible(True)
    axes[-1].set_xticks(range(1, 7))
    axes[-1].set_xlabel("mean")
