"""Costs that do not fall silent when a neuron is wrong and sure of it, and softmax."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float

from weighted_sums.backprop import Loss
from weighted_sums.neurons import sigmoid


def softmax(z: Float[np.ndarray, "*example digit"]) -> Float[np.ndarray, "*example digit"]:
    r"""Turn scores into shares that are positive and add up to 1.

    Implements {eq}`softmax`: $p_j = e^{z_j} / \sum_k e^{z_k}$. Taking the largest score from all of
    them changes nothing, and keeps the exponentials from overflowing.
    """
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def softmax_backward(
    dp: Float[np.ndarray, "*example digit"], p: Float[np.ndarray, "*example digit"]
) -> Float[np.ndarray, "*example digit"]:
    r"""Return dz: the Jacobian {eq}`softmax-jacobian` of p = softmax(z), applied to `dp`.

    $\partial p_j / \partial z_k = p_j (\delta_{jk} - p_k)$.
    """
    return p * (dp - (dp * p).sum(axis=-1, keepdims=True))


def cross_entropy(
    p: Float[np.ndarray, "example digit"], y: Float[np.ndarray, "example digit"]
) -> float:
    r"""Average surprise at the right answers, {eq}`cross-entropy`: $-\sum_j y_j \ln p_j$, in nats.

    A share that was rounded to 0 counts as the smallest number above it.
    """
    return float(-(y * _log(p)).sum() / len(p))


def binary_cross_entropy(
    a: Float[np.ndarray, "example fan_out"], y: Float[np.ndarray, "example fan_out"]
) -> float:
    r"""Average surprise at outputs that are yes or no each, {eq}`binary-cross-entropy`, in nats.

    $-\sum_j y_j \ln a_j + (1 - y_j) \ln(1 - a_j)$.
    """
    return float(-(y * _log(a) + (1 - y) * _log(1 - a)).sum() / len(a))


def cross_entropy_at_outputs(
    a: Float[np.ndarray, "example fan_out"], y: Float[np.ndarray, "example fan_out"]
) -> Float[np.ndarray, "example fan_out"]:
    r"""Error of the outputs under either cross-entropy, {eq}`cross-entropy-error`: $a - y$.

    The slope of the sigmoid, or the Jacobian of softmax, has cancelled.
    """
    return (a - y) / len(a)


BINARY_CROSS_ENTROPY = Loss(sigmoid, binary_cross_entropy, cross_entropy_at_outputs)
SOFTMAX_CROSS_ENTROPY = Loss(softmax, cross_entropy, cross_entropy_at_outputs)


def _log(p: np.ndarray) -> np.ndarray:
    return np.log(np.maximum(p, np.finfo(p.dtype).tiny))
