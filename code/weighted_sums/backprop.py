"""Backpropagation: the gradient of a network's cost, from one forward and one backward pass.

Parts I and II train with it; Part III derives it. In code `dz` is the error δ of a layer: the
derivative of the cost with respect to the layer's weighted sums, with a row for each example.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from jaxtyping import Float

from weighted_sums.losses import squared_error, squared_error_backward
from weighted_sums.networks import Layer, Network, activations
from weighted_sums.neurons import (
    ACTIVATIONS,
    Activation,
    ActivationFn,
    sigmoid,
    sigmoid_grad_from_output,
)
from weighted_sums.workshop.checks import as_float, same_length, same_shape


def squared_error_delta(
    a: Float[np.ndarray, "example fan_out"], y: Float[np.ndarray, "example fan_out"]
) -> Float[np.ndarray, "example fan_out"]:
    r"""Return the error δ of sigmoid outputs for the squared error, {eq}`bp1`.

    $\delta^{(L)} = \nabla_a C \odot \sigma'(z^{(L)})$.
    """
    return squared_error_backward(a, y) * sigmoid_grad_from_output(a)


def previous_delta(
    dz: Float[np.ndarray, "example fan_out"],
    W: Float[np.ndarray, "fan_out fan_in"],
    a: Float[np.ndarray, "example fan_in"],
    activation: Activation,
) -> Float[np.ndarray, "example fan_in"]:
    r"""Return the error of the previous layer, whose activations are `a`: {eq}`bp2`.

    $\delta^{(l-1)} = (W^{(l)\top} \delta^{(l)}) \odot \sigma'(z^{(l-1)})$.
    """
    da = dz @ as_float(W)
    same_shape(da, a, ("gradients", "activations"))
    return da * activation.grad_from_output(a)


def layer_gradient(
    dz: Float[np.ndarray, "example fan_out"], a: Float[np.ndarray, "example fan_in"]
) -> Layer:
    r"""Return dW and db of a layer with error `dz` and inputs `a`, summed over the examples.

    {eq}`bp3`: $\partial C/\partial b = \delta$. {eq}`bp4`: $\partial C/\partial W = \delta a^\top$.
    """
    dz = as_float(dz, "the error")
    same_length(dz, a, ("errors", "activations"))
    return Layer(dz.T @ a, dz.sum(axis=0))


class Loss(NamedTuple):
    """The last layer's activation function, the cost of its outputs, and their error δ.

    `cost_from_logits`, where given, computes the same cost from the weighted sums of the last
    layer: exactly, even where the activation function has rounded its outputs to 0 or 1.
    """

    activation: ActivationFn
    cost: Callable[[np.ndarray, np.ndarray], float]
    delta: Callable[[np.ndarray, np.ndarray], np.ndarray]
    cost_from_logits: Callable[[np.ndarray, np.ndarray], float] | None = None

    def evaluate(self, z: np.ndarray, a: np.ndarray, y: np.ndarray) -> float:
        """Return the cost of weighted sums `z` with activations `a`, from `z` where possible."""
        return self.cost_from_logits(z, y) if self.cost_from_logits else self.cost(a, y)


SQUARED_ERROR = Loss(sigmoid, squared_error, squared_error_delta)


def deltas(
    network: Network,
    a: list[Float[np.ndarray, "example _"]],
    y: Float[np.ndarray, "example fan_out"],
    activation: Activation = ACTIVATIONS["sigmoid"],
    loss: Loss = SQUARED_ERROR,
) -> list[Float[np.ndarray, "example _"]]:
    """Return the error δ of every layer after the input, computed from the last to the first.

    `a` is the cache of the forward pass: the activations of every layer, the input first.
    """
    dz = [loss.delta(a[-1], y)]
    for l in range(len(network) - 1, 0, -1):
        dz.append(previous_delta(dz[-1], network[l].W, a[l], activation))
    return dz[::-1]


def cost_and_gradient(
    network: Network,
    x: Float[np.ndarray, "example fan_in"],
    y: Float[np.ndarray, "example fan_out"],
    activation: Activation = ACTIVATIONS["sigmoid"],
    loss: Loss = SQUARED_ERROR,
) -> tuple[float, Network]:
    """Return the average cost and its derivative with respect to every weight and bias.

    The gradient has the network's own structure: a `Layer` of dW and db for each layer.
    Source: Rumelhart, Hinton and Williams (1986).
    """
    *a, z = activations(network, x, activation.function, lambda z: z)
    a.append(loss.activation(z))
    dz = deltas(network, a, y, activation, loss)
    grads = [layer_gradient(*pair) for pair in zip(dz, a[:-1], strict=True)]
    return loss.evaluate(z, a[-1], y), grads
