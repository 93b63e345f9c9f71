"""Attention with a running softmax: no row of attention weights is ever whole.

Queries and keys come in blocks. For each query three things are kept: the largest score so far,
the sum of the exponentials, and the weighted sum of the values. The backward pass computes the
weights again, block by block, from one number for each query. Source: Dao et al. (2022).
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from jaxtyping import Float

from weighted_sums.workshop.checks import as_float, same_shape, whole_number

Rows = Float[np.ndarray, "position d_head"]
Numbers = Float[np.ndarray, "position 1"]


def running_attention(q: Rows, k: Rows, v: Rows, block: int = 64) -> tuple[Rows, Numbers]:
    r"""Return causal attention, {eq}`attention`, and the log of the sum for each query.

    Implements {eq}`running-softmax`: when a larger score comes, what has been added up so far is
    multiplied by $e^{m - m'}$.
    """
    q, k, v = _checked(q, k, v)
    y, log_sum = np.empty_like(v), np.empty_like(q[:, :1])
    for rows in _slices(len(q), block):
        m = np.full((len(q[rows]), 1), -np.inf, q.dtype)
        total, mixed = np.zeros_like(m), np.zeros_like(y[rows])
        for keys in _slices(rows.stop, block):
            s = _scores(q, k, rows, keys)
            larger = np.maximum(m, s.max(axis=1, keepdims=True))
            e, fade = np.exp(s - larger), np.exp(m - larger)
            total = fade * total + e.sum(axis=1, keepdims=True)
            mixed = fade * mixed + e @ v[keys]
            m = larger
        y[rows], log_sum[rows] = mixed / total, m + np.log(total)
    return y, log_sum


def running_attention_backward(
    dy: Rows, q: Rows, k: Rows, v: Rows, y: Rows, log_sum: Numbers, block: int = 64
) -> tuple[Rows, Rows, Rows]:
    r"""Return dq, dk and dv, {eq}`running-backward`; no block needs any other.

    The sum in the derivative of softmax, over all keys of a query, is dy · y: one number.
    """
    q, k, v = _checked(q, k, v)
    dy, y, log_sum = as_float(dy), as_float(y), as_float(log_sum)
    same_shape(dy, y, ("derivatives", "outputs"))
    same_shape(y, q, ("outputs", "queries"))
    same_shape(log_sum, q[:, :1], ("sums", "queries, for one coordinate,"))
    dq, dk, dv = np.zeros_like(q), np.zeros_like(k), np.zeros_like(v)
    scale = 1 / np.sqrt(q.shape[-1], dtype=q.dtype)
    along = (dy * y).sum(axis=1, keepdims=True)
    for rows in _slices(len(q), block):
        for keys in _slices(rows.stop, block):
            p = np.exp(_scores(q, k, rows, keys) - log_sum[rows])
            ds = p * (dy[rows] @ v[keys].T - along[rows]) * scale
            dq[rows] += ds @ k[keys]
            dk[keys] += ds.T @ q[rows]
            dv[keys] += p.T @ dy[rows]
    return dq, dk, dv


def _checked(q: np.ndarray, k: np.ndarray, v: np.ndarray) -> tuple[np.ndarray, ...]:
    q, k, v = as_float(q, "queries"), as_float(k, "keys"), as_float(v, "values")
    same_shape(q, k, ("queries", "keys"))
    same_shape(k, v, ("keys", "values"))
    return q, k, v


def _slices(end: int, block: int) -> Iterator[slice]:
    whole_number(block, "block")
    for start in range(0, end, block):
        yield slice(start, min(start + block, end))


def _scores(q: np.ndarray, k: np.ndarray, rows: slice, keys: slice) -> np.ndarray:
    scores = q[rows] @ k[keys].T / np.sqrt(q.shape[-1], dtype=q.dtype)
    later = np.arange(keys.start, keys.stop) > np.arange(rows.start, rows.stop)[:, None]
    return np.where(later, -np.inf, scores)
