"""A transformer of newer parts, to be put together in different ways and trained.

The forward pass keeps only the residual stream before every block; the backward pass computes the
rest again (gradient checkpointing; Chen et al., 2016).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from jaxtyping import Float, Int

from weighted_sums.blocks import Norm, init_norm
from weighted_sums.cross_entropy import per_token_loss
from weighted_sums.heads import flat_rows, init_attention
from weighted_sums.mixtures import init_experts
from weighted_sums.modern_blocks import (
    FeedForward,
    Gain,
    Mlp,
    ModernBlock,
    Stream,
    block_backward,
    block_forward,
    norm_backward,
    norm_forward,
)
from weighted_sums.networks import Layer
from weighted_sums.softmax import softmax
from weighted_sums.variants import SwiGLU
from weighted_sums.workshop.checks import indices, same_shape

Tokens = Int[np.ndarray, "batch position"]


class ModernTransformer(NamedTuple):
    """All parameters; positions have none."""

    embedding: Float[np.ndarray, "vocab d_model"]
    blocks: list[ModernBlock]
    norm: Norm | Gain
    unembedding: Float[np.ndarray, "vocab d_model"]


class Design(NamedTuple):
    """How a transformer is put together: sizes, the kind of its norms and feed-forward layers."""

    vocab_size: int
    d_model: int = 64
    n_heads: int = 4
    n_layers: int = 2
    n_groups: int = 4
    norm: str = "rms"
    feed_forward: str = "swiglu"
    neurons: int = 171
    n_experts: int = 1


def init(design: Design, rng: np.random.Generator) -> ModernTransformer:
    """Draw a transformer as `transformer.init_transformer` does, of the parts that `design` names.

    Raises ValueError for parts that do not exist and groups that cannot be equal.
    """
    d, dtype = design.d_model, np.dtype(np.float32)
    if design.norm not in ("rms", "layer") or design.n_heads % design.n_groups:
        raise ValueError(f"there is no such design: {design}")

    def norm() -> Norm | Gain:
        return np.ones(d, dtype) if design.norm == "rms" else init_norm(d, dtype)

    def block() -> ModernBlock:
        a = init_attention(d, design.n_heads, rng)
        a = a._replace(W_k=a.W_k[: design.n_groups], W_v=a.W_v[: design.n_groups])
        made = ModernBlock(norm(), a, norm(), _init_feed_forward(design, rng))
        for last in (a.W_o, _last(made.feed_forward)):
            last /= np.sqrt(2 * design.n_layers, dtype=dtype)
        return made

    blocks = [block() for _ in range(design.n_layers)]
    embedding, unembedding = (rng.standard_normal((design.vocab_size, d), dtype) for _ in range(2))
    return ModernTransformer(embedding, blocks, norm(), unembedding * dtype.type(0.02))


def _init_feed_forward(design: Design, rng: np.random.Generator) -> FeedForward:
    d, n = design.d_model, design.neurons
    experts = init_experts(design.n_experts, n, d, rng)
    if design.feed_forward == "mixture":
        return experts
    if design.feed_forward == "swiglu":
        return SwiGLU(*(W[0] for W in experts[1:]))
    if design.feed_forward == "gelu":
        up, down = (np.zeros(size, np.float32) for size in (n, d))
        return Mlp(Layer(experts.up[0], up), Layer(experts.down[0], down))
    raise ValueError(f"there is no such design: {design}")


def _last(layer: FeedForward) -> np.ndarray:
    return layer.down.W if isinstance(layer, Mlp) else layer.down


def forward(
    model: ModernTransformer, tokens: Tokens, top_k: int = 1
) -> tuple[Float[np.ndarray, "batch position vocab"], list[Stream], float]:
    """Return the logits, the stream before each block and at the end, and the balance loss.

    The balance loss is the sum over the blocks; 0 if none has experts.
    """
    streams = [model.embedding[indices(tokens, len(model.embedding))]]
    unevenness = 0.0
    for block in model.blocks:
        x, of_block = block_forward(streams[-1], block, top_k)
        streams.append(x)
        unevenness += of_block
    return norm_forward(streams[-1], model.norm) @ model.unembedding.T, streams, unevenness


def cost(model: ModernTransformer, tokens: Tokens, targets: Tokens, top_k: int = 1) -> float:
    """Return the average loss in nats per token, {eq}`language-model-cost`, and nothing added."""
    z = forward(model, tokens, top_k)[0]
    return float(per_token_loss(z, softmax(z), targets).mean())


def cost_and_gradient(
    model: ModernTransformer,
    tokens: Tokens,
    targets: Tokens,
    top_k: int = 1,
    balance: float = 0.0,
) -> tuple[float, ModernTransformer]:
    """Return the average loss plus `balance` times the balance loss, and its gradient."""
    z, streams, unevenness = forward(model, tokens, top_k)
    p = softmax(z)
    total = float(per_token_loss(z, p, targets).mean()) + balance * unevenness
    same_shape(tokens, targets, ("tokens", "targets"))
    p.reshape(-1, p.shape[-1])[np.arange(targets.size), targets.ravel()] -= 1
    dz = p / p.dtype.type(targets.size)
    normed = norm_forward(streams[-1], model.norm)
    d, norm = norm_backward(dz @ model.unembedding, streams[-1], model.norm)
    blocks = []
    for block, x in zip(reversed(model.blocks), reversed(streams[:-1]), strict=True):
        d, grads = block_backward(d, x, block, top_k, balance)
        blocks.append(grads)
    embedding = np.zeros_like(model.embedding)
    np.add.at(embedding, tokens.ravel(), flat_rows(d))
    unembedding = flat_rows(dz).T @ flat_rows(normed)
    return total, ModernTransformer(embedding, blocks[::-1], norm, unembedding)
