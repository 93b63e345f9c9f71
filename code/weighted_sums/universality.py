"""Functions built from neurons without any learning: steps, bumps, staircases and towers."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from jaxtyping import Float

from weighted_sums.networks import Layer, Network, affine
from weighted_sums.neurons import sigmoid
from weighted_sums.workshop.checks import as_float, whole_number

Curve = Callable[[np.ndarray], np.ndarray]


def step_layer(edges: Float[np.ndarray, " fan_out"], steepness: float) -> Layer:
    r"""Return a layer of neurons with one input, each switching on at its own edge.

    Implements {eq}`step-neuron`: $w = s$ and $b = -s\,c$ for the edge $c$ and the steepness $s$.
    """
    W = np.full((len(edges), 1), float(steepness))
    return Layer(W, -steepness * edges)


def bump_layers(left: float, right: float, height: float, steepness: float) -> Network:
    """Return layers for the function {eq}`bump`: `height` from `left` to `right`, 0 elsewhere."""
    hidden = step_layer(np.array([left, right]), steepness)
    return [hidden, Layer(np.array([[height, -height]]), np.zeros(1))]


def staircase(f: Curve, low: float, high: float, pieces: int, steepness: float) -> Network:
    r"""Return layers that approximate `f` from `low` to `high` by a staircase of `pieces` stairs.

    Implements {eq}`staircase`: each stair has the value of `f` at its middle, and one neuron
    makes the step from each stair to the next. Raises ValueError for an empty interval, for no
    stairs, and for an `f` that does not return a finite height for each point of an array.
    """
    if not low < high or whole_number(pieces, "pieces", least=0) < 1:
        raise ValueError(f"cannot build {pieces} stairs from {low} to {high}")
    edges = np.linspace(low, high, pieces + 1)
    heights = as_float(f((edges[:-1] + edges[1:]) / 2), "heights")
    if heights.shape != (pieces,) or not np.isfinite(heights).all():
        raise ValueError(f"f must give {pieces} finite heights at once, not {heights!r:.200}")
    hidden = step_layer(edges[1:-1], steepness)
    return [hidden, Layer(np.diff(heights)[None, :], heights[:1])]


def evaluate(layers: Network, x: Float[np.ndarray, " example"]) -> Float[np.ndarray, " example"]:
    """Return the outputs for inputs `x`: a layer of sigmoid neurons, then a linear output."""
    hidden, output = layers
    a = sigmoid(affine(x[:, None], *hidden))
    return affine(a, *output)[:, 0]


def tower(
    x: Float[np.ndarray, "example 2"],
    corner: tuple[float, float],
    size: tuple[float, float],
    steepness: float,
) -> Float[np.ndarray, " example"]:
    """Return nearly 1 inside a rectangle of the plane and nearly 0 outside, {eq}`tower`.

    Four steps are added, and a fifth neuron fires where both pairs of them are high.
    """
    wall_1, wall_2 = (
        evaluate(bump_layers(corner[i], corner[i] + size[i], 1.0, steepness), x[:, i])
        for i in (0, 1)
    )
    return sigmoid(steepness * (wall_1 + wall_2 - 1.5))
