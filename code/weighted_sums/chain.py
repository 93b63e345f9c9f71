"""A chain, one neuron in each layer: how a nudge travels to the cost, and the way back."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from weighted_sums.neurons import sigmoid, sigmoid_prime


class Neuron(NamedTuple):
    """The parameters of a neuron that listens to a single other one."""

    w: float
    b: float


Chain = list[Neuron]


class NeuronCache(NamedTuple):
    """What the forward pass keeps of one neuron: what came in, z and a."""

    a_before: float
    z: float
    a: float


class Slopes(NamedTuple):
    """Derivatives of the cost by a neuron's weight, its bias, and the activation that came in."""

    dw: float
    db: float
    da_before: float


def forward(chain: Chain, x: float) -> list[NeuronCache]:
    r"""Send `x` through the chain and keep what each neuron computes, {eq}`chain`.

    $z^{(l)} = w^{(l)} a^{(l-1)} + b^{(l)}$ and $a^{(l)} = \sigma(z^{(l)})$.
    """
    kept, a = [], np.float64(x)
    for w, b in chain:
        z = w * a + b
        kept.append(NeuronCache(a, z, sigmoid(z)))
        a = kept[-1].a
    return kept


def cost(chain: Chain, x: float, y: float) -> float:
    r"""Squared distance between what comes out and the wish `y`: $C = (a^{(L)} - y)^2$."""
    miss = forward(chain, x)[-1].a - y
    return miss * miss


def backward(chain: Chain, kept: list[NeuronCache], y: float) -> list[Slopes]:
    r"""Walk back from the cost to the input, and find every slope on the way.

    Each neuron multiplies the slope `da` that arrives by its $\sigma'(z)$. Of this
    `dz` the weight takes $a^{(l-1)}$ times, {eq}`chain-w`, the bias once,
    {eq}`chain-b`, and the activation before $w$ times, {eq}`chain-a`.
    """
    grads, da = [], 2 * (kept[-1].a - y)
    for neuron, part in zip(chain[::-1], kept[::-1], strict=True):
        dz = da * sigmoid_prime(part.z)
        da = dz * neuron.w
        grads.append(Slopes(dw=dz * part.a_before, db=dz, da_before=da))
    return grads[::-1]
