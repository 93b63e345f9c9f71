"""Figures of the page on compute and scale: training runs compared, and the effect of more text."""

from __future__ import annotations

import numpy as np

from weighted_sums.figures.style import ACTIVATION, INK, LINES, QUIET, drawing

SPANS = {"a second": 1.0, "a day": 86_400.0, "a million years": 3.156e13}


@drawing(height=2.7)
def ladder(fig, runs, speed) -> None:
    """Draw the operations of some training runs, and how long they take at `speed` per second."""
    ax = fig.subplots()
    for y, work in enumerate(runs.values()):
        ax.axhline(y, color=QUIET, lw=0.6, ls=":", zorder=0)
        ax.plot(work, y, "o", color=ACTIVATION, ms=8)
        ax.text(work * 5, y, f"{work:.0e}", va="center", fontsize=9)
    ax.set_yticks(range(len(runs)), list(runs))
    ax.set_ylim(len(runs) - 0.4, -0.6)
    ax.set_xscale("log")
    ax.set_xlim(1e6, 1e29)
    ax.set_xticks([1e9, 1e15, 1e21, 1e27])
    ax.set_xlabel("operations")
    ax.tick_params(axis="y", length=0)
    above = ax.secondary_xaxis("top", functions=(lambda w: w / speed, lambda s: s * speed))
    above.set_xticks(list(SPANS.values()), list(SPANS))
    above.tick_params(which="minor", length=0)
    above.tick_params(labelsize=9, colors=INK)


@drawing(height=3.0)
def more_text(fig, sizes, losses, exponent, intercept) -> None:
    """Draw the validation losses against the amount of text, with the fitted power law."""
    ax = fig.subplots()
    ends = np.array([sizes[0], sizes[-1]]) * np.array([0.8, 1.25])
    ax.plot(ends, np.exp(intercept) * ends**exponent, color=QUIET, lw=1, ls=(0, (4, 3)))
    ax.plot(sizes, losses.T, "o", color=LINES[0], ms=5, alpha=0.7)
    ax.set_xscale("log")
    ax.set_yscale("log")
    ticks = [6_000, 12_000, 25_000, 50_000, 100_000]
    ax.set_xticks(ticks, [f"{tick:,}" for tick in ticks])
    ax.set_yticks([1.8, 2, 2.2, 2.5], ["1.8", "2", "2.2", "2.5"])
    ax.tick_params(which="minor", length=0, labelleft=False, labelbottom=False)
    ax.set_xlabel("characters in the training text")
    ax.set_ylabel("loss (nats per character)")


@drawing(height=3.4)
def sweep(fig, by_width) -> None:
    """Draw the loss against compute, a line of dots for each width, named by its parameters."""
    ax = fig.subplots()
    for rows, colour in zip(by_width.values(), LINES, strict=True):
        work = np.array([float(row["operations"]) for row in rows])
        loss = np.array([row["validation_loss"] for row in rows])
        ax.plot(work, loss, "o", color=colour, ms=4, alpha=0.6)
        steps = np.unique(work)
        means = [loss[work == each].mean() for each in steps]
        ax.plot(steps, means, color=colour, lw=1.4)
        name = f"{rows[0]['parameters']:,}"
        ax.text(steps[0], loss[work == steps[0]].max() * 1.02, name, color=colour, ha="center",
                va="bottom", fontsize=9)  # fmt: skip
    ax.set_xscale("log")
    ax.set_yscale("log")
    ax.set_xlim(ax.get_xlim()[0] / 2, None)
    ax.set_ylim(None, 3.5)
    ax.set_yticks([1.4, 1.6, 2, 2.5, 3], ["1.4", "1.6", "2", "2.5", "3"])
    ax.tick_params(which="minor", length=0, labelleft=False)
    ax.set_xlabel("operations of the training run")
    ax.set_ylabel("loss (nats per character)")
