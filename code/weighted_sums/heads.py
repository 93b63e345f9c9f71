"""The heads of a layer of attention: their matrices, and how rows are dealt out to them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from jaxtyping import Float
from numpy.typing import DTypeLike

from weighted_sums.workshop.checks import as_float


class Attention(NamedTuple):
    """The matrices of a layer of attention, a set for each head.

    `Q[h]`, `K[h]` and `V[h]` take an embedding down to a head's query, key and value; `O[h]` takes
    the value that a head has gathered up to the embedding's width again.
    """

    Q: Float[np.ndarray, "head dim width"]
    K: Float[np.ndarray, "head dim width"]
    V: Float[np.ndarray, "head dim width"]
    O: Float[np.ndarray, "head width dim"]


class Biases(NamedTuple):
    """What may be added to queries, keys and values, for each head, and to what the heads found."""

    q: Float[np.ndarray, "head dim"]
    k: Float[np.ndarray, "head dim"]
    v: Float[np.ndarray, "head dim"]
    out: Float[np.ndarray, " width"]


class BiasedAttention(NamedTuple):
    """The matrices of a layer of attention and its biases, as GPT-2 has them."""

    Q: Float[np.ndarray, "head dim width"]
    K: Float[np.ndarray, "head dim width"]
    V: Float[np.ndarray, "head dim width"]
    O: Float[np.ndarray, "head width dim"]
    biases: Biases


def init_attention(
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


def with_biases(attention: Attention, biases: Biases | None = None) -> BiasedAttention:
    """Give a layer `biases`; without any, biases of 0, which training may move."""
    heads, dim, width = attention.Q.shape
    if biases is None:
        zeros = [np.zeros((heads, dim), attention.Q.dtype) for _ in "qkv"]
        biases = Biases(*zeros, np.zeros(width, attention.Q.dtype))
    return BiasedAttention(*attention[:4], biases)


def queries_keys_values(
    x: Float[np.ndarray, "*batch place width"], attention: Attention | BiasedAttention
) -> list[Float[np.ndarray, "*batch _ place dim"]]:
    """Queries, keys and values of all heads, with their biases, if any."""
    found = [project(x, W) for W in attention[:3]]
    if isinstance(attention, BiasedAttention):
        for rows, b in zip(found, attention.biases[:3], strict=True):
            rows += b[:, None]
    return found


def brought(
    gathered: Float[np.ndarray, "*batch place all_dim"], attention: Attention | BiasedAttention
) -> Float[np.ndarray, "*batch place width"]:
    """What the heads bring into the stream, of the values they have gathered: {eq}`heads-sum`."""
    y = gathered @ concat_heads(attention.O).T
    if isinstance(attention, BiasedAttention):
        y += attention.biases.out
    return y


def project(
    x: Float[np.ndarray, "*batch place width"], W: Float[np.ndarray, "head dim width"]
) -> Float[np.ndarray, "*batch head place dim"]:
    """Queries, keys or values of all heads, computed as one product."""
    return split(as_float(x) @ as_float(W).reshape(-1, W.shape[-1]).T, len(W))


def split(
    x: Float[np.ndarray, "*batch place all_dim"], heads: int
) -> Float[np.ndarray, "*batch head place dim"]:
    """Deal each row out to the heads, an equal share each; ValueError when that cannot be."""
    if x.shape[-1] % heads:
        raise ValueError(f"{heads} heads cannot share rows of {x.shape[-1]} numbers equally")
    return x.reshape(*x.shape[:-1], heads, -1).swapaxes(-2, -3)


def merge(
    x: Float[np.ndarray, "*batch head place dim"],
) -> Float[np.ndarray, "*batch place all_dim"]:
    """Undo `split`: what the heads hold, side by side in one row."""
    x = x.swapaxes(-2, -3)
    return x.reshape(*x.shape[:-2], -1)


def concat_heads(O: Float[np.ndarray, "head width dim"]) -> Float[np.ndarray, "width all_dim"]:
    """The output matrices of all heads as one wide matrix."""
    return O.swapaxes(0, 1).reshape(O.shape[1], -1)
