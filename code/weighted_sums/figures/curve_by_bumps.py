"""Figures of the project of drawing a curve to a given error."""

from __future__ import annotations

from weighted_sums.figures.style import ACTIVATION, QUIET, drawing


@drawing(height=4.2)
def two(fig, x, curve, networks: dict) -> None:
    """Draw a curve and the outputs of networks, a panel for each with its name."""
    axes = fig.subplots(len(networks), 1, sharex=True, sharey=True)
    for ax, (name, output) in zip(axes, networks.items(), strict=True):
        ax.plot(x, curve, color=QUIET, lw=2.5)
        ax.plot(x, output, color=ACTIVATION, lw=1.3)
        ax.set_title(name, fontsize=10, loc="left", color=ACTIVATION)
        ax.set_ylabel("output")
    axes[-1].set_xlabel("$x$")
