"""Figures of the chapter on the cost: one example, all examples, profiles of the landscape."""

from __future__ import annotations

import numpy as np
from matplotlib.ticker import MaxNLocator

from weighted_sums.figures.style import (
    ACTIVATION,
    GRADIENT,
    INK,
    LINES,
    QUIET,
    drawing,
    show_image,
)


@drawing(height=3.3)
def output_and_target(fig, image, a, y) -> None:
    """Draw `image`, its outputs `a`, the targets `y`, and the square of each difference."""
    picture, ax = fig.subplots(1, 2, width_ratios=(1, 2.1))
    show_image(picture, image)
    rows = np.arange(len(a))
    ax.barh(rows, np.ones(len(a)), height=0.66, color="#eeeeee")
    ax.barh(rows, a, height=0.66, color=ACTIVATION)
    ax.plot(y, rows, "D", color=INK, ms=5, clip_on=False, zorder=3)
    squares = np.square(a - y)
    for row, square in enumerate(squares):
        ax.text(1.12, row, f"{square:.2f}", va="center")
    ax.text(1.12, len(a), f"{squares.sum():.2f}", va="center", weight="bold")
    ax.text(1.06, len(a), "sum of squares", va="center", ha="right")
    ax.set(yticks=rows, xticks=[0, 1], xlim=(-0.03, 1.4), ylim=(len(a) + 0.5, -0.6))
    ax.set_title("output (bar) and target (diamond)", fontsize=10, loc="left")
    ax.tick_params(length=0)
    for side in ("left", "bottom"):
        ax.spines[side].set_visible(False)


@drawing(height=2.9)
def sorted_costs(fig, before, after, guess) -> None:
    """Draw the costs of all examples in order, a row for a network, beside those of a constant."""
    ax = fig.subplots()
    percent = 100 * np.arange(1, before.shape[1] + 1) / before.shape[1]
    ax.semilogy(percent, before.T, color=QUIET, lw=1.2)
    ax.semilogy(percent, after.T, color=ACTIVATION, lw=1.2)
    ax.axhline(guess, color=INK, lw=1, ls="--")
    ax.text(1, before.max() * 1.2, "untrained", color=INK)
    ax.text(40, after[:, percent.size * 2 // 5].max() * 2, "trained", color=ACTIVATION)
    ax.text(1, guess / 1.2, "best constant output", va="top")
    ax.set(xlim=(0, 100), ylim=(5e-4, 20))
    ax.set(xlabel="training digits, in order of cost (%)", ylabel="cost of the digit")


@drawing(height=3.6)
def staircase(fig, far, wide, near, close, now) -> None:
    """Draw cost and mistakes over one weight, from afar on the left and close up on the right."""
    axes = fig.subplots(2, 2, sharex="col")
    for column, (weight, (cost, mistakes)) in enumerate(((far, wide), (near, close))):
        axes[0, column].plot(weight, cost, color=GRADIENT)
        # in the wide view, steps would only show the spacing of the weights tried
        how = "steps-mid" if column else "default"
        axes[1, column].plot(weight, mistakes, drawstyle=how, color=LINES[3])
        axes[1, column].set_xlabel("one weight")
        for ax in axes[:, column]:
            ax.axvline(now, color=QUIET, lw=1, ls=":")
    axes[0, 0].set_ylabel("cost")
    axes[1, 0].set_ylabel("mistakes")
    axes[0, 1].yaxis.set_major_locator(MaxNLocator(3))
    axes[1, 1].yaxis.set_major_locator(MaxNLocator(4, integer=True))


@drawing(height=2.5)
def penalties(fig, miss, square, distance, counted) -> None:
    """Draw the penalty for a `miss` of one output: its square, its distance, or a count."""
    ax = fig.subplots()
    ax.step(miss, counted, where="mid", color=LINES[3])
    ax.plot(miss, distance, color=LINES[0])
    ax.plot(miss, square, color=GRADIENT)
    ax.text(0.53, 1.03, "count", color=LINES[3], va="bottom")
    ax.text(-0.3, 0.36, "distance", color=LINES[0], ha="left")
    ax.text(0.62, 0.2, "square", color=GRADIENT)
    ax.set(xlim=(-1, 1), ylim=(-0.03, 1.15), xticks=[-1, -0.5, 0, 0.5, 1], yticks=[0, 0.5, 1])
    ax.set(xlabel="output minus target", ylabel="penalty")


@drawing(height=2.7)
def cuts(fig, weight, random, line) -> None:
    """Draw profiles of the cost: over a weight, random directions, the line of training."""
    axes = fig.subplots(1, 3, sharey=True)
    (values, costs, now), (ways, random_costs) = weight, random
    axes[0].semilogy(values, costs, color=GRADIENT)
    for along in random_costs:
        axes[1].semilogy(ways, along, color=GRADIENT, lw=1)
    axes[2].semilogy(*line, color=GRADIENT)
    for ax, x in zip(axes, (now, 0, 1), strict=True):
        ax.axvline(x, color=QUIET, lw=1, ls=":")
    axes[0].set(ylabel="cost", xlabel="one weight", ylim=(0.05, 8))
    axes[0].set_yticks([0.1, 1], ["0.1", "1"])
    axes[1].set(xlabel="random directions")
    axes[1].set_xticks([-1, 0, 1])
    axes[2].set(xlabel="start to end")
    axes[2].set_xticks([0, 1], ["start", "end"])
