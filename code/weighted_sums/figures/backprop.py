"""Figures of the chapter on backpropagation: errors of the layers, checks, bugs, costs."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from matplotlib.patches import Rectangle

from weighted_sums.figures.diagrams import arrow, canvas, edge, node, number
from weighted_sums.figures.style import (
    ACTIVATION,
    GRADIENT,
    INK,
    LINES,
    NEGATIVE,
    POSITIVE,
    QUIET,
    drawing,
    show_image,
)

HIGHER = LINES[4]  # a negative error: the neuron should have been higher
COLUMNS = ((0.01, 0.26), (0.33, 0.16), (0.56, 0.16), (0.79, 0.16))  # left, width
VERSIONS = (GRADIENT, LINES[0], LINES[1])


@drawing(height=3.0)
def deltas_back(fig, weights, deltas) -> None:
    """Draw how the errors of a small network travel back, layer by layer, with their matrices.

    `weights` are the matrices after the first layer of neurons, `deltas` the errors of all layers.
    """
    ax = canvas(fig, 9.6, 6.0)
    columns = np.linspace(1.5, 8.1, len(deltas))
    largest = max(float(np.abs(W).max()) for W in weights)
    strongest = max(float(np.abs(d).max()) for d in deltas)
    spots = [
        [(float(x), 2.75 + 1.15 * ((d.size - 1) / 2 - j)) for j in range(d.size)]
        for x, d in zip(columns, deltas, strict=True)
    ]
    for W, before, after in zip(weights, spots, spots[1:], strict=False):
        for (j, i), weight in np.ndenumerate(W):
            edge(ax, before[i], after[j], float(weight), largest)
    for layer, (spot, d) in enumerate(zip(spots, deltas, strict=True), 1):
        for at, error in zip(spot, d.ravel(), strict=True):
            node(ax, at, number(error), GRADIENT, abs(float(error)) / strongest, radius=0.45)
        ax.text(spot[0][0], 5.35, rf"$\delta^{{({layer})}}$", ha="center", color=GRADIENT)
    for layer, (left, right) in enumerate(pairwise(columns), 1):
        arrow(ax, (right - 0.6, 5.45), (left + 0.6, 5.45), GRADIENT, lw=2.0)
        rows, width = weights[layer - 1].shape
        words = rf"$(W^{{({layer + 1})}})^\top$: {width} × {rows}"
        ax.text((left + right) / 2, 5.6, words, ha="center", va="bottom", fontsize=9)
        rule = rf"$\odot\;\sigma$′$(z^{{({layer})}})$"
        ax.text(left + 0.75, 5.3, rule, ha="left", va="top", fontsize=9)


@drawing(height=2.9)
def one_step(fig, W, a, delta) -> None:
    """Draw one step of BP2: activations above the matrix, errors beside it, results below."""
    ax = canvas(fig, 9.6, 5.8)
    right = 1.0 + 2.0 * W.shape[1]
    back, derivatives = W.T @ delta, a * (1 - a)
    for (j, i), w in np.ndenumerate(W):
        colour = POSITIVE if w > 0 else NEGATIVE
        shade = 0.4 * abs(w) / np.abs(W).max()
        corner = (1.0 + 2 * i, 3.5 - j)
        ax.add_patch(Rectangle(corner, 2, 1, fc=(colour, shade), ec=QUIET, lw=0.8))
        ax.text(
            corner[0] + 1, corner[1] + 0.5, f"{w:g}".replace("-", "−"), ha="center", va="center"
        )
    for i in range(len(a)):
        x = 2.0 + 2 * i
        ax.text(x, 4.75, f"{a[i]:g}", ha="center", color=ACTIVATION, weight="bold")
        for y, value in ((1.9, back[i]), (1.15, derivatives[i]), (0.3, back[i] * derivatives[i])):
            bold = "bold" if y < 1 else "normal"
            ax.text(
                x, y, f"{value:.3g}".replace("-", "−"), ha="center", color=GRADIENT, weight=bold
            )
    ax.text(4.0, 5.35, "activations $a$", ha="center", color=ACTIVATION, fontsize=9)
    ax.text(right + 0.9, 4.75, r"errors $\delta$", ha="center", color=GRADIENT, fontsize=9)
    for j, error in enumerate(delta):
        ax.text(
            right + 0.9,
            4 - j,
            f"{error:g}".replace("-", "−"),
            ha="center",
            va="center",
            color=GRADIENT,
        )
    for y, words in ((1.9, "column sums"), (1.15, "times $\\sigma$′"), (0.3, "errors before")):
        ax.text(right + 0.2, y, words, color=GRADIENT, fontsize=9)


@drawing(height=3.1)
def errors_flow(fig, image, dz, label, predicted) -> None:
    """Draw `image` and the errors `dz` of every layer after it, each column on its own scale.

    The digit `label` gets a frame, the wrongly `predicted` one bold type.
    """
    fig.set_layout_engine("none")  # columns of the same height, with room for words above
    picture, *columns = (fig.add_axes((x, 0.06, width, 0.74)) for x, width in COLUMNS)
    show_image(picture, image)
    largest = np.abs(dz[-1]).max()
    for ax, layer in zip(columns, dz, strict=True):
        _error_bars(ax, layer[0])
        times = largest / np.abs(layer).max()
        ax.set_title(f"{layer.size} errors\n× {times:.0f}", fontsize=10)
    for digit in range(dz[-1].size):
        frame = {"boxstyle": "square,pad=0.2", "fill": False, "ec": INK}
        columns[-1].text(
            1.25,
            digit,
            str(digit),
            ha="center",
            va="center",
            fontsize=9,
            weight="bold" if digit == predicted else "normal",
            bbox=frame if digit == label else None,
        )


def _error_bars(ax, errors) -> None:
    scaled = errors / np.abs(errors).max()
    colours = [GRADIENT if error > 0 else HIGHER for error in errors]
    ax.barh(np.arange(len(errors)), scaled, height=0.72, color=colours)
    ax.axvline(0, color=QUIET, lw=0.8)
    ax.set(xlim=(-1.05, 1.05), ylim=(len(errors) - 0.5, -0.5), xticks=[], yticks=[])
    for side in ("left", "bottom"):
        ax.spines[side].set_visible(False)


@drawing(height=2.9)
def nudges(fig, h, double, single) -> None:
    """Draw the relative error of finite differences with step `h`, in both precisions."""
    ax = fig.subplots()
    ax.loglog(h, single, "o-", ms=3, color=LINES[1])
    ax.loglog(h, double, "o-", ms=3, color=LINES[0])
    ax.text(h[6], single[6] * 4, "float32", color=LINES[1])
    ax.text(h[2], double[2] * 4, "float64", color=LINES[0])
    ax.set(xlabel="step $h$", ylabel="relative error")


@drawing(height=2.9)
def bugs(fig, curves) -> None:
    """Draw the learning curves of each version of the gradient, in per cent."""
    ax = fig.subplots()
    epochs = np.arange(1, len(next(iter(curves.values()))[0]) + 1)
    for (name, runs), colour in zip(curves.items(), VERSIONS, strict=True):
        ax.plot(epochs, runs.T, color=colour, lw=1.2)
        ax.text(epochs[-1] + 0.2, _height(name, curves), name.replace(" in", "\nin"), color=colour,
                va="center", fontsize=9)  # fmt: skip
    ax.set(xlim=(1, epochs[-1] + 3.6), ylim=(0, 100), xticks=epochs[1::2])
    ax.set(xlabel="epoch", ylabel="held-out accuracy (%)")


def _height(name, curves) -> float:
    # the first and the last group of lines end close together; their names must not overlap
    ends = {key: runs[:, -1].mean() for key, runs in curves.items()}
    first, _, last = ends
    offsets = {first: -7, last: 5}
    return ends[name] + offsets.get(name, 0)


@drawing(height=2.6)
def where(fig, by_layer) -> None:
    """Draw the relative error of each layer's gradient, for each version of the gradient."""
    ax = fig.subplots()
    for i, ((name, found), colour) in enumerate(zip(by_layer.items(), VERSIONS, strict=True)):
        layers = np.arange(1, len(found) + 1) + 0.08 * (i - 1)
        ax.semilogy(layers, found, "o", ms=7, color=colour)
        ax.text(3.25, found[-1] * (1, 40, 1)[i], name, color=colour, va="center", fontsize=9)
    ax.set(xlim=(0.7, 4.9), xticks=[1, 2, 3], ylim=(1e-12, 9))
    ax.set(xlabel="layer", ylabel="relative error")


@drawing(height=2.9)
def cost(fig, parameters, back, differences) -> None:
    """Draw the seconds that the whole gradient takes by each of the two methods."""
    ax = fig.subplots()
    ax.loglog(parameters, differences, "o-", color=LINES[1])
    ax.loglog(parameters, back, "o-", color=GRADIENT)
    ax.text(parameters[1], differences[1] * 2.2, "differences", color=LINES[1], ha="right")
    ax.text(parameters[1], back[1] * 2.2, "backpropagation", color=GRADIENT, ha="left")
    ax.set(xlabel="parameters", ylabel="seconds for the whole gradient")
    ax.set_xticks(parameters, [f"{size:,.0f}" for size in parameters], minor=False)
    ax.set_xticks([], minor=True)
