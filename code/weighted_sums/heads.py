"""The heads of an attention layer: their matrices, and how rows are split among them."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from jaxtyping import Float
from numpy.typing import DTypeLike

from weighted_sums.workshop.checks import as_float


class Attention(NamedTuple):
    """The matrices of an attention layer, one of each for every head.

    `W_q[h]`, `W_k[h]` and `W_v[h]` map an embedding to the query, key and value of head h;
    `W_o[h]` maps the output of head h back to the dimension of the embeddings.
    """

    W_q: Float[np.ndarray, "head d_head d_model"]
    W_k: Float[np.ndarray, "head d_head d_model"]
    W_v: Float[np.ndarray, "head d_head d_model"]
    W_o: Float[np.ndarray, "head d_model d_head"]


class Biases(NamedTuple):
    """Biases of the queries, keys and values of each head, and of the layer's output."""

    q: Float[np.ndarray, "head d_head"]
    k: Float[np.ndarray, "head d_head"]
    v: Float[np.ndarray, "head d_head"]
    out: Float[np.ndarray, " d_model"]


class BiasedAttention(NamedTuple):
    """The matrices and the biases of an attention layer, as GPT-2 has them."""

    W_q: Float[np.ndarray, "head d_head d_model"]
    W_k: Float[np.ndarray, "head d_head d_model"]
    W_v: Float[np.ndarray, "head d_head d_model"]
    W_o: Float[np.ndarray, "head d_model d_head"]
    biases: Biases


def init_attention(
    d_model: int, n_heads: int, rng: np.random.Generator, dtype: DTypeLike = np.float32
) -> Attention:
    """Draw a layer's matrices from N(0, 1/fan_in); each head has `d_model / n_heads` dimensions.

    Raises ValueError unless `n_heads` divides `d_model`.
    """
    if n_heads < 1 or d_model % n_heads:
        raise ValueError(f"d_model = {d_model} cannot be split equally among {n_heads} heads")
    d_head = d_model // n_heads
    kind: np.dtype[Any] = np.dtype(dtype)

    def draw(*shape: int) -> np.ndarray:
        return rng.standard_normal(shape, dtype=kind) / np.sqrt(d_model, dtype=kind)

    W_q, W_k, W_v = (draw(n_heads, d_head, d_model) for _ in "qkv")
    return Attention(W_q, W_k, W_v, draw(n_heads, d_model, d_head))


def with_biases(attention: Attention, biases: Biases | None = None) -> BiasedAttention:
    """Give a layer `biases`; by default biases of 0, which training can change."""
    if biases is None:
        n_heads, d_head, d_model = attention.W_q.shape
        q, k, v = (np.zeros((n_heads, d_head), attention.W_q.dtype) for _ in "qkv")
        biases = Biases(q, k, v, np.zeros(d_model, attention.W_q.dtype))
    return BiasedAttention(*attention, biases)


def queries_keys_values(
    x: Float[np.ndarray, "*batch position d_model"], attention: Attention | BiasedAttention
) -> list[Float[np.ndarray, "*batch _ position d_head"]]:
    """Return the queries, keys and values of all heads, with their biases, if any."""
    projected = [project(x, W) for W in (attention.W_q, attention.W_k, attention.W_v)]
    if isinstance(attention, BiasedAttention):
        for rows, b in zip(projected, attention.biases[:3], strict=True):
            rows += b[:, None]
    return projected


def output_projection(
    head_outputs: Float[np.ndarray, "*batch position d_concat"],
    attention: Attention | BiasedAttention,
) -> Float[np.ndarray, "*batch position d_model"]:
    """Return what the layer adds to the residual stream, {eq}`heads-sum`, as one product."""
    y = head_outputs @ concat_heads(attention.W_o).T
    if isinstance(attention, BiasedAttention):
        y += attention.biases.out
    return y


def project(
    x: Float[np.ndarray, "*batch position d_model"], W: Float[np.ndarray, "head d_head d_model"]
) -> Float[np.ndarray, "*batch head position d_head"]:
    """Return the queries, keys or values of all heads, computed as one product."""
    return split_heads(as_float(x) @ as_float(W).reshape(-1, W.shape[-1]).T, len(W))


def split_heads(
    x: Float[np.ndarray, "*batch position d_concat"], n_heads: int
) -> Float[np.ndarray, "*batch head position d_head"]:
    """Split each row equally among the heads; ValueError when that is impossible."""
    if x.shape[-1] % n_heads:
        raise ValueError(f"rows of {x.shape[-1]} cannot be split equally among {n_heads} heads")
    return x.reshape(*x.shape[:-1], n_heads, -1).swapaxes(-2, -3)


def merge_heads(
    x: Float[np.ndarray, "*batch head position d_head"],
) -> Float[np.ndarray, "*batch position d_concat"]:
    """Undo `split_heads`: concatenate the rows of all heads."""
    x = x.swapaxes(-2, -3)
    return x.reshape(*x.shape[:-2], -1)


def concat_heads(
    W_o: Float[np.ndarray, "head d_model d_head"],
) -> Float[np.ndarray, "d_model d_concat"]:
    """Concatenate the output matrices of all heads to one wide matrix."""
    return W_o.swapaxes(0, 1).reshape(W_o.shape[1], -1)


def flat_rows(x: Float[np.ndarray, "*batch feature"]) -> Float[np.ndarray, "row feature"]:
    """Return the rows of all sequences of a batch as one matrix, as gradients need them."""
    return x.reshape(-1, x.shape[-1])
