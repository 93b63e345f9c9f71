"""Parts that later models build differently from GPT-2, each beside the one it replaces.

RMSNorm replaces layer norm, SwiGLU the MLP, and grouped queries the keys and values of each head,
here with the rotary embeddings of `positions`; besides, GELU with its exact gate.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from jaxtyping import Float

from weighted_sums.blocks import Residual
from weighted_sums.dot_product import attention_weights, weighted_values
from weighted_sums.heads import Attention, concat_heads, merge_heads, project
from weighted_sums.positions import apply_rope
from weighted_sums.workshop.checks import as_float, indices

_erf = np.frompyfunc(math.erf, 1, 1)


class SwiGLU(NamedTuple):
    """The three matrices of a SwiGLU layer: two up, side by side, and one down; no biases."""

    gate: Float[np.ndarray, "neuron d_model"]
    up: Float[np.ndarray, "neuron d_model"]
    down: Float[np.ndarray, "d_model neuron"]


def rms_norm(x: Residual, gain: Float[np.ndarray, " d_model"], eps: float = 1e-5) -> Residual:
    r"""Bring each row to root mean square 1, then scale it: {eq}`rms-norm`.

    It is layer norm without subtracting the mean and without a bias. Source: Zhang and Sennrich
    (2019).
    """
    x = as_float(x)
    if x.shape[-1:] != gain.shape:
        raise ValueError(f"gains of shape {gain.shape} do not fit rows of {x.shape}")
    rms = np.sqrt((x * x).mean(axis=-1, keepdims=True) + x.dtype.type(eps))
    return x / rms * gain


def silu(z: Float[np.ndarray, "..."]) -> Float[np.ndarray, "..."]:
    r"""Multiply z by a sigmoid gate: $z\,\sigma(z)$, close to GELU."""
    z = as_float(z)
    return z * (0.5 * (1 + np.tanh(0.5 * z)))  # σ by tanh, which never overflows


def swiglu(x: Residual, layer: SwiGLU) -> Residual:
    r"""Multiply two layers up, one of them as a gate, and project down: {eq}`swiglu`.

    Source: Shazeer (2020).
    """
    return (silu(x @ layer.gate.T) * (x @ layer.up.T)) @ layer.down.T


def grouped_query_attention(
    x: Float[np.ndarray, "position d_model"],
    attention: Attention,
    base: float,
    ablate: tuple[int, ...] = (),
) -> tuple[Float[np.ndarray, "position d_model"], Float[np.ndarray, "head query key"]]:
    r"""Causal attention in which several heads share a key and a value: {eq}`grouped-queries`.

    `attention` has fewer keys and values than queries; queries and keys are rotated by
    {eq}`rotary`. The outputs of the heads in `ablate` are set to 0. Returns the layer's output and
    its attention weights. Source: Ainslie et al. (2023).
    """
    q, k, v = (project(x, W) for W in attention[:3])
    positions = np.arange(len(x))
    q, k = apply_rope(q, positions, base), apply_rope(k, positions, base)
    if len(q) % len(k):
        raise ValueError(f"{len(q)} heads cannot share {len(k)} keys equally")
    indices(list(ablate), len(q), "heads to be ablated")
    group = len(q) // len(k)
    weights = attention_weights(q, np.repeat(k, group, axis=0))
    head_outputs = weighted_values(weights, np.repeat(v, group, axis=0))
    head_outputs[list(ablate)] = 0
    return merge_heads(head_outputs) @ concat_heads(attention.W_o).T, weights


def gelu_erf(z: Float[np.ndarray, "..."]) -> Float[np.ndarray, "..."]:
    r"""GELU with the normal distribution itself as the gate: $z\,\Phi(z)$, as in BERT."""
    z = as_float(z)
    erf = np.asarray(_erf(z / math.sqrt(2)), z.dtype)
    return z * (0.5 * (1 + erf))
