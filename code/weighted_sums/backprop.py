"""The gradient of a network's cost by its weights and biases, from one backward pass.

Part I trains with it; Part III derives it.
"""

from __future__ import annotations

import numpy as np
from jaxtyping import Float

from weighted_sums.losses import squared_error_backward
from weighted_sums.networks import Layer, Network, activations


def gradient(
    network: Network,
    x: Float[np.ndarray, "example fan_in"],
    y: Float[np.ndarray, "example fan_out"],
) -> Network:
    """Return the derivative of the average squared error by every weight and bias.

    The answer has the network's own structure: a `Layer` of dW and db for each layer.
    Source: Rumelhart, Hinton and Williams (1986).
    """
    a = activations(x, network)
    da = squared_error_backward(a[-1], y)
    found = []
    for layer, a_in, a_out in reversed(list(zip(network, a[:-1], a[1:], strict=True))):
        dz = da * a_out * (1 - a_out)
        found.append(Layer(dz.T @ a_in, dz.sum(axis=0)))
        da = dz @ layer.W
    return found[::-1]
