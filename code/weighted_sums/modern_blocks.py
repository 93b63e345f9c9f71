"""The blocks of newer transformers: each holds what its parameters say.

A block has layer norm or RMS norm, any number of groups of keys, rotary positions, and an MLP,
SwiGLU or a mixture of experts. The backward pass takes the block's input and computes the rest
again.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from jaxtyping import Float

from weighted_sums.blocks import Norm, layer_norm, layer_norm_backward, mlp, mlp_backward
from weighted_sums.heads import Attention
from weighted_sums.mixtures import Experts, balance_loss, mixture, mixture_backward
from weighted_sums.networks import Layer
from weighted_sums.variants import (
    SwiGLU,
    grouped_query_attention,
    grouped_query_attention_backward,
    rms_norm,
    rms_norm_backward,
    swiglu,
    swiglu_backward,
)

BASE = 10_000.0  # of the rotations
Gain = Float[np.ndarray, " d_model"]
Stream = Float[np.ndarray, "batch position d_model"]


class Mlp(NamedTuple):
    """The two layers of an MLP with GELU."""

    up: Layer
    down: Layer


FeedForward = Mlp | SwiGLU | Experts


class ModernBlock(NamedTuple):
    """The parameters of a block: attention and a feed-forward layer, a norm before each."""

    norm_1: Norm | Gain
    attention: Attention
    norm_2: Norm | Gain
    feed_forward: FeedForward


def norm_forward(x: Stream, norm: Norm | Gain) -> Stream:
    """Apply layer norm or RMS norm, whichever the parameters belong to."""
    return layer_norm(x, norm)[0] if isinstance(norm, Norm) else rms_norm(x, norm)


def norm_backward(dy: Stream, x: Stream, norm: Norm | Gain) -> tuple[Stream, Norm | Gain]:
    """Return dx and the gradients of the norm's parameters."""
    if isinstance(norm, Norm):
        return layer_norm_backward(dy, layer_norm(x, norm)[1])
    return rms_norm_backward(dy, x, norm)


def feed_forward(x: Stream, layer: FeedForward, top_k: int = 1) -> tuple[Stream, float]:
    """Apply an MLP, SwiGLU or a mixture; return its balance loss, too, 0 if it has no experts."""
    if isinstance(layer, Experts):
        y, cache = mixture(x, layer, top_k)
        return y, balance_loss(cache)
    return (mlp(x, *layer)[0] if isinstance(layer, Mlp) else swiglu(x, layer)), 0.0


def feed_forward_backward(
    dy: Stream, x: Stream, layer: FeedForward, top_k: int = 1, balance: float = 0.0
) -> tuple[Stream, FeedForward]:
    """Return dx and the gradients of the layer, with `balance` times that of the balance loss."""
    if isinstance(layer, Experts):
        return mixture_backward(dy, mixture(x, layer, top_k)[1], balance)
    if isinstance(layer, Mlp):
        dx, up, down = mlp_backward(dy, mlp(x, *layer)[1])
        return dx, Mlp(up, down)
    return swiglu_backward(dy, x, layer)


def after_attention(x: Stream, block: ModernBlock) -> Stream:
    """Return the stream between a block's attention and its feed-forward layer."""
    normed = norm_forward(x, block.norm_1)
    return x + grouped_query_attention(normed, block.attention, BASE)[0]


def block_forward(x: Stream, block: ModernBlock, top_k: int = 1) -> tuple[Stream, float]:
    """Return the stream after a block, {eq}`block` with newer parts, and its balance loss."""
    x = after_attention(x, block)
    update, unevenness = feed_forward(norm_forward(x, block.norm_2), block.feed_forward, top_k)
    return x + update, unevenness


def block_backward(
    dy: Stream, x: Stream, block: ModernBlock, top_k: int = 1, balance: float = 0.0
) -> tuple[Stream, ModernBlock]:
    """Return dx and the gradients of a block from its input `x`; the rest is computed again."""
    normed = norm_forward(x, block.norm_1)
    middle = x + grouped_query_attention(normed, block.attention, BASE)[0]
    again = norm_forward(middle, block.norm_2)
    d, layer = feed_forward_backward(dy, again, block.feed_forward, top_k, balance)
    d, norm_2 = norm_backward(d, middle, block.norm_2)
    dy = dy + d
    d, attention = grouped_query_attention_backward(dy, normed, block.attention, BASE)
    d, norm_1 = norm_backward(d, x, block.norm_1)
    return dy + d, ModernBlock(norm_1, attention, norm_2, layer)
