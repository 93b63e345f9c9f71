"""Figures of the chapter on networks: shapes, counts, activations, accuracies, templates."""

from __future__ import annotations

import numpy as np
from matplotlib.patches import ConnectionPatch, Rectangle

from weighted_sums.figures.style import (
    ACTIVATION,
    ACTIVATIONS,
    INK,
    INPUT,
    NEGATIVE,
    POSITIVE,
    QUIET,
    WIDTH,
    bare,
    drawing,
    show_image,
    show_weights,
)

WEIGHT_FILL = "#d9d9d9"
BIAS_FILL = "#8a8a8a"
FLOW_COLUMNS = ((0.01, 0.28), (0.32, 0.15), (0.53, 0.15), (0.78, 0.15))  # left, width
UNIT = 0.066  # inches that stand for a side of one number in the strip of shapes
COLUMN = 0.1  # inches: how wide an array of a single column is drawn
MATRIX_RIGHT, INPUT_X, PLUS_X, BIAS_X, ARROW, RESULT_X = 1.95, 2.5, 2.84, 3.18, (3.5, 4.0), 4.4
STRIP_HEIGHT = 4.35


@drawing(height=STRIP_HEIGHT)
def shapes(fig, network) -> None:
    """Draw the arrays of every layer of `network`: weights, activations in, biases, result.

    A side of n numbers is drawn sqrt(n) long, so that 784 and 16 fit on one page.
    """
    fig.set_layout_engine("none")  # every position is given in inches
    ax = fig.add_axes((0, 0, 1, 1), xlim=(0, WIDTH), ylim=(0, STRIP_HEIGHT))
    ax.axis("off")
    top = STRIP_HEIGHT
    for number, layer in enumerate(network, 1):
        height = _side(max(layer.W.shape)) + 0.62
        _layer_strip(ax, layer, number, top - height / 2)
        top -= height + 0.06


def _side(n: int) -> float:
    return UNIT * np.sqrt(n)


def _layer_strip(ax, layer, number, y) -> None:
    n_out, n_in = layer.W.shape
    into, out = _side(n_in), _side(n_out)
    in_colour = INPUT if number == 1 else ACTIVATION
    name = f"W^{{({number})}}"
    _array(ax, MATRIX_RIGHT - into / 2, y, (into, out), WEIGHT_FILL, name, f"{n_out} × {n_in}")
    _array(ax, INPUT_X, y, (COLUMN, into), in_colour, f"a^{{({number - 1})}}", f"{n_in}")
    ax.text(PLUS_X, y, "+", ha="center", va="center")
    _array(ax, BIAS_X, y, (COLUMN, out), BIAS_FILL, f"b^{{({number})}}", f"{n_out}")
    ax.annotate("", (ARROW[1], y), (ARROW[0], y), arrowprops={"arrowstyle": "->", "color": INK})
    ax.text(sum(ARROW) / 2, y + 0.05, r"$\sigma$", ha="center", va="bottom")
    _array(ax, RESULT_X, y, (COLUMN, out), ACTIVATION, f"a^{{({number})}}", f"{n_out}")


def _array(ax, x, y, size, colour, name, shape) -> None:
    width, height = size
    corner = (x - width / 2, y - height / 2)
    ax.add_patch(Rectangle(corner, width, height, color=colour, lw=0))
    ax.text(x, y + height / 2 + 0.05, f"${name}$", ha="center", va="bottom")
    ax.text(x, y - height / 2 - 0.06, shape, ha="center", va="top", fontsize=9)


@drawing(height=2.7)
def count(fig, network) -> None:
    """Draw the number of weights of each layer, and of all biases, as the areas of squares."""
    ax = fig.subplots()
    first, *others = [
        (W.size, f"{len(W.T)} × {len(W)} = {W.size:,} weights", WEIGHT_FILL) for W, _ in network
    ]
    biases = [b.size for _, b in network]
    sum_of_biases = " + ".join(map(str, biases))
    others.append((sum(biases), f"{sum_of_biases} = {sum(biases)} biases", BIAS_FILL))
    side = _square(ax, 0, 0, first)
    ax.text(side / 2, side / 2, first[1].replace(" = ", " =\n"), ha="center", va="center")
    left, bottom, widest = side + 5, 0, np.sqrt(others[0][0])
    for block in reversed(others):
        small = _square(ax, left, bottom, block)
        ax.text(left + widest + 3, bottom + small / 2, block[1], va="center")
        bottom += small + 12
    ax.set(xlim=(0, left + 110), ylim=(0, side), aspect="equal")
    ax.axis("off")


def _square(ax, left, bottom, block) -> float:
    side = np.sqrt(block[0])
    ax.add_patch(Rectangle((left, bottom), side, side, color=block[2], lw=0))
    return side


@drawing(height=2.5)
def accuracies(fig, random, trained, chance) -> None:
    """Draw one dot for the accuracy of each random and each trained network, beside `chance`."""
    ax = fig.subplots()
    for row, found, colour in ((0, random, QUIET), (1, trained, ACTIVATION)):
        # fixed offsets in height keep equal accuracies apart; they carry no meaning
        heights = row + 0.5 * (np.arange(len(found)) * 0.618 % 1 - 0.5)
        ax.plot(100 * found, heights, "o", ms=4, mew=0, alpha=0.7, color=colour)
    ax.axvline(100 * chance, color=INK, lw=1, ls="--")
    ax.text(100 * chance + 1.5, 0.5, "guessing", va="center")
    ax.text(16, 0, f"{len(random)} networks,\nrandom weights", va="center", color=INK)
    ax.text(86, 1, f"{len(trained)} networks,\ntrained", ha="right", va="center", color=ACTIVATION)
    ax.set(xlim=(0, 100), ylim=(-0.5, 1.5), yticks=[], xlabel="accuracy on test digits (%)")
    ax.spines["left"].set_visible(False)


@drawing(height=2.4)
def control(fig, without, trained) -> None:
    """Join, for each seed, the accuracy without hidden layers and that with them."""
    ax = fig.subplots()
    rows = np.arange(len(trained))
    ax.hlines(rows, 100 * without, 100 * trained, color=QUIET, lw=1)
    ax.plot(100 * without, rows, "o", color=QUIET)
    ax.plot(100 * trained, rows, "o", color=ACTIVATION)
    top = len(rows) - 0.3
    for x, text, colour, side in (
        (100 * np.mean(without), "no hidden layer", INK, "right"),
        (100 * np.mean(trained), "two hidden layers", ACTIVATION, "left"),
    ):
        ax.text(x, top, text, color=colour, ha=side)
    ax.set(ylim=(-0.6, len(rows) + 0.6), yticks=[], xlabel="accuracy on test digits (%)")
    ax.margins(x=0.35)
    ax.set_ylabel("seed")
    ax.spines["left"].set_visible(False)


@drawing(height=3.0)
def flow(fig, image, layers, terms, label) -> None:
    """Draw `image`, the activations of the `layers` after it, and the terms of the largest output.

    `terms` are the terms of that output's weighted sum, one for each neuron of the layer before:
    blue lines add, red ones subtract. The digit `label` gets a frame.
    """
    fig.set_layout_engine("none")  # the gap before the outputs must hold the lines
    picture, *bars = (fig.add_axes((x, 0.1, width, 0.8)) for x, width in FLOW_COLUMNS)
    show_image(picture, image)
    picture.set_title(f"{image.size} pixels", fontsize=10)
    for ax, a in zip(bars, layers, strict=True):
        _bars(ax, a)
        ax.set_title(f"{len(a)} neurons", fontsize=10)
    bars[-1].set_title(f"{len(layers[-1])} outputs", fontsize=10)
    _digits(bars[-1], layers[-1], label)
    _lines(fig, bars[-2:], layers[-1].argmax(), terms)


def _bars(ax, a) -> None:
    ax.barh(np.arange(len(a)), np.ones(len(a)), height=0.72, color="#eeeeee")
    ax.barh(np.arange(len(a)), a, height=0.72, color=ACTIVATION)
    ax.set(xlim=(0, 1), ylim=(len(a) - 0.5, -0.5), yticks=[], xticks=[0, 1])
    for side in ("left", "bottom"):
        ax.spines[side].set_visible(False)
    ax.tick_params(length=0)


def _digits(ax, a, label) -> None:
    for digit in range(len(a)):
        chosen = digit == a.argmax()
        weight, colour = ("bold", ACTIVATION) if chosen else ("normal", INK)
        frame = {"boxstyle": "square,pad=0.2", "fill": False, "ec": INK} if digit == label else None
        ax.text(
            1.16,
            digit,
            str(digit),
            ha="center",
            va="center",
            weight=weight,
            color=colour,
            bbox=frame,
        )


def _lines(fig, axes, winner, terms) -> None:
    for j, term in enumerate(terms):
        line = ConnectionPatch(
            (1.04, j),
            (-0.04, winner),
            coordsA=axes[0].transData,
            coordsB=axes[1].transData,
            color=POSITIVE if term > 0 else NEGATIVE,
            lw=2.5 * abs(term) / np.abs(terms).max(),
        )
        fig.add_artist(line)


@drawing(height=4.9)
def templates(fig, weights, limit) -> None:
    """Draw each row of `weights` as an image: red negative, white zero, blue positive."""
    side = int(np.ceil(np.sqrt(len(weights))))
    for ax, row in zip(fig.subplots(side, side).flat, weights, strict=True):
        show_weights(ax, row, limit)


@drawing(height=3.3)
def outputs(fig, images, outputs) -> None:
    """Draw images in a row, and under each its ten outputs as a column of cells."""
    axes = fig.subplots(2, len(images), height_ratios=(1, 3.6))
    for image, output, (above, below) in zip(images, outputs, axes.T, strict=True):
        show_image(above, image)
        below.imshow(output[:, None], cmap=ACTIVATIONS, vmin=0, vmax=1, aspect="auto")
        bare(below, frame=True)
    axes[1, 0].set_yticks(range(10))
    axes[1, 0].tick_params(length=0)
    axes[1, 0].set_ylabel("output")
