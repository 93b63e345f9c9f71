"""Figures of the chapter on stochastic descent: noise, paths, learning curves, speed."""

from __future__ import annotations

import numpy as np

from weighted_sums.figures.style import GRADIENT, INK, LINES, QUIET, TRAINING, VALIDATION, drawing

COLOURS = (QUIET, LINES[3], GRADIENT, LINES[1])


@drawing(height=2.9)
def noise(fig, grads, true) -> None:
    """Draw a row of dots for each batch size: the derivatives that its mini-batches give."""
    ax = fig.subplots()
    for row, found in enumerate(grads.values()):
        # fixed offsets in height keep equal derivatives apart; they carry no meaning
        heights = row + 0.56 * (np.arange(len(found)) * 0.618 % 1 - 0.5)
        ax.plot(found, heights, "o", ms=3, mew=0, alpha=0.5, color=GRADIENT)
    ax.axvline(true, color=INK, lw=1)
    ax.set(ylim=(len(grads) - 0.5, -0.5), yticks=range(len(grads)))
    ax.set_yticklabels([f"{size:,}" for size in grads])
    ax.set(
        xlabel="derivative of the cost with respect to one bias", ylabel="digits in a mini-batch"
    )


@drawing(height=3.3)
def paths(fig, w, b, costs, paths) -> None:
    """Draw each path over the contours of `costs`, for weights `w` and biases `b`."""
    low = costs.min()
    levels = low + (costs.max() - low) * np.linspace(0.02, 1, 16) ** 2
    axes = fig.subplots(1, 2, sharey=True)
    for ax, (name, path), colour in zip(axes, paths.items(), (INK, LINES[1]), strict=True):
        ax.contour(w, b, costs, levels=levels, colors=QUIET, linewidths=0.6, alpha=0.8)
        ax.plot(*path.T, "o-", ms=3, lw=1, color=colour)
        ax.set_title(name, fontsize=10)
        ax.set_xlabel("weight")
    axes[0].set_ylabel("bias")


@drawing(height=3.1)
def learning_curves(fig, curves, n) -> None:
    """Draw the cost of each run, by steps on the left and by examples on the right."""
    by_step, by_example = fig.subplots(1, 2, sharey=True)
    for (size, found), colour in zip(curves.items(), COLOURS, strict=True):
        steps, examples, cost = found.T
        name = "all" if size == n else f"{size}"
        for ax, amount in ((by_step, steps), (by_example, examples)):
            ax.semilogx(amount, cost, color=colour, lw=1.5)
        by_example.text(1.25 * examples[-1], cost[-1], name, color=colour, va="center")
    by_step.set(xlabel="steps", ylabel="cost", ylim=(0, 1.5), xlim=(1, 6e3))
    by_example.set(xlabel="digits seen", xlim=(10, 1.2e6))
    by_example.set_xticks([10, 1e3, 1e5])


@drawing(height=3.2)
def nielsen(fig, wide, narrow, published) -> None:
    """Draw the accuracy by epoch for both initialisations, beside the published one."""
    ax = fig.subplots()
    for runs, colour in ((wide, LINES[1]), (narrow, LINES[0])):
        ax.plot(np.arange(1, runs.shape[1] + 1), runs.T, color=colour, lw=1.2)
    ax.axhline(published, color=INK, lw=1, ls="--")
    ax.text(1, published + 0.8, f"Nielsen, all of the data: {published}", va="bottom")
    here = narrow.shape[1] + 0.5
    ax.text(here, narrow[:, -1].mean(), "smaller weights", color=LINES[0], va="center")
    ax.text(30.6, wide[:, -1].min(), "weights from\n$N(0, 1)$", color=LINES[1], va="center")
    ax.set(xlim=(0, 38), ylim=(50, 100), xticks=[1, 10, 20, 30])
    ax.set(xlabel="epoch", ylabel="test accuracy (%)")


@drawing(height=2.7)
def rates(fig, found, chance) -> None:
    """Draw the accuracy by epoch for each learning rate."""
    ax = fig.subplots()
    colours, lifts = (LINES[0], GRADIENT, LINES[1]), (6, 0, -6)
    for learning_rate, colour, lift in zip(sorted(found), colours, lifts, strict=True):
        accuracy = found[learning_rate]
        epochs = np.arange(1, len(accuracy) + 1)
        ax.plot(epochs, accuracy, "o-", ms=3, color=colour)
        end = (epochs[-1] + 0.12, accuracy[-1] + lift)
        ax.text(*end, rf"$\eta$ = {learning_rate:g}", color=colour, va="center")
    ax.axhline(chance, color=INK, lw=1, ls="--", zorder=0)
    ax.set(xlim=(0.8, 7.2), ylim=(0, 100), xlabel="epoch", ylabel="test accuracy (%)")


@drawing(height=3.1)
def search(fig, rates, searched, long_runs) -> None:
    """Draw training and validation cost, by learning rate on the left and by epoch on the right."""
    by_rate, by_epoch = fig.subplots(1, 2)
    epochs = np.arange(1, long_runs.shape[1] + 1)
    for ax, x, runs in (
        (by_rate, rates, searched),
        (by_epoch, epochs, long_runs.swapaxes(0, 1)),
    ):
        for measure, colour in ((0, TRAINING), (1, VALIDATION)):
            costs = runs[:, :, measure]
            ax.fill_between(x, costs.min(axis=1), costs.max(axis=1), color=colour, alpha=0.2, lw=0)
            ax.plot(x, costs.mean(axis=1), "o-", ms=2.5, lw=1.3, color=colour)
    by_rate.set(xscale="log", xlabel="learning rate", ylabel="cost", ylim=(0, 1.08))
    by_epoch.set(xlabel="epoch", ylim=(0, 0.8))
    training, validation = long_runs[:, -1].mean(axis=0)
    by_epoch.text(epochs[-1], training + 0.03, "training", color=TRAINING, ha="right", va="bottom")
    by_epoch.text(
        epochs[-1], validation + 0.03, "validation", color=VALIDATION, ha="right", va="bottom"
    )


@drawing(height=3.2)
def speed(fig, rows) -> None:
    """Draw how many times as long each program takes, a group for each batch size."""
    axes = fig.subplots(2, 1, sharex=True)
    for ax, size in zip(axes, sorted({row["batch_size"] for row in rows}), strict=True):
        group = [row for row in rows if row["batch_size"] == size]
        ratio, low, high = (
            np.array([row[key] for row in group]) for key in ("ratio", "ratio_low", "ratio_high")
        )
        y = np.arange(len(group))
        ax.barh(y, ratio, height=0.62, color=[LINES[0], *[QUIET] * (len(group) - 1)])
        ax.hlines(y, low, high, color=INK, lw=1.2)
        ax.set(yticks=y, ylim=(len(group) - 0.4, -0.6))
        ax.set_yticklabels([row["program"] for row in group])
        ax.set_title(f"mini-batches of {size}", fontsize=10, loc="left")
    axes[-1].set_xlabel("time for an epoch, this book = 1")
