"""The gradient of a network's cost by its weights and biases, from one backward pass.

Parts I and II train with it; Part III derives it.
"""

from __future__ import annotations

import numpy as np
from jaxtyping import Float

from weighted_sums.losses import squared_error, squared_error_backward
from weighted_sums.networks import Layer, Network, activations


def cost_and_gradient(
    network: Network,
    x: Float[np.ndarray, "example fan_in"],
    y: Float[np.ndarray, "example fan_out"],
) -> tuple[float, Network]:
    """Return the average squared error and its derivative by every weight and bias.

    The gradient has the network's own structure: a `Layer` of dW and db for each layer.
    Source: Rumelhart, Hinton and Williams (1986).
    """
    a = activations(x, network)
    da = squared_error_backward(a[-1], y)
    slopes = []
    for l in reversed(range(len(network))):
        dz = da * (a[l + 1] * (1 - a[l + 1]))
        slopes.append(Layer(dz.T @ a[l], dz.sum(axis=0)))
        if l > 0:  # the input is given: nobody asks for its slopes
            da = dz @ network[l].W
    return squared_error(a[-1], y), slopes[::-1]
