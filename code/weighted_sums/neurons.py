"""One neuron: a weighted sum, a bias, and a squash."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from jaxtyping import Float

from weighted_sums.workshop.checks import as_float

Numbers = Float[np.ndarray, "..."] | np.floating  # any shape, also a single number


def weighted_sum(
    x: Float[np.ndarray, "*example fan_in"],
    w: Float[np.ndarray, " fan_in"],
    b: float,
) -> Float[np.ndarray, "*example"] | np.floating:
    r"""Add up the inputs, each times its weight, and the bias.

    Implements {eq}`weighted-sum`: $z = \sum_i w_i x_i + b$.
    """
    return x @ as_float(w) + b


def sigmoid(z: Numbers) -> Numbers:
    r"""Squash any number into 0 to 1.

    Implements {eq}`sigmoid`: $\sigma(z) = 1 / (1 + e^{-z})$, written with $e^{-|z|}$ so that it
    never overflows; the numerator is then 1 for positive z, and $e^z$ for negative.
    """
    z = as_float(z)
    return np.exp(np.minimum(z, 0)) / (1 + np.exp(-np.abs(z)))


def sigmoid_prime(z: Numbers) -> Numbers:
    r"""Slope of the sigmoid, {eq}`sigmoid-prime`: $\sigma'(z) = \sigma(z)\,(1 - \sigma(z))$."""
    return sigmoid_grad_from_output(sigmoid(z))


def sigmoid_grad_from_output(a: Numbers) -> Numbers:
    """The same slope, from the activation a = σ(z) itself."""
    a = as_float(a)
    return a * (1 - a)


def relu(z: Numbers) -> Numbers:
    r"""Keep what is positive, {eq}`relu`: $\max(0, z)$."""
    return np.maximum(as_float(z), 0)


def relu_prime(z: Numbers) -> Numbers:
    """Slope of the ReLU: 1 where z > 0, else 0 (at the kink itself we choose 0)."""
    z = as_float(z)
    return (z > 0).astype(z.dtype)  # max(0, z) > 0 says the same, so z may be the activation


def tanh(z: Numbers) -> Numbers:
    r"""Squash any number into -1 to 1, {eq}`tanh`: $\tanh z = 2\,\sigma(2z) - 1$."""
    return np.tanh(as_float(z))


def tanh_prime(z: Numbers) -> Numbers:
    r"""Slope of tanh: $1 - \tanh^2 z$."""
    return tanh_grad_from_output(tanh(z))


def tanh_grad_from_output(a: Numbers) -> Numbers:
    """The same slope, from the activation a = tanh z itself."""
    a = as_float(a)
    return 1 - a * a


def heaviside(z: Numbers) -> Numbers:
    """Fire (1) where z > 0, else stay silent (0): the perceptron of {eq}`perceptron`."""
    z = as_float(z)
    return (z > 0).astype(z.dtype)


class Activation(NamedTuple):
    """A squash and its slope, at the weighted sum z or from the activation a that z led to."""

    function: Callable[[np.ndarray], np.ndarray]
    slope: Callable[[np.ndarray], np.ndarray]
    grad_from_output: Callable[[np.ndarray], np.ndarray]


ACTIVATIONS = {
    "sigmoid": Activation(sigmoid, sigmoid_prime, sigmoid_grad_from_output),
    "tanh": Activation(tanh, tanh_prime, tanh_grad_from_output),
    "relu": Activation(relu, relu_prime, relu_prime),
}


def neuron(
    x: Float[np.ndarray, "*example fan_in"],
    w: Float[np.ndarray, " fan_in"],
    b: float,
    activation: Callable[[np.ndarray], np.ndarray] = sigmoid,
) -> Float[np.ndarray, "*example"] | np.floating:
    """Score how positive the weighted sum is: {eq}`neuron`."""
    return activation(weighted_sum(x, w, b))


def bar_filter(
    rows: slice, columns: slice, margin: int = 2, side: int = 28
) -> Float[np.ndarray, " pixel"]:
    r"""Weights that look for a bright bar on dark ground, {eq}`bar-template`.

    They are positive on the bar and negative on a frame of `margin` pixels around it, so that the
    weighted sum is the mean brightness on the bar less the mean brightness around it.
    """
    bar, around = np.zeros((side, side)), np.zeros((side, side))
    bar[rows, columns] = 1
    if not bar.any():
        raise ValueError(f"rows {rows} and columns {columns} hold no pixel of the image")
    grown = [slice(max(0, part.start - margin), part.stop + margin) for part in (rows, columns)]
    around[tuple(grown)] = 1
    around -= bar
    if not around.any():
        raise ValueError("the bar fills the image: there is nothing around it to compare with")
    return (bar / bar.sum() - around / around.sum()).ravel()
