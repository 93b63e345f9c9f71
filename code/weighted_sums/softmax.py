"""From scores to probabilities: softmax, and the way of a derivative back through it."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float

from weighted_sums.workshop.checks import as_float, as_float_pair


def softmax(z: Float[np.ndarray, "*example digit"]) -> Float[np.ndarray, "*example digit"]:
    r"""Turn scores into shares that are positive and add up to 1.

    Implements {eq}`softmax`: $p_j = e^{z_j} / \sum_k e^{z_k}$. Taking the largest score from all of
    them changes nothing, and keeps the exponentials from overflowing.
    """
    z = as_float(z, "scores")
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def softmax_backward(
    dp: Float[np.ndarray, "*example digit"], p: Float[np.ndarray, "*example digit"]
) -> Float[np.ndarray, "*example digit"]:
    r"""Return dz: the Jacobian {eq}`softmax-jacobian` of p = softmax(z), applied to `dp`.

    $\partial p_j / \partial z_k = p_j (\delta_{jk} - p_k)$. Raises ValueError for other shapes.
    """
    dp, p = as_float_pair(dp, p, ("slopes", "shares"))
    return p * (dp - (dp * p).sum(axis=-1, keepdims=True))
