"""One look for every figure: colours that mean something, type that stays legible on a phone."""

from __future__ import annotations

import base64
import functools
import io
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.backends.backend_pdf import FigureCanvasPdf
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.colors import LinearSegmentedColormap, to_rgb
from matplotlib.figure import Figure

WIDTH = 4.8  # inches: 10-point type stays above 8 px when a phone shrinks it to 320 px

# one colour for each role, in static and live figures alike; on a page each becomes the variable of
# its name, so that a figure follows the page's theme
ROLES = {
    "paper": "#ffffff",
    "ink": "#1f1d1a",
    "edge": "#8b867c",
    "positive": "#1668b0",
    "negative": "#b3202c",
    "activation": "#a85a00",
    "gradient": "#00755a",
    "attention": "#8e2a86",
    "training": "#866a00",
    "validation": "#0b6f84",
    "book": "#3438c4",
    "pytorch": "#94500a",
    "other": "#6b6b6b",
    "series-1": "#201e1b",
    "series-2": "#3a5f8a",
    "series-3": "#7c5c1c",
    "series-4": "#5b7a4a",
    "series-5": "#7a5a78",
}
INK, QUIET = ROLES["ink"], ROLES["edge"]
POSITIVE, NEGATIVE = ROLES["positive"], ROLES["negative"]  # weights, and what raises or lowers
ACTIVATION, GRADIENT, ATTENTION = ROLES["activation"], ROLES["gradient"], ROLES["attention"]
TRAINING, VALIDATION = ROLES["training"], ROLES["validation"]
BOOK, PYTORCH, OTHER = ROLES["book"], ROLES["pytorch"], ROLES["other"]
INPUT = OTHER
WHITE, BLACK = "#fefefe", "#010101"  # on images, which are the same by day and by night
LINES = tuple(ROLES[f"series-{i}"] for i in range(1, 6))  # without a role: muted


def _fading(name: str, low: str, high: str) -> LinearSegmentedColormap:
    # zero is transparent, so that the paper of a page shows through by day and by night
    ends = [(0, (*to_rgb(low), 1)), (0.5, (*to_rgb(low), 0)), (0.5, (*to_rgb(high), 0))]
    if low == high:
        ends = [(0, (*to_rgb(high), 0))]
    return LinearSegmentedColormap.from_list(name, [*ends, (1, (*to_rgb(high), 1))])


WEIGHTS = _fading("weights", NEGATIVE, POSITIVE)  # red negative, paper zero, blue positive
ATTENTION_WEIGHTS = _fading("attention weights", ATTENTION, ATTENTION)
ACTIVATIONS = _fading("activations", ACTIVATION, ACTIVATION)
IMAGES = "gray"  # 0 black, 1 white, as the pixels are defined
AMOUNTS = "cividis"  # magnitudes that cannot be negative

RC = {
    "font.size": 10,
    "axes.labelsize": 10,
    "xtick.labelsize": 9,
    "ytick.labelsize": 9,
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.edgecolor": QUIET,
    "xtick.color": INK,
    "ytick.color": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.prop_cycle": mpl.cycler(color=LINES),
    "lines.linewidth": 1.8,
    "image.interpolation": "none",  # each pixel once, drawn sharp at any size
    "svg.fonttype": "none",  # words stay words: they can be found, read out and enlarged
    "svg.hashsalt": "weighted-sums",
    "pdf.fonttype": 42,
}
PATH = re.compile(r' d="([^"]*)"')
LONG = re.compile(r"-?\d+\.\d{3,}")


@dataclass(frozen=True)
class Drawing:
    """A finished figure: SVG for the site and the notebooks, PDF for the printed book."""

    svg: str
    pdf: bytes

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict[str, Any]:
        return {
            "image/svg+xml": self.svg,
            "application/pdf": base64.b64encode(self.pdf).decode(),
            "text/plain": repr(self),
        }

    def __repr__(self) -> str:
        return "<Drawing>"


def drawing(height: float | int, width: float | int = WIDTH) -> Callable:
    """Make `draw(fig, ...)` a function that returns a `Drawing`, `width` by `height` inches."""

    def decorate(draw: Callable[..., None]) -> Callable[..., Drawing]:
        @functools.wraps(draw)
        def drawn(*args, **kwargs) -> Drawing:
            with mpl.rc_context(RC):
                fig = Figure(figsize=(width, height), layout="constrained")
                draw(fig, *args, **kwargs)
                return _render(fig)

        return drawn

    return decorate


def _render(fig: Figure) -> Drawing:
    # no dates inside: two builds must give the same bytes
    svg, pdf = io.StringIO(), io.BytesIO()
    FigureCanvasSVG(fig).print_svg(svg, metadata={"Date": None})
    FigureCanvasPdf(fig).print_pdf(pdf, metadata={"CreationDate": None})
    return Drawing(PATH.sub(_shorter, svg.getvalue()), pdf.getvalue())


def _shorter(path: re.Match) -> str:
    # a hundredth of a point is far below a pixel, and digits are most of a drawing's weight
    return f' d="{LONG.sub(lambda number: f"{float(number[0]):.2f}", path[1])}"'


def show_image(ax, pixels, side: int = 28) -> None:
    """Show one image of brightness 0 to 1 on `ax`, black to white, without ticks."""
    ax.imshow(pixels.reshape(side, side), cmap=IMAGES, vmin=0, vmax=1)
    bare(ax)


def show_weights(ax, weights, limit: float, side: int = 28) -> None:
    """Show weights as an image: red negative, white zero, blue positive, up to `limit`."""
    ax.imshow(weights.reshape(-1, side), cmap=WEIGHTS, vmin=-limit, vmax=limit)
    bare(ax, frame=True)


def show_pattern(ax, pattern, limit: float) -> None:
    """Show an attention pattern, a row for each query position, up to `limit`."""
    ax.imshow(pattern, cmap=ATTENTION_WEIGHTS, vmin=0, vmax=limit)
    bare(ax, frame=True)
    ax.set_xlabel("key position", fontsize=9)
    ax.set_ylabel("query position", fontsize=9)


def bare(ax, frame: bool = False) -> None:
    """Take ticks away, and the frame too unless `frame`."""
    ax.set_xticks([])
    ax.set_yticks([])
    for spine in ax.spines.values():
        spine.set_visible(frame)


def apart(heights: Sequence[float | int], least: float | int, factor: bool = False) -> np.ndarray:
    """Push heights up until neighbours are `least` apart, so that the names of lines can be read.

    On a logarithmic axis `least` is the `factor` between them.
    """
    placed, gap = (np.log(heights), np.log(least)) if factor else (np.array(heights, float), least)
    for low, high in pairwise(np.argsort(placed)):
        placed[high] = max(placed[high], placed[low] + gap)
    return np.exp(placed) if factor else placed


def digit_ranges(ax, low, middle, high, colour: str) -> None:
    """For each digit a dot at `middle` and a bar from `low` to `high`."""
    x = range(len(middle))
    ax.vlines(x, low, high, color=QUIET, lw=6, alpha=0.5)
    ax.plot(x, middle, "o", color=colour, ms=7)
    ax.set_xticks(x)
    ax.set_xlabel("digit")


def dots(ax, accuracy, colour) -> None:
    """Draw a row for each entry of `accuracy`: a dot for each seed, and their range as a bar."""
    for row, runs in enumerate(accuracy.values()):
        ax.plot([min(runs), max(runs)], [row, row], color=QUIET, lw=5, alpha=0.4)
        ax.plot(runs, [row] * len(runs), "o", ms=5, color=colour, mec="white", mew=0.5)
    ax.set_yticks(range(len(accuracy)), list(accuracy))
    ax.set(ylim=(len(accuracy) - 0.5, -0.5), xlabel="held-out accuracy (%)")
    ax.grid(axis="x", color=QUIET, alpha=0.3)
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)
