"""Figures of the chapter on wishes: sensitivities, three ways to rise, ten wishes, averages."""

from __future__ import annotations

import numpy as np

from weighted_sums.figures.style import (
    ACTIVATION,
    GRADIENT,
    INK,
    LINES,
    NEGATIVE,
    POSITIVE,
    QUIET,
    bare,
    drawing,
)

UP = LINES[4]  # purple: should rise; green: should fall
DOWN = GRADIENT
WISHES = "PRGn_r"  # diverging, in the same two colours: green down, white zero, purple up


@drawing(height=2.8)
def sensitivity(fig, nudges, costs, grads, words) -> None:
    """Draw the change of the cost with a nudge of two parameters, and its linear prediction.

    `costs` has a row for each parameter: the cost after each nudge minus the cost before.
    """
    ax = fig.subplots()
    for row, derivative, word, colour in zip(
        costs, grads, words, (GRADIENT, LINES[0]), strict=True
    ):
        ax.plot(nudges, derivative * nudges, "--", lw=1.2, color=colour)
        ax.plot(nudges, row, color=colour)
        ax.annotate(
            word,
            (nudges[-1], row[-1]),
            (6, 0),
            textcoords="offset points",
            va="center",
            color=colour,
        )
    ax.axhline(0, color=QUIET, lw=0.8, zorder=0)
    ax.set(xlabel="nudge of the parameter", ylabel="change of the cost")


@drawing(height=3.6)
def three_ways(fig, activations, weights, for_weights, for_activations) -> None:
    """Draw a neuron's inputs and its wishes in four columns, a row for each neuron before.

    The columns come in pairs of proportional values: activations and the wishes for the weights,
    then weights and the wishes for the activations.
    """
    axes = fig.subplots(1, 4, sharey=True)
    columns = (
        (activations, ACTIVATION, ACTIVATION, "its\nactivation"),
        (for_weights, UP, DOWN, "wishes for\nits weight"),
        (weights, POSITIVE, NEGATIVE, "its\nweight"),
        (for_activations, UP, DOWN, "wishes for its\nactivation"),
    )
    for ax, (values, above, below, title) in zip(axes, columns, strict=True):
        _signed_bars(ax, values, above, below)
        ax.set_title(title, fontsize=10)
        ax.tick_params(axis="y", length=0)
    axes[0].set(ylabel="neuron of the layer before", yticks=range(0, len(weights), 5))


def _signed_bars(ax, values, above, below) -> None:
    colours = [above if value > 0 else below for value in values]
    ax.barh(np.arange(len(values)), values, height=0.72, color=colours)
    ax.axvline(0, color=QUIET, lw=0.8)
    reach = 1.08 * np.abs(values).max()
    ax.set(xlim=(-reach if values.min() < 0 else 0, reach), ylim=(len(values) - 0.5, -0.5))
    ax.set_xticks([])
    for side in ("left", "bottom"):
        ax.spines[side].set_visible(False)


@drawing(height=3.9)
def ten_wishes(fig, wishes, minus_deltas, total, label) -> None:
    """Draw each output's wishes for the layer before, and below them their sum.

    `wishes` has a row for each output, `minus_deltas` are the negatives of the outputs' errors. The
    digit `label` is set in bold type.
    """
    grid = fig.add_gridspec(2, 2, height_ratios=(10, 1.4), width_ratios=(16, 5))
    table, below, bars = (fig.add_subplot(grid[cell]) for cell in ((0, 0), (1, 0), (0, 1)))
    limit = max(np.abs(wishes).max(), np.abs(total).max())
    for ax, values in ((table, wishes), (below, total[None])):
        ax.imshow(values, cmap=WISHES, vmin=-limit, vmax=limit, aspect="auto")
        bare(ax, frame=True)
    table.set_yticks(range(len(wishes)))
    table.tick_params(axis="y", length=0)
    table.get_yticklabels()[label].set(weight="bold", color=UP)
    table.set_ylabel("output")
    below.set_yticks([0], ["sum"])
    below.tick_params(axis="y", length=0)
    below.set_xlabel("the sixteen neurons of the layer before")
    _signed_bars(bars, minus_deltas, UP, DOWN)
    bars.set_yticks([])
    bars.set_title("minus its\nerror, −δ", fontsize=10)


@drawing(height=4.1)
def averages(fig, wishes) -> None:
    """Draw `wishes`, a row of images for each number of digits averaged over.

    Each image has its own scale: green down, purple up.
    """
    grid = fig.subplots(len(wishes), len(next(iter(wishes.values()))))
    for axes, (size, images) in zip(grid, wishes.items(), strict=True):
        for ax, image in zip(axes, images, strict=True):
            limit = np.abs(image).max()
            ax.imshow(image.reshape(28, 28), cmap=WISHES, vmin=-limit, vmax=limit)
            bare(ax, frame=True)
        axes[0].set_ylabel(f"{size:,} digit{'s' if size > 1 else ''}")


@drawing(height=3.2)
def vote(fig, sizes, found, expected) -> None:
    """Draw the agreement of mini-batches with all digits, against their size.

    `found` maps the name of a stage of training to a table of cosines, a row for each size; the
    shading covers the middle eight tenths. `expected` holds the curve of the formula for each.
    """
    ax = fig.subplots()
    colours = (QUIET, LINES[0], GRADIENT)
    labels = ((1.1, 0.7, "left"), (80, 0.68, "right"), (160, 0.38, "left"))
    for (word, cosines), curve, colour, (x, y, side) in zip(
        found.items(), expected, colours, labels, strict=True
    ):
        low, high = np.quantile(cosines, (0.1, 0.9), axis=1)
        ax.fill_between(sizes, low, high, color=colour, alpha=0.18, lw=0)
        ax.plot(sizes, cosines.mean(axis=1), "o-", ms=5, color=colour)
        ax.plot(sizes, curve, "--", lw=1.2, color=INK)
        ink = INK if colour == QUIET else colour
        ax.text(x, y, word, ha=side, color=ink)
    ax.axhline(0, color=QUIET, lw=0.8, zorder=0)
    ax.set(xscale="log", ylim=(-0.42, 1.09), xlabel="digits in the mini-batch")
    ax.set_ylabel("cosine with all digits")
    ax.set_xticks(sizes, [f"{size:,}" for size in sizes])
    ax.minorticks_off()
