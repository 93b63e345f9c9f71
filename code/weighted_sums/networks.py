"""Layers of neurons: the activations of one become the inputs of the next."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from jaxtyping import Float, Int
from numpy.typing import DTypeLike

from weighted_sums.neurons import sigmoid
from weighted_sums.workshop.checks import as_float


class Layer(NamedTuple):
    """The weights and biases of one layer; row j of `W` belongs to neuron j."""

    W: Float[np.ndarray, "fan_out fan_in"]
    b: Float[np.ndarray, " fan_out"]


Network = list[Layer]
ActivationFn = Callable[[np.ndarray], np.ndarray]


def init_network(
    sizes: Sequence[int],
    rng: np.random.Generator,
    dtype: DTypeLike = np.float32,
    shrink: bool = True,
) -> Network:
    r"""Draw a network with `sizes` neurons a layer.

    Weights come from N(0, 1/fan_in), biases from N(0, 1). Dividing the variance by the number of
    inputs keeps the weighted sums of a wide layer as small as those of a narrow one; without
    `shrink`, weights come from N(0, 1). Source: Nielsen (2015, chapter 3, and without `shrink`
    chapter 1). Raises ValueError unless there are two sizes or more and all of them are positive.
    """
    _check_sizes(sizes)

    def draw(*shape: int) -> np.ndarray:
        return rng.standard_normal(shape, dtype=dtype)

    return [
        Layer(draw(fan_out, fan_in) / np.sqrt(fan_in if shrink else 1, dtype=dtype), draw(fan_out))
        for fan_in, fan_out in pairwise(sizes)
    ]


def affine(
    x: Float[np.ndarray, "*example fan_in"],
    W: Float[np.ndarray, "fan_out fan_in"],
    b: Float[np.ndarray, " fan_out"],
) -> Float[np.ndarray, "*example fan_out"]:
    r"""Weighted sums of a whole layer, {eq}`layer-sum`: $z = W a + b$ (examples are rows).

    Raises ValueError for shapes that do not fit.
    """
    if b.shape != W.shape[:1]:
        raise ValueError(f"biases of shape {b.shape} do not fit weights of shape {W.shape}")
    return x @ as_float(W).T + b


def activations(
    x: Float[np.ndarray, "*example fan_in"],
    network: Network,
    hidden: ActivationFn = sigmoid,
    output: ActivationFn = sigmoid,
) -> list[Float[np.ndarray, "*example layer_size"]]:
    r"""Activations of every layer, the input first.

    Implements {eq}`layer`: $a^{(l)} = \sigma(W^{(l)} a^{(l-1)} + b^{(l)})$, where the hidden layers
    may have another squash than the sigmoid, and the last layer yet another.
    """
    found = [x]
    for W, b in network[:-1]:
        found.append(hidden(affine(found[-1], W, b)))
    found.append(output(affine(found[-1], *network[-1])))
    return found


def feedforward(
    x: Float[np.ndarray, "*example fan_in"],
    network: Network,
    hidden: ActivationFn = sigmoid,
    output: ActivationFn = sigmoid,
) -> Float[np.ndarray, "*example fan_out"]:
    """Outputs of the last layer: the network as one function, {eq}`network`."""
    return activations(x, network, hidden, output)[-1]


def predict(
    x: Float[np.ndarray, "*example fan_in"], network: Network, hidden: ActivationFn = sigmoid
) -> Int[np.ndarray, "*example"] | np.integer:
    """The digit whose output neuron is brightest."""
    return feedforward(x, network, hidden).argmax(axis=-1)


class ParameterCount(NamedTuple):
    """How many numbers a network can tune."""

    weights: int
    biases: int

    @property
    def total(self) -> int:
        """Weights and biases together."""
        return self.weights + self.biases


def count_parameters(sizes: Sequence[int]) -> ParameterCount:
    r"""Count what a fully connected network of these layer `sizes` can tune.

    Implements {eq}`parameter-count`. Raises ValueError unless there are two sizes or more and all
    are positive.
    """
    _check_sizes(sizes)
    weights = sum(fan_in * fan_out for fan_in, fan_out in pairwise(sizes))
    return ParameterCount(weights, sum(sizes[1:]))


def _check_sizes(sizes: Sequence[int]) -> None:
    if len(sizes) < 2 or min(sizes) < 1:
        raise ValueError(f"a network needs two or more positive layer sizes, not {list(sizes)}")
