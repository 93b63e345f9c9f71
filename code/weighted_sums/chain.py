"""A chain, one neuron in each layer: how a change reaches the cost, and the way back."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from weighted_sums.neurons import sigmoid, sigmoid_prime


class Neuron(NamedTuple):
    """The parameters of a neuron with a single input."""

    w: float
    b: float


Chain = list[Neuron]


class NeuronCache(NamedTuple):
    """What the backward pass needs of a neuron: its input `a_prev`, its z and its a."""

    a_prev: float
    z: float
    a: float


class NeuronGrads(NamedTuple):
    """Derivatives of the cost with respect to a neuron's weight, bias and input."""

    dw: float
    db: float
    da_prev: float


def forward(chain: Chain, x: float) -> list[NeuronCache]:
    r"""Send `x` through the chain and cache what each neuron computes, {eq}`chain`.

    $z^{(l)} = w^{(l)} a^{(l-1)} + b^{(l)}$ and $a^{(l)} = \sigma(z^{(l)})$.
    """
    caches: list[NeuronCache] = []
    a: float = np.float64(x)
    for w, b in chain:
        z = w * a + b
        caches.append(NeuronCache(a, z, sigmoid(z)))
        a = caches[-1].a
    return caches


def cost(chain: Chain, x: float, y: float) -> float:
    r"""Return the squared distance of the output from the target `y`: $C = (a^{(L)} - y)^2$."""
    error = forward(chain, x)[-1].a - y
    return error * error


def backward(chain: Chain, caches: list[NeuronCache], y: float) -> list[NeuronGrads]:
    r"""Return the derivatives of the cost for each neuron, computed from the last to the first.

    Each neuron multiplies the derivative `da` that arrives by its $\sigma'(z)$. The result `dz`
    times $a^{(l-1)}$ is the derivative for the weight, {eq}`chain-w`; `dz` itself is that for the
    bias, {eq}`chain-b`; `dz` times $w$ is that for the previous activation, {eq}`chain-a`.
    """
    grads, da = [], 2 * (caches[-1].a - y)
    for neuron, cache in zip(chain[::-1], caches[::-1], strict=True):
        dz = da * sigmoid_prime(cache.z)
        da = dz * neuron.w
        grads.append(NeuronGrads(dw=dz * cache.a_prev, db=dz, da_prev=da))
    return grads[::-1]
