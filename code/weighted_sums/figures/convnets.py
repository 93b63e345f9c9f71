"""Figures of the chapter on convolutional networks: kernels, maps, occlusion, errors."""

from __future__ import annotations

import numpy as np
from matplotlib.patches import Rectangle

from weighted_sums.convnets import feature_maps, logits
from weighted_sums.convolution import convolve
from weighted_sums.figures.style import (
    ACTIVATION,
    ACTIVATIONS,
    BOOK,
    INK,
    OTHER,
    QUIET,
    bare,
    drawing,
    show_image,
    show_weights,
)
from weighted_sums.softmax import softmax


@drawing(height=1.3)
def kernels(fig, rows) -> None:
    """Draw the kernels of a first layer, a row for each entry of `rows`."""
    axes = fig.subplots(len(rows), len(next(iter(rows.values()))))
    for line, (name, table) in zip(axes, rows.items(), strict=True):
        limit = float(np.abs(table).max())
        for ax, kernel in zip(line, table, strict=True):
            show_weights(ax, kernel, limit, side=kernel.shape[-1])
        line[0].set_ylabel(name, rotation=0, ha="right", va="center")


@drawing(height=2.0)
def maps(fig, image, first, second) -> None:
    """Draw a digit, its maps after the first stage and those after the second."""
    grid = fig.add_gridspec(4, 9, width_ratios=[2.4, *[1] * 8], height_ratios=[1, 0.2, 1, 1])
    show_image(fig.add_subplot(grid[:, 0]), image)
    for i, table in enumerate(first):
        _map(fig.add_subplot(grid[0, 1 + i]), table, first.max())
    for i, table in enumerate(second):
        _map(fig.add_subplot(grid[2 + i // 8, 1 + i % 8]), table, second.max())


def _map(ax, table, most: float) -> None:
    ax.imshow(table, cmap=ACTIVATIONS, vmin=0, vmax=most)
    bare(ax, frame=True)


@drawing(height=2.9)
def occlusion(fig, images, probabilities) -> None:
    """Draw images, and below each the probability of its class while a square covers it."""
    axes = fig.subplots(2, len(images))
    for column, image, table in zip(axes.T, images, probabilities, strict=True):
        show_image(column[0], image)
        column[1].imshow(table, cmap="gray", vmin=0, vmax=1)
        bare(column[1], frame=True)
    axes[1, 0].set_ylabel("probability\nof its class", fontsize=9)


@drawing(height=2.6)
def shifts(fig, pixels, accuracies) -> None:
    """Draw accuracy against the shift: medians, and bands from the worst seed to the best."""
    ax = fig.add_subplot()
    for (name, rows), colour in zip(accuracies.items(), (BOOK, OTHER), strict=True):
        rows = np.array(rows)
        middle = np.median(rows, axis=0)
        ax.fill_between(pixels, rows.min(axis=0), rows.max(axis=0), color=colour, alpha=0.2, lw=0)
        ax.plot(pixels, middle, "o-", color=colour, ms=4)
        ax.annotate(
            name, (pixels[-1], middle[-1]), (6, 0), textcoords="offset points",
            va="center", color=colour,
        )  # fmt: skip
    ax.set_xticks(pixels)
    ax.set_xlabel("shift to the right, in pixels")
    ax.set_ylabel("correct, per cent")


@drawing(height=0.9)
def errors(fig, images, labels, answers) -> None:
    """Draw misclassified digits with their label and the prediction."""
    axes = np.atleast_1d(fig.subplots(1, len(images)))
    for ax, image, label, answer in zip(axes, images, labels, answers, strict=True):
        show_image(ax, image)
        ax.set_xlabel(f"{label}: {answer}", fontsize=9)


@drawing(height=2.5)
def slide(fig, image, network, at, kernel: int = 0) -> None:
    """Draw an image, one kernel laid on it, its map, the pooled map and the prediction."""
    z = convolve(image.reshape(1, 1, 28, 28), *network.conv_1)[0][0, kernel]
    pooled = feature_maps(network, image[None])[0][kernel]
    p = softmax(logits(network, image[None]))[0]
    axes = fig.subplots(1, 5, width_ratios=[1.6, 0.8, 1.4, 0.8, 1.3])
    show_image(axes[0], image)
    W = network.conv_1.W[kernel, 0]
    show_weights(axes[1], W, float(np.abs(W).max()), side=len(W))
    show_weights(axes[2], z, float(np.abs(z).max()), side=z.shape[-1])  # ReLU comes after
    _map(axes[3], pooled, max(pooled.max(), 1e-9))
    (i, j), size = at, len(W)
    for ax, side in ((axes[0], size), (axes[2], 1)):
        ax.add_patch(Rectangle((j - 0.5, i - 0.5), side, side, fill=False, ec=ACTIVATION, lw=1.8))
    axes[4].barh(range(10), p, color=ACTIVATION)
    axes[4].set_yticks(range(10), [str(d) for d in range(10)], fontsize=8)
    axes[4].invert_yaxis()
    axes[4].set_xticks([])
    axes[4].spines["bottom"].set_visible(False)
    for ax, title in zip(
        axes, ("digit", "kernel", "feature map", "pooled", "prediction"), strict=True
    ):
        ax.set_title(title, fontsize=9, color=INK)
    axes[4].axvline(0, color=QUIET, lw=0.8)
