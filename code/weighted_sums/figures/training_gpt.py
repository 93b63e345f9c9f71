"""Figures of the chapter on training a GPT: the loss, heads, and what steps and tokens cost."""

from __future__ import annotations

import numpy as np

from weighted_sums.figures.style import (
    ACTIVATION,
    ATTENTION_WEIGHTS,
    BOOK,
    INK,
    LINES,
    PYTORCH,
    QUIET,
    TRAINING,
    VALIDATION,
    apart,
    bare,
    drawing,
)

DASHED = {"color": QUIET, "lw": 1, "ls": (0, (4, 3))}


@drawing(height=3.1)
def loss(fig, steps, history, marks) -> None:
    """Draw the validation loss against the step, and the losses of n-gram models, by name."""
    ax = fig.subplots()
    lowest = min(marks.values())
    for name, mark in marks.items():
        ax.axhline(mark, **DASHED)
        below = mark == lowest
        ax.text(steps[-1], mark + (-0.03 if below else 0.02), name,
                ha="right", va="top" if below else "bottom", fontsize=9)  # fmt: skip
    ax.plot(steps, history, "o-", color=VALIDATION, ms=4)
    ax.text(steps[1] + 15, history[1] - 0.02, "transformer", color=VALIDATION, va="bottom")
    ax.set_ylim(1, None)
    ax.set_xlim(0, None)
    ax.set_xlabel("step")
    ax.set_ylabel("held-out nats per character")


@drawing(height=2.9)
def longer(fig, orders, rows) -> None:
    """Draw the loss of n-grams by their length, and beside it a transformer's by the step."""
    left, right = fig.subplots(1, 2, sharey=True, width_ratios=(1, 1.6))
    costs = [row["validation_loss"] for row in orders]
    left.plot([row["n"] for row in orders], costs, "o-", color=QUIET, ms=4)
    left.set(xlabel="length $n$", ylabel="nats per character", xticks=[1, 3, 5, 7, 9])
    for ax in (left, right):
        ax.axhline(min(costs), **DASHED)
    steps = [row["step"] for row in rows]
    for key, name, colour, side in (
        ("validation_loss", "held-out", VALIDATION, "bottom"),
        ("training_loss", "training", TRAINING, "top"),
    ):
        right.plot(steps, [row[key] for row in rows], "o-", color=colour, ms=3)
        y = rows[3][key] + (0.06 if side == "bottom" else -0.1)
        right.text(steps[3], y, name, color=colour, va=side,
                   ha="left" if side == "bottom" else "right", fontsize=9)  # fmt: skip
    right.text(steps[-1], min(costs) + 0.02, "best n-grams", ha="right", va="bottom", fontsize=9)
    right.set(xlabel="step", xlim=(0, steps[-1] * 1.04))
    left.set_ylim(1.2, 4.3)


@drawing(height=2.9)
def heads(fig, patterns) -> None:
    """Show the attention pattern of every head, a row for each layer."""
    axes = fig.subplots(len(patterns), len(patterns[0]))
    for number, (row, layer) in enumerate(zip(axes, patterns, strict=True), start=1):
        for ax, pattern in zip(row, layer, strict=True):
            ax.imshow(pattern, cmap=ATTENTION_WEIGHTS, vmin=0, vmax=0.6)
            bare(ax, frame=True)
        row[0].set_ylabel(f"layer {number}")


@drawing(height=2.9)
def steps(fig, rows) -> None:
    """Draw the time of a training step against d_model, ours and PyTorch's."""
    ax = fig.subplots()
    widths = [row["width"] for row in rows]
    programs = {"numpy_ms": ("by hand", BOOK), "torch_ms": ("PyTorch", PYTORCH)}
    heights = apart([rows[-1][key] for key in programs], 1.3, factor=True)
    for (key, (name, colour)), y in zip(programs.items(), heights, strict=True):
        ax.plot(widths, [row[key] for row in rows], "o-", color=colour, ms=4)
        ax.text(widths[-1] * 1.08, y, name, color=colour, va="center")
    ax.set_xscale("log", base=2)
    ax.set_yscale("log")
    ax.set_yticks([10, 30, 100, 300], [10, 30, 100, 300])
    ax.tick_params(which="minor", length=0, labelleft=False, labelbottom=False)
    ax.set_xticks(widths, widths)
    ax.set_xlim(widths[0] * 0.9, widths[-1] * 1.9)
    ax.set_xlabel(r"$d_\mathrm{model}$")
    ax.set_ylabel("ms per step")


@drawing(height=2.9)
def cache(fig, rows) -> None:
    """Draw the time for the next token against its number, with and without the cache."""
    ax = fig.subplots()
    numbers = [row["token"] for row in rows]
    for key, name, colour in (
        ("uncached_ms", "without", LINES[0]),
        ("cached_ms", "with the cache", ACTIVATION),
    ):
        spent = [row[key] for row in rows]
        ax.plot(numbers, spent, "o-", color=colour, ms=4)
        ax.text(numbers[-1] + 6, spent[-1], name, color=colour, va="center")
    ax.set_xticks([1, 64, 128, 192, 256])
    ax.set_xlim(0, numbers[-1] * 1.4)
    ax.set_ylim(0, None)
    ax.set_xlabel("number of the token", color=INK)
    ax.set_ylabel("ms")


@drawing(height=2.6)
def next_tokens(fig, pieces, p, most=8) -> None:
    """Draw the probabilities of the likeliest next tokens; `␣` stands for a space."""
    ax = fig.subplots()
    best = np.argsort(-p)[:most]
    ax.barh(range(most), p[best], color=LINES[0])
    names = [
        pieces[token].decode(errors="replace").replace(" ", "␣").replace("\n", "⏎")
        for token in best
    ]
    ax.set_yticks(range(most), names, family="monospace")
    ax.tick_params(axis="y", length=0)
    ax.invert_yaxis()
    ax.set_xlabel("probability of the next token")
