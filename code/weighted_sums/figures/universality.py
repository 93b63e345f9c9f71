"""Figures of the chapter on universality."""

from __future__ import annotations

import numpy as np

from weighted_sums.figures.style import (
    ACTIVATION,
    AMOUNTS,
    INK,
    INPUT,
    LINES,
    QUIET,
    drawing,
)


@drawing(height=2.4)
def bump(fig, x, up, down, both) -> None:
    """Draw a step up and a step down on the left, their sum on the right."""
    left, right = fig.subplots(1, 2, sharey=True)
    left.plot(x, up, color=LINES[0])
    left.plot(x, down, color=LINES[1], ls="--")
    left.text(0.98, up[-1] - 0.08, "one neuron up", color=LINES[0], ha="right", va="top")
    left.text(0.0, down[-1] + 0.1, "one neuron\ndown", color=LINES[1], va="bottom")
    right.plot(x, both, color=INK)
    right.text(0.5, -0.3, "their sum", ha="center")
    left.set_ylabel("output")
    for ax in (left, right):
        ax.set_xlabel("input x")
        ax.set_ylim(-0.95, 0.95)


@drawing(height=3.9)
def stairs(fig, x, target, built: dict) -> None:
    """Draw a curve with a coarse and a fine staircase, and the error of each below it."""
    axes = fig.subplots(2, len(built), sharex=True, sharey="row", height_ratios=[2, 1])
    for (above, below), (neurons, y) in zip(axes.T, built.items(), strict=True):
        above.plot(x, target, color=QUIET, lw=4, alpha=0.6)
        above.plot(x, y, color=ACTIVATION, lw=1.5)
        above.text(
            0.98, 0.95, f"{neurons} neurons", ha="right", va="top", transform=above.transAxes
        )
        below.fill_between(x, y - target, color=INPUT, lw=0, alpha=0.7)
        below.set_xlabel("input x")
    axes[0, 0].set_ylabel("output")
    axes[1, 0].set_ylabel("error")


@drawing(height=2.8)
def errors(fig, neurons, curves: dict) -> None:
    """Draw the largest error against the number of neurons, both on logarithmic scales."""
    ax = fig.subplots()
    for colour, marker, (name, values) in zip(LINES, "os^", curves.items(), strict=False):
        ax.loglog(neurons, values, marker=marker, color=colour, ms=5)
        ax.annotate(
            name, (neurons[-1], values[-1]), (6, 0), textcoords="offset points", color=colour,
            va="center",
        )  # fmt: skip
    ax.set_xlabel("number of neurons")
    ax.set_ylabel("largest error")
    ax.set_xticks(neurons, [str(n) for n in neurons])
    ax.minorticks_off()
    ax.set_xlim(right=neurons[-1] * 3.4)


@drawing(height=2.5)
def tower(fig, four_steps, fires) -> None:
    """Draw the sum of four steps over a plane, and the neuron that applies a threshold to it."""
    axes = fig.subplots(1, 2, sharey=True)
    for ax, values, name in zip(
        axes, (four_steps, fires), ("four steps", "thresholded"), strict=True
    ):
        top = int(np.ceil(values.max()))
        picture = ax.imshow(
            values, origin="lower", extent=(0, 1, 0, 1), cmap=AMOUNTS, vmin=0, vmax=top
        )
        fig.colorbar(picture, ax=ax, shrink=0.8, ticks=range(top + 1))
        ax.set_xlabel("x₁")
        ax.set_title(name, fontsize=10)
        ax.set_xticks([0, 0.5, 1])
    axes[0].set_ylabel("x₂", rotation=0, labelpad=8)
    axes[0].set_yticks([0, 0.5, 1])


@drawing(height=2.7)
def learned(fig, x, target, built, runs) -> None:
    """Draw a staircase built by hand, and trained networks with as many neurons."""
    left, right = fig.subplots(1, 2, sharey=True)
    for ax in (left, right):
        ax.plot(x, target, color=QUIET, lw=4, alpha=0.6)
        ax.set_xlabel("input x")
    left.plot(x, built, color=ACTIVATION, lw=1.5)
    left.set_title("built by hand", fontsize=10)
    for y in runs:
        right.plot(x, y, color=LINES[0], lw=1.2, alpha=0.8)
    right.set_title("learned from random weights", fontsize=10)
    left.set_ylabel("output")


@drawing(height=2.4)
def outside(fig, x, target, built, low: float, high: float) -> None:
    """Draw the same staircase beyond the interval for which it was built."""
    ax = fig.subplots()
    ax.axvspan(low, high, color=QUIET, alpha=0.15, lw=0)
    ax.plot(x, target, color=QUIET, lw=4, alpha=0.6)
    ax.plot(x, built, color=ACTIVATION, lw=1.5)
    ax.text((low + high) / 2, np.max(target) + 0.06, "built for this", ha="center")
    ax.set_ylim(top=np.max(target) + 0.2)
    ax.set_xlabel("input x")
    ax.set_ylabel("output")
