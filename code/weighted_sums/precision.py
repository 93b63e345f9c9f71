"""Training with numbers of 16 bits: what they cannot hold, and what is done about it.

Every array that is stored is rounded; products of matrices are accumulated in float32, as
processors for such numbers do it. Source: Micikevicius et al. (2018).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

import numpy as np
from jaxtyping import Float

from weighted_sums.cross_entropy import cross_entropy_from_logits
from weighted_sums.networks import Layer, Network, affine
from weighted_sums.neurons import relu
from weighted_sums.softmax import softmax
from weighted_sums.workshop import parameters

Array = Float[np.ndarray, "..."]
Rounding = Callable[[Array], Array]


class Recipe(NamedTuple):
    """How to train: how stored arrays are rounded, the loss scale, and whether to keep a master.

    With `master`, the weights that are updated are kept in float32, and rounded for every step.
    """

    rounding: Rounding
    scale: float = 1.0
    master: bool = True


def float32(x: Array) -> Array:
    """Return `x` in float32."""
    return np.asarray(x, np.float32)


def float16(x: Array) -> Array:
    """Round to the nearest float16, kept as float32: 5 bits of exponent, 10 of fraction.

    Numbers below about 3e-8 become 0, those above 65,504 infinite.
    """
    with np.errstate(over="ignore"):
        return np.asarray(x, np.float32).astype(np.float16).astype(np.float32)


def bfloat16(x: Array) -> Array:
    """Round to the nearest bfloat16, kept as float32: 8 bits of exponent, 7 of fraction.

    It is the upper half of a float32: ties go to the even neighbour, and nan stays nan.
    """
    x = np.asarray(x, np.float32)
    bits = x.view(np.uint32)
    half = np.uint32(0x7FFF) + ((bits >> np.uint32(16)) & np.uint32(1))
    upper = ((bits + half) & np.uint32(0xFFFF0000)).view(np.float32)
    return np.where(np.isnan(x), x, upper)


def gradient(
    network: Network,
    x: Float[np.ndarray, "example fan_in"],
    y: Float[np.ndarray, "example class"],
    rounding: Rounding,
    scale: float = 1.0,
) -> tuple[float, Network]:
    """Return the cross-entropy and `scale` times its gradient, everything stored being rounded.

    The hidden neurons are ReLUs; the loss is computed in float32. A factor `scale` of its gradient
    is a factor of every gradient before it, {eq}`loss-scaling`.
    """
    a = [rounding(x)]
    for layer in network[:-1]:
        a.append(rounding(relu(affine(a[-1], *layer))))
    z = rounding(affine(a[-1], *network[-1]))
    d = rounding(np.float32(scale / len(x)) * (softmax(z) - y))
    grads = []
    for layer, a_in in zip(reversed(network), reversed(a), strict=True):
        grads.append(Layer(rounding(d.T @ a_in), rounding(d.sum(axis=0))))
        d = rounding((d @ layer.W) * (a_in > 0))
    return cross_entropy_from_logits(z, y), grads[::-1]


def train(
    network: Network,
    batches: Iterable[tuple[np.ndarray, np.ndarray]],
    rate: float,
    recipe: Recipe,
) -> Network:
    """Return `network` after a step of gradient descent for each batch, by the recipe.

    A step whose gradient is not finite is left out.
    """
    weights = [float32(w) for w in parameters.leaves(network)]
    for x, y in batches:
        rounded = parameters.rebuild((recipe.rounding(w) for w in weights), network)
        with np.errstate(over="ignore", invalid="ignore"):
            _, grads = gradient(rounded, x, y, recipe.rounding, recipe.scale)
        found = parameters.leaves(grads)
        if not all(np.isfinite(g).all() for g in found):
            continue
        step = np.float32(rate / recipe.scale)
        weights = [w - step * g for w, g in zip(weights, found, strict=True)]
        if not recipe.master:
            weights = [recipe.rounding(w) for w in weights]
    return parameters.rebuild((recipe.rounding(w) for w in weights), network)


def flushed(exact: Network, rounded: Network) -> float:
    """Return the fraction of derivatives that are not 0 in `exact`, but are in `rounded`."""
    pairs = zip(parameters.leaves(exact), parameters.leaves(rounded), strict=True)
    lost, there = 0, 0
    for a, b in pairs:
        lost += int(((a != 0) & (b == 0)).sum())
        there += int((a != 0).sum())
    return lost / there
