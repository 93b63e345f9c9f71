"""A whole transformer, from tokens to the logits of the next one, and back to the gradients."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from jaxtyping import Bool, Float, Int
from numpy.typing import DTypeLike

from weighted_sums.attention import attention_pattern
from weighted_sums.blocks import (
    Block,
    BlockCache,
    Norm,
    NormCache,
    block_backward,
    block_forward,
    init_block,
    init_norm,
    layer_norm,
    layer_norm_backward,
)
from weighted_sums.cross_entropy import per_token_loss
from weighted_sums.heads import flat_rows
from weighted_sums.softmax import softmax
from weighted_sums.workshop.checks import indices, same_shape

IGNORE_INDEX = -1  # a target that does not count in the loss


class Transformer(NamedTuple):
    """All parameters: embeddings of tokens and positions, the blocks, and the unembedding."""

    embedding: Float[np.ndarray, "vocab d_model"]
    positions: Float[np.ndarray, "context d_model"]
    blocks: list[Block]
    norm: Norm
    unembedding: Float[np.ndarray, "vocab d_model"]


class TransformerCache(NamedTuple):
    """What the forward pass keeps for the backward pass."""

    tokens: Int[np.ndarray, "*batch position"]
    model: Transformer
    blocks: list[BlockCache]
    norm: NormCache
    normed: Float[np.ndarray, "*batch position d_model"]


def init_transformer(
    vocab_size: int,
    context_length: int,
    d_model: int,
    n_heads: int,
    n_layers: int,
    rng: np.random.Generator,
    dtype: DTypeLike = np.float32,
) -> Transformer:
    r"""Draw a transformer that gives nearly equal probabilities to all tokens.

    Embeddings and positions come from N(0, 1), the blocks from N(0, 1/fan_in), their last matrices
    divided by $\sqrt{2 \cdot n_\text{layers}}$, because so many updates are added up in the
    residual stream (Radford et al., 2019); the unembedding comes from N(0, 0.02²), so that the
    first logits are close to 0. Raises ValueError unless all sizes are positive and `n_heads`
    divides `d_model`.
    """
    if min(vocab_size, context_length, d_model, n_heads, n_layers) < 1:
        raise ValueError(
            "vocab_size, context_length, d_model, n_heads and n_layers must be at least 1"
        )
    kind: np.dtype[Any] = np.dtype(dtype)

    def draw(rows: int) -> np.ndarray:
        return rng.standard_normal((rows, d_model), dtype=kind)

    blocks = [init_block(d_model, n_heads, rng, kind) for _ in range(n_layers)]
    for block in blocks:
        for last in (block.attention.W_o, block.down.W):
            last /= np.sqrt(2 * n_layers, dtype=kind)
    unembedding = draw(vocab_size) * kind.type(0.02)
    embedding, positions = draw(vocab_size), draw(context_length)
    return Transformer(embedding, positions, blocks, init_norm(d_model, kind), unembedding)


def forward(
    model: Transformer, tokens: Int[np.ndarray, "*batch position"], causal: bool = True
) -> tuple[Float[np.ndarray, "*batch position vocab"], TransformerCache]:
    r"""Return the logits of the next token at every position, {eq}`transformer`, and a cache.

    Raises ValueError for a sequence longer than the context, and for tokens not in the vocabulary.
    """
    x = embed(model, tokens)
    caches = []
    for block in model.blocks:
        x, cache = block_forward(x, block, causal)
        caches.append(cache)
    x, norm = layer_norm(x, model.norm)
    return x @ model.unembedding.T, TransformerCache(np.asarray(tokens), model, caches, norm, x)


def embed(
    model: Transformer, tokens: Int[np.ndarray, "*batch position"], start: int = 0
) -> Float[np.ndarray, "*batch position d_model"]:
    """Add the embeddings of `tokens` and of their positions, which begin at `start`."""
    tokens = indices(tokens, len(model.embedding))
    if not tokens.size or not tokens.shape:
        raise ValueError(f"there must be a token, but their shape is {tokens.shape}")
    end = start + tokens.shape[-1]
    if end > len(model.positions):
        raise ValueError(f"{end} tokens do not fit a context length of {len(model.positions)}")
    return model.embedding[tokens] + model.positions[start:end]


def logits(
    model: Transformer, tokens: Int[np.ndarray, "*batch position"], causal: bool = True
) -> Float[np.ndarray, "*batch position vocab"]:
    """Return the logits at every position; those at the last position predict the next token."""
    return forward(model, tokens, causal)[0]


def attention_patterns(
    model: Transformer, tokens: Int[np.ndarray, "*batch position"], causal: bool = True
) -> list[Float[np.ndarray, "*batch head query key"]]:
    """Return the attention weights of every head, an array for each layer."""
    return [
        attention_pattern(cache.attention) for cache in forward(model, tokens, causal)[1].blocks
    ]


def cost(
    model: Transformer, x: Int[np.ndarray, "*batch position"], y: Int[np.ndarray, "*batch position"]
) -> float:
    """Average loss at the targets `y`, in nats per token, {eq}`language-model-cost`."""
    z = logits(model, x)
    return _cost(z, softmax(z), y)


def cost_and_gradient(
    model: Transformer,
    x: Int[np.ndarray, "*batch position"],
    y: Int[np.ndarray, "*batch position"],
    causal: bool = True,
) -> tuple[float, Transformer]:
    """Return the cost {eq}`language-model-cost` and its gradient with respect to all parameters.

    The cost is the average over the targets that are not `IGNORE_INDEX`. Raises ValueError for
    targets that are not in the vocabulary, and when all of them are ignored.
    """
    z, cache = forward(model, x, causal)
    p = softmax(z)
    return _cost(z, p, y), backward(_dlogits(p, y), cache)


def backward(
    dlogits: Float[np.ndarray, "*batch position vocab"], cache: TransformerCache
) -> Transformer:
    """Return the gradients of all parameters, through the blocks in reverse."""
    tokens, model, block_caches, norm_cache, normed = cache
    same_shape(dlogits[..., 0], tokens, ("derivatives, for one logit,", "tokens"))
    d, norm = layer_norm_backward(dlogits @ model.unembedding, norm_cache)
    blocks = []
    for block_cache in reversed(block_caches):
        d, grads = block_backward(d, block_cache)
        blocks.append(grads)
    embedding, positions = np.zeros_like(model.embedding), np.zeros_like(model.positions)
    np.add.at(embedding, tokens.ravel(), flat_rows(d))
    positions[: tokens.shape[-1]] = d.reshape(-1, *d.shape[-2:]).sum(axis=0)
    unembedding = flat_rows(dlogits).T @ flat_rows(normed)
    return Transformer(embedding, positions, blocks[::-1], norm, unembedding)


def counted_targets(
    z: Float[np.ndarray, "*batch position vocab"], y: Int[np.ndarray, "*batch position"]
) -> Bool[np.ndarray, "*batch position"]:
    """Return where the target counts, because it is not `IGNORE_INDEX`.

    Raises ValueError when the targets `y` do not fit the logits `z`, when one is not in the
    vocabulary, and when all are ignored.
    """
    y = indices(y, z.shape[-1], "targets", ignore_index=IGNORE_INDEX)
    if y.shape != z.shape[:-1]:
        raise ValueError(f"logits of shape {z.shape} do not fit targets of shape {y.shape}")
    counted = y != IGNORE_INDEX
    if not counted.any():
        raise ValueError(f"no target counts: each of the {y.size} is {IGNORE_INDEX}")
    return counted


def _cost(z: np.ndarray, p: np.ndarray, y: np.ndarray) -> float:
    counted = counted_targets(z, y)
    return float(per_token_loss(z, p, np.where(counted, y, 0))[counted].mean())


def _dlogits(p: np.ndarray, y: np.ndarray) -> np.ndarray:
    # softmax and cross-entropy together: p minus 1 at the target, as in Part III
    counted = np.asarray(y) != IGNORE_INDEX
    d = np.where(counted[..., None], p, 0)
    d[counted, np.asarray(y)[counted]] -= 1
    return d / p.dtype.type(counted.sum())
