"""Rotary position embedding (RoPE): queries and keys are rotated by their position.

It has no parameters, and its backward pass is the rotation back.
"""

from __future__ import annotations

import numpy as np
from jaxtyping import Float, Int

from weighted_sums.attention import AttentionCache, attention_pattern, projections_backward
from weighted_sums.dot_product import dot_product_attention, dot_product_attention_backward
from weighted_sums.heads import (
    Attention,
    BiasedAttention,
    concat_heads,
    merge_heads,
    output_projection,
    queries_keys_values,
    split_heads,
)
from weighted_sums.workshop.checks import as_float, same_shape


def rope_frequencies(d_head: int, base: float | int) -> Float[np.ndarray, " pair"]:
    r"""Return the angle of each pair of coordinates from one position to the next, {eq}`rotary`.

    The first pair rotates by one radian, each later one more slowly, the last nearly `base` times
    more slowly. Raises ValueError for an odd `d_head`.
    """
    if d_head % 2:
        raise ValueError(f"a head of {d_head} dimensions cannot be split into pairs")
    return base ** (-np.arange(0, d_head, 2) / d_head)


def apply_rope(
    x: Float[np.ndarray, "*batch position d_head"],
    positions: Int[np.ndarray, " position"],
    base: float | int,
) -> Float[np.ndarray, "*batch position d_head"]:
    r"""Rotate each pair of coordinates by an angle proportional to the position: {eq}`rotary`.

    The dot product of two rotated rows depends on the distance between their positions only.
    Source: Su et al. (2021); pairs are neighbours, as in a GGUF file.
    """
    x, d_head = as_float(x), x.shape[-1]
    if d_head % 2 or x.shape[-2:-1] != np.shape(positions):
        raise ValueError(
            f"x must have rows of pairs, one for each position; it has shape {x.shape}, the "
            f"positions have {np.shape(positions)}"
        )
    angles = positions[:, None] * rope_frequencies(d_head, base)
    cos, sin = np.cos(angles).astype(x.dtype), np.sin(angles).astype(x.dtype)
    even, odd = x[..., ::2], x[..., 1::2]
    rotated = np.stack([even * cos - odd * sin, even * sin + odd * cos], axis=-1)
    return rotated.reshape(x.shape)


def apply_rope_backward(
    dy: Float[np.ndarray, "*batch position d_head"],
    positions: Int[np.ndarray, " position"],
    base: float | int,
) -> Float[np.ndarray, "*batch position d_head"]:
    """Return dx: the transpose of a rotation is the rotation back, {eq}`rotary` with −m."""
    return apply_rope(dy, -positions, base)


def rotary_attention(
    x: Float[np.ndarray, "*batch position d_model"],
    attention: Attention | BiasedAttention,
    base: float | int,
    causal: bool = True,
) -> tuple[Float[np.ndarray, "*batch position d_model"], AttentionCache]:
    r"""Return the output of an attention layer, {eq}`heads-sum`, with RoPE, and a cache.

    Queries and keys are rotated by {eq}`rotary` before they meet; the values are not.
    """
    q, k, v = queries_keys_values(x, attention)
    positions = np.arange(x.shape[-2])
    q, k = apply_rope(q, positions, base), apply_rope(k, positions, base)
    y, weights = dot_product_attention(q, k, v, causal)
    y = merge_heads(y)
    cache = AttentionCache(x, q, k, v, weights, y, attention, causal, None)
    return output_projection(y, attention), cache


def rotary_attention_backward(
    dy: Float[np.ndarray, "*batch position d_model"], cache: AttentionCache, base: float
) -> tuple[Float[np.ndarray, "*batch position d_model"], Attention | BiasedAttention]:
    """Return dx and the gradients of the layer's parameters; `base` as in the forward pass."""
    x, q, k, v = cache[:4]
    same_shape(dy, x, ("derivatives", "embeddings"))
    dheads = split_heads(dy @ concat_heads(cache.attention.W_o), len(cache.attention.W_o))
    dq, dk, dv = dot_product_attention_backward(dheads, q, k, v, attention_pattern(cache))
    positions = np.arange(x.shape[-2])
    dq, dk = (apply_rope_backward(d, positions, base) for d in (dq, dk))
    return projections_backward((dq, dk, dv), dy, cache)
