"""Figures of the chapter on autodiff: the graph of a neuron, and the cost of gradients."""

from __future__ import annotations

import numpy as np
from matplotlib.patches import FancyBboxPatch

from weighted_sums.figures.style import ACTIVATION, GRADIENT, INPUT, LINES, QUIET, drawing

# column and row of each node of the neuron's graph, and its label
NODES = {
    "x": (0, 1.0, "x"),
    "w": (0, 0.0, "w"),
    "m": (1, 0.5, "m = w x"),
    "b": (1, -0.55, "b"),
    "z": (2, 0.0, "z = m + b"),
    "a": (3, 0.0, "a = relu(z)"),
    "d": (4, 0.0, "d = a − 1"),
    "C": (5, 0.0, "C = d²"),
}
HALF = 0.27  # half the width of a node, in columns


@drawing(height=2.4)
def graph(fig, nodes, grads: bool = False) -> None:
    """Draw the computation graph of a neuron and its cost, a node for each number.

    `nodes` maps the names in NODES to numbers with `data`, `inputs`, `local_grads` and `grad`. With
    `grads`, arrows show the local derivatives and nodes the derivative of the cost.
    """
    ax = fig.subplots()
    names = {id(node): name for name, node in nodes.items()}
    for name, node in nodes.items():
        for source, local in zip(node.inputs, node.local_grads, strict=True):
            if id(source) in names:
                _arrow(ax, NODES[names[id(source)]], NODES[name], local if grads else None)
    for name, node in nodes.items():
        _node(ax, *NODES[name], node, grads)
    ax.set(xlim=(-0.42, 5.42), ylim=(-0.95, 1.45))
    ax.axis("off")


def _node(ax, column, row, label, node, grads) -> None:
    colour = INPUT if not node.inputs else ACTIVATION
    height = 0.2 if grads else 0.13
    box = FancyBboxPatch(
        (column - HALF, row - height),
        2 * HALF,
        2 * height,
        boxstyle="round,pad=0,rounding_size=0.06",
        fc="white",
        ec=colour,
        lw=1.4,
    )
    ax.add_patch(box)
    ax.text(column, row + height + 0.05, label, ha="center", va="bottom", fontsize=9)
    lift = 0.09 if grads else 0
    ax.text(
        column,
        row + lift,
        f"{node.data:g}".replace("-", "−"),
        ha="center",
        va="center",
        color=colour,
    )
    if grads:
        words = {"ha": "center", "va": "center", "color": GRADIENT, "weight": "bold"}
        ax.text(column, row - 0.1, f"{node.grad:g}", **words)


def _arrow(ax, source, target, local_grad) -> None:
    start, end = (source[0] + HALF, source[1]), (target[0] - HALF, target[1])
    ax.annotate("", end, start, arrowprops={"arrowstyle": "->", "color": QUIET, "shrinkB": 0})
    if local_grad is None:
        return
    middle = ((start[0] + end[0]) / 2, (start[1] + end[1]) / 2)
    down = np.sign(start[1] - end[1])  # there is room below a slanting arrow
    alignments = {0: ("center", "bottom", 0), 1: ("right", "top", 0), -1: ("left", "top", 0.02)}
    ha, va, shift = alignments[int(down)]
    ax.text(
        middle[0] + shift,
        middle[1] + (0.03 if down == 0 else 0),
        f"×{local_grad:g}",
        ha=ha,
        va=va,
        fontsize=9,
        color=GRADIENT,
    )


@drawing(height=2.6)
def time_per_node(fig, sizes, seconds) -> None:
    """Draw microseconds per node against the number of nodes, a line for each program."""
    ax = fig.subplots()
    for (name, found), colour in zip(seconds.items(), LINES, strict=False):
        micro = 1e6 * np.asarray(found)
        ax.plot(sizes, micro, "o-", color=colour)
        _beside(ax, (sizes[-1], micro[-1]), name, colour)
    ax.set(xscale="log", xlabel="nodes in the graph", ylabel="time per node (µs)")
    ax.set(xlim=(sizes[0] / 1.5, sizes[-1] * 18))
    ax.set_ylim(bottom=0)
    ax.set_xticks(sizes)


@drawing(height=2.6)
def time_per_number(fig, sizes, arrays, single) -> None:
    """Draw nanoseconds per multiplication in nodes of growing arrays, and for single numbers."""
    ax = fig.subplots()
    ax.plot(sizes, 1e9 * np.asarray(arrays), "o-", color=LINES[1])
    ax.text(sizes[2] * 1.4, 1e9 * arrays[2] * 1.3, "in arrays", color=LINES[1], va="bottom")
    ax.axhline(1e9 * single, color=LINES[0])
    ax.text(sizes[-1], 1e9 * single * 1.2, "one by one", color=LINES[0], ha="right", va="bottom")
    ax.set(xscale="log", yscale="log", xlabel="numbers in a node")
    ax.set_ylabel("time per multiplication,\nforward and back (ns)")


@drawing(height=2.7)
def modes(fig, sizes, many_inputs, many_outputs) -> None:
    """Draw the time of all derivatives in both modes, for many inputs and for many outputs."""
    panels = fig.subplots(1, 2, sharey=True)
    kinds = (many_inputs, "inputs, one output"), (many_outputs, "outputs, one input")
    for ax, (found, label) in zip(panels, kinds, strict=True):
        for name, colour in (("forward", LINES[0]), ("reverse", LINES[1])):
            ax.plot(sizes, 1e3 * np.asarray(found[name]), "o-", color=colour)
            _beside(ax, (sizes[-1], 1e3 * found[name][-1]), name, colour)
        ax.set(xscale="log", yscale="log", xlabel=label, xlim=(sizes[0] / 1.5, sizes[-1] * 14))
        ax.set_xticks(sizes[::2], [f"{n}" for n in sizes[::2]])
        ax.minorticks_off()
    panels[0].set_ylabel("time of all derivatives (ms)")


def _beside(ax, point, words, colour, lift=0) -> None:
    offset = {"xytext": (7, lift), "textcoords": "offset points", "va": "center"}
    ax.annotate(words, point, color=colour, **offset)


@drawing(height=2.9)
def programs(fig, rows) -> None:
    """Draw the time of one gradient against the number of parameters, a line for each program."""
    ax = fig.subplots()
    names = list(dict.fromkeys(row["program"] for row in rows))
    lifts = {
        "autodiff": 7,
        "PyTorch": -2,
        "by hand": -9,
    }  # in points, where lines end close together
    for name, colour in zip(names, LINES, strict=False):
        own = [row for row in rows if row["program"] == name]
        x, y = ([row[key] for row in own] for key in ("parameters", "seconds"))
        ax.plot(x, 1e3 * np.asarray(y), "o-", color=colour)
        _beside(ax, (x[-1], 1e3 * y[-1]), name, colour, lifts.get(name, 0))
    ax.set(xscale="log", yscale="log", xlabel="parameters", xlim=(600, 3e6))
    ax.set_ylabel("time of one gradient (ms)")
