"""Figures of the chapter on convolution: a kernel on its way over an image."""

from __future__ import annotations

from matplotlib.patches import Rectangle

from weighted_sums.figures.style import ACTIVATION, ACTIVATIONS, INK, WEIGHTS, bare, drawing


@drawing(height=1.9)
def slide(fig, x, w, z, at) -> None:
    """Draw image `x`, kernel `w` and result `z` as numbers; mark the entry `at` and its patch."""
    widths = [table.shape[1] for table in (x, w, z)]
    axes = fig.subplots(1, 3, width_ratios=widths)
    scale = 2.5 * max(1, abs(z).max())  # pale, so that numbers can be read on it
    _numbers(axes[0], x, ACTIVATIONS, (0, 2.5), "image")
    _numbers(axes[1], w, WEIGHTS, (-2.5, 2.5), "kernel")
    _numbers(axes[2], z, WEIGHTS, (-scale, scale), "feature map")
    i, j = at
    for ax, (high, wide) in ((axes[0], w.shape), (axes[2], (1, 1))):
        corner = (j - 0.5, i - 0.5)
        ax.add_patch(Rectangle(corner, wide, high, fill=False, ec=ACTIVATION, lw=2.2))


def _numbers(ax, table, scale, limits, title: str) -> None:
    ax.imshow(table, cmap=scale, vmin=limits[0], vmax=limits[1])
    for (i, j), value in _entries(table):
        ax.text(j, i, f"{value:g}".replace("-", "−"), ha="center", va="center", color=INK)
    ax.set_xlabel(title)
    bare(ax, frame=True)


def _entries(table):
    return [((i, j), table[i, j]) for i in range(table.shape[0]) for j in range(table.shape[1])]
