"""A whole transformer, from tokens to the scores of the next one, and back with the slopes."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from jaxtyping import Bool, Float, Int
from numpy.typing import DTypeLike

from weighted_sums.blocks import (
    Block,
    Norm,
    block_backward,
    block_forward,
    init_block,
    init_norm,
    layer_norm,
    layer_norm_backward,
)
from weighted_sums.cross_entropy import per_token_loss
from weighted_sums.softmax import softmax
from weighted_sums.workshop.checks import indices, same_shape

IGNORE_INDEX = -1  # stands for "nothing is asked here" among the wanted tokens


class Transformer(NamedTuple):
    """All parameters: what a token and a place are embedded as, the blocks, and the way out."""

    embedding: Float[np.ndarray, "token width"]
    positions: Float[np.ndarray, "context width"]
    blocks: list[Block]
    norm: Norm
    unembedding: Float[np.ndarray, "token width"]


def init_transformer(
    vocabulary: int,
    context: int,
    width: int,
    heads: int,
    layers: int,
    rng: np.random.Generator,
    dtype: DTypeLike = np.float32,
) -> Transformer:
    r"""Draw a transformer at rest: it knows nothing, and says so in nearly equal shares.

    Embeddings and positions come from N(0, 1), the blocks from N(0, 1/fan_in), their last matrices
    divided by $\sqrt{2 \cdot \text{layers}}$, because so many are added up in the stream (Radford
    et al., 2019); the unembedding from N(0, 0.02²), so that the first logits are close to 0.
    Raises ValueError unless all sizes are positive and `heads` divides `width`.
    """
    if min(vocabulary, context, width, heads, layers) < 1:
        raise ValueError("vocabulary, context, width, heads and layers must be at least 1")
    dtype = np.dtype(dtype)

    def draw(rows: int) -> np.ndarray:
        return rng.standard_normal((rows, width), dtype=dtype)

    blocks = [init_block(width, heads, rng, dtype) for _ in range(layers)]
    for block in blocks:
        for last in (block.attention.O, block.down.W):
            last /= np.sqrt(2 * layers, dtype=dtype)
    out = draw(vocabulary) * dtype.type(0.02)
    return Transformer(draw(vocabulary), draw(context), blocks, init_norm(width, dtype), out)


def forward(
    tokens: Int[np.ndarray, "*batch place"], model: Transformer, causal: bool = True
) -> tuple[Float[np.ndarray, "*batch place token"], list[Any]]:
    r"""Scores of every token as the next one at every place, {eq}`transformer`, and what led there.

    Raises ValueError for a sequence longer than the context, and for tokens it has no row for.
    """
    x = embed(tokens, model)
    saved = []
    for block in model.blocks:
        x, kept = block_forward(x, block, causal)
        saved.append(kept)
    x, kept = layer_norm(x, model.norm)
    return x @ model.unembedding.T, [*saved, kept, x]


def embed(
    tokens: Int[np.ndarray, "*batch place"], model: Transformer, start: int = 0
) -> Float[np.ndarray, "*batch place width"]:
    """Look up the rows of `tokens` and of their places, from place `start`, and add them."""
    tokens = indices(tokens, len(model.embedding))
    if not tokens.size or not tokens.shape:
        raise ValueError(f"there must be a token, but their shape is {tokens.shape}")
    end = start + tokens.shape[-1]
    if end > len(model.positions):
        raise ValueError(f"{end} tokens do not fit a context length of {len(model.positions)}")
    return model.embedding[tokens] + model.positions[start:end]


def logits(
    tokens: Int[np.ndarray, "*batch place"], model: Transformer, causal: bool = True
) -> Float[np.ndarray, "*batch place token"]:
    """Scores of the next token at every place; those of the last place make the prediction."""
    return forward(tokens, model, causal)[0]


def patterns(
    tokens: Int[np.ndarray, "*batch place"], model: Transformer, causal: bool = True
) -> list[Float[np.ndarray, "*batch head query key"]]:
    """Who attends to whom in every head, layer by layer."""
    return [kept[1].pattern for kept in forward(tokens, model, causal)[1][: len(model.blocks)]]


def cost(
    model: Transformer, x: Int[np.ndarray, "*batch place"], y: Int[np.ndarray, "*batch place"]
) -> float:
    """Average surprise at the tokens `y` that came, in nats a token, {eq}`language-model-cost`."""
    scores = logits(x, model)
    return _cost(scores, softmax(scores), y)


def cost_and_gradient(
    model: Transformer,
    x: Int[np.ndarray, "*batch place"],
    y: Int[np.ndarray, "*batch place"],
    causal: bool = True,
) -> tuple[float, Transformer]:
    """Return the cost {eq}`language-model-cost` and its derivative by every parameter.

    Every place whose wanted token is not `IGNORE_INDEX` is a question; all count the same. Raises
    ValueError for wanted tokens that there are not, and when nothing is asked.
    """
    scores, saved = forward(x, model, causal)
    share = softmax(scores)
    return _cost(scores, share, y), backward(_error(share, y), x, model, saved)


def backward(
    dlogits: Float[np.ndarray, "*batch place token"],
    tokens: Int[np.ndarray, "*batch place"],
    model: Transformer,
    saved: list[Any],
) -> Transformer:
    """Carry the slope by the logits back to every parameter, through the blocks in reverse."""
    tokens = indices(tokens, len(model.embedding))
    same_shape(dlogits[..., 0], tokens, ("slopes, for one logit,", "tokens"))
    *blocks, norm, last = saved
    d, norm_slopes = layer_norm_backward(dlogits @ model.unembedding, norm)
    block_slopes = []
    for kept in reversed(blocks):
        d, grads = block_backward(d, kept)
        block_slopes.append(grads)
    embedding, places = np.zeros_like(model.embedding), np.zeros_like(model.positions)
    np.add.at(embedding, tokens.ravel(), _rows(d))
    places[: tokens.shape[-1]] = d.reshape(-1, *d.shape[-2:]).sum(axis=0)
    unembedding = _rows(dlogits).T @ _rows(last)
    return Transformer(embedding, places, block_slopes[::-1], norm_slopes, unembedding)


def asked_places(
    scores: Float[np.ndarray, "*batch place token"], y: Int[np.ndarray, "*batch place"]
) -> Bool[np.ndarray, "*batch place"]:
    """Where a token is wanted, not `IGNORE_INDEX`.

    Raises ValueError when `y` does not fit the scores, holds tokens that there are not, or asks
    nothing.
    """
    y = indices(y, scores.shape[-1], "wanted tokens", ignore_index=IGNORE_INDEX)
    if y.shape != scores.shape[:-1]:
        raise ValueError(f"scores of shape {scores.shape} do not fit wanted tokens of {y.shape}")
    asked = y != IGNORE_INDEX
    if not asked.any():
        raise ValueError(f"nothing is asked: each of the {y.size} wanted tokens is {IGNORE_INDEX}")
    return asked


def _cost(scores: np.ndarray, share: np.ndarray, y: np.ndarray) -> float:
    asked = asked_places(scores, y)
    return float(per_token_loss(scores, share, np.where(asked, y, 0))[asked].mean())


def _error(share: np.ndarray, y: np.ndarray) -> np.ndarray:
    # softmax and cross-entropy together: shares minus 1 at the wanted token, as in Part III
    asked = np.asarray(y) != IGNORE_INDEX
    error = np.where(asked[..., None], share, 0)
    error[asked, np.asarray(y)[asked]] -= 1
    return error / share.dtype.type(asked.sum())


def _rows(x: np.ndarray) -> np.ndarray:
    return x.reshape(-1, x.shape[-1])
