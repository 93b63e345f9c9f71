"""Figures of the chapter on rewards: learned and true reward, three policies, success by step."""

from __future__ import annotations

import numpy as np

from weighted_sums.figures.style import ACTIVATION, AMOUNTS, LINES, QUIET, TRAINING, drawing


@drawing(height=3.0)
def overoptimisation(fig, divergence, learned, true) -> None:
    """Draw the learned and the true reward against the KL divergence from the predictor."""
    ax = fig.subplots()
    best = int(np.argmax(true))
    ax.axvline(divergence[best], color=QUIET, lw=0.8, ls=(0, (4, 3)))
    ax.plot(divergence, learned, color=LINES[0])
    ax.plot(divergence, true, color=ACTIVATION)
    ax.text(divergence[-1] + 0.2, learned[-1], "learned reward", color=LINES[0], va="center")
    ax.text(divergence[-1] + 0.2, true[-1], "true reward", color=ACTIVATION, va="center")
    ax.set_xlim(0, divergence[-1] * 1.6)
    ax.set_ylim(0, None)
    ax.set_xlabel("KL divergence from the predictor (nats)")
    ax.set_ylabel("average reward")


@drawing(height=1.7)
def policies(fig, probabilities, facts=5, flourishes=9) -> None:
    """Show the probabilities of all answers under several policies, as tables."""
    names = ("predictor", "liked best", "most reward")
    axes = fig.subplots(1, len(probabilities), sharey=True)
    for ax, p, name in zip(axes, probabilities, names, strict=True):
        ax.imshow(p.reshape(facts, flourishes), cmap=AMOUNTS, origin="lower", vmin=0)
        ax.set_title(name, fontsize=10)
        ax.set_xticks([0, 4, 8])
        ax.set_yticks([0, 4])
        ax.set_xlabel("flourishes")
    axes[0].set_ylabel("facts")


@drawing(height=2.3)
def curves(fig, histories) -> None:
    """Draw the success of several models against the step, a panel for each way of training."""
    axes = fig.subplots(1, len(histories), sharey=True)
    for ax, (way, rows) in zip(axes, histories.items(), strict=True):
        for row in rows:
            ax.plot(row, color=TRAINING, lw=1.2)
        ax.set_title(way.replace(", ", ",\n"), fontsize=10)
        ax.set_xticks([0, 75, 150])
        ax.set_xlabel("step")
        ax.set_ylim(0, 1.02)
    axes[0].set_ylabel("average success")
