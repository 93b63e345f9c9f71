"""Figures of the page on assistants: the loss mask, and what is learned against what is lost."""

from __future__ import annotations

import numpy as np

from weighted_sums.figures.style import ACTIVATION, INK, LINES, QUIET, drawing

WIDE = {"<user>": 2, "<assistant>": 3, "<end>": 2}


@drawing(height=1.3)
def mask(fig, chats, template) -> None:
    """Show each chat as a row of tokens, those that are targets filled."""
    ax, longest = fig.subplots(), 0
    for row, (tokens, is_answer) in enumerate(chats):
        left = 0
        for name, counts in zip(template.names(tokens), is_answer, strict=True):
            width = WIDE.get(name, 1)
            ax.add_patch(_cell(left, row, width, counts))
            ax.text(
                left + width / 2, row + 0.5, name.strip("<>").replace(" ", "␣"), color=INK,
                fontsize=8 if width > 1 else 10, ha="center", va="center",
            )  # fmt: skip
            left += width
        longest = max(longest, left)
    ax.set_xlim(0, longest)
    ax.set_ylim(len(chats), 0)
    ax.axis("off")


def _cell(left: int, row: int, width: int, counts: bool):
    from matplotlib.patches import Rectangle

    return Rectangle(
        (left + 0.04, row + 0.06), width - 0.08, 0.88, lw=0.8, ec=QUIET,
        fc=ACTIVATION if counts else "none", alpha=0.45 if counts else 1,
    )  # fmt: skip


@drawing(height=3.0)
def forgetting(fig, runs) -> None:
    """Draw a point for each run: correct answers against the loss on the old text."""
    ax = fig.subplots()
    masked = [run for run in runs if run["masked"]]
    for rank, colour in zip((0, 1, 4, 16), LINES, strict=False):
        rows = [run for run in masked if run["rank"] == rank]
        ax.plot(
            [run["text_after"] for run in rows], [run["test"] for run in rows],
            "os^D"[(0, 1, 4, 16).index(rank)], color=colour, ms=5, alpha=0.8,
            label=f"LoRA, rank {rank}" if rank else "all parameters",
        )  # fmt: skip
    before = np.mean([run["text_before"] for run in runs])
    ax.axvline(before, color=QUIET, lw=0.8, ls=(0, (4, 3)))
    ax.text(before + 0.06, 0.5, "before", color=INK, fontsize=9)
    ax.set_ylim(-0.03, 1.03)
    ax.set_xlabel("loss on help pages afterwards (nats)")
    ax.set_ylabel("correct answers")
    ax.legend(fontsize=9, frameon=False, loc="lower right")
