"""Figures of the project of a learning-rate finder."""

from __future__ import annotations

import numpy as np

from weighted_sums.figures.style import LINES, drawing


@drawing(height=2.9)
def tests(fig, found: list) -> None:
    """Draw the smoothed costs of range tests, and what each suggests.

    `found` holds rates, costs and the suggested rate of each test.
    """
    ax = fig.subplots()
    for i, (rates, costs, suggested) in enumerate(found):
        colour = LINES[i % len(LINES)]
        weights = 0.9 ** np.arange(len(costs))
        smooth = np.convolve(costs, weights)[: len(costs)] / np.cumsum(weights)
        ax.semilogx(rates[: len(costs)], smooth, color=colour, lw=1.3)
        ax.plot(suggested, 0, "^", color=colour, ms=7, clip_on=False)
    ax.set(xlabel="learning rate", ylabel="smoothed cost", ylim=(0, None))
