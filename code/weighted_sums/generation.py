"""Generate text with a transformer: predict, sample, append; a cache keeps keys and values."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from jaxtyping import Float

from weighted_sums.blocks import Block, layer_norm, mlp
from weighted_sums.dot_product import dot_product_attention
from weighted_sums.heads import merge_heads, output_projection, queries_keys_values
from weighted_sums.sampling import probabilities, sample, top_k
from weighted_sums.tokens import Tokens
from weighted_sums.transformer import Transformer, embed, logits
from weighted_sums.workshop.checks import indices, whole_number

Predict = Callable[[list[int]], np.ndarray]


@dataclass
class KVCache:
    """The keys and values of all positions so far, for every layer.

    Nothing else of a position is needed again, since no position attends to later ones.
    """

    model: Transformer
    length: int = 0
    keys: list[np.ndarray] = field(init=False, repr=False)
    values: list[np.ndarray] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        context_length, dtype = len(self.model.positions), self.model.embedding.dtype
        shapes = [
            (len(a.W_k), context_length, a.W_k.shape[1])
            for a in (block.attention for block in self.model.blocks)
        ]
        self.keys = [np.empty(shape, dtype) for shape in shapes]
        self.values = [np.empty(shape, dtype) for shape in shapes]


def next_logits(cache: KVCache, tokens: Tokens) -> Float[np.ndarray, " vocab"]:
    """Append `tokens` to the positions in `cache` and return the logits at the last one.

    They equal the last of `transformer.logits` for the whole sequence, but only the new positions
    are computed. Raises ValueError for no tokens, or more than fit the context.
    """
    if not len(tokens):
        raise ValueError("there must be a token to continue from")
    model = cache.model
    x = embed(model, np.asarray(tokens), start=cache.length)
    end = cache.length + len(tokens)
    for layer, block in enumerate(model.blocks):
        x = x + _attend_cached(x, block, cache, layer, end)
        x = x + mlp(layer_norm(x, block.norm_2)[0], block.up, block.down)[0]
    cache.length = end
    return layer_norm(x[-1], model.norm)[0] @ model.unembedding.T


def generate(
    model: Transformer,
    prompt: Tokens,
    count: int,
    rng: np.random.Generator,
    temperature: float = 1.0,
    top: int | None = None,
    cached: bool = True,
) -> list[int]:
    """Sample `count` tokens that continue `prompt`, one after the other, and return only these.

    `temperature` and `top` (only the `top` likeliest tokens) are those of {eq}`temperature` and
    `sampling.top_k`. When the context is full, its older half is dropped. Raises ValueError for an
    empty prompt, for tokens not in the vocabulary, and unless `count` and `top` are whole numbers.
    """
    if not len(prompt):
        raise ValueError("there must be a token to continue from")
    indices(prompt, len(model.embedding))
    whole_number(count, "count", least=0)
    predict = _with_cache(model) if cached else _without_cache(model)
    tokens = [int(token) for token in prompt]
    for _ in range(count):
        p = probabilities(predict(tokens), temperature)
        tokens.append(sample(p if top is None else top_k(p, top), rng))
    return tokens[len(prompt) :]


def window(tokens: Tokens, context_length: int) -> Tokens:
    """Return the last tokens, as many as a model with this context can see.

    They begin at a multiple of half the context, so that the cache stays valid for half a context
    before all positions shift and must be computed again.
    """
    half = max(whole_number(context_length, "context_length") // 2, 1)
    start = max(0, -(-(len(tokens) - context_length) // half) * half)
    return tokens[start:]


def _without_cache(model: Transformer) -> Predict:
    def predict(tokens: list[int]) -> np.ndarray:
        return logits(model, np.array(window(tokens, len(model.positions))))[-1]

    return predict


def _with_cache(model: Transformer) -> Predict:
    cache = KVCache(model)

    def predict(tokens: list[int]) -> np.ndarray:
        nonlocal cache
        seen = window(tokens, len(model.positions))
        if cache.length != len(seen) - 1:
            cache = KVCache(model)
        return next_logits(cache, seen[cache.length :])

    return predict


def _attend_cached(x: np.ndarray, block: Block, cache: KVCache, layer: int, end: int) -> np.ndarray:
    normed, _ = layer_norm(x, block.norm_1)
    keys, values = cache.keys[layer], cache.values[layer]
    new = slice(cache.length, end)
    queries, keys[:, new], values[:, new] = queries_keys_values(normed, block.attention)
    y, _ = dot_product_attention(queries, keys[:, :end], values[:, :end])
    return output_projection(merge_heads(y), block.attention)
