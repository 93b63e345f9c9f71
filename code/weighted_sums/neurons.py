"""One neuron: a weighted sum, a bias, and an activation function."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from jaxtyping import Float

from weighted_sums.workshop.checks import as_float

# to jaxtyping, Any is what has a shape and a dtype: an array, or a single number of NumPy's
Numbers = Float[Any, "..."]
ActivationFn = Callable[[np.ndarray], np.ndarray]


def weighted_sum(
    x: Float[np.ndarray, "*example fan_in"],
    w: Float[np.ndarray, " fan_in"],
    b: float,
) -> Float[Any, "*example"]:
    r"""Return the sum of the inputs, each times its weight, plus the bias.

    Implements {eq}`weighted-sum`: $z = \sum_i w_i x_i + b$.
    """
    return x @ as_float(w) + b


def sigmoid(z: Numbers) -> Numbers:
    r"""Map any number to the interval from 0 to 1.

    Implements {eq}`sigmoid`: $\sigma(z) = 1 / (1 + e^{-z})$, written with $e^{-|z|}$ so that it
    never overflows; the numerator is then 1 for positive z, and $e^z$ for negative.
    """
    z = as_float(z)
    return np.exp(np.minimum(z, 0)) / (1 + np.exp(-np.abs(z)))


def sigmoid_prime(z: Numbers) -> Numbers:
    r"""Return the derivative {eq}`sigmoid-prime`: $\sigma'(z) = \sigma(z)\,(1 - \sigma(z))$."""
    return sigmoid_grad_from_output(sigmoid(z))


def sigmoid_grad_from_output(a: Numbers) -> Numbers:
    """Return the same derivative, σ′(z), from the activation a = σ(z)."""
    a = as_float(a)
    return a * (1 - a)


def relu(z: Numbers) -> Numbers:
    r"""Return the positive part, {eq}`relu`: $\max(0, z)$."""
    return np.maximum(as_float(z), 0)


def relu_prime(z: Numbers) -> Numbers:
    """Return the derivative of the ReLU: 1 where z > 0, else 0 (at z = 0 we choose 0).

    The activation max(0, z) gives the same result as z, since both are positive together.
    """
    z = as_float(z)
    return (z > 0).astype(z.dtype)


def tanh(z: Numbers) -> Numbers:
    r"""Map any number to the interval from -1 to 1, {eq}`tanh`: $\tanh z = 2\,\sigma(2z) - 1$."""
    return np.tanh(as_float(z))


def tanh_prime(z: Numbers) -> Numbers:
    r"""Return the derivative of tanh: $1 - \tanh^2 z$."""
    return tanh_grad_from_output(tanh(z))


def tanh_grad_from_output(a: Numbers) -> Numbers:
    """Return the same derivative, 1 - tanh² z, from the activation a = tanh z."""
    a = as_float(a)
    return 1 - a * a


def heaviside(z: Numbers) -> Numbers:
    """Return 1 where z > 0, else 0: the activation of the perceptron {eq}`perceptron`."""
    z = as_float(z)
    return (z > 0).astype(z.dtype)


class Activation(NamedTuple):
    """An activation function and its derivative, as a function of z or of the activation a."""

    function: ActivationFn
    derivative: ActivationFn
    grad_from_output: ActivationFn


ACTIVATIONS = {
    "sigmoid": Activation(sigmoid, sigmoid_prime, sigmoid_grad_from_output),
    "tanh": Activation(tanh, tanh_prime, tanh_grad_from_output),
    "relu": Activation(relu, relu_prime, relu_prime),
}


def neuron(
    x: Float[np.ndarray, "*example fan_in"],
    w: Float[np.ndarray, " fan_in"],
    b: float,
    activation: ActivationFn = sigmoid,
) -> Float[Any, "*example"]:
    """Return the activation of a neuron, {eq}`neuron`: the activation function of its sum."""
    return activation(weighted_sum(x, w, b))


def bar_filter(
    rows: slice, columns: slice, margin: int = 2, side: int = 28
) -> Float[np.ndarray, " pixel"]:
    r"""Return weights that detect a bright bar on a dark background, {eq}`bar-filter`.

    They are positive on the bar and negative on a frame of `margin` pixels around it, so that the
    weighted sum is the mean brightness of the bar minus the mean brightness of the frame. Raises
    ValueError for a bar without pixels, and for one that leaves no frame.
    """
    bar, around = np.zeros((side, side)), np.zeros((side, side))
    bar[rows, columns] = 1
    if not bar.any():
        raise ValueError(f"rows {rows} and columns {columns} hold no pixel of the image")
    grown = [slice(max(0, part.start - margin), part.stop + margin) for part in (rows, columns)]
    around[tuple(grown)] = 1
    around -= bar
    if not around.any():
        raise ValueError("the bar fills the image: it leaves no frame to compare it with")
    return (bar / bar.sum() - around / around.sum()).ravel()
