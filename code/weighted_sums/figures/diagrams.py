"""Nodes, edges and matrices: what diagrams of networks are drawn from."""

from __future__ import annotations

from matplotlib.patches import Circle, Rectangle

from weighted_sums.figures.style import INK, NEGATIVE, OTHER, POSITIVE, QUIET

THICKEST = 3.5  # points


def canvas(fig, width: float, height: float):
    """Axes without ticks or frame, as large as the figure, in units of equal size."""
    fig.set_layout_engine("none")
    ax = fig.add_axes((0, 0, 1, 1))
    ax.set(xlim=(0, width), ylim=(0, height), aspect="equal")
    ax.axis("off")
    return ax


def number(value: float) -> str:
    """A number with at most two decimals, and a true minus sign."""
    return f"{round(value, 2) + 0.0:.2f}".rstrip("0").rstrip(".").replace("-", "−")


def node(ax, at, words: str, colour: str, fill: float = 0.0, radius: float = 0.45) -> None:
    """Draw a neuron as a disc around `words`, as full of its colour as `fill` says, 0 to 1."""
    ax.add_patch(Circle(at, radius, facecolor="white", edgecolor="none", zorder=2))
    ax.add_patch(
        Circle(at, radius, facecolor=colour, alpha=0.55 * fill, edgecolor="none", zorder=2)
    )
    ax.add_patch(Circle(at, radius, facecolor="none", edgecolor=colour, lw=1.5, zorder=3))
    ax.text(*at, words, ha="center", va="center", zorder=4, color=INK, fontsize=9)


def edge(ax, start, end, weight: float, largest: float) -> None:
    """Draw a weight: as thick as it is large, blue and solid if positive, red and dashed if not."""
    look = {"color": POSITIVE} if weight >= 0 else {"color": NEGATIVE, "ls": (0, (4, 2))}
    width = 0.4 + (THICKEST - 0.4) * abs(weight) / largest
    ax.plot(*zip(start, end, strict=True), lw=width, zorder=1, solid_capstyle="butt", **look)


def arrow(ax, start, end, colour: str = QUIET, lw: float = 1.5) -> None:
    """Draw an arrow from point to point."""
    look = {"arrowstyle": "-|>", "color": colour, "lw": lw, "shrinkA": 0, "shrinkB": 0}
    ax.annotate("", end, start, arrowprops=look)


def matrix(ax, corner, size, name: str, shape: str, colour: str) -> None:
    """Draw a matrix as a tinted rectangle with its name, and its shape below."""
    (x, y), (width, height) = corner, size
    ax.add_patch(Rectangle(corner, width, height, facecolor=colour, alpha=0.16, edgecolor="none"))
    ax.add_patch(Rectangle(corner, width, height, facecolor="none", edgecolor=colour, lw=1.2))
    ax.text(x + width / 2, y + height / 2, name, ha="center", va="center", color=INK)
    ax.text(x + width / 2, y - 0.1, shape, ha="center", va="top", color=OTHER, fontsize=9)
