"""Layers of neurons: the activations of one become the inputs of the next."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from jaxtyping import Float, Int

from weighted_sums.neurons import ActivationFn, sigmoid
from weighted_sums.workshop.checks import as_float


class Layer(NamedTuple):
    """The weights and biases of one layer; row j of `W` belongs to neuron j."""

    W: Float[np.ndarray, "fan_out fan_in"]
    b: Float[np.ndarray, " fan_out"]


Network = list[Layer]


def init_network(
    sizes: Sequence[int],
    rng: np.random.Generator,
    dtype: type[np.floating] | np.dtype = np.float32,
    scale_init: bool = True,
) -> Network:
    r"""Draw the initial weights and biases of a network with these layer `sizes`.

    Weights come from N(0, 1/fan_in), biases from N(0, 1). Dividing the variance by the number of
    inputs keeps the weighted sums of a wide layer as small as those of a narrow one. Without
    `scale_init`, weights come from N(0, 1). Source: Nielsen (2015, chapter 3; without `scale_init`
    chapter 1). Raises ValueError unless there are two or more sizes and all of them are positive.
    """
    _check_sizes(sizes)

    def draw(*shape: int) -> np.ndarray:
        return rng.standard_normal(shape, dtype=dtype)

    return [
        Layer(
            draw(fan_out, fan_in) / np.sqrt(fan_in if scale_init else 1, dtype=dtype),
            draw(fan_out),
        )
        for fan_in, fan_out in pairwise(sizes)
    ]


def affine(
    x: Float[np.ndarray, "*example fan_in"],
    W: Float[np.ndarray, "fan_out fan_in"],
    b: Float[np.ndarray, " fan_out"],
) -> Float[np.ndarray, "*example fan_out"]:
    r"""Return the weighted sums of a whole layer, {eq}`affine`: $z = W a + b$ (examples are rows).

    Raises ValueError for shapes that do not fit.
    """
    if b.shape != W.shape[:1]:
        raise ValueError(f"biases of shape {b.shape} do not fit weights of shape {W.shape}")
    return x @ as_float(W).T + b


def activations(
    network: Network,
    x: Float[np.ndarray, "*example fan_in"],
    hidden: ActivationFn = sigmoid,
    output: ActivationFn = sigmoid,
) -> list[Float[np.ndarray, "*example layer_size"]]:
    r"""Return the activations of every layer, the input first.

    Implements {eq}`layer`: $a^{(l)} = \sigma(W^{(l)} a^{(l-1)} + b^{(l)})$, where `hidden` is the
    activation function σ of the hidden layers and `output` that of the last layer.
    """
    a = [x]
    for W, b in network[:-1]:
        a.append(hidden(affine(a[-1], W, b)))
    a.append(output(affine(a[-1], *network[-1])))
    return a


def feedforward(
    network: Network,
    x: Float[np.ndarray, "*example fan_in"],
    hidden: ActivationFn = sigmoid,
    output: ActivationFn = sigmoid,
) -> Float[np.ndarray, "*example fan_out"]:
    """Return the outputs of the last layer: the network as one function, {eq}`network`."""
    return activations(network, x, hidden, output)[-1]


def predict(
    network: Network, x: Float[np.ndarray, "*example fan_in"], hidden: ActivationFn = sigmoid
) -> Int[np.ndarray, "*example"] | np.integer:
    """Return the class with the largest output, for each example."""
    return feedforward(network, x, hidden).argmax(axis=-1)


class ParameterCount(NamedTuple):
    """The number of parameters of a network."""

    weights: int
    biases: int

    @property
    def total(self) -> int:
        """Weights and biases together."""
        return self.weights + self.biases


def count_parameters(sizes: Sequence[int]) -> ParameterCount:
    r"""Count the parameters of a fully connected network with these layer `sizes`.

    Implements {eq}`parameter-count`. Raises ValueError unless there are two or more sizes and all
    of them are positive.
    """
    _check_sizes(sizes)
    weights = sum(fan_in * fan_out for fan_in, fan_out in pairwise(sizes))
    return ParameterCount(weights, sum(sizes[1:]))


def _check_sizes(sizes: Sequence[int]) -> None:
    if len(sizes) < 2 or min(sizes) < 1:
        raise ValueError(f"a network needs two or more positive layer sizes, not {list(sizes)}")
