"""Figures of the chapter on attention: shapes, weights, scaling, masks, ranks, cost."""

from __future__ import annotations

import numpy as np

from weighted_sums.figures.diagrams import arrow, canvas, matrix
from weighted_sums.figures.style import (
    ACTIVATION,
    ATTENTION,
    ATTENTION_WEIGHTS,
    BOOK,
    INK,
    LINES,
    OTHER,
    PYTORCH,
    QUIET,
    apart,
    drawing,
    show_pattern,
)

PAIRS = {
    ("American shrew mole", "One mole of carbon dioxide"): ("animal and chemistry", LINES[0]),
    ("American shrew mole", "Take a biopsy of the mole"): ("animal and skin", LINES[1]),
    ("One mole of carbon dioxide", "Take a biopsy of the mole"): ("chemistry and skin", LINES[3]),
}


@drawing(height=3.2)
def shapes(fig, positions: int, d_model: int, d_head: int) -> None:
    """Draw one head of attention as matrices with their shapes, from the stream to its output."""
    ax = canvas(fig, 12.6, 8.0)
    n, d, k = positions, d_model, d_head
    matrix(ax, (0.3, 3.0), (2.0, 2.4), "$X$", f"{n} × {d}", INK)
    for letter, y, colour in (("Q", 5.7, LINES[1]), ("K", 3.2, LINES[2]), ("V", 0.7, LINES[3])):
        arrow(ax, (2.4, 4.2), (3.5, y + 0.9))
        matrix(ax, (3.6, y + 0.35), (1.0, 1.1), f"$W_{letter}$", f"{k} × {d}", colour)
        arrow(ax, (4.7, y + 0.9), (5.2, y + 0.9))
        matrix(ax, (5.3, y), (0.9, 1.8), f"${letter}$", f"{n} × {k}", colour)
    arrow(ax, (6.3, 6.6), (7.1, 5.9))
    arrow(ax, (6.3, 4.1), (7.1, 4.9))
    pattern = "softmax\n$QK^\\top /\\,$√$d_k$"
    matrix(ax, (7.2, 4.3), (2.2, 2.2), pattern, f"{n} × {n}", ATTENTION)
    arrow(ax, (9.5, 5.2), (10.3, 4.4))
    arrow(ax, (6.3, 1.6), (10.3, 3.0))
    matrix(ax, (10.4, 2.7), (1.5, 1.8), "output", f"{n} × {k}", LINES[3])
    ax.text(8.3, 6.75, "attention pattern", ha="center", color=ATTENTION)
    ax.text(11.15, 4.75, "weighted sums\nof values", ha="center", va="bottom", fontsize=9)


@drawing(height=2.9)
def mole(fig, rows) -> None:
    """Draw the cosine of each pair of phrases, layer by layer, from the recorded `rows`."""
    ax = fig.subplots()
    ends = []
    for pair, (name, colour) in PAIRS.items():
        found = [row for row in rows if (row["sentence_a"], row["sentence_b"]) == pair]
        layers, cosines = [r["layer"] for r in found], [r["cosine"] for r in found]
        ax.plot(layers, cosines, "o-", color=colour, ms=4)
        ends.append((cosines[-1], name, colour))
    for y, (_, name, colour) in zip(apart([end[0] for end in ends], 0.045), ends, strict=True):
        ax.text(layers[-1] + 0.15, y, name, color=colour, va="center")
    ax.set_xticks(layers, ["input", *layers[1:]])
    ax.set_xlabel("after layer")
    ax.set_ylabel("cosine of the two vectors")
    ax.set_xlim(-0.2, layers[-1] + 2.6)
    ax.set_ylim(top=1.01)


@drawing(height=2.5)
def all_pairs(fig, scores, weights, words) -> None:
    """Show the attention scores and weights of a few words as tables with their numbers."""
    for ax, table, name in zip(
        fig.subplots(1, 2), (scores, weights), ("scores", "attention weights"), strict=True
    ):
        # pale, so that numbers can be read on it
        ax.imshow(table, cmap=ATTENTION_WEIGHTS, vmin=0, vmax=2.5 * table.max())
        for (i, j), number in np.ndenumerate(table):
            ax.text(j, i, f"{number:.2f}", ha="center", va="center")
        ax.set_xticks(range(len(words)), words)
        ax.set_yticks(range(len(words)), words)
        ax.tick_params(length=0)
        ax.xaxis.tick_top()
        ax.set_xlabel(name)
        for spine in ax.spines.values():
            spine.set_visible(False)
    fig.supylabel("query", fontsize=10)


@drawing(height=3.8)
def root(fig, dims, largest, derivative) -> None:
    """Draw the largest weight and softmax's derivative against d, without and with the root."""
    above, below = fig.subplots(2, 1, sharex=True)
    for ax, pair in ((above, largest), (below, derivative)):
        for name, colour, row in zip(
            ("without", "with the root"), (ACTIVATION, LINES[2]), pair, strict=True
        ):
            ax.plot(dims, row, "o-", color=colour, ms=4)
            ax.annotate(name, (dims[-1], row[-1]), (6, 0), textcoords="offset points",
                        va="center", color=colour, annotation_clip=False)  # fmt: skip
    above.set_ylim(0, 1.05)
    above.set_ylabel("largest weight")
    below.set_ylim(0, None)
    below.set_ylabel("average derivative")
    below.set_xscale("log", base=2)
    below.set_xticks(dims, dims)
    below.set_xlabel("dimension $d$ of queries and keys")
    below.set_xlim(dims[0] * 0.8, dims[-1] * 5)


@drawing(height=2.6)
def mask(fig, everything, causal) -> None:
    """Show an attention pattern without and with the causal mask."""
    for ax, pattern, name in zip(
        fig.subplots(1, 2), (everything, causal), ("sees everything", "sees no future"), strict=True
    ):
        show_pattern(ax, pattern, limit=0.6)
        ax.set_title(name, fontsize=10)


@drawing(height=2.7)
def rank(fig, head, full) -> None:
    """Draw the singular values of a head's map and of a full matrix, largest first."""
    ax = fig.subplots()
    number = np.arange(1, len(head) + 1)
    ax.plot(number, full, ".", color=QUIET)
    ax.plot(number, head, ".", color=ACTIVATION, ms=7)
    ax.text(38, full[36] + 0.12, "a full matrix", color=INK)
    ax.text(20, 0.1, "one head", color=ACTIVATION)
    ax.set_xlabel("number of the singular value")
    ax.set_ylabel("singular value")
    ax.set_ylim(-0.05, None)


@drawing(height=3.1)
def times(fig, rows) -> None:
    """Draw time and memory of a layer of attention against the length, from recorded `rows`."""
    left, right = fig.subplots(1, 2)
    lengths = [row["n"] for row in rows]
    programs = {
        "ours_ms": ("ours", BOOK),
        "written_out_ms": ("written out", OTHER),
        "fused_ms": ("PyTorch, fused", PYTORCH),
    }
    heights = apart([rows[-1][key] for key in programs], 1.9, factor=True)
    for (key, (name, colour)), y in zip(programs.items(), heights, strict=True):
        left.plot(lengths, [row[key] for row in rows], color=colour)
        left.text(lengths[-1] * 1.15, y, name, color=colour, va="center", fontsize=9)
    left.set_ylabel("ms")
    left.set_xlim(lengths[0] * 0.8, lengths[-1] * 14)
    right.plot(lengths, [row["scores_mb"] for row in rows], color=INK)
    right.set_ylabel("MB of scores")
    for ax in (left, right):
        ax.set_xscale("log", base=2)
        ax.set_yscale("log")
        ax.set_xticks(lengths[::2], lengths[::2])
        ax.set_xlabel("tokens")
