"""Softmax: from logits to probabilities, and its backward pass."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float

from weighted_sums.workshop.checks import as_float, as_float_pair


def softmax(z: Float[np.ndarray, "*example class"]) -> Float[np.ndarray, "*example class"]:
    r"""Turn logits into probabilities: positive numbers that add up to 1.

    Implements {eq}`softmax`: $p_j = e^{z_j} / \sum_k e^{z_k}$. Subtracting the largest logit from
    all of them changes no probability, and keeps the exponentials from overflowing.
    """
    z = as_float(z, "logits")
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def softmax_backward(
    dp: Float[np.ndarray, "*example class"], p: Float[np.ndarray, "*example class"]
) -> Float[np.ndarray, "*example class"]:
    r"""Return dz: the Jacobian {eq}`softmax-jacobian` of p = softmax(z), applied to `dp`.

    $\partial p_j / \partial z_k = p_j ([j = k] - p_k)$. Raises ValueError when the shapes
    differ.
    """
    dp, p = as_float_pair(dp, p, ("gradients", "probabilities"))
    dz = dp - (dp * p).sum(axis=-1, keepdims=True)
    dz *= p
    return dz
