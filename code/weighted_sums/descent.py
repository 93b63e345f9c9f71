"""Learning: a small step against the gradient, again and again.

Part I trains with it; Part II explains it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from jaxtyping import Float, Int

from weighted_sums.networks import Layer, Network

Gradient = Callable[[Network, np.ndarray, np.ndarray], Network]


def minibatches(
    n: int, size: int, rng: np.random.Generator
) -> Iterator[Int[np.ndarray, " example"]]:
    """Deal the positions 0 to n-1, shuffled, in hands of `size` (the last may be smaller)."""
    if not 1 <= size <= n:
        raise ValueError(f"a mini-batch of {size} cannot be drawn from {n} examples")
    order = rng.permutation(n)
    for start in range(0, n, size):
        yield order[start : start + size]


def train(
    network: Network,
    gradient: Gradient,
    x: Float[np.ndarray, "example fan_in"],
    y: Float[np.ndarray, "example fan_out"],
    *,
    rate: float,
    batch_size: int,
    epochs: int,
    rng: np.random.Generator,
) -> Network:
    """Return a network trained from `network`, which stays as it is.

    Each step moves every parameter by `-rate` times its entry of the gradient over one mini-batch.
    Raises FloatingPointError, naming the epoch and the rate, when a parameter stops being finite.
    """
    for epoch in range(epochs):
        for batch in minibatches(len(x), batch_size, rng):
            slopes = gradient(network, x[batch], y[batch])
            network = [
                Layer(W - rate * dW, b - rate * db)
                for (W, b), (dW, db) in zip(network, slopes, strict=True)
            ]
        if not all(np.isfinite(part).all() for layer in network for part in layer):
            raise FloatingPointError(f"training diverged in epoch {epoch + 1} at rate {rate}")
    return network
