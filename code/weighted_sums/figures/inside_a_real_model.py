"""Figures of the chapter on a real model: recorded results of SmolLM2 and MiniLM."""

from __future__ import annotations

import numpy as np

from weighted_sums.figures.style import ACTIVATION, ATTENTION_WEIGHTS, INK, LINES, QUIET, drawing

CORRECT, OTHER = LINES[2], QUIET


@drawing(height=4.6)
def next_words(fig, answers) -> None:
    """Draw the five likeliest next tokens of each prompt in `answers` as bars.

    `answers` maps a prompt to rows with token, probability and target; the target has a colour.
    """
    axes = fig.subplots(3, 2, sharex=True).ravel()
    for ax, (prompt, rows) in zip(axes, answers.items(), strict=True):
        names = [_visible(row["token"]) for row in rows]
        correct = [row["token"].strip() == row["target"] for row in rows]
        colours = [CORRECT if one else OTHER for one in correct]
        ax.barh(names, [row["probability"] for row in rows], color=colours, height=0.7)
        ax.invert_yaxis()
        ax.set_title(_in_two_lines(prompt), fontsize=9, loc="left")
        ax.set_xlim(0, 1)
        ax.tick_params(axis="y", length=0)
    for ax in axes[-2:]:
        ax.set_xlabel("probability")


def _visible(token) -> str:
    return "(space)" if token == " " else token.strip() or token


def _in_two_lines(prompt) -> str:
    words = prompt.split()
    cut = (len(words) + 1) // 2
    return " ".join(words[:cut]) + "\n" + " ".join(words[cut:]) + " …"


@drawing(height=2.7)
def repeats(fig, position, loss, length) -> None:
    """Draw the loss at each position when a sequence of `length` words is repeated."""
    ax = fig.subplots()
    ax.axvspan(length - 0.5, position.max() + 0.5, color=ACTIVATION, alpha=0.1, lw=0)
    ax.plot(position, loss, "o-", ms=4, color=LINES[0])
    ax.text(length / 2, 1, "first time", ha="center", color=INK)
    ax.text(length * 1.5, loss.max() * 0.85, "second time", ha="center", color=INK)
    ax.set(xlabel="position", ylabel="loss (nats)", ylim=(0, None), xlim=(0, position.max() + 0.5))
    ax.set_yticks(range(0, int(loss.max()) + 1, 5))


@drawing(height=3.6)
def pattern(fig, weights, words) -> None:
    """Draw the attention pattern of one head, with words at both axes."""
    ax = fig.subplots()
    ax.imshow(np.ma.masked_invalid(weights), cmap=ATTENTION_WEIGHTS, vmin=0, vmax=1)
    ticks = range(len(words))
    ax.set_xticks(ticks, words, rotation=90)
    ax.set_yticks(ticks, words)
    ax.set(xlabel="key position", ylabel="query position")
    ax.axhline(len(words) / 2 - 0.5, color=QUIET, lw=0.8)
    ax.axvline(len(words) / 2 - 0.5, color=QUIET, lw=0.8)
    ax.tick_params(length=0)


@drawing(height=3.3)
def heads(fig, layer, without, kinds, named) -> None:
    """Draw the loss without each head against its layer.

    `kinds` maps the name of a kind to a mask of its heads; `named` maps some indices to names.
    """
    ax = fig.subplots()
    ax.axhline(np.median(without), color=QUIET, lw=0.8)
    ax.plot(layer, without, "o", ms=4, color=QUIET, alpha=0.6, mew=0)
    for (kind, which), colour, height in zip(kinds.items(), LINES, (5.4, 5.0), strict=False):
        ax.plot(layer[which], without[which], "o", ms=7, color=colour)
        ax.text(19.5, height, kind, color=colour)
    ax.text(19.5, 4.6, "the others", color=QUIET)
    for k, (i, name) in enumerate(sorted(named.items())):
        below = 3 - 11 * (k % 2)  # labels of neighbours must not overlap
        ax.annotate(
            name, (layer[i], without[i]), (7, below), textcoords="offset points", fontsize=9
        )
    ax.set(xlabel="layer", ylabel="loss without the head (nats)")


@drawing(height=3.1)
def ablation(fig, names, first, second) -> None:
    """Draw the loss at both copies for each set of ablated heads."""
    ax = fig.subplots()
    y = np.arange(len(names))
    ax.hlines(y, second, first, color=QUIET, lw=1)
    ax.plot(first, y, "o", color=OTHER, ms=6)
    ax.plot(second, y, "o", color=ACTIVATION, ms=7)
    ax.text(first[0], -0.75, "first copy", ha="center", color=INK, fontsize=9)
    ax.text(second[0], -0.75, "second copy", ha="center", color=ACTIVATION, fontsize=9)
    ax.set_yticks(y, names)
    ax.set(xlim=(0, None), ylim=(len(names) - 0.5, -1.3), xlabel="loss (nats)")
    ax.tick_params(axis="y", length=0)


@drawing(height=2.9)
def stream(fig, norms, words) -> None:
    """Draw the norms of the residual stream, `norms[position, layer]`, on a logarithmic scale."""
    ax = fig.subplots()
    layers = np.arange(norms.shape[1])
    for row, colour in zip(norms, (ACTIVATION, *[LINES[0]] * len(norms)), strict=False):
        ax.semilogy(layers, row, color=colour, lw=1.6)
    ax.text(13, norms[0, 13] * 0.45, f"first position, {words[0]!r}", color=ACTIVATION, va="top")
    ax.text(13, norms[1:, 13].min() * 0.6, "the other positions", color=LINES[0], va="top")
    ax.set(xlabel="blocks passed", ylabel="norm")
