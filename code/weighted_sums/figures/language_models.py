"""Figures of the chapter on language models: bigrams, predictions, overfitting, merges."""

from __future__ import annotations

import numpy as np
from matplotlib.colors import PowerNorm
from matplotlib.patches import FancyBboxPatch

from weighted_sums.figures.style import (
    ACTIVATION,
    AMOUNTS,
    LINES,
    QUIET,
    TRAINING,
    VALIDATION,
    bare,
    drawing,
)
from weighted_sums.tokens import BPETokenizer

SIGNS = {" ": "␣", "\n": "⏎"}
MONO = "DejaVu Sans Mono"


def _visible(character: str) -> str:
    return SIGNS.get(character, character)


@drawing(height=4.2)
def pair_table(fig, model, characters) -> None:
    """Show the probability of each character (column) after each other one (row)."""
    p = [[model.probability(after, before) for after in characters] for before in characters]
    ax = fig.subplots()
    image = ax.imshow(p, cmap=AMOUNTS, norm=PowerNorm(0.5, 0, 1))
    labels = [_visible(character) for character in characters]
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_ticks(range(len(labels)), labels, fontfamily=MONO, fontsize=9)
        axis.set_tick_params(length=0)
    ax.xaxis.tick_top()
    ax.xaxis.set_label_position("top")
    ax.set_xlabel("the next character")
    ax.set_ylabel("the character before")
    bar = fig.colorbar(image, ax=ax, shrink=0.6, ticks=[0, 0.1, 0.3, 0.6, 1])
    bar.outline.set_visible(False)
    bar.set_label("probability of the next one")


@drawing(height=2.3)
def next_characters(fig, model, contexts, count=5) -> None:
    """Draw the probabilities of the `count` likeliest characters after each context."""
    for ax, context in zip(fig.subplots(1, len(contexts), sharex=True), contexts, strict=True):
        p = model.distribution(context)
        best = np.argsort(-p, kind="stable")[:count]
        ax.barh(range(count), p[best], color=ACTIVATION, height=0.65)
        labels = [_visible(model.alphabet[token]) for token in best]
        ax.set_yticks(range(count), labels, fontfamily=MONO)
        ax.invert_yaxis()
        ax.set_xlim(0, 1)
        ax.set_xticks([0, 1], ["0", "1"])
        ax.tick_params(axis="y", length=0)
        ax.set_title(context + "…", fontsize=10, fontfamily=MONO)
    fig.supxlabel("probability of the next character", fontsize=10)


@drawing(height=3.9)
def wall(fig, lengths, seen, new, unknown) -> None:
    """Draw perplexity against n, and below it the fraction of unknown contexts."""
    above, below = fig.subplots(2, 1, sharex=True, height_ratios=[2.2, 1])
    above.plot(lengths, seen, "o-", color=TRAINING, ms=4)
    above.plot(lengths, new, "o-", color=VALIDATION, ms=4)
    above.set_yscale("log")
    above.set_yticks([1, 2, 5, 10, 20], ["1", "2", "5", "10", "20"])
    above.yaxis.set_tick_params(which="minor", length=0, labelleft=False)
    above.set_ylabel("perplexity")
    end = lengths[-1] + 0.2
    above.text(end, new[-1], "held out", color=VALIDATION, va="center")
    above.text(end, seen[-1], "counted", color=TRAINING, va="center")
    below.bar(lengths, unknown, color=QUIET, width=0.6)
    below.set_ylim(0, 1)
    below.set_yticks([0, 1], ["0", "1"])
    below.set_ylabel("unknown\ncontexts")
    below.set_xticks(lengths)
    below.set_xlabel("length $n$ of the n-grams")
    below.set_xlim(lengths[0] - 0.6, lengths[-1] + 1.9)


@drawing(height=2.7)
def units(fig, by_character, by_token) -> None:
    """Draw perplexity per character against n, for n-grams of characters and of tokens."""
    ax = fig.subplots()
    for row, colour in ((by_character, ACTIVATION), (by_token, LINES[0])):
        ax.plot(range(1, len(row) + 1), row, "o-", color=colour, ms=4)
    end = len(by_character) + 0.2
    ax.text(end, by_character[-1], "characters", color=ACTIVATION, va="center")
    ax.text(1.85, by_token[1], "tokens", color=LINES[0], ha="right", va="top")
    ax.set_yscale("log")
    ax.set_yticks([3, 5, 10, 20], ["3", "5", "10", "20"])
    ax.yaxis.set_tick_params(which="minor", length=0, labelleft=False)
    ax.set_ylim(3, None)
    ax.set_xticks(range(1, len(by_character) + 1))
    ax.set_xlim(0.5, len(by_character) + 1.9)
    ax.set_xlabel("characters or tokens in an n-gram, $n$")
    ax.set_ylabel("perplexity per character")


@drawing(height=2.6)
def merging(fig, text, pairs, counts) -> None:
    """Show the tokens of `text` after each number of merges; parts of a character are grey."""
    fig.set_layout_engine("none")
    left, width = 0.13, 0.86 / (len(text) + 2)  # a far character is drawn as three bytes
    ax = fig.add_axes((0, 0, 1, 1), xlim=(0, 1), ylim=(len(counts) - 0.25, -0.85))
    bare(ax)
    ax.text(left - 0.02, -0.55, "merges", ha="right", va="center", fontsize=9)
    for row, count in enumerate(counts):
        ax.text(left - 0.02, row, str(count), ha="right", va="center")
        step, x = BPETokenizer(pairs.merges[:count]), left
        for i, token in enumerate(step.encode(text)):
            x = _piece(ax, x, row, width, step.pieces[token], LINES[i % 2])


def _piece(ax, x, y, width, piece, colour) -> float:
    try:
        label = "".join(_visible(character) for character in piece.decode())
    except UnicodeDecodeError:
        label, colour = "", QUIET
    end = x + width * max(len(label), len(piece) if not label else 1)
    box = FancyBboxPatch(
        (x + 0.002, y - 0.36),
        end - x - 0.004,
        0.72,
        boxstyle="round,pad=0,rounding_size=0.008",
        mutation_aspect=10,
        facecolor=colour,
        alpha=0.25,
        edgecolor="none",
    )
    ax.add_patch(box)
    for i, character in enumerate(label):
        ax.text(x + width * (i + 0.5), y, character, ha="center", va="center",
                fontsize=9, fontfamily=MONO)  # fmt: skip
    return end


@drawing(height=2.9)
def lengths(fig, counts, by_text) -> None:
    """Draw tokens per character against the number of merges, a curve for each text."""
    ax = fig.subplots()
    for colour, (name, row) in zip((ACTIVATION, LINES[0], LINES[3]), by_text.items(), strict=True):
        ax.plot(range(len(counts)), row, "o-", color=colour, ms=4)
        ax.text(len(counts) - 0.8, row[-1], name, color=colour, va="center")
    ax.set_xticks(range(len(counts)), [str(count) for count in counts])
    ax.set_xlabel("merges")
    ax.set_ylabel("tokens per character")
    ax.set_ylim(0, 3.2)
    ax.set_xlim(-0.2, len(counts) + 1.9)
