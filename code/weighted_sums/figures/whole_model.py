"""The picture of the whole transformer, with the shape of every matrix and array."""

from __future__ import annotations

from matplotlib.patches import FancyBboxPatch, Rectangle

from weighted_sums.figures.style import ACTIVATION, ATTENTION, INK, INPUT, OTHER, drawing

STREAM = 0.07  # where the residual stream runs
BOX, GAP = 0.178, 0.03
LEFT = 0.155


@drawing(height=6.6)
def whole_model(fig, positions, model) -> None:
    """Draw the path of so many `positions` through `model`, from its tokens to probabilities."""
    fig.set_layout_engine("none")
    ax = fig.add_axes((0, 0, 1, 1))
    ax.set(xlim=(0, 1), ylim=(0, 1))
    ax.axis("off")
    block = model.blocks[0]
    vocab, width = model.embedding.shape
    heads, d_k, _ = block.attention.W_q.shape
    hidden, rows = len(block.up.W), f"{positions} × {width}"
    _stream(ax, 0.865, 0.245)
    ax.text(0.012, 0.93, f"{positions} tokens", va="center", ha="left", fontsize=9)
    _row(ax, 0.93, [("embedding", f"$E$: {vocab} × {width}", INPUT),
                    ("positions", f"$P$: {len(model.positions)} × {width}", INPUT)])  # fmt: skip
    _into(ax, 0.885, 0.865, rows)
    ax.add_patch(Rectangle((0.012, 0.325), 0.976, 0.5, fill=False, ec=OTHER, ls=(0, (4, 3)), lw=1))
    ax.text(0.98, 0.81, f"block, {len(model.blocks)} times", ha="right", va="top", color=OTHER,
            fontsize=9)  # fmt: skip
    _row(ax, 0.72, [("layer norm", "", INK),
                    ("$W_Q, W_K, W_V$", f"{heads} × {d_k} × {width}", ATTENTION),
                    ("weights", f"{heads} × {positions} × {positions}", ATTENTION),
                    ("values, $W_O$", f"{heads} × {width} × {d_k}", ATTENTION)], True)  # fmt: skip
    _back(ax, 0.72, 0.605, rows)
    _row(ax, 0.49, [("layer norm", "", INK), ("up", f"{hidden} × {width}", ACTIVATION),
                    ("GELU", f"{positions} × {hidden}", ACTIVATION),
                    ("down", f"{width} × {hidden}", ACTIVATION)], out=True)  # fmt: skip
    _back(ax, 0.49, 0.375, rows)
    _row(ax, 0.205, [("layer norm", "", INK), ("unembedding", f"$U$: {vocab} × {width}", INPUT),
                     ("softmax", f"{positions} × {vocab}", INK)], out=True)  # fmt: skip
    ax.text(STREAM + 0.03, 0.285, rows, va="center", fontsize=9, color=INPUT)
    x = LEFT + 2 * (BOX + GAP) + BOX / 2
    _arrow(ax, (x, 0.155), (x, 0.075))
    ax.text(x, 0.05, f"probabilities of the next token: {positions} × {vocab}", ha="center",
            va="center", fontsize=9)  # fmt: skip


def _stream(ax, top, bottom) -> None:
    ax.plot([STREAM, STREAM], [top, bottom], color=INPUT, lw=5, solid_capstyle="butt")
    ax.plot([STREAM, STREAM], [bottom, 0.205], color=INPUT, lw=1.2)


def _row(ax, y, parts, out=False) -> None:
    """Draw boxes from left to right, each with its shape below its name, joined by arrows."""
    for i, (name, shape, colour) in enumerate(parts):
        left = LEFT + i * (BOX + GAP)
        box = FancyBboxPatch((left, y - 0.042), BOX, 0.084, "round,pad=0.004", fc="white",
                             ec=colour, lw=1.6)  # fmt: skip
        ax.add_patch(box)
        ax.text(left + BOX / 2, y + (0.018 if shape else 0), name, ha="center", va="center",
                fontsize=8.5)  # fmt: skip
        ax.text(left + BOX / 2, y - 0.02, shape, ha="center", va="center", fontsize=8, color=OTHER)
        if out:
            _arrow(ax, (left - GAP + 0.004 if i else STREAM, y), (left - 0.004, y))


def _into(ax, top, bottom, rows) -> None:
    """Lead the sum of the first two boxes into the stream."""
    plus = LEFT + BOX + GAP / 2
    ax.text(plus, 0.93, "+", ha="center", va="center", fontsize=13)
    ax.plot([plus, plus], [top, bottom], color=INK, lw=1.2)
    _arrow(ax, (plus, bottom), (STREAM + 0.008, bottom))
    ax.text(STREAM + 0.03, bottom - 0.022, rows, va="center", fontsize=9, color=INPUT)


def _back(ax, y, back, rows) -> None:
    """Lead the last box of four back to the stream, where its output is added."""
    x = LEFT + 3 * (BOX + GAP) + BOX / 2
    ax.plot([x, x], [y - 0.047, back], color=INK, lw=1.2)
    _arrow(ax, (x, back), (STREAM + 0.035, back))
    ax.text(x - 0.03, back + 0.012, rows, ha="right", va="bottom", fontsize=9)
    ax.plot(STREAM, back, "o", ms=17, color="white", mec=INK, zorder=3)
    ax.text(STREAM, back, "+", ha="center", va="center", fontsize=14, zorder=4)


def _arrow(ax, start, end) -> None:
    style = {"arrowstyle": "-|>", "lw": 1.2, "color": INK, "shrinkA": 0, "shrinkB": 0}
    ax.annotate("", end, start, arrowprops=style)
