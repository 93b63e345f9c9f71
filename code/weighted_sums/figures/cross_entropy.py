"""Figures of the chapter on cross-entropy: saturation, reliability, confidence in training."""

from __future__ import annotations

import numpy as np

from weighted_sums.figures.style import ACTIVATION, INK, INPUT, VALIDATION, drawing


@drawing(height=2.7)
def saturated(fig, outputs) -> None:
    """Draw the output of one neuron, step by step: `outputs[cost][initial]`, for the target 0."""
    axes = fig.subplots(1, len(outputs), sharey=True)
    for ax, (cost, runs) in zip(axes, outputs.items(), strict=True):
        for a, colour in zip(runs.values(), (ACTIVATION, INPUT), strict=True):
            ax.plot(a, color=colour)
        ax.text(0.5, 1.0, cost, transform=ax.transAxes, ha="center", va="bottom", weight="bold")
        ax.set(xlabel="step", ylim=(0, 1.15), yticks=[0, 0.5, 1])
    badly, mildly = outputs[next(iter(outputs))]
    axes[0].text(8, 1.02, badly, color=ACTIVATION)
    axes[0].text(3, 0.03, mildly, color=INPUT)
    axes[0].set_ylabel("output (target: 0)")


@drawing(height=2.8)
def reliability(fig, groups) -> None:
    """Draw accuracy against confidence: `groups[name]` has one `Reliability` for each network.

    A dot is a bin of one network, and its area the number of its predictions.
    """
    axes = fig.subplots(1, len(groups), sharey=True)
    for ax, (name, runs) in zip(axes, groups.items(), strict=True):
        ax.plot([0, 1], [0, 1], color=INK, lw=1, ls="--")
        for counts, confidence, accuracy in runs:
            ax.scatter(confidence, accuracy, 6 + counts / 5, color=ACTIVATION, alpha=0.45, lw=0)
        ax.text(0.02, 1.0, name, transform=ax.transAxes, va="top", weight="bold", fontsize=9)
        ax.set(xlim=(0, 1.05), ylim=(-0.03, 1.1), xlabel="confidence", xticks=[0, 0.5, 1])
    axes[-1].text(0.72, 0.12, "confidence\n= frequency", color=INK, ha="center", fontsize=9)
    axes[0].set_ylabel("accuracy")


@drawing(height=2.7)
def over_training(fig, confidence, accuracy) -> None:
    """Draw mean confidence and accuracy after each epoch; a row for each network."""
    ax = fig.subplots()
    epochs = np.arange(1, confidence.shape[1] + 1)
    curves = (("confidence", confidence, ACTIVATION), ("accuracy", accuracy, VALIDATION))
    for name, rows, colour in curves:
        ax.fill_between(epochs, rows.min(axis=0), rows.max(axis=0), color=colour, alpha=0.2, lw=0)
        ax.plot(epochs, rows.mean(axis=0), color=colour)
        ax.text(epochs[-1] + 1, rows[:, -1].mean(), name, color=colour, va="center")
    ax.set(xlim=(1, 1.3 * epochs[-1]), xticks=epochs[9::10], ylim=(0, 1.02), xlabel="epochs")
    ax.set_ylabel("on held-out digits")
