"""An attention layer: each position attends to others and adds what it learns to its embedding.

Each head has queries, keys and values. `x` holds the embeddings of a sequence, a row for each
position; leading axes are those of a batch.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from jaxtyping import Float

from weighted_sums.blockwise import LONG, blockwise_attention, blockwise_attention_backward
from weighted_sums.dot_product import (
    attention_weights,
    dot_product_attention,
    dot_product_attention_backward,
)
from weighted_sums.heads import (
    Attention,
    BiasedAttention,
    Biases,
    concat_heads,
    flat_rows,
    merge_heads,
    output_projection,
    queries_keys_values,
    split_heads,
)
from weighted_sums.masks import Mask
from weighted_sums.workshop.checks import same_shape

Heads = Float[np.ndarray, "*batch head position d_head"]


class AttentionCache(NamedTuple):
    """What the forward pass of a layer keeps for its backward pass.

    The attention weights are kept of short sequences only, and computed again of `LONG` ones.
    """

    x: Float[np.ndarray, "*batch position d_model"]
    q: Heads
    k: Heads
    v: Heads
    weights: Float[np.ndarray, "*batch head query key"] | None
    head_outputs: Float[np.ndarray, "*batch position d_concat"]
    attention: Attention | BiasedAttention
    causal: bool
    mask: Mask | None


def self_attention(
    x: Float[np.ndarray, "*batch position d_model"],
    attention: Attention | BiasedAttention,
    causal: bool = True,
    mask: Mask | None = None,
) -> tuple[Float[np.ndarray, "*batch position d_model"], AttentionCache]:
    r"""Return the output of an attention layer, {eq}`heads-sum`, and a cache.

    Every head computes {eq}`attention`, in blocks if the sequence is long; one product with the
    `W_o` of all heads, side by side, adds up their outputs. Source: Vaswani et al. (2017).
    """
    q, k, v = queries_keys_values(x, attention)
    if x.shape[-2] < LONG:
        y, weights = dot_product_attention(q, k, v, causal, mask)
    else:
        y, weights = blockwise_attention(q, k, v, causal, mask), None
    y = merge_heads(y)
    cache = AttentionCache(x, q, k, v, weights, y, attention, causal, mask)
    return output_projection(y, attention), cache


def self_attention_backward(
    dy: Float[np.ndarray, "*batch position d_model"], cache: AttentionCache
) -> tuple[Float[np.ndarray, "*batch position d_model"], Attention | BiasedAttention]:
    r"""Return dx and the gradients of the layer's parameters, {eq}`attention-backward`.

    The gradient of a bias is the sum over all rows that it was added to.
    """
    attention = cache.attention
    same_shape(dy, cache.x, ("derivatives", "embeddings"))
    dheads = split_heads(dy @ concat_heads(attention.W_o), len(attention.W_o))
    q, k, v, weights = cache[1:5]
    if weights is not None:
        dqkv = dot_product_attention_backward(dheads, q, k, v, weights)
    else:
        dqkv = blockwise_attention_backward(dheads, q, k, v, cache.causal, cache.mask)
    return projections_backward(dqkv, dy, cache)


def projections_backward(
    dqkv: tuple[Heads, Heads, Heads],
    dy: Float[np.ndarray, "*batch position d_model"],
    cache: AttentionCache,
) -> tuple[Float[np.ndarray, "*batch position d_model"], Attention | BiasedAttention]:
    """Return dx and the gradients of the parameters, {eq}`attention-backward`, from dq, dk, dv."""
    x, attention = cache.x, cache.attention
    pairs = [(merge_heads(d), W) for d, W in zip(dqkv, attention[:3], strict=True)]
    dx = sum(d @ W.reshape(-1, W.shape[-1]) for d, W in pairs)
    dW_q, dW_k, dW_v = ((flat_rows(d).T @ flat_rows(x)).reshape(W.shape) for d, W in pairs)
    dW_o = split_heads(flat_rows(dy).T @ flat_rows(cache.head_outputs), len(attention.W_o)).copy()
    if not isinstance(attention, BiasedAttention):
        return dx, Attention(dW_q, dW_k, dW_v, dW_o)
    db_q, db_k, db_v = (flat_rows(d).sum(axis=0).reshape(W.shape[:2]) for d, W in pairs)
    biases = Biases(db_q, db_k, db_v, flat_rows(dy).sum(axis=0))
    return dx, BiasedAttention(dW_q, dW_k, dW_v, dW_o, biases)


def attention_pattern(cache: AttentionCache) -> Float[np.ndarray, "*batch head query key"]:
    """Return the attention weights of every head of a layer, from its queries and keys."""
    return attention_weights(cache.q, cache.k, cache.causal, cache.mask)
