"""Figures of the chapter on the transformer."""

from __future__ import annotations

import numpy as np
from matplotlib.patches import FancyBboxPatch

from weighted_sums.figures.style import (
    ACTIVATION,
    AMOUNTS,
    BLACK,
    GRADIENT,
    INK,
    INPUT,
    LINES,
    QUIET,
    WEIGHTS,
    WHITE,
    drawing,
)
from weighted_sums.figures.whole_model import whole_model

__all__ = ["and_gate", "block_flow", "fractions", "gelu", "journey", "whole_model"]

STREAM = 0.09  # where the residual stream runs in the picture of a block
PARTS = {"embeddings": INPUT, "attention": LINES[0], "MLP": ACTIVATION, "the rest": QUIET}


@drawing(height=3.9)
def block_flow(fig, positions, block) -> None:
    """Draw the path of an array of `positions` rows through a block, with shapes."""
    fig.set_layout_engine("none")
    ax = fig.add_axes((0, 0, 1, 1))
    ax.set(xlim=(0, 1), ylim=(0, 1))
    ax.axis("off")
    n_heads, d_head, d_model = block.attention.W_q.shape
    stream, wide = f"{positions} × {d_model}", f"{positions} × {len(block.up.W)}"
    _arrow(ax, (STREAM, 0.07), (STREAM, 0.96), lw=5, color=INPUT)
    for y in (0.03, 0.98):
        ax.text(STREAM + 0.04, y, stream, va="center", color=INPUT)
    heads = f"{n_heads} heads\nof {d_head}"
    _branch(ax, 0.14, 0.39, ("layer\nnorm", f"attention\n{heads}"), (stream,), stream)
    _branch(ax, 0.57, 0.82, ("layer\nnorm", "up,\nGELU", "down"), (stream, wide), stream)


def _branch(ax, out, back, names, shapes, returned) -> None:
    """Leave the stream at height `out`, pass the boxes `names`, and come back at `back`."""
    lefts = (0.20, 0.505, 0.81)[: len(names)]
    before = STREAM
    colours = (INK, *[PARTS["attention" if len(names) == 2 else "MLP"]] * 2)
    for left, name, colour in zip(lefts, names, colours, strict=False):
        box = FancyBboxPatch((left, out - 0.07), 0.15, 0.14, "round,pad=0.005", fc="white",
                             ec=colour, lw=1.8)  # fmt: skip
        _arrow(ax, (before, out), (left - 0.005, out))
        ax.add_patch(box)
        ax.text(left + 0.075, out, name, ha="center", va="center", fontsize=9, linespacing=1.1)
        before = left + 0.155
    for left, shape in zip(lefts, shapes, strict=False):
        ax.text(left + 0.232, out + 0.025, shape, ha="center", va="bottom", fontsize=9)
    x = lefts[-1] + 0.075
    ax.plot([x, x], [out + 0.075, back], color=INK, lw=1.2)
    _arrow(ax, (x, back), (STREAM + 0.035, back))
    ax.text(x - 0.03, back + 0.025, returned, ha="right", va="bottom", fontsize=9)
    ax.plot(STREAM, back, "o", ms=17, color="white", mec=INK, zorder=3)
    ax.text(STREAM, back, "+", ha="center", va="center", fontsize=14, zorder=4)


def _arrow(ax, start, end, lw=1.2, color=INK) -> None:
    style = {"arrowstyle": "-|>", "lw": lw, "color": color, "shrinkA": 0, "shrinkB": 0}
    ax.annotate("", end, start, arrowprops=style)


@drawing(height=3.3)
def and_gate(fig, axis, answers, people) -> None:
    """Draw what an MLP writes of its output, against the amounts of two names in the stream."""
    ax = fig.subplots()
    mesh = ax.pcolormesh(axis, axis, answers, cmap=AMOUNTS, shading="nearest", rasterized=True)
    ax.plot([axis[0], axis[-1]], [1 - axis[0], 1 - axis[-1]], "--", color=WHITE, lw=1.2)
    for name, (x, y) in people.items():
        ax.plot(x, y, "o", ms=6, color=WHITE, mec=BLACK)
        ax.annotate(
            name.replace(" ", "\n"),
            (x, y),
            (7, 0),
            textcoords="offset points",
            va="center",
            fontsize=9,
            color=BLACK if x + y > 1.5 else WHITE,
        )
    ax.set(xlim=(axis[0], axis[-1]), ylim=(axis[0], axis[-1]), aspect="equal")
    ax.set(xlabel="Michael in the stream", ylabel="Jordan in the stream")
    ax.set(xticks=[0, 1], yticks=[0, 1])
    fig.colorbar(mesh, ax=ax, label="basketball written", ticks=[0, 0.5, 1, 1.5])


@drawing(height=2.6)
def gelu(fig, z, values, grads, relu) -> None:
    """Draw GELU beside ReLU, and the derivative of GELU."""
    left, right = fig.subplots(1, 2)
    left.plot(z, relu, color=QUIET, lw=1.2)
    left.plot(z, values, color=ACTIVATION)
    left.text(1.2, 0.35, "GELU", color=ACTIVATION)
    left.text(0.1, 2.2, "ReLU", color=QUIET)
    right.plot(z, grads, color=GRADIENT)
    right.axhline(1, color=QUIET, lw=0.8, ls=":")
    right.axhline(0, color=QUIET, lw=0.8, ls=":")
    for ax, name in ((left, "GELU"), (right, "derivative of GELU")):
        ax.set(xlabel="weighted sum $z$", ylabel=name, xticks=[-3, 0, 3])


@drawing(height=2.9)
def journey(fig, parts, predictions, alphabet, most=3) -> None:
    """Draw the stream after each part, a row of cells, and the likeliest next letters there."""
    left, right = fig.subplots(1, 2, width_ratios=(2.2, 1))
    rows = np.array(list(parts.values()))
    limit = np.abs(rows).max()
    left.imshow(rows, cmap=WEIGHTS, vmin=-limit, vmax=limit, aspect="auto")
    left.set_yticks(range(len(parts)), [name.replace(", ", ",\n") for name in parts], fontsize=8.5)
    left.set_xticks([])
    left.set_xlabel("coordinates of the stream")
    for y, p in enumerate(predictions.values()):
        for i, token in enumerate(np.argsort(-p)[:most]):
            at = y + 0.27 * (i - (most - 1) / 2)
            right.barh(at, p[token], height=0.22, color=ACTIVATION)
            right.text(p[token] + 0.03, at, alphabet[token].replace(" ", "␣"), va="center",
                       fontsize=8.5, family="monospace")  # fmt: skip
    right.set(xlim=(0, 1.15), ylim=(len(parts) - 0.5, -0.5), yticks=[], xticks=[0, 0.5, 1])
    right.set_xlabel("probability")


@drawing(height=2.4)
def fractions(fig, models) -> None:
    """Draw for each model the fraction of its parameters in each kind of part."""
    ax = fig.subplots()
    named = set()
    for row, parts in enumerate(models.values()):
        left = 0.0
        for name, fraction in parts.items():
            percent = 100 * fraction
            ax.barh(row, percent, left=left, color=PARTS[name], ec="white", height=0.62)
            if percent > 5:
                ax.text(left + percent / 2, row, f"{percent:.0f}", ha="center", va="center",
                        color="white")  # fmt: skip
            if percent > 5 and name not in named:
                named.add(name)
                ax.text(left + percent / 2, row - 0.38, name, ha="center", color=PARTS[name])
            left += percent
    ax.set_yticks(range(len(models)), list(models))
    ax.set(ylim=(len(models) - 0.5, -0.75), xlim=(0, 100), xlabel="parameters (%)")
    ax.spines["left"].set_visible(False)
    ax.tick_params(axis="y", length=0)
