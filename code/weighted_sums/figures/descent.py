"""Figures of the chapter on descent: paths on curves and maps, and a network's gradient."""

from __future__ import annotations

import numpy as np
from matplotlib.ticker import FixedLocator, NullFormatter

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

LEVELS = 14
MAP = {"colors": QUIET, "linewidths": 0.8, "alpha": 0.8}


@drawing(height=3.9)
def descents(fig, height, paths, reach) -> None:
    """Draw `height` over -reach to reach, and on it each of `paths`, {words: points}."""
    grid = np.linspace(-reach, reach, 201)
    axes = fig.subplots(2, 2, sharex=True, sharey=True)
    for ax, (words, points) in zip(axes.flat, paths.items(), strict=True):
        ax.plot(grid, height(grid), color=QUIET, lw=1.2)
        # a dashed line joins one point with the next; later points are darker
        ax.plot(points, height(points), "--", color=ACTIVATION, lw=0.7)
        strength = np.linspace(0.25, 1, len(points))
        ax.scatter(points, height(points), s=26, color=ACTIVATION, alpha=strength, lw=0, zorder=3)
        ax.annotate("start", (points[0], height(points[0])), (-7, -4), ha="right", va="top",
                    textcoords="offset points", fontsize=9)  # fmt: skip
        ax.set_title(words, fontsize=10)
        ax.set(xlim=(-reach, reach), ylim=(-0.5, height(reach)))
    for ax in axes[-1]:
        ax.set_xlabel("x")
    for ax in axes[:, 0]:
        ax.set_ylabel("height")


@drawing(height=2.7)
def basins(fig, landscape, reach, initial, ends) -> None:
    """Draw a `landscape` of one coordinate; initial points are coloured by their minimum."""

    def height(x):
        return landscape.height(np.asarray(x)[..., None])

    ax, grid = fig.subplots(), np.linspace(-reach, reach, 201)
    ax.plot(grid, height(grid), color=QUIET, lw=1.2)
    for side, colour in ((ends < 0, LINES[0]), (ends > 0, LINES[1])):
        ax.plot(initial[side], height(initial[side]), "o", ms=6, mew=0, color=colour)
        bottom = ends[side][0]
        ax.plot(bottom, height(bottom), "v", ms=10, mew=0, color=colour)
        words = f"{height(bottom):.2f}".replace("-", "−")
        ax.annotate(words, (bottom, height(bottom)), (0, -9), va="top", ha="center",
                    textcoords="offset points", color=colour)  # fmt: skip
    ax.set(xlabel="x", ylabel="height", ylim=(height(grid).min() - 0.55, None))


def _map(ax, landscape, reach) -> None:
    line = np.linspace(-reach, reach, 81)
    grid = np.stack(np.meshgrid(line, line), axis=-1)
    ax.contour(line, line, landscape.height(grid), LEVELS, linestyles="solid", **MAP)
    ax.set(aspect="equal", xlim=(-reach, reach), ylim=(-reach, reach))


@drawing(height=4.2)
def arrows(fig, landscape, reach) -> None:
    """Draw the contours of `landscape` and, on a coarse grid, its negative gradients."""
    ax = fig.subplots()
    _map(ax, landscape, reach)
    line = np.linspace(-reach, reach, 13)[1:-1]
    grid = np.stack(np.meshgrid(line, line), axis=-1)
    down = -landscape.gradient(grid)
    ax.quiver(*np.moveaxis(grid, -1, 0), *np.moveaxis(down, -1, 0), color=GRADIENT, width=0.006)
    ax.set(xlabel="$x$", ylabel="$y$")


@drawing(height=2.6)
def directional_derivatives(fig, angles, exact, tried, numeric) -> None:
    """Draw the derivative in every direction: `exact` as a line, `numeric` as dots at `tried`."""
    ax = fig.subplots()
    ax.axhline(0, color=QUIET, lw=0.8)
    ax.plot(angles, exact, color=QUIET, lw=1.4)
    ax.plot(tried, numeric, "o", ms=4.5, mew=0, color=INK)
    for best, words, shift in (
        (exact.argmax(), "gradient", 8),
        (exact.argmin(), "−gradient", -8),
    ):
        ax.plot(angles[best], exact[best], "D", ms=8, mew=0, color=GRADIENT)
        ax.annotate(words, (angles[best], exact[best]), (0, shift), ha="center",
                    va="bottom" if shift > 0 else "top", textcoords="offset points",
                    color=GRADIENT)  # fmt: skip
    low, high = exact.min(), exact.max()
    ax.set(xlim=(0, 360), xticks=range(0, 361, 45), ylim=(1.35 * low, 1.35 * high))
    ax.set(xlabel="direction (degrees)", ylabel="directional derivative")


@drawing(height=4.9)
def paths(fig, landscape, paths, reach) -> None:
    """Draw each of `paths`, {words: points}, on a map of `landscape` of its own."""
    for ax, (words, points) in zip(fig.subplots(2, 2).flat, paths.items(), strict=True):
        _map(ax, landscape, reach)
        ax.plot(*points.T, "-", color=ACTIVATION, lw=0.6)
        ax.plot(*points.T, "o", ms=3.2, mew=0, color=ACTIVATION)
        ax.plot(*points[0], "o", ms=7, mew=0, color=INK)
        bare(ax, frame=True)
        ax.set_title(words, fontsize=10)


SIGNS = ((1, POSITIVE, "up"), (-1, NEGATIVE, "down"))


@drawing(height=4.6)
def gradient_entries(fig, down, most, below) -> None:
    """Draw the entries of `down`, largest first: the `most` largest, then all of either sign.

    Sizes below `below` are cut off.
    """
    first = down[np.argsort(-np.abs(down))][:most]
    largest, sizes = fig.subplots(2, 1)
    largest.bar(range(1, most + 1), first, 0.8, color=np.where(first > 0, POSITIVE, NEGATIVE))
    largest.axhline(0, color=QUIET, lw=0.8)
    largest.set(xlim=(0, most + 1), ylabel="entry of −∇C")
    largest.set_xlabel(f"the {most} largest of {len(down):,} entries")
    for sign, colour, word in SIGNS:
        size = np.sort(np.abs(down[np.sign(down) == sign]))[::-1]
        sizes.plot(np.arange(1, len(size) + 1), size, color=colour)
        middle = len(size) // 2
        sizes.annotate(f"{word}: {len(size):,}", (middle, size[middle]), (8 * sign, 8 * sign),
                       ha="left" if sign > 0 else "right", va="bottom" if sign > 0 else "top",
                       textcoords="offset points", color=colour)  # fmt: skip
    sizes.set(yscale="log", ylim=(below, 2 * np.abs(first[0])), xlim=(-80, len(down) / 1.7))
    sizes.set(xlabel="entries of one sign, largest first", ylabel="size of the entry")
    sizes.xaxis.set_major_formatter("{x:,.0f}")


@drawing(height=2.9)
def cost_by_rate(fig, rates, costs, predicted) -> None:
    """Draw each network's cost after one step, and what the first one's gradient `predicted`."""
    ax = fig.subplots()
    for number, row in enumerate(costs):
        ax.plot(rates, row, color=ACTIVATION if number == 0 else QUIET,
                lw=2 if number == 0 else 1, zorder=3 - min(number, 1))  # fmt: skip
    ax.plot(rates, predicted, "--", color=GRADIENT, lw=1.4)
    ax.text(0.02, 0.06, "dashed: predicted by the\ngradient of the thick one", color=GRADIENT,
            transform=ax.transAxes)  # fmt: skip
    ax.set(xscale="log", xlim=(rates[0], rates[-1]), ylim=(0, 1.1 * np.max(costs)))
    ax.xaxis.set_major_locator(FixedLocator([0.01, 0.1, 1, 10, 100]))
    ax.xaxis.set_major_formatter("{x:g}")
    ax.xaxis.set_minor_formatter(NullFormatter())
    ax.set(xlabel="learning rate of the one step", ylabel="cost after the step")
