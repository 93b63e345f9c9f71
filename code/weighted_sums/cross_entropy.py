"""Costs that do not fall silent when a neuron is wrong and sure of it, and softmax."""

from __future__ import annotations

import math

import numpy as np
from jaxtyping import Float, Int

from weighted_sums.backprop import Loss
from weighted_sums.neurons import sigmoid
from weighted_sums.softmax import softmax
from weighted_sums.workshop.checks import as_float, as_float_pair, indices, same_shape


def cross_entropy(
    p: Float[np.ndarray, "example digit"], y: Float[np.ndarray, "example digit"]
) -> float:
    r"""Average surprise at the right answers, {eq}`cross-entropy`: $-\sum_j y_j \ln p_j$, in nats.

    A share that was rounded to 0 counts as the smallest number above it: what it was is lost, and
    only `cross_entropy_from_logits` still knows it. Raises ValueError for wishes that do not fit.
    """
    p, y = _wished(p, y)
    return float(-(y * _log(p)).sum() / len(p))


def binary_cross_entropy(
    a: Float[np.ndarray, "example fan_out"], y: Float[np.ndarray, "example fan_out"]
) -> float:
    r"""Average surprise at outputs that are yes or no each, {eq}`binary-cross-entropy`, in nats.

    $-\sum_j y_j \ln a_j + (1 - y_j) \ln(1 - a_j)$. An output that was rounded to 1 counts as the
    largest that is: what it lacked is lost, and only `binary_cross_entropy_from_logits` still
    knows it.
    """
    a, y = _wished(a, y)
    lacking = np.maximum(1 - a, np.finfo(a.dtype).eps / 4)  # less is rounded to 0
    return float(-(y * _log(a) + (1 - y) * np.log(lacking)).sum() / len(a))


def cross_entropy_from_logits(
    z: Float[np.ndarray, "example digit"], y: Float[np.ndarray, "example digit"]
) -> float:
    r"""The cross-entropy of softmax(z), {eq}`cross-entropy`, from the weighted sums themselves.

    $\ln p_j = z_j - \ln \sum_k e^{z_k}$, which no size of the sums can round to $\ln 0$. A wish of
    0 counts nothing, even at a score of −∞.
    """
    z, y = _wished(z, y)
    below = z - np.maximum.reduce(z, axis=-1, keepdims=True)
    log_p = below - np.log(np.add.reduce(np.exp(below), axis=-1, keepdims=True))
    cost = -float(np.vdot(y, log_p)) / len(z)
    if not math.isfinite(cost):  # where the wish is 0, 0 times −∞ shall be 0
        cost = -float(np.vdot(y, np.where(y == 0, 0, log_p))) / len(z)
    return cost


def per_token_loss(
    z: Float[np.ndarray, "*example token"],
    p: Float[np.ndarray, "*example token"],
    wanted: Int[np.ndarray, "*example"],
) -> Float[np.ndarray, "*example"]:
    r"""Surprise at each `wanted` token, in nats, where p = softmax(z) is known already.

    $-\ln p_w = \max_j z_j - z_w - \ln \max_j p_j$: the largest share is never rounded to 0, so no
    size of the scores can saturate it. Raises ValueError for tokens that there are not.
    """
    z, p = as_float(z, "scores"), as_float(p, "shares")
    same_shape(z, p, ("scores", "shares"))
    wanted = indices(wanted, z.shape[-1], "wanted tokens")
    same_shape(z[..., 0], wanted, ("scores, for one token,", "wanted tokens"))
    own = np.take_along_axis(z, wanted[..., None], axis=-1)[..., 0]
    return z.max(axis=-1) - own - np.log(p.max(axis=-1))


def binary_cross_entropy_from_logits(
    z: Float[np.ndarray, "example fan_out"], y: Float[np.ndarray, "example fan_out"]
) -> float:
    r"""The cost {eq}`binary-cross-entropy` of sigmoid(z), from the weighted sums themselves.

    $\ln(1 + e^{-|z|}) + \max(z, 0) - y z$ for each output, which no size of the sums can saturate.
    """
    z, y = _wished(z, y)
    costs = np.log1p(np.exp(-np.abs(z))) + np.maximum(z, 0) - y * z
    return float(costs.sum() / len(z))


def cross_entropy_delta(
    a: Float[np.ndarray, "example fan_out"], y: Float[np.ndarray, "example fan_out"]
) -> Float[np.ndarray, "example fan_out"]:
    r"""Error of the outputs under either cross-entropy, {eq}`cross-entropy-error`: $a - y$.

    The slope of the sigmoid, or the Jacobian of softmax, has cancelled.
    """
    a, y = as_float_pair(a, y)
    return (a - y) / len(a)


BINARY_CROSS_ENTROPY = Loss(
    sigmoid, binary_cross_entropy, cross_entropy_delta, binary_cross_entropy_from_logits
)
SOFTMAX_CROSS_ENTROPY = Loss(softmax, cross_entropy, cross_entropy_delta, cross_entropy_from_logits)


def _wished(a: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    a, y = as_float_pair(a, y)
    if not (np.minimum.reduce(y, axis=None) >= 0 and np.maximum.reduce(y, axis=None) <= 1):
        raise ValueError(f"wishes must lie in 0..1, found {y.min()} to {y.max()}")
    return a, y


def _log(p: np.ndarray) -> np.ndarray:
    return np.log(np.maximum(p, np.finfo(p.dtype).smallest_subnormal))
