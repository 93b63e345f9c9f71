"""What later models build otherwise than GPT-2: four parts, each beside the one it replaces.

RMS norm for layer norm, rotated queries and keys for learned positions, SwiGLU for the MLP, grouped
queries for heads that have keys and values of their own; and GELU with the exact gate.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from jaxtyping import Float, Int

from weighted_sums.attention import Attention, concat_heads, gather, merge, pattern, project
from weighted_sums.workshop.checks import as_float, indices

Stream = Float[np.ndarray, "*place width"]

_erf = np.frompyfunc(math.erf, 1, 1)


class SwiGLU(NamedTuple):
    """The three matrices of a SwiGLU layer: two up, side by side, and one down; no biases."""

    gate: Float[np.ndarray, "neuron width"]
    up: Float[np.ndarray, "neuron width"]
    down: Float[np.ndarray, "width neuron"]


def rms_norm(x: Stream, gain: Float[np.ndarray, " width"], eps: float = 1e-5) -> Stream:
    r"""Bring each row to root mean square 1, then scale it: {eq}`rms-norm`.

    Layer norm without taking the mean away and without a shift. Source: Zhang and Sennrich (2019).
    """
    x = as_float(x)
    if x.shape[-1:] != gain.shape:
        raise ValueError(f"gains of shape {gain.shape} do not fit rows of {x.shape}")
    size = np.sqrt((x * x).mean(axis=-1, keepdims=True) + x.dtype.type(eps))
    return x / size * gain


def apply_rope(
    x: Float[np.ndarray, "*batch place dim"], places: Int[np.ndarray, " place"], base: float
) -> Float[np.ndarray, "*batch place dim"]:
    r"""Turn each pair of coordinates by an angle that grows with the place: {eq}`rotary`.

    The first pair turns by one radian a place, each later one more slowly, the last nearly `base`
    times so. The dot product of two turned rows depends on how far apart their places are, not on
    where they are. Source: Su et al. (2021); the pairs are neighbours, as in a GGUF file.
    """
    x, dim = as_float(x), x.shape[-1]
    if dim % 2 or x.shape[-2:-1] != np.shape(places):
        shape = np.shape(places)
        raise ValueError(f"rows of pairs, one a place, are wanted, not {x.shape} at {shape}")
    speeds = base ** (-np.arange(0, dim, 2) / dim)
    angles = places[:, None] * speeds
    cos, sin = np.cos(angles).astype(x.dtype), np.sin(angles).astype(x.dtype)
    even, odd = x[..., ::2], x[..., 1::2]
    turned = np.stack([even * cos - odd * sin, even * sin + odd * cos], axis=-1)
    return turned.reshape(x.shape)


def silu(z: Stream) -> Stream:
    r"""Let z through as far as a sigmoid gate is open: $z\,\sigma(z)$, close to GELU."""
    z = as_float(z)
    return z * (0.5 * (1 + np.tanh(0.5 * z)))  # σ by tanh, which never overflows


def swiglu(x: Stream, layer: SwiGLU) -> Stream:
    r"""Ask each question twice, for a gate and for a content, and multiply: {eq}`swiglu`.

    Source: Shazeer (2020).
    """
    return (silu(x @ layer.gate.T) * (x @ layer.up.T)) @ layer.down.T


def grouped_query_attention(
    x: Float[np.ndarray, "place width"],
    attention: Attention,
    base: float,
    ablate: tuple[int, ...] = (),
) -> tuple[Float[np.ndarray, "place width"], Float[np.ndarray, "head query key"]]:
    r"""Causal attention in which several heads share a key and a value: {eq}`grouped-queries`.

    `attention` has fewer K and V than Q; queries and keys are turned by {eq}`rotary`. The heads in
    `ablate` are silenced: they bring nothing. Returns what attention found, and the patterns.
    Source: Ainslie et al. (2023).
    """
    q, k, v = (project(x, W) for W in attention[:3])
    places = np.arange(len(x))
    q, k = apply_rope(q, places, base), apply_rope(k, places, base)
    if len(q) % len(k):
        raise ValueError(f"{len(q)} heads cannot share {len(k)} keys equally")
    indices(list(ablate), len(q), "heads to be silenced")
    share = len(q) // len(k)
    shares = pattern(q, np.repeat(k, share, axis=0))
    gathered = gather(shares, np.repeat(v, share, axis=0))
    gathered[list(ablate)] = 0
    return merge(gathered) @ concat_heads(attention.O).T, shares


def gelu_erf(z: Stream) -> Stream:
    r"""GELU with the normal distribution itself as the gate: $z\,\Phi(z)$, as BERT uses it."""
    z = as_float(z)
    return z * (0.5 * (1 + _erf(z / math.sqrt(2)).astype(z.dtype)))
