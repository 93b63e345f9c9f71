"""Figures of the project of a digit reader by hand."""

from __future__ import annotations

from weighted_sums.figures.style import drawing, show_image


@drawing(height=2.6)
def templates(fig, images) -> None:
    """Show ten templates in two rows, each with its digit."""
    for digit, (ax, image) in enumerate(zip(fig.subplots(2, 5).flat, images, strict=True)):
        show_image(ax, image)
        ax.set_title(str(digit), fontsize=10, pad=3)
