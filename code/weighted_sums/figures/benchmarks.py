"""Figures of the page on benchmarks: ratios, growth, and what a step is made of."""

from __future__ import annotations

from weighted_sums.figures.style import ACTIVATION, GRADIENT, INK, LINES, QUIET, apart, drawing


@drawing(height=4.6)
def ratios(fig, rows, labels, goals) -> None:
    """Draw each row's ratio with its range, labelled by `labels`, and the goals by row."""
    ax = fig.subplots()
    for y, row in enumerate(rows):
        colour = GRADIENT if row["ratio"] >= 1 else ACTIVATION
        ax.hlines(y, row["ratio_low"], row["ratio_high"], color=colour, lw=2.2, alpha=0.5)
        ax.plot(row["ratio"], y, "o", color=colour, ms=5)
    ax.plot(list(goals.values()), list(goals), "|", color=INK, ms=11, mew=1.4)
    ax.axvline(1, color=QUIET, lw=1)
    ax.set_yticks(range(len(labels)), labels)
    ax.tick_params(axis="y", length=0)
    ax.set_ylim(len(rows) - 0.4, -0.6)
    ax.set_xscale("log")
    ticks = [t for t in (0.25, 0.5, 1, 2, 4, 8, 16) if _inside(ax, t)]
    ax.set_xticks(ticks, [f"{t:g}" for t in ticks])
    ax.tick_params(axis="x", which="minor", length=0, labelbottom=False)
    ax.set_xlabel("time, this book = 1")


def _inside(ax, x: float) -> bool:
    low, high = ax.get_xlim()
    return low <= x <= high


@drawing(height=3.1)
def lengths(fig, rows, laws) -> None:
    """Draw milliseconds against the number of tokens, and the fitted laws with their exponents."""
    ax = fig.subplots()
    colours = dict(zip(laws, (ACTIVATION, LINES[0], LINES[2]), strict=True))
    tops = [law["factor"] * law["to"] ** law["exponent"] for law in laws.values()]
    for (program, law), height in zip(laws.items(), apart(tops, 1.8, factor=True), strict=True):
        own = [row for row in rows if row["program"] == program]
        spent = [row["milliseconds"] for row in own]
        sizes = [row["setting"]["n"] for row in own]
        ax.plot(sizes, spent, "o", color=colours[program], ms=4)
        ends = [law["from"], law["to"]]
        line = [law["factor"] * n ** law["exponent"] for n in ends]
        ax.plot(ends, line, color=colours[program], lw=1.4)
        name = program.removeprefix("PyTorch, ")
        label = f"{name}, {law['exponent']:.2f}"
        ax.text(ends[-1] * 1.15, height, label, color=colours[program], va="center", fontsize=9)
    ax.set(xscale="log", yscale="log", xlabel="tokens", ylabel="ms")
    ax.set_xscale("log", base=2)
    ax.set_xticks(sizes[::2], sizes[::2])
    ax.set_xlim(sizes[0] * 0.8, sizes[-1] * 9)


@drawing(height=3.2)
def parts(fig, rows) -> None:
    """Draw the milliseconds of each part of a step, a bar for each program."""
    ax = fig.subplots()
    names = list(dict.fromkeys(row["part"] for row in rows))
    programs = list(dict.fromkeys(row["program"] for row in rows))
    for offset, program, colour in zip((-0.2, 0.2), programs, (ACTIVATION, LINES[0]), strict=True):
        own = [row for row in rows if row["program"] == program]
        spent = [row["milliseconds"] for row in own]
        y = [names.index(row["part"]) + offset for row in own]
        ax.barh(y, spent, height=0.38, color=colour)
        ax.text(spent[0] * 0.97, y[0], program, color="white", ha="right", va="center", fontsize=9)
    ax.set_yticks(range(len(names)), names)
    ax.tick_params(axis="y", length=0)
    ax.set_ylim(len(names) - 0.5, -0.5)
    ax.set_xlabel("ms a step")
