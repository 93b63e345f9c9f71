"""The squared error: how far outputs are from their targets, as one number, and its derivative."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float

from weighted_sums.networks import Network, feedforward
from weighted_sums.workshop.checks import as_float_pair


def per_example_cost(
    a: Float[np.ndarray, "example fan_out"], y: Float[np.ndarray, "example fan_out"]
) -> Float[np.ndarray, " example"]:
    r"""Return the squared distance between outputs and targets, for each example.

    Implements {eq}`example-cost`: $C_x = \sum_j (a_j - y_j)^2$, without a factor ½. Raises
    ValueError when the shapes differ: NumPy would broadcast a column or a row without an error.
    """
    a, y = as_float_pair(a, y)
    return np.square(a - y).sum(axis=1)


def squared_error(
    a: Float[np.ndarray, "example fan_out"], y: Float[np.ndarray, "example fan_out"]
) -> float:
    r"""Return the average of the examples' costs, {eq}`cost`: $C = \frac{1}{n} \sum_x C_x$."""
    return float(per_example_cost(a, y).sum() / len(a))


def squared_error_backward(
    a: Float[np.ndarray, "example fan_out"], y: Float[np.ndarray, "example fan_out"]
) -> Float[np.ndarray, "example fan_out"]:
    """Return da, the derivative of `squared_error` with respect to each output."""
    a, y = as_float_pair(a, y)
    return 2 / len(a) * (a - y)


def network_cost(
    network: Network,
    x: Float[np.ndarray, "example fan_in"],
    y: Float[np.ndarray, "example fan_out"],
) -> float:
    """Return the cost as a function of the weights and biases, {eq}`network-cost`."""
    return squared_error(feedforward(network, x), y)
