"""Initialisation: random weights whose variance suits the activation function."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from weighted_sums.networks import Layer, Network, init_network

RELU_GAIN = 2.0  # a ReLU halves the mean square of its weighted sums


def init_with_gain(
    sizes: Sequence[int],
    rng: np.random.Generator,
    gain: float = RELU_GAIN,
    dtype: type[np.floating] | np.dtype = np.float32,
) -> Network:
    r"""Draw a network with weights from N(0, gain/fan_in) and biases 0, {eq}`he-initialisation`.

    Source: He, Zhang, Ren and Sun (2015) for the gain of 2. Raises ValueError unless the gain is
    positive, there are two or more sizes, and all sizes are positive.
    """
    if not gain > 0:
        raise ValueError(f"a gain must be positive, not {gain}")
    drawn = init_network(sizes, rng, dtype)
    return [Layer(W * np.sqrt(gain, dtype=dtype), np.zeros_like(b)) for W, b in drawn]
