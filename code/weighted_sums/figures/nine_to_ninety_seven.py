"""Figures of the chapter on the ablation, from ninety to ninety-seven per cent."""

from __future__ import annotations

from weighted_sums.figures.style import GRADIENT, LINES, dots, drawing


@drawing(height=3.9)
def ablation(fig, added, removed) -> None:
    """Draw the accuracy after each addition, and below it after each removal from the last."""
    upper, lower = fig.subplots(
        2, 1, sharex=True, height_ratios=(len(added) + 0.3, len(removed) + 0.3)
    )
    dots(upper, added, GRADIENT)
    # a long name would leave little room on a phone, and "+" is the sign above
    dots(lower, {n.replace("without", "−"): runs for n, runs in removed.items()}, LINES[1])
    upper.set_xlabel("")
