"""Functions built from neurons: steps, bumps, staircases and towers, with no learning at all."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from jaxtyping import Float

from weighted_sums.networks import Layer, affine
from weighted_sums.neurons import sigmoid
from weighted_sums.workshop.checks import as_float, whole_number

Curve = Callable[[np.ndarray], np.ndarray]


def step_layer(edges: Float[np.ndarray, " fan_out"], steepness: float) -> Layer:
    r"""Neurons with one input each of which switches on at its edge.

    Implements {eq}`step-neuron`: $w = s$ and $b = -s\,e$ for the edge $e$ and the steepness $s$.
    """
    W = np.full((len(edges), 1), float(steepness))
    return Layer(W, -steepness * edges)


def bump_layers(left: float, right: float, height: float, steepness: float) -> list[Layer]:
    """Two neurons and their sum: `height` between `left` and `right`, 0 elsewhere, {eq}`bump`."""
    hidden = step_layer(np.array([left, right]), steepness)
    return [hidden, Layer(np.array([[height, -height]]), np.zeros(1))]


def staircase(f: Curve, low: float, high: float, pieces: int, steepness: float) -> list[Layer]:
    r"""A hidden layer and a linear output that follow `f` from `low` to `high` in `pieces` stairs.

    Implements {eq}`staircase`: each stair takes the value of `f` in its middle, and one neuron
    makes the way up or down from each stair to the next. Raises ValueError for an empty interval,
    no stairs, or an `f` that does not give a finite height for each of several places at once.
    """
    if not low < high or whole_number(pieces, "pieces", least=0) < 1:
        raise ValueError(f"cannot build {pieces} stairs from {low} to {high}")
    edges = np.linspace(low, high, pieces + 1)
    heights = as_float(f((edges[:-1] + edges[1:]) / 2), "heights")
    if heights.shape != (pieces,) or not np.isfinite(heights).all():
        raise ValueError(f"f must give {pieces} finite heights at once, not {heights!r:.200}")
    hidden = step_layer(edges[1:-1], steepness)
    return [hidden, Layer(np.diff(heights)[None, :], heights[:1])]


def evaluate(
    x: Float[np.ndarray, " example"], layers: list[Layer]
) -> Float[np.ndarray, " example"]:
    """Outputs for inputs `x`: sigmoid neurons first, then a weighted sum without a squash."""
    hidden, output = layers
    a = sigmoid(affine(x[:, None], *hidden))
    return affine(a, *output)[:, 0]


def tower(
    x: Float[np.ndarray, "example 2"],
    corner: tuple[float, float],
    size: tuple[float, float],
    steepness: float,
) -> Float[np.ndarray, " example"]:
    """Nearly 1 over a rectangle and nearly 0 elsewhere, for two inputs: {eq}`tower`.

    Four steps are added, and a fifth neuron fires where all of them agree.
    """
    votes = sum(
        evaluate(x[:, i], bump_layers(corner[i], corner[i] + size[i], 1.0, steepness))
        for i in (0, 1)
    )
    return sigmoid(steepness * (votes - 1.5))
