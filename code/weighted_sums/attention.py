"""Attention: every place of a sequence looks at the others and takes over what it needs.

A head asks with queries, answers with keys, and passes values on. In code `x` holds the embeddings
of a sequence, a row for each place; the arrays of a layer have an axis for its heads.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Float

from weighted_sums.heads import Attention as Attention
from weighted_sums.heads import BiasedAttention as BiasedAttention
from weighted_sums.heads import Biases as Biases
from weighted_sums.heads import brought, queries_keys_values
from weighted_sums.heads import concat_heads as concat_heads
from weighted_sums.heads import init_attention as init_attention
from weighted_sums.heads import merge as merge
from weighted_sums.heads import project as project
from weighted_sums.heads import split as split
from weighted_sums.softmax import softmax_backward
from weighted_sums.workshop.checks import as_float, same_shape

Mask = Bool[np.ndarray, "... query key"]
"""True where a query may look at a key; leading axes stretch over heads and batches."""


class AttentionCache(NamedTuple):
    """What the forward pass of a layer leaves behind for the backward one, and for the reader."""

    x: Float[np.ndarray, "*batch place width"]
    q: Float[np.ndarray, "*batch head place dim"]
    k: Float[np.ndarray, "*batch head place dim"]
    v: Float[np.ndarray, "*batch head place dim"]
    pattern: Float[np.ndarray, "*batch head query key"]
    gathered: Float[np.ndarray, "*batch place all_dim"]
    attention: Attention | BiasedAttention


def scores(
    q: Float[np.ndarray, "*batch query dim"], k: Float[np.ndarray, "*batch key dim"]
) -> Float[np.ndarray, "*batch query key"]:
    r"""How well each key answers each query, {eq}`attention-scores`: $q \cdot k / \sqrt d$."""
    q, k = as_float(q, "queries"), as_float(k, "keys")
    if q.shape[-1:] != k.shape[-1:] or q.shape[:-2] != k.shape[:-2]:
        raise ValueError(f"queries of shape {q.shape} do not fit keys of shape {k.shape}")
    return (q / np.sqrt(q.shape[-1], dtype=q.dtype)) @ k.swapaxes(-1, -2)


def causal_mask(
    scores: Float[np.ndarray, "*batch query key"],
) -> Float[np.ndarray, "*batch query key"]:
    r"""Add −∞ where the key stands behind the query, {eq}`causal-mask`.

    With fewer queries than keys, the queries are the last places of the sequence. Raises ValueError
    for more queries than keys, of which the first would see nothing.
    """
    scores = as_float(scores, "scores")
    return np.where(_visible(scores.shape, True, None), scores, scores.dtype.type(-np.inf))


def pattern(
    q: Float[np.ndarray, "*batch query dim"],
    k: Float[np.ndarray, "*batch key dim"],
    causal: bool = True,
    mask: Mask | None = None,
) -> Float[np.ndarray, "*batch query key"]:
    r"""How much each place attends to each: rows of shares, {eq}`attention-pattern`.

    The softmax of the scores; with `causal`, nothing is left for the places still to come, and with
    a `mask` nothing where it is False. What is hidden cannot be felt, not even nan. ValueError when
    a query may look nowhere. Works in place, because the scores are the largest array of a
    transformer.
    """
    share = scores(q, k)
    if causal or mask is not None:
        np.copyto(share, -np.inf, where=~_visible(share.shape, causal, mask))
    share -= share.max(axis=-1, keepdims=True)
    np.exp(share, out=share)
    share /= share.sum(axis=-1, keepdims=True)
    return share


def gather(
    shares: Float[np.ndarray, "*batch query key"], v: Float[np.ndarray, "*batch key dim"]
) -> Float[np.ndarray, "*batch query dim"]:
    """Add up the values in these shares; of a value with share 0 nothing, even if it is nan."""
    if shares.shape[:-2] != v.shape[:-2] or shares.shape[-1:] != v.shape[-2:-1]:
        raise ValueError(f"shares of shape {shares.shape} do not fit values of shape {v.shape}")
    found = shares @ v
    if np.isfinite(found).all():
        return found
    lost = ~np.isfinite(v)
    is_felt = (shares > 0).astype(v.dtype) @ lost.astype(v.dtype) > 0
    return np.where(is_felt, found, shares @ np.where(lost, 0, v))


def self_attention(
    x: Float[np.ndarray, "*batch place width"],
    attention: Attention | BiasedAttention,
    causal: bool = True,
    mask: Mask | None = None,
) -> tuple[Float[np.ndarray, "*batch place width"], AttentionCache]:
    r"""What each place takes over from the others, {eq}`attention`, and what led to it.

    Each head gathers values in the shares of its pattern; {eq}`heads-sum` adds up what the heads
    bring, as one product with their `O` side by side. Source: Vaswani et al. (2017).
    """
    q, k, v = queries_keys_values(x, attention)
    shares = pattern(q, k, causal, mask)
    gathered = merge(gather(shares, v))
    return brought(gathered, attention), AttentionCache(x, q, k, v, shares, gathered, attention)


def self_attention_backward(
    dy: Float[np.ndarray, "*batch place width"], saved: AttentionCache
) -> tuple[Float[np.ndarray, "*batch place width"], Attention | BiasedAttention]:
    r"""Return dx and the slopes of the layer's parameters: {eq}`attention-backward`, from dy.

    The shares hide nothing of what they leave out: where the pattern is 0, so is its slope. A bias
    gets the sum of the slopes of all rows that it was added to.
    """
    x, q, k, v, shares, gathered, attention = saved
    same_shape(dy, x, ("slopes", "embeddings"))
    dgathered = split(dy @ concat_heads(attention.O), len(attention.O))
    dv = shares.swapaxes(-1, -2) @ dgathered
    dscores = softmax_backward(dgathered @ v.swapaxes(-1, -2), shares)
    dscores /= np.sqrt(q.shape[-1], dtype=q.dtype)
    dq, dk = dscores @ k, dscores.swapaxes(-1, -2) @ q
    pairs = [(merge(d), W) for d, W in zip((dq, dk, dv), attention[:3], strict=True)]
    dx = sum(d @ W.reshape(-1, W.shape[-1]) for d, W in pairs)
    grads = [(_rows(d).T @ _rows(x)).reshape(W.shape) for d, W in pairs]
    dO = (_rows(dy).T @ _rows(gathered)).reshape(dy.shape[-1], *attention.O.shape[::2])
    grads.append(dO.swapaxes(0, 1).copy())
    if not isinstance(attention, BiasedAttention):
        return dx, Attention(*grads)
    own = [_rows(d).sum(axis=0).reshape(W.shape[:2]) for d, W in pairs]
    return dx, BiasedAttention(*grads, Biases(*own, _rows(dy).sum(axis=0)))


def _visible(shape: tuple[int, ...], causal: bool, mask: np.ndarray | None) -> np.ndarray:
    """Where a query may look, as an array that stretches to the `shape` of the scores."""
    queries, keys = shape[-2:]
    if causal and queries > keys:
        raise ValueError(f"{queries} queries cannot be the last places of {keys} keys")
    seen = np.tri(queries, keys, keys - queries if causal else keys, dtype=bool)
    if mask is None:
        return seen
    mask = np.asarray(mask)
    axes = zip(mask.shape[::-1], shape[::-1], strict=False)
    fits = 2 <= mask.ndim <= len(shape) and all(own in (1, n) for own, n in axes)
    if mask.dtype != bool or not fits:
        raise ValueError(
            f"a mask of truth values that stretches to {shape} is wanted, not one of "
            f"{mask.dtype} and shape {mask.shape}"
        )
    seen = seen & mask
    if not seen.any(axis=-1).all():
        row = np.argwhere(~seen.any(axis=-1))[0].tolist()
        raise ValueError(f"the mask lets the query {row} look nowhere")
    return seen


def _rows(x: np.ndarray) -> np.ndarray:
    return x.reshape(-1, x.shape[-1])
