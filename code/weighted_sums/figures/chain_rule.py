"""Figures of the chapter on the chain rule: nudges, factors, paths, orders, vanishing gradients."""

from __future__ import annotations

import numpy as np
from matplotlib.patches import Circle

from weighted_sums.figures.style import (
    ACTIVATION,
    GRADIENT,
    INK,
    INPUT,
    LINES,
    NEGATIVE,
    POSITIVE,
    QUIET,
    drawing,
)

NAMES = ("w", "z", "a^{(L)}", "C")
FACTORS = (r"= a^{(L-1)}", r"\approx \sigma′(z)", r"\approx 2(a^{(L)} - y)")
POINTS = {"textcoords": "offset points"}
LINE, GLASS = (0.09, 0.47), (0.58, 0.85)  # left and right ends, as fractions of the width


@drawing(height=3.6)
def number_lines(fig, here, moved, ratios) -> None:
    """Draw four numbers on lines of one scale, and enlarged beside them how far each `moved`.

    Between the rows are the `ratios` of neighbouring moves, with their formulas.
    """
    fig.set_layout_engine("none")
    ax = fig.add_axes((0, 0, 1, 1), xlim=(0, 1), ylim=(-3.5, 0.72))
    ax.axis("off")
    ax.text(np.mean(LINE), 0.5, "where it is", ha="center")
    ax.text(GLASS[0], 0.5, "how far it moves", ha="left")
    top = np.ceil(here.max())
    for row, (name, value, move) in enumerate(zip(NAMES, here, moved, strict=True)):
        _line(ax, -row, f"${name}$", value, top)
        end = GLASS[0] + (GLASS[1] - GLASS[0]) * move / moved.max()
        ax.annotate("", (end, -row), (GLASS[0], -row), arrowprops=_arrow(3))
        ax.text(end + 0.02, -row, f"{move:.4f}", va="center", color=GRADIENT)
    for row, (ratio, factor) in enumerate(zip(ratios, FACTORS, strict=True)):
        ax.annotate("", (GLASS[0], -row - 0.76), (GLASS[0], -row - 0.2), arrowprops=_arrow(1))
        ax.text(GLASS[0] + 0.03, -row - 0.5, f"× {ratio:.2f}", va="center", color=GRADIENT)
        ax.text(GLASS[0] + 0.17, -row - 0.5, f"${factor}$", va="center")


def _arrow(width) -> dict:
    return {"arrowstyle": "-|>", "color": GRADIENT, "lw": width, "shrinkA": 0, "shrinkB": 0}


def _line(ax, y, name, value, top) -> None:
    ax.text(LINE[0] - 0.015, y, name, ha="right", va="center")
    ax.plot((LINE[0], LINE[1] + 0.03), (y, y), color=QUIET, lw=1)
    for tick in np.arange(top + 1):
        x = LINE[0] + (LINE[1] - LINE[0]) * tick / top
        ax.plot((x, x), (y - 0.06, y + 0.06), color=QUIET, lw=1)
        ax.text(x, y - 0.12, f"{tick:.0f}", ha="center", va="top", fontsize=9, color=QUIET)
    x = LINE[0] + (LINE[1] - LINE[0]) * value / top
    ax.plot(x, y, "o", ms=8, color=ACTIVATION)
    ax.text(x, y + 0.14, f"{value:.2f}", ha="center", va="bottom", fontsize=9)


def _signed(number, form) -> str:
    return f"{number:{form}}".replace("-", "−")


@drawing(height=5.6)
def tree(fig, chain, caches, grads, y) -> None:
    """Draw every derivative of a `chain` as a product down a tree whose root is the cost.

    `caches` hold the numbers of the forward pass, `grads` those of the backward pass from the
    target `y`.
    """
    fig.set_layout_engine("none")
    last = len(chain)
    ax = fig.add_axes((0, 0, 1, 1), xlim=(-1.75, 1.75), ylim=(-2 * last - 0.35, 0.35))
    ax.axis("off")
    _node(ax, 0, "C")
    into = (f"2(a^{{({last})}} - y)", 2 * (caches[-1].a - y))
    for l in range(last, 0, -1):  # neurons count from 1 here, as in the words
        cache, high = caches[l - 1], -2 * (last - l)
        _link(ax, high, *into)
        _node(ax, high - 1, f"a^{{({l})}}")
        _link(ax, high - 1, rf"\sigma′(z^{{({l})}})", cache.a * (1 - cache.a))
        _node(ax, high - 2, f"z^{{({l})}}")
        factor = f"$a^{{({l - 1})}}$ = {cache.a_prev:.3f}"
        _leaf(ax, -1, high - 2, f"w^{{({l})}}", factor, grads[l - 1].dw)
        _leaf(ax, +1, high - 2, f"b^{{({l})}}", "1", grads[l - 1].db)
        into = (f"w^{{({l})}}", chain[l - 1].w)


def _node(ax, y, name) -> None:
    frame = {"boxstyle": "round,pad=0.3", "fc": "white", "ec": GRADIENT}
    ax.text(0, y, f"${name}$", ha="center", va="center", fontsize=11, bbox=frame)


def _link(ax, y, name, value) -> None:
    ax.plot((0, 0), (y - 0.2, y - 0.8), color=GRADIENT, lw=4, zorder=0)
    ax.text(-0.09, y - 0.5, f"${name}$", ha="right", va="center")
    words = "× " + _signed(value, ".3f")
    ax.text(0.09, y - 0.5, words, va="center", color=GRADIENT, fontsize=9)


def _leaf(ax, side, y, name, factor, derivative) -> None:
    ax.plot((side * 0.2, side * 0.83), (y, y), color=GRADIENT, lw=1.2, zorder=0)
    ax.text(side * 0.5, y + 0.07, f"× {factor}", ha="center", va="bottom", fontsize=9)
    ax.text(side, y, f"${name}$", ha="center", va="center", fontsize=11)
    outwards = {"va": "center", "ha": "left" if side > 0 else "right"}
    words = _signed(derivative, "+.4f")
    ax.text(side * 1.17, y, words, color=GRADIENT, weight="bold", fontsize=9, **outwards)


NODES = {"x1": (0, 1), "x2": (0, -1), "h1": (1.5, 1), "h2": (1.5, -1), "a": (3, 0), "C": (4.3, 0)}
UPPER_WORDS = ((0.75, 1.16), (1.5, 1.36), (2.62, 0.7))  # beside w, h and the second w
LOWER_WORDS = ((0.62, 0.62), (1.5, -1.36), (2.62, -0.7))
LAST_WORDS = ((3.36, -0.36), (3.65, 0.18))  # beside the output, and on the way to the cost
SUM_X, SUM_ROWS, RADIUS = 5.3, (1.35, 1.0, 0.5), 0.21


@drawing(height=2.9)
def paths(fig, links, products) -> None:
    """Draw a 2-2-1 network and the two paths of its first input, with `links` and `products`.

    A row of `links` holds the factors of a path: weight, σ′, weight, σ′, derivative of the cost.
    """
    ax = fig.subplots()
    colours = [POSITIVE if product > 0 else NEGATIVE for product in products]
    _path(ax, ("x2", "h1"), QUIET, 1)
    _path(ax, ("x2", "h2"), QUIET, 1)
    _path(ax, ("x1", "h1", "a"), colours[0], 2.4)
    _path(ax, ("x1", "h2", "a"), colours[1], 2.4)
    _path(ax, ("a", "C"), GRADIENT, 2.4)
    _factors(ax, UPPER_WORDS, links[0, :3], colours[0])
    _factors(ax, LOWER_WORDS, links[1, :3], colours[1])
    _factors(ax, LAST_WORDS, links[0, 3:], GRADIENT)
    for name, position in NODES.items():
        edge = {"x": INPUT, "C": GRADIENT}.get(name[0], ACTIVATION)
        ax.add_patch(Circle(position, RADIUS, fc="white", ec=edge, lw=1.8, zorder=3))
        words = f"${name[0]}_{name[1]}$" if len(name) == 2 else f"${name}$"
        ax.text(*position, words, ha="center", va="center", zorder=4)
    numbers = zip((*products, products.sum()), (*colours, GRADIENT), SUM_ROWS, strict=True)
    for number, colour, y in numbers:
        words = _signed(number, "+.3f")
        ax.text(SUM_X, y, words, color=colour, ha="right", va="center", weight="bold")
    ax.plot((SUM_X - 0.75, SUM_X), (0.76, 0.76), color=INK, lw=0.8)
    ax.set(xlim=(-0.25, SUM_X + 0.05), ylim=(-1.6, 1.6), aspect="equal")
    ax.axis("off")


def _path(ax, names, colour, width) -> None:
    ax.plot(*zip(*(NODES[name] for name in names), strict=True), color=colour, lw=width, zorder=1)


def _factors(ax, points, factors, colour) -> None:
    for point, factor in zip(points, factors, strict=True):
        ax.text(*point, "× " + _signed(factor, ".3g"), color=colour, ha="center", va="center")


@drawing(height=3.1)
def order(fig, from_cost, from_input) -> None:
    """Draw the multiplications of every step of two orders; a step is (shape, shape, count)."""
    ax = fig.subplots()
    y, ticks = 0.0, []
    for words, steps in (("from the cost", from_cost), ("from the input", from_input)):
        total = sum(count for *_, count in steps)
        ax.text(0, y, f"{words}: {total:,} multiplications", va="center", weight="bold")
        for *shapes, count in steps:
            y -= 0.8
            ticks.append((y, " · ".join(f"{rows}×{columns}" for rows, columns in shapes)))
            ax.barh(y, count, height=0.5, color=GRADIENT)
            ax.annotate(f"{count:,}", (count, y), (4, 0), va="center", fontsize=9, **POINTS)
        y -= 1.1
    ax.set_yticks(*zip(*ticks, strict=True))
    ax.tick_params(axis="y", length=0)
    ax.set(xticks=[], xlim=(0, 1.2 * max(count for *_, count in from_input)), ylim=(y + 0.6, 0.5))
    for side in ("left", "bottom"):
        ax.spines[side].set_visible(False)


@drawing(height=3.1)
def vanishing(fig, medians, band) -> None:
    """Draw the fraction of a derivative that is left after each neuron.

    `medians` has a curve for each standard deviation of the weights, `band` belongs to the first. A
    dashed line shows the powers of one quarter.
    """
    ax = fig.subplots()
    depth = np.arange(1, len(band[0]) + 1)
    ax.fill_between(depth, *band, color=LINES[0], alpha=0.15, lw=0)
    ax.plot(depth, 0.25**depth, "--", color=INK, lw=1)
    ax.annotate("$(1/4)^k$", (7, 0.25**7), (0, 5), **POINTS)
    for (std, median), colour in zip(medians.items(), LINES, strict=False):
        ax.plot(depth, median, "o-", ms=4, color=colour)
        end = (depth[-1], median[-1])
        ax.annotate(f"std. dev. {std}", end, (8, 0), va="center", color=colour, **POINTS)
    ax.set(yscale="log", xticks=depth, xlabel="neurons on the way back, $k$")
    ax.set(ylabel="fraction of the derivative left", xlim=(0.7, depth[-1] + 3.1))
    ax.spines["bottom"].set_bounds(1, depth[-1])
