"""Scaled dot-product attention: queries meet keys, and the values of the best matches add up.

Queries, keys and values have a row for each position; leading axes are a batch's and the heads'.
"""

from __future__ import annotations

import numpy as np
from jaxtyping import Float

from weighted_sums.masks import Mask, visible
from weighted_sums.softmax import softmax_backward
from weighted_sums.workshop.checks import as_float


def attention_scores(
    q: Float[np.ndarray, "*batch query d_head"], k: Float[np.ndarray, "*batch key d_head"]
) -> Float[np.ndarray, "*batch query key"]:
    r"""Return how well each key matches each query, {eq}`attention-scores`: $q \cdot k / \sqrt d$.

    Raises ValueError for queries and keys of different dimensions or batches.
    """
    q, k = as_float(q, "queries"), as_float(k, "keys")
    if q.shape[-1:] != k.shape[-1:] or q.shape[:-2] != k.shape[:-2]:
        raise ValueError(f"queries of shape {q.shape} do not fit keys of shape {k.shape}")
    return (q / np.sqrt(q.shape[-1], dtype=q.dtype)) @ k.swapaxes(-1, -2)


def attention_weights(
    q: Float[np.ndarray, "*batch query d_head"],
    k: Float[np.ndarray, "*batch key d_head"],
    causal: bool = True,
    mask: Mask | None = None,
) -> Float[np.ndarray, "*batch query key"]:
    r"""Return the softmax of the scores: how much each query attends to each key.

    Implements {eq}`attention-pattern`. The weights are 0 after the query's position if `causal`,
    and where a `mask` is False, even if the key is nan. Raises ValueError when a query may attend
    to no key. Softmax is computed in place: the scores are a transformer's largest array.
    """
    weights = attention_scores(q, k)
    if causal or mask is not None:
        np.copyto(weights, -np.inf, where=~visible(weights.shape, causal, mask))
    weights -= weights.max(axis=-1, keepdims=True)
    np.exp(weights, out=weights)
    weights /= weights.sum(axis=-1, keepdims=True)
    return weights


def weighted_values(
    weights: Float[np.ndarray, "*batch query key"], v: Float[np.ndarray, "*batch key d_value"]
) -> Float[np.ndarray, "*batch query d_value"]:
    """Return the weighted sums of the values; a value of weight 0 adds nothing, even if nan."""
    if weights.shape[:-2] != v.shape[:-2] or weights.shape[-1:] != v.shape[-2:-1]:
        raise ValueError(f"weights of shape {weights.shape} do not fit values of shape {v.shape}")
    sums = weights @ v
    if np.isfinite(sums).all():
        return sums
    lost = ~np.isfinite(v)
    is_felt = (weights > 0).astype(v.dtype) @ lost.astype(v.dtype) > 0
    return np.where(is_felt, sums, weights @ np.where(lost, 0, v))


def dot_product_attention(
    q: Float[np.ndarray, "*batch query d_head"],
    k: Float[np.ndarray, "*batch key d_head"],
    v: Float[np.ndarray, "*batch key d_value"],
    causal: bool = True,
    mask: Mask | None = None,
) -> tuple[Float[np.ndarray, "*batch query d_value"], Float[np.ndarray, "*batch query key"]]:
    r"""Return $\mathrm{softmax}(QK^\top/\sqrt{d_k})\,V$, {eq}`attention`, and the weights.

    Source: Vaswani et al. (2017).
    """
    weights = attention_weights(q, k, causal, mask)
    return weighted_values(weights, v), weights


def dot_product_attention_backward(
    dy: Float[np.ndarray, "*batch query d_value"],
    q: Float[np.ndarray, "*batch query d_head"],
    k: Float[np.ndarray, "*batch key d_head"],
    v: Float[np.ndarray, "*batch key d_value"],
    weights: Float[np.ndarray, "*batch query key"],
) -> tuple[
    Float[np.ndarray, "*batch query d_head"],
    Float[np.ndarray, "*batch key d_head"],
    Float[np.ndarray, "*batch key d_value"],
]:
    """Return dq, dk and dv: {eq}`attention-backward` from dy.

    The mask needs no line of its own: where a weight is 0, so is the derivative of its score.
    """
    _check_fit(dy, q, k, v, weights)
    dweights = dy @ v.swapaxes(-1, -2)
    dscores = softmax_backward(dweights, weights)
    dscores /= np.sqrt(q.shape[-1], dtype=q.dtype)
    return dscores @ k, dscores.swapaxes(-1, -2) @ q, weights.swapaxes(-1, -2) @ dy


def _check_fit(
    dy: np.ndarray, q: np.ndarray, k: np.ndarray, v: np.ndarray, weights: np.ndarray
) -> None:
    *batch, n_queries, n_keys = weights.shape
    d_head, d_value = q.shape[-1], dy.shape[-1]
    for name, array, shape in (
        ("derivatives", dy, (*batch, n_queries, d_value)),
        ("queries", q, (*batch, n_queries, d_head)),
        ("keys", k, (*batch, n_keys, d_head)),
        ("values", v, (*batch, n_keys, d_value)),
    ):
        if array.shape != shape:
            raise ValueError(f"the {name} must have shape {shape}, not {array.shape}")
