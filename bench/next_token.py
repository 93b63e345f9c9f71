"""What the next token costs with the cache of keys and values, and without it.

A transformer of nanoGPT's CPU size with a context of 256, one sequence, float32. In both programs
the cache holds all earlier positions, and that of the token is computed again at each call.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
from torch.nn import functional

from bench.pairs import OURS, Case, Growth, Programs
from weighted_sums import transformer
from weighted_sums.generation import KVCache, next_logits
from weighted_sums.torch_twin import TorchBlock, TorchTransformer

POSITIONS = (1, 16, 32, 64, 128, 192, 256)
AGAIN = "this book, no cache"


def programs(token: int, width: int = 128, layers: int = 4, heads: int = 4) -> Programs:
    """The logits after token number `token`, counted from 1."""
    rng = np.random.default_rng(0)
    model = transformer.init_transformer(65, max(POSITIONS), width, heads, layers, rng)
    tokens = rng.integers(65, size=token)
    twin, all_tokens = TorchTransformer(model), torch.from_numpy(tokens)

    def whole_in_torch() -> np.ndarray:
        with torch.no_grad():
            return twin(all_tokens[None])[0, -1].numpy()

    return {
        OURS: cached(model, tokens),
        AGAIN: lambda: transformer.logits(model, tokens)[-1],
        "PyTorch": cached_in_torch(twin, all_tokens),
        "PyTorch, no cache": whole_in_torch,
    }


def cached(model: transformer.Transformer, tokens: np.ndarray) -> Callable[[], np.ndarray]:
    """Ours, with the cache filled up to the last token."""
    cache = KVCache(model)
    if len(tokens) > 1:
        next_logits(cache, tokens[:-1])

    def step() -> np.ndarray:
        cache.length = len(tokens) - 1
        return next_logits(cache, tokens[-1:])

    return step


def cached_in_torch(twin: TorchTransformer, tokens: torch.Tensor) -> Callable[[], np.ndarray]:
    """The twin's own layers, with a cache written out for them."""
    shape = (
        2,
        twin.blocks[0].n_heads,
        len(tokens),
        twin.embedding.embedding_dim // twin.blocks[0].n_heads,
    )
    caches = [torch.zeros(shape) for _ in twin.blocks]

    def step(position: int = len(tokens) - 1) -> np.ndarray:
        with torch.no_grad():
            x = twin.embedding.weight[tokens[position]] + twin.positions.weight[position]
            for block, cache in zip(twin.blocks, caches, strict=True):
                x = _apply(block, x, cache, position)
            return twin.unembedding(twin.norm(x)).numpy()

    for position in range(len(tokens) - 1):
        step(position)
    return step


def _apply(block: TorchBlock, x: torch.Tensor, cache: torch.Tensor, position: int) -> torch.Tensor:
    q, *kept = (part.view(block.n_heads, -1) for part in block.qkv(block.norm_1(x)).chunk(3))
    cache[0, :, position], cache[1, :, position] = kept
    keys, values = cache[:, :, : position + 1]
    found = functional.scaled_dot_product_attention(q[None, :, None], keys[None], values[None])
    x = x + block.out(found.flatten())
    return x + block.down(functional.gelu(block.up(block.norm_2(x)), approximate="tanh"))


NEXT_TOKEN = Case(
    name="next token",
    programs=programs,
    settings=[{"token": position} for position in POSITIONS],
    main=[{"token": max(POSITIONS)}],
    tiny={"token": 3, "width": 8, "layers": 1, "heads": 2},
    growth=(Growth("token", {}, least=32),),
    tolerance=1e-4,
)
