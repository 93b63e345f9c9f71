"""Attention in blocks of queries: no more than one block of attention weights exists at a time.

The results are those of `dot_product`. A block is small enough for the processor's cache, computes
only the weights that its queries may have, and is computed again by the backward pass, so that
memory grows with the length of the sequence and not with its square. Source: Dao et al. (2022).
"""

from __future__ import annotations

from collections.abc import Iterator
from types import EllipsisType

import numpy as np
from jaxtyping import Float

from weighted_sums.dot_product import (
    attention_weights,
    dot_product_attention,
    dot_product_attention_backward,
)
from weighted_sums.masks import Mask, check_last, visible
from weighted_sums.workshop.checks import as_float, same_shape

LONG = 256  # positions: in a shorter sequence, blocks save no time
BLOCK = 64  # queries

Index = tuple[int | slice | EllipsisType, ...]


def blockwise_attention(
    q: Float[np.ndarray, "*batch query d_head"],
    k: Float[np.ndarray, "*batch key d_head"],
    v: Float[np.ndarray, "*batch key d_head"],
    causal: bool = True,
    mask: Mask | None = None,
) -> Float[np.ndarray, "*batch query d_head"]:
    """Return the output of `dot_product_attention`, without its weights."""
    q, k, v = _checked(q, k, v)
    y = np.empty_like(q)
    for rows, keys, seen in _blocks(q.shape, k.shape, causal, mask):
        y[rows], _ = dot_product_attention(q[rows], k[keys], v[keys], causal, seen)
    return y


def blockwise_attention_backward(
    dy: Float[np.ndarray, "*batch query d_head"],
    q: Float[np.ndarray, "*batch query d_head"],
    k: Float[np.ndarray, "*batch key d_head"],
    v: Float[np.ndarray, "*batch key d_head"],
    causal: bool = True,
    mask: Mask | None = None,
) -> tuple[
    Float[np.ndarray, "*batch query d_head"],
    Float[np.ndarray, "*batch key d_head"],
    Float[np.ndarray, "*batch key d_head"],
]:
    """Return dq, dk and dv; each block of queries adds its part of dk and dv."""
    q, k, v = _checked(q, k, v)
    same_shape(dy, q, ("derivatives", "queries"))
    dq, dk, dv = np.empty_like(q), np.zeros_like(k), np.zeros_like(v)
    for rows, keys, seen in _blocks(q.shape, k.shape, causal, mask):
        weights = attention_weights(q[rows], k[keys], causal, seen)
        dq[rows], dk_part, dv_part = dot_product_attention_backward(
            dy[rows], q[rows], k[keys], v[keys], weights
        )
        dk[keys] += dk_part
        dv[keys] += dv_part
    return dq, dk, dv


def _checked(q: np.ndarray, k: np.ndarray, v: np.ndarray) -> tuple[np.ndarray, ...]:
    q, k, v = as_float(q, "queries"), as_float(k, "keys"), as_float(v, "values")
    same_shape(q[..., 0, :], k[..., 0, :], ("queries, without positions,", "keys"))
    same_shape(k, v, ("keys", "values"))
    return q, k, v


def _blocks(
    q_shape: tuple[int, ...], k_shape: tuple[int, ...], causal: bool, mask: Mask | None
) -> Iterator[tuple[Index, Index, Mask | None]]:
    """Index each block of a sequence's queries and the keys that they may see; cut out its mask."""
    n_queries, n_keys = q_shape[-2], k_shape[-2]
    shape = (*q_shape[:-1], n_keys)
    if mask is not None:
        mask = np.broadcast_to(visible(shape, causal, mask), shape)
    elif causal:
        check_last(n_queries, n_keys)
    for sequence in np.ndindex(q_shape[:-3]):
        for start in range(0, n_queries, BLOCK):
            rows = slice(start, min(start + BLOCK, n_queries))
            keys = slice(n_keys - n_queries + rows.stop if causal else n_keys)
            seen = None if mask is None else mask[*sequence, ..., rows, keys]
            yield (*sequence, ..., rows, slice(None)), (*sequence, ..., keys, slice(None)), seen
