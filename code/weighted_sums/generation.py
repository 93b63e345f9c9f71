"""Let a transformer write: predict, sample, append; with a cache, each token is worked out once."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from jaxtyping import Float

from weighted_sums.attention import gather, pattern
from weighted_sums.blocks import Block, layer_norm, mlp
from weighted_sums.heads import brought, merge, queries_keys_values
from weighted_sums.sampling import probabilities, sample, top_k
from weighted_sums.tokens import Tokens
from weighted_sums.transformer import Transformer, embed, logits
from weighted_sums.workshop.checks import indices, whole_number


@dataclass
class KVCache:
    """Keys and values of all places so far, for every layer: what later places will ask for.

    Nothing else of a place is needed again, since no place looks at those behind it.
    """

    model: Transformer
    length: int = 0
    keys: list[np.ndarray] = field(init=False, repr=False)
    values: list[np.ndarray] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        context, dtype = len(self.model.positions), self.model.embedding.dtype
        heads = [block.attention for block in self.model.blocks]
        self.keys = [np.empty((len(a.K), context, a.K.shape[1]), dtype) for a in heads]
        self.values = [np.empty((len(a.V), context, a.V.shape[1]), dtype) for a in heads]


def next_logits(tokens: Tokens, cache: KVCache) -> Float[np.ndarray, " token"]:
    """Read `tokens` as the next places behind those in `cache`; return the last one's logits.

    The same numbers as `transformer.logits` of the whole sequence, for the work of the new places.
    Raises ValueError when there are none, or more than the context holds.
    """
    if not len(tokens):
        raise ValueError("there must be a token to go on from")
    model = cache.model
    x = embed(np.asarray(tokens), model, start=cache.length)
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
    """Draw `count` tokens that go on from `prompt`, one after the other; return these alone.

    `temperature` and `top` (only the `top` likeliest tokens) are those of {eq}`temperature` and
    `sampling.top_k`. When the context is full, its older half is forgotten. Raises ValueError for
    no prompt, for tokens that there are not, and for a count or a `top` that is no whole number.
    """
    if not len(prompt):
        raise ValueError("there must be a token to go on from")
    indices(prompt, len(model.embedding))
    whole_number(count, "count", least=0)
    predict = _with_cache(model) if cached else _without_cache(model)
    tokens = [int(token) for token in prompt]
    for _ in range(count):
        share = probabilities(predict(tokens), temperature)
        tokens.append(sample(share if top is None else top_k(share, top), rng))
    return tokens[len(prompt) :]


def window(tokens: Tokens, context: int) -> Tokens:
    """The tokens that a model of this context can still see.

    They begin at a multiple of half the context: so keys and values can be kept for half a context
    before they must be worked out anew for other places.
    """
    half = max(whole_number(context, "context") // 2, 1)
    start = max(0, -(-(len(tokens) - context) // half) * half)
    return tokens[start:]


def _without_cache(model: Transformer):
    def predict(tokens: list[int]) -> np.ndarray:
        return logits(np.array(window(tokens, len(model.positions))), model)[-1]

    return predict


def _with_cache(model: Transformer):
    cache = KVCache(model)

    def predict(tokens: list[int]) -> np.ndarray:
        nonlocal cache
        seen = window(tokens, len(model.positions))
        if cache.length != len(seen) - 1:
            cache = KVCache(model)
        return next_logits(seen[cache.length :], cache)

    return predict


def _attend_cached(x: np.ndarray, block: Block, cache: KVCache, layer: int, end: int) -> np.ndarray:
    asked, a = layer_norm(x, block.norm_1)[0], block.attention
    keys, values = cache.keys[layer], cache.values[layer]
    now = slice(cache.length, end)
    queries, keys[:, now], values[:, now] = queries_keys_values(asked, a)
    shares_of_places = pattern(queries, keys[:, :end])
    return brought(merge(gather(shares_of_places, values[:, :end])), a)
