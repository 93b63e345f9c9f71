"""Attention: every place of a sequence looks at the others and takes over what it needs.

A head asks with queries, answers with keys, and passes values on. In code `x` holds the embeddings
of a sequence, a row for each place; the arrays of a layer have an axis for its heads.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from jaxtyping import Float
from numpy.typing import DTypeLike

from weighted_sums.cross_entropy import softmax_backward


class Attention(NamedTuple):
    """The matrices of a layer of attention, a set for each head.

    `Q[h]`, `K[h]` and `V[h]` take an embedding down to a head's query, key and value; `O[h]` takes
    the value that a head has gathered up to the embedding's width again.
    """

    Q: Float[np.ndarray, "head dim width"]
    K: Float[np.ndarray, "head dim width"]
    V: Float[np.ndarray, "head dim width"]
    O: Float[np.ndarray, "head width dim"]


class Attended(NamedTuple):
    """What the forward pass of a layer leaves behind for the backward one, and for the reader."""

    x: Float[np.ndarray, "*batch place width"]
    q: Float[np.ndarray, "*batch head place dim"]
    k: Float[np.ndarray, "*batch head place dim"]
    v: Float[np.ndarray, "*batch head place dim"]
    pattern: Float[np.ndarray, "*batch head query key"]
    gathered: Float[np.ndarray, "*batch place all_dim"]
    attention: Attention


def random_attention(
    width: int, heads: int, rng: np.random.Generator, dtype: DTypeLike = np.float32
) -> Attention:
    """Draw a layer's matrices from N(0, 1/fan_in); each head works in `width / heads` dimensions.

    Raises ValueError unless `heads` divides `width`.
    """
    if heads < 1 or width % heads:
        raise ValueError(f"{heads} heads cannot share a width of {width} equally")
    dim = width // heads

    def draw(*shape: int) -> np.ndarray:
        return rng.standard_normal(shape, dtype=dtype) / np.sqrt(width, dtype=dtype)

    return Attention(*(draw(heads, dim, width) for _ in "QKV"), draw(heads, width, dim))


def scores(
    q: Float[np.ndarray, "*batch query dim"], k: Float[np.ndarray, "*batch key dim"]
) -> Float[np.ndarray, "*batch query key"]:
    r"""How well each key answers each query, {eq}`attention-scores`: $q \cdot k / \sqrt d$."""
    return (q / np.sqrt(q.shape[-1], dtype=q.dtype)) @ k.swapaxes(-1, -2)


def mask_future(
    scores: Float[np.ndarray, "*batch query key"],
) -> Float[np.ndarray, "*batch query key"]:
    r"""Add −∞ where the key stands behind the query, {eq}`causal-mask`.

    With fewer queries than keys, the queries are the last places of the sequence.
    """
    return scores + _future(scores)


def pattern(
    q: Float[np.ndarray, "*batch query dim"],
    k: Float[np.ndarray, "*batch key dim"],
    causal: bool = True,
) -> Float[np.ndarray, "*batch query key"]:
    r"""How much each place attends to each: rows of shares, {eq}`attention-pattern`.

    The softmax of the scores; with `causal`, nothing is left for the places still to come.
    Works in place, because the scores are the largest array of a transformer.
    """
    share = scores(q, k)
    if causal:
        share += _future(share)
    share -= share.max(axis=-1, keepdims=True)
    np.exp(share, out=share)
    share /= share.sum(axis=-1, keepdims=True)
    return share


def attend(
    x: Float[np.ndarray, "*batch place width"], attention: Attention, causal: bool = True
) -> tuple[Float[np.ndarray, "*batch place width"], Attended]:
    r"""What each place takes over from the others, {eq}`attention`, and what led to it.

    Each head gathers values in the shares of its pattern; {eq}`heads-sum` adds up what the heads
    bring, as one product with their `O` side by side. Source: Vaswani et al. (2017).
    """
    q, k, v = (project(x, W) for W in attention[:3])
    shares = pattern(q, k, causal)
    gathered = merge(shares @ v)
    return gathered @ side_by_side(attention.O).T, Attended(x, q, k, v, shares, gathered, attention)


def attend_backward(
    dy: Float[np.ndarray, "*batch place width"], saved: Attended
) -> tuple[Float[np.ndarray, "*batch place width"], Attention]:
    r"""Return dx and the slopes of the four matrices: {eq}`attention-backward`, from dy.

    The shares hide nothing of what they leave out: where the pattern is 0, so is its slope.
    """
    x, q, k, v, shares, gathered, attention = saved
    dgathered = split(dy @ side_by_side(attention.O), len(attention.O))
    dv = shares.swapaxes(-1, -2) @ dgathered
    dscores = softmax_backward(dgathered @ v.swapaxes(-1, -2), shares)
    dscores /= np.sqrt(q.shape[-1], dtype=q.dtype)
    dq, dk = dscores @ k, dscores.swapaxes(-1, -2) @ q
    pairs = [(merge(d), W) for d, W in zip((dq, dk, dv), attention[:3], strict=True)]
    dx = sum(d @ W.reshape(-1, W.shape[-1]) for d, W in pairs)
    slopes = [(_rows(d).T @ _rows(x)).reshape(W.shape) for d, W in pairs]
    dO = (_rows(dy).T @ _rows(gathered)).reshape(dy.shape[-1], *attention.O.shape[::2])
    return dx, Attention(*slopes, dO.swapaxes(0, 1).copy())


def project(
    x: Float[np.ndarray, "*batch place width"], W: Float[np.ndarray, "head dim width"]
) -> Float[np.ndarray, "*batch head place dim"]:
    """Queries, keys or values of all heads, computed as one product."""
    return split(x @ W.reshape(-1, W.shape[-1]).T, len(W))


def split(
    x: Float[np.ndarray, "*batch place all_dim"], heads: int
) -> Float[np.ndarray, "*batch head place dim"]:
    """Deal each row out to the heads, an equal share each."""
    return x.reshape(*x.shape[:-1], heads, -1).swapaxes(-2, -3)


def merge(
    x: Float[np.ndarray, "*batch head place dim"],
) -> Float[np.ndarray, "*batch place all_dim"]:
    """Undo `split`: what the heads hold, side by side in one row."""
    x = x.swapaxes(-2, -3)
    return x.reshape(*x.shape[:-2], -1)


def side_by_side(O: Float[np.ndarray, "head width dim"]) -> Float[np.ndarray, "width all_dim"]:
    """The output matrices of all heads as one wide matrix."""
    return O.swapaxes(0, 1).reshape(O.shape[1], -1)


def _future(scores: np.ndarray) -> np.ndarray:
    queries, keys = scores.shape[-2:]
    return np.triu(np.full((queries, keys), -np.inf, scores.dtype), keys - queries + 1)


def _rows(x: np.ndarray) -> np.ndarray:
    return x.reshape(-1, x.shape[-1])
