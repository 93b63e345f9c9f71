"""Figures of the chapter on networks: shapes, counts, activations, accuracies, templates."""

from __future__ import annotations

import numpy as np
from matplotlib.patches import ConnectionPatch, Rectangle

from weighted_sums.figures.style import (
    ACTIVATION,
    INK,
    INPUT,
    NEGATIVE,
    POSITIVE,
    QUIET,
    drawing,
    show_image,
    show_weights,
)

WEIGHT_FILL = "#d9d9d9"
BIAS_FILL = "#8a8a8a"
COLUMN = 0.9  # width of one array column in the strip of shapes, in units of sqrt(numbers)


@drawing(height=3.9)
def shapes(fig, network) -> None:
    """Draw the arrays of every layer of `network`: weights, activations in, biases, result.

    A side of n numbers is sqrt(n) long, so that 784 and 16 fit on one page.
    """
    fan_in = [len(layer.W.T) for layer in network]
    heights = [np.sqrt(max(layer.W.shape)) + 7 for layer in network]
    axes = fig.subplots(len(network), 1, height_ratios=heights)
    for number, (ax, layer) in enumerate(zip(axes, network, strict=True), 1):
        ax.set(xlim=(-1, 47), ylim=(-heights[number - 1] / 2 - 1, heights[number - 1] / 2 - 1))
        ax.set_aspect("equal", anchor="W")
        ax.axis("off")
        _layer_strip(ax, layer, number, fan_in[0])


def _layer_strip(ax, layer, number, pixels) -> None:
    out, into = (np.sqrt(n) for n in layer.W.shape)
    n_out, n_in = layer.W.shape
    start = np.sqrt(pixels) - into  # the right-hand sides of all matrices stand in one line
    in_colour = INPUT if number == 1 else ACTIVATION
    _array(ax, start + into / 2, into, out, WEIGHT_FILL, rf"$W^{{({number})}}$", f"{n_out} × {n_in}")
    _array(ax, 31.2, COLUMN, into, in_colour, rf"$a^{{({number - 1})}}$", f"{n_in}")
    ax.text(33.6, 0, "+", ha="center", va="center")
    _array(ax, 36, COLUMN, out, BIAS_FILL, rf"$b^{{({number})}}$", f"{n_out}")
    ax.annotate("", (42.2, 0), (38.2, 0), arrowprops={"arrowstyle": "->", "color": INK})
    ax.text(40, 0.5, r"$\sigma$", ha="center", va="bottom")
    _array(ax, 44.3, COLUMN, out, ACTIVATION, rf"$a^{{({number})}}$", f"{n_out}")


def _array(ax, x, width, height, colour, name, size) -> None:
    ax.add_patch(Rectangle((x - width / 2, -height / 2), width, height, color=colour, lw=0))
    ax.text(x, height / 2 + 0.5, name, ha="center", va="bottom")
    ax.text(x, -height / 2 - 0.6, size, ha="center", va="top", fontsize=9)


@drawing(height=2.7)
def count(fig, network) -> None:
    """Draw the number of weights of each layer, and of all biases, as the areas of squares."""
    ax = fig.subplots()
    amounts = [layer.W.size for layer in network] + [sum(layer.b.size for layer in network)]
    names = [f"{len(layer.W.T)} × {len(layer.W)}" for layer in network]
    notes = [f"{name} = {n:,} weights" for name, n in zip(names, amounts, strict=False)]
    colours = [WEIGHT_FILL] * len(network) + [BIAS_FILL]
    sides = np.sqrt(amounts)
    ax.add_patch(Rectangle((0, 0), sides[0], sides[0], color=colours[0], lw=0))
    ax.text(sides[0] / 2, sides[0] / 2, notes[0].replace(" = ", " =\n"), ha="center", va="center")
    left, bottom = sides[0] + 8, 0
    rest = zip(sides[1:], [*notes[1:], f"{amounts[-1]} biases"], colours[1:], strict=True)
    for side, note, colour in reversed(list(rest)):
        ax.add_patch(Rectangle((left, bottom), side, side, color=colour, lw=0))
        ax.text(left + sides[1] + 4, bottom + side / 2, note, ha="left", va="center")
        bottom += side + 12
    ax.set(xlim=(0, left + 100), ylim=(0, sides[0]), aspect="equal")
    ax.axis("off")


@drawing(height=2.5)
def accuracies(fig, random, trained, chance) -> None:
    """Draw one dot for the accuracy of each random and each trained network, beside `chance`."""
    ax = fig.subplots()
    for row, found, colour in ((0, random, QUIET), (1, trained, ACTIVATION)):
        # a fixed spread in height keeps equal accuracies apart; it carries no meaning
        heights = row + 0.5 * (np.arange(len(found)) * 0.618 % 1 - 0.5)
        ax.plot(100 * found, heights, "o", ms=4, mew=0, alpha=0.7, color=colour)
    ax.axvline(100 * chance, color=INK, lw=1, ls="--")
    ax.text(100 * chance + 1.5, 0.5, "guessing", va="center")
    ax.text(16, 0, f"{len(random)} networks,\nrandom weights", va="center", color=INK)
    ax.text(86, 1, f"{len(trained)} networks,\ntrained", ha="right", va="center", color=ACTIVATION)
    ax.set(xlim=(0, 100), ylim=(-0.5, 1.5), yticks=[], xlabel="accuracy on held-out digits (%)")
    ax.spines["left"].set_visible(False)


@drawing(height=3.0)
def flow(fig, image, layers, terms) -> None:
    """Draw `image`, the activations of the `layers` behind it, and the `terms` of the brightest.

    `terms` are the summands of the brightest output's weighted sum, one for each neuron of the
    layer before: blue lines add, red ones take away.
    """
    columns = fig.subplots(1, 1 + len(layers), width_ratios=[1.5] + [1] * len(layers))
    show_image(columns[0], image)
    columns[0].set_title(f"{image.size} pixels", fontsize=10)
    for ax, a in zip(columns[1:], layers, strict=True):
        _bars(ax, a)
    for ax, a in zip(columns[1:-1], layers[:-1], strict=True):
        ax.set_title(f"{len(a)} neurons", fontsize=10)
    columns[-1].set_title("answers", fontsize=10)
    _answers(columns[-1], layers[-1])
    _lines(fig, columns[-2:], layers[-2:], terms)


def _bars(ax, a) -> None:
    ax.barh(np.arange(len(a)), np.ones(len(a)), height=0.72, color="#eeeeee")
    ax.barh(np.arange(len(a)), a, height=0.72, color=ACTIVATION)
    ax.set(xlim=(0, 1), ylim=(len(a) - 0.5, -0.5), yticks=[], xticks=[0, 1])
    for side in ("left", "bottom"):
        ax.spines[side].set_visible(False)
    ax.tick_params(length=0)


def _answers(ax, a) -> None:
    for digit in range(len(a)):
        chosen = digit == a.argmax()
        weight, colour = ("bold", ACTIVATION) if chosen else ("normal", INK)
        ax.text(1.08, digit, str(digit), va="center", weight=weight, color=colour)


def _lines(fig, axes, layers, terms) -> None:
    winner, largest = layers[-1].argmax(), np.abs(terms).max()
    for j, term in enumerate(terms):
        line = ConnectionPatch(
            (1.03, j),
            (-0.03, winner),
            coordsA=axes[0].transData,
            coordsB=axes[1].transData,
            color=POSITIVE if term > 0 else NEGATIVE,
            lw=2.2 * abs(term) / largest,
        )
        line.set_in_layout(False)
        fig.add_artist(line)


@drawing(height=4.9)
def templates(fig, weights, limit) -> None:
    """Draw each row of `weights` as an image: red negative, white zero, blue positive."""
    side = int(np.ceil(np.sqrt(len(weights))))
    for ax, row in zip(fig.subplots(side, side).flat, weights, strict=True):
        show_weights(ax, row, limit)
