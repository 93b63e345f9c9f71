"""Does a model know the order of its tokens? One layer of attention with each kind of position.

The model has embeddings, one layer of attention and an unembedding, and nothing else, so that only
attention can use the order. The task is to copy the token a fixed number of positions back.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

import numpy as np
from jaxtyping import Float, Int

from weighted_sums.attention import AttentionCache, self_attention, self_attention_backward
from weighted_sums.cross_entropy import per_token_loss
from weighted_sums.heads import Attention, BiasedAttention, flat_rows, init_attention
from weighted_sums.optimizers import Adam
from weighted_sums.positions import rotary_attention, rotary_attention_backward
from weighted_sums.softmax import softmax
from weighted_sums.tasks import Batch
from weighted_sums.training import train
from weighted_sums.transformer import IGNORE_INDEX, counted_targets
from weighted_sums.workshop import checks
from weighted_sums.workshop.checks import indices

KINDS = ("none", "learned", "rotary")
BASE = 100.0  # suits rows of some tens of tokens
Tokens = Int[np.ndarray, "batch position"]


@dataclass(frozen=True)
class CopyBack:
    """Random symbols; the target at each position is the symbol `back` positions before it."""

    batch_size: int
    batches: int
    length: int
    back: int = 3
    symbols: int = 16

    def __post_init__(self) -> None:
        for name in ("batch_size", "batches", "length", "back", "symbols"):
            checks.whole_number(getattr(self, name), name)
        if self.back >= self.length:
            raise ValueError(f"nothing stands {self.back} positions back in {self.length}")

    def __len__(self) -> int:
        """Number of batches in an epoch."""
        return self.batches

    def epoch(self, rng: np.random.Generator) -> Iterator[Batch]:
        """Yield the epoch's batches: inputs, and the target at each position."""
        for _ in range(self.batches):
            x = rng.integers(self.symbols, size=(self.batch_size, self.length))
            y = np.full_like(x, IGNORE_INDEX)
            y[:, self.back :] = x[:, : -self.back]
            yield x, y


class OneLayer(NamedTuple):
    """The model's parameters; only the kind "learned" uses, and changes, `positions`."""

    embedding: Float[np.ndarray, "vocab d_model"]
    positions: Float[np.ndarray, "context d_model"]
    attention: Attention | BiasedAttention
    unembedding: Float[np.ndarray, "vocab d_model"]


def init(symbols: int, context: int, d_model: int, rng: np.random.Generator) -> OneLayer:
    """Draw a model with one head: embeddings from N(0, 1), a small unembedding."""

    def draw(rows: int) -> np.ndarray:
        return rng.standard_normal((rows, d_model), dtype=np.float32)

    attention = init_attention(d_model, 1, rng)
    return OneLayer(draw(symbols), draw(context), attention, draw(symbols) * np.float32(0.02))


def forward(
    model: OneLayer, tokens: Tokens, kind: str
) -> tuple[
    Float[np.ndarray, "batch position vocab"],
    Float[np.ndarray, "batch position d_model"],
    AttentionCache,
]:
    """Return the logits, the residual stream, and the cache of the layer.

    `kind` is "none", "learned" (a row of `positions` is added) or "rotary" (RoPE).
    """
    if kind not in KINDS:
        raise ValueError(f"kind must be one of {', '.join(KINDS)}, not {kind!r}")
    x = model.embedding[indices(tokens, len(model.embedding))]
    if kind == "learned":
        x = x + model.positions[: tokens.shape[-1]]
    if kind == "rotary":
        update, cache = rotary_attention(x, model.attention, BASE)
    else:
        update, cache = self_attention(x, model.attention)
    stream = x + update
    return stream @ model.unembedding.T, stream, cache


def cost_and_gradient(
    model: OneLayer, tokens: Tokens, targets: Tokens, kind: str
) -> tuple[float, OneLayer]:
    """Return the average loss at the targets that count, and its gradient."""
    z, stream, cache = forward(model, tokens, kind)
    counted, p = counted_targets(z, targets), softmax(z)
    cost = float(per_token_loss(z, p, np.where(counted, targets, 0))[counted].mean())
    dz = np.where(counted[..., None], p, 0)
    dz[counted, targets[counted]] -= 1
    dz /= p.dtype.type(counted.sum())
    d = dz @ model.unembedding
    if kind == "rotary":
        dx, attention = rotary_attention_backward(d, cache, BASE)
    else:
        dx, attention = self_attention_backward(d, cache)
    dx = dx + d
    embedding, positions = np.zeros_like(model.embedding), np.zeros_like(model.positions)
    np.add.at(embedding, tokens.ravel(), flat_rows(dx))
    if kind == "learned":
        positions[: tokens.shape[-1]] = dx.sum(axis=0)
    return cost, OneLayer(embedding, positions, attention, flat_rows(dz).T @ flat_rows(stream))


def trained(kind: str, task: CopyBack, context: int, seed: int) -> OneLayer:
    """Train a model of 32 dimensions on the task; it could read texts of up to `context` tokens."""
    rng = np.random.default_rng(seed)
    gradient = partial(cost_and_gradient, kind=kind)
    model = init(task.symbols, context, 32, rng)
    return train(model, gradient, task, optimizer=Adam(0.01), epochs=1, rng=rng)


def accuracy_by_position(
    model: OneLayer, kind: str, task: CopyBack, rng: np.random.Generator
) -> Float[np.ndarray, " position"]:
    """Return the fraction of correct predictions at each position from `back` on, on new rows."""
    x, y = next(task.epoch(rng))
    return (forward(model, x, kind)[0].argmax(axis=-1) == y)[:, task.back :].mean(axis=0)
