"""Figures of the chapter on embeddings: cosines, directions, sums of words, probabilities."""

from __future__ import annotations

import numpy as np

from weighted_sums.figures.style import (
    ACTIVATION,
    INK,
    LINES,
    QUIET,
    WEIGHTS,
    drawing,
)
from weighted_sums.sampling import with_tail

MODELS = (("MiniLM", LINES[0]), ("SmolLM2", ACTIVATION))
NAMES = {"MiniLM": "MiniLM", "SmolLM2": "SmolLM2-Instruct, 4 bits"}


@drawing(height=4.3)
def cosines(fig, table, words) -> None:
    """Show the cosines of all pairs of words: blue the same way, red apart."""
    ax = fig.subplots()
    image = ax.imshow(table, cmap=WEIGHTS, vmin=-1, vmax=1)
    ax.set_xticks(range(len(words)), words, rotation=60, ha="left", rotation_mode="anchor")
    ax.set_yticks(range(len(words)), words)
    ax.xaxis.tick_top()
    ax.tick_params(length=0)
    for spine in ax.spines.values():
        spine.set_visible(False)
    bar = fig.colorbar(image, ax=ax, shrink=0.6, ticks=[-1, 0, 1])
    bar.outline.set_visible(False)
    bar.set_label("cosine")


@drawing(height=4.4)
def neighbours(fig, rows, words, count=6) -> None:
    """List the nearest neighbours of each word along a line of cosines, from recorded `rows`."""
    for ax, word in zip(fig.subplots(2, 3, sharex=True).flat, words, strict=True):
        nearest = [row for row in rows if row["word"] == word][:count]
        cosines_found = [row["cosine"] for row in nearest]
        ax.barh(range(count), cosines_found, color=LINES[0], alpha=0.3, height=0.8)
        for y, row in enumerate(nearest):
            ax.text(0.03, y, row["neighbour"], va="center")
        ax.set_title(word, fontsize=10, color=ACTIVATION)
        ax.set_ylim(count - 0.5, -0.5)
        ax.set_xlim(0, 1)
        ax.set_xticks([0, 1], ["0", "1"])
        ax.set_yticks([])
    fig.supxlabel("cosine", fontsize=10)


@drawing(height=3.9)
def plural(fig, rows) -> None:
    """Draw each noun's singular and plural along a direction, from the recorded `rows`."""
    ax = fig.subplots()
    pairs = list(zip(rows[::2], rows[1::2], strict=True))
    for y, (one, many) in enumerate(pairs):
        start, end = one["projection"], many["projection"]
        arrow = {"arrowstyle": "-|>", "color": QUIET, "shrinkA": 3, "shrinkB": 4}
        ax.annotate("", (end, y), (start, y), arrowprops=arrow)
        ax.plot(start, y, "o", color=LINES[0], ms=6)
        ax.plot(end, y, "o", color=ACTIVATION, ms=6)
    ax.set_yticks(range(len(pairs)), [f"{one['word']} → {many['word']}" for one, many in pairs])
    ax.tick_params(axis="y", length=0)
    ax.axvline(0, color=QUIET, lw=0.8)
    ax.set_ylim(len(pairs) - 0.4, -1.3)
    ax.text(pairs[0][0]["projection"], -0.75, "singular", color=LINES[0], ha="center")
    ax.text(pairs[0][1]["projection"], -0.75, "plural", color=ACTIVATION, ha="center")
    ax.set_xlabel("cosine with cats − cat")


@drawing(height=4.6)
def analogies(fig, rows) -> None:
    """Draw the cosine of the two differences of each analogy; filled where the answer is right."""
    ax = fig.subplots()
    sums = _first_rows(rows, MODELS[0][0])
    for shift, (model, colour) in zip((-0.19, 0.19), MODELS, strict=True):
        for y, row in enumerate(_first_rows(rows, model)):
            found = row["answer"] == row["target"]
            ax.barh(y + shift, row["direction_cosine"], height=0.32, color=colour, alpha=0.55)
            ax.plot(row["direction_cosine"] + 0.03, y + shift, "o", ms=5, color=colour,
                    mfc=colour if found else "white")  # fmt: skip
    labels = [f"{r['a']} − {r['b']} + {r['c']} → {r['target']}" for r in sums]
    ax.set_yticks(range(len(sums)), labels)
    ax.set_ylim(len(sums) - 0.5, -0.5)
    ax.tick_params(axis="y", length=0)
    ax.set_xlim(0, 1)
    ax.set_xlabel("cosine of the two differences")
    for y, (model, colour) in zip((6.8, 7.6), MODELS, strict=True):
        ax.text(0.98, y, NAMES[model], color=colour, ha="right")


def _first_rows(rows, model) -> list[dict]:
    return [
        row
        for row in rows
        if row["model"] == model and row["rank"] == 1 and row["inputs_excluded"] == 1
    ]


@drawing(height=4.4)
def temperature(fig, prompts, temperatures, count=8) -> None:
    """Draw the probabilities of the likeliest tokens at several temperatures, for each prompt."""
    axes = fig.subplots(len(prompts), len(temperatures), sharex=True)
    for row, (prompt, names, logits, others) in zip(axes, prompts, strict=True):
        for ax, T in zip(row, temperatures, strict=True):
            p = with_tail(np.asarray(logits), others, T)
            heights = [*p[:count], p[count:].sum()]
            ax.barh(range(count), heights[:count], color=ACTIVATION, height=0.7)
            ax.barh(count, heights[-1], color=QUIET, height=0.7)
            ax.set_yticks(range(count + 1), [*(_shown(name) for name in names[:count]), "others"])
            ax.set_ylim(count + 0.6, -0.6)
            ax.tick_params(axis="y", length=0, labelleft=ax is row[0])
            ax.set_xlim(0, 1)
            ax.set_xticks([0, 1], ["0", "1"])
            if prompt == prompts[0][0]:
                ax.set_title(f"$T = {T:g}$", fontsize=10)
    fig.supxlabel("probability", fontsize=10)


def _shown(token) -> str:
    return str(token).replace("\n", "⏎").replace(" ", "␣", 1)


@drawing(height=3.0)
def nucleus(fig, curves, mass) -> None:
    """Draw the probability of the likeliest tokens together, for each prompt."""
    ax = fig.subplots()
    ax.axhline(mass, color=QUIET, lw=0.8, ls=(0, (4, 3)))
    for (prompt, held), colour in zip(
        curves.items(), (ACTIVATION, LINES[0], LINES[3]), strict=True
    ):
        count = np.arange(1, len(held) + 1)
        ax.plot(count, held, color=colour)
        lift = 0.04 if held[-1] == max(row[-1] for row in curves.values()) else -0.02
        label = f"“{prompt} …”"
        ax.text(len(held) * 1.08, held[-1] + lift, label, color=colour, va="center", fontsize=9)
    ax.set_xscale("log")
    ax.set_xticks([1, 2, 5, 10, 20, 40], [1, 2, 5, 10, 20, 40])
    ax.set_xticks([], minor=True)
    ax.set_xlim(0.9, 1100)
    ax.set_ylim(0, 1.05)
    ax.set_yticks(np.arange(0, 1.1, 0.2))
    ax.set_xlabel("likeliest tokens")
    ax.set_ylabel("probability together", color=INK)
