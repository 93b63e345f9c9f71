"""Regularisation against overfitting: dropout, and data augmentation by random shifts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from weighted_sums.analysis import shift
from weighted_sums.backprop import SQUARED_ERROR, Loss, layer_gradient, previous_delta
from weighted_sums.minibatches import Minibatches
from weighted_sums.networks import Network, affine
from weighted_sums.neurons import ACTIVATIONS, Activation
from weighted_sums.workshop.checks import as_float, same_shape, whole_number


def dropout(
    a: Float[np.ndarray, "*example neuron"], drop_rate: float, rng: np.random.Generator
) -> tuple[Float[np.ndarray, "*example neuron"], Float[np.ndarray, "*example neuron"]]:
    r"""Set each activation to 0 with probability `drop_rate`; return the activations and the mask.

    Implements {eq}`dropout`: $a' = m \odot a$, where the mask $m$ is 0 for dropped activations and
    $1/(1 - q)$ for the others (for q = 1 all are dropped). This keeps the mean, so that inference
    needs no scaling. Raises ValueError unless 0 <= drop_rate <= 1. Source: Srivastava and others
    (2014).
    """
    if not 0 <= drop_rate <= 1:
        raise ValueError(f"drop_rate must lie in [0, 1], not {drop_rate}")
    a = as_float(a, "activations")
    is_left = rng.random(a.shape, dtype=a.dtype) >= drop_rate
    mask = is_left / np.asarray(1 - drop_rate if drop_rate < 1 else 1, dtype=a.dtype)
    return a * mask, mask


def dropout_backward(
    da: Float[np.ndarray, "*example neuron"], mask: Float[np.ndarray, "*example neuron"]
) -> Float[np.ndarray, "*example neuron"]:
    """Return the derivative with respect to the activations before `dropout`: 0 where dropped."""
    same_shape(da, mask, ("gradients", "mask"))
    return as_float(da) * as_float(mask)


def cost_and_gradient_with_dropout(
    network: Network,
    x: Float[np.ndarray, "example fan_in"],
    y: Float[np.ndarray, "example fan_out"],
    *,
    drop_rate: float,
    rng: np.random.Generator,
    activation: Activation = ACTIVATIONS["sigmoid"],
    loss: Loss = SQUARED_ERROR,
) -> tuple[float, Network]:
    """Return the cost and the gradient of the network without the dropped hidden neurons.

    Each call draws which neurons are dropped, separately for each example.
    """
    inputs, a, masks = [x], [], []
    for W, b in network[:-1]:
        a.append(activation.function(affine(inputs[-1], W, b)))
        dropped, mask = dropout(a[-1], drop_rate, rng)
        inputs.append(dropped)
        masks.append(mask)
    z = affine(inputs[-1], *network[-1])
    outputs = loss.activation(z)
    dz = loss.delta(outputs, y)
    grads = [layer_gradient(dz, inputs[-1])]
    for l in reversed(range(len(a))):
        # the mask and the derivative of the activation function commute: both multiply entrywise
        dz = dropout_backward(previous_delta(dz, network[l + 1].W, a[l], activation), masks[l])
        grads.append(layer_gradient(dz, inputs[l]))
    return loss.evaluate(z, outputs, y), grads[::-1]


@dataclass(frozen=True)
class ShiftedMinibatches(Minibatches):
    """Mini-batches of images, each batch moved by up to `reach` pixels in either direction."""

    reach: int = 1

    def __post_init__(self) -> None:
        super().__post_init__()
        whole_number(self.reach, "reach", least=0)

    def epoch(self, rng: np.random.Generator) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """Yield the batches of `Minibatches`, each shifted at random, {eq}`random-shift`."""
        for x, y in super().epoch(rng):
            dx, dy = rng.integers(-self.reach, self.reach + 1, size=2)
            yield shift(x, dx, dy), y
