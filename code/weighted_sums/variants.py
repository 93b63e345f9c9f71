"""Parts that later models build differently from GPT-2, each beside the one it replaces.

RMSNorm replaces layer norm, SwiGLU the MLP, and grouped queries the keys and values of each head,
here with the rotary embeddings of `positions`; besides, GELU with its exact gate. Nothing is
cached: a backward function takes the inputs of the forward one and computes again what it needs.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from jaxtyping import Float

from weighted_sums.blocks import Residual
from weighted_sums.dot_product import (
    attention_weights,
    dot_product_attention_backward,
    weighted_values,
)
from weighted_sums.heads import (
    Attention,
    concat_heads,
    flat_rows,
    merge_heads,
    project,
    split_heads,
)
from weighted_sums.positions import apply_rope, apply_rope_backward
from weighted_sums.workshop.checks import as_float, indices, same_shape

NORM_EPS = 1e-5
_erf = np.frompyfunc(math.erf, 1, 1)


class SwiGLU(NamedTuple):
    """The three matrices of a SwiGLU layer: two up, side by side, and one down; no biases."""

    gate: Float[np.ndarray, "neuron d_model"]
    up: Float[np.ndarray, "neuron d_model"]
    down: Float[np.ndarray, "d_model neuron"]


def rms_norm(x: Residual, gain: Float[np.ndarray, " d_model"], eps: float = NORM_EPS) -> Residual:
    r"""Bring each row to root mean square 1, then scale it: {eq}`rms-norm`.

    It is layer norm without subtracting the mean and without a bias. Source: Zhang and Sennrich
    (2019).
    """
    x = as_float(x)
    if x.shape[-1:] != gain.shape:
        raise ValueError(f"gains of shape {gain.shape} do not fit rows of {x.shape}")
    return x / _rms(x, eps) * gain


def rms_norm_backward(
    dy: Residual, x: Residual, gain: Float[np.ndarray, " d_model"], eps: float = NORM_EPS
) -> tuple[Residual, Float[np.ndarray, " d_model"]]:
    """Return dx and dgain, {eq}`rms-norm-backward`.

    Only one direction is removed, that of the row itself: a longer row has the same result.
    """
    same_shape(dy, x, ("derivatives", "rows"))
    same_shape(gain, x.reshape(-1, x.shape[-1])[0], ("gains", "one row"))
    rms = _rms(as_float(x), eps)
    unit = x / rms
    d = dy * gain
    dx = (d - unit * (d * unit).mean(axis=-1, keepdims=True)) / rms
    return dx, flat_rows(dy * unit).sum(axis=0)


def _rms(x: np.ndarray, eps: float) -> np.ndarray:
    return np.sqrt((x * x).mean(axis=-1, keepdims=True) + x.dtype.type(eps))


def silu(z: Float[np.ndarray, "..."]) -> Float[np.ndarray, "..."]:
    r"""Multiply z by a sigmoid gate: $z\,\sigma(z)$, close to GELU."""
    z = as_float(z)
    return z * _gate(z)


def silu_derivative(z: Float[np.ndarray, "..."]) -> Float[np.ndarray, "..."]:
    r"""Return $\sigma(z) + z\,\sigma(z)(1 - \sigma(z))$, by the product rule."""
    z = as_float(z)
    gate = _gate(z)
    return gate * (1 + z * (1 - gate))


def _gate(z: np.ndarray) -> np.ndarray:
    return 0.5 * (1 + np.tanh(0.5 * z))  # σ by tanh, which never overflows


def swiglu(x: Residual, layer: SwiGLU) -> Residual:
    r"""Multiply two layers up, one of them as a gate, and project down: {eq}`swiglu`.

    Source: Shazeer (2020).
    """
    return (silu(x @ layer.gate.T) * (x @ layer.up.T)) @ layer.down.T


def swiglu_backward(dy: Residual, x: Residual, layer: SwiGLU) -> tuple[Residual, SwiGLU]:
    """Return dx and the gradients of the three matrices, {eq}`swiglu-backward`."""
    same_shape(dy, x, ("derivatives", "rows"))
    z, up = x @ layer.gate.T, x @ layer.up.T
    g = silu(z)
    da = dy @ layer.down
    dz, dup = da * up * silu_derivative(z), da * g
    rows = flat_rows(x)
    grads = SwiGLU(
        flat_rows(dz).T @ rows, flat_rows(dup).T @ rows, flat_rows(dy).T @ flat_rows(g * up)
    )
    return dz @ layer.gate + dup @ layer.up, grads


def grouped_query_attention(
    x: Float[np.ndarray, "*batch position d_model"],
    attention: Attention,
    base: float,
    ablate: tuple[int, ...] = (),
) -> tuple[
    Float[np.ndarray, "*batch position d_model"], Float[np.ndarray, "*batch head query key"]
]:
    r"""Causal attention in which several heads share a key and a value: {eq}`grouped-queries`.

    `attention` has fewer keys and values than queries; queries and keys are rotated by
    {eq}`rotary`. The outputs of the heads in `ablate` are set to 0. Returns the layer's output and
    its attention weights. Source: Ainslie et al. (2023).
    """
    q, k, v = _grouped(x, attention, base)
    indices(list(ablate), q.shape[-3], "heads to be ablated")
    weights = attention_weights(q, k)
    head_outputs = weighted_values(weights, v)
    head_outputs[..., list(ablate), :, :] = 0
    return merge_heads(head_outputs) @ concat_heads(attention.W_o).T, weights


def grouped_query_attention_backward(
    dy: Float[np.ndarray, "*batch position d_model"],
    x: Float[np.ndarray, "*batch position d_model"],
    attention: Attention,
    base: float,
) -> tuple[Float[np.ndarray, "*batch position d_model"], Attention]:
    r"""Return dx and the gradients of the matrices, {eq}`grouped-queries-backward`.

    A key serves all heads of its group, so its gradient is the sum of theirs; so is a value's.
    """
    same_shape(dy, x, ("derivatives", "embeddings"))
    q, k, v = _grouped(x, attention, base)
    weights = attention_weights(q, k)
    n_heads, n_groups = len(attention.W_q), len(attention.W_k)
    dheads = split_heads(dy @ concat_heads(attention.W_o), n_heads)
    dq, *dkv = dot_product_attention_backward(dheads, q, k, v, weights)
    shape = (*x.shape[:-2], n_groups, n_heads // n_groups, *q.shape[-2:])
    dk, dv = (d.reshape(shape).sum(axis=-3) for d in dkv)
    positions = np.arange(x.shape[-2])
    dq, dk = (apply_rope_backward(d, positions, base) for d in (dq, dk))
    pairs = [(merge_heads(d), W) for d, W in zip((dq, dk, dv), attention[:3], strict=True)]
    dx = sum(d @ W.reshape(-1, W.shape[-1]) for d, W in pairs)
    dW_q, dW_k, dW_v = ((flat_rows(d).T @ flat_rows(x)).reshape(W.shape) for d, W in pairs)
    outputs = merge_heads(weighted_values(weights, v))
    dW_o = split_heads(flat_rows(dy).T @ flat_rows(outputs), n_heads).copy()
    return dx, Attention(dW_q, dW_k, dW_v, dW_o)


def _grouped(x: np.ndarray, attention: Attention, base: float) -> tuple[np.ndarray, ...]:
    """Return the rotated queries, and for each the rotated key and the value of its group."""
    q, k, v = (project(x, W) for W in attention[:3])
    n_heads, n_groups = q.shape[-3], k.shape[-3]
    if n_heads % n_groups:
        raise ValueError(f"{n_heads} heads cannot share {n_groups} keys equally")
    positions = np.arange(x.shape[-2])
    q, k = apply_rope(q, positions, base), apply_rope(k, positions, base)
    return q, *(np.repeat(a, n_heads // n_groups, axis=-3) for a in (k, v))


def gelu_erf(z: Float[np.ndarray, "..."]) -> Float[np.ndarray, "..."]:
    r"""GELU with the normal distribution itself as the gate: $z\,\Phi(z)$, as in BERT."""
    z = as_float(z)
    erf = np.asarray(_erf(z / math.sqrt(2)), z.dtype)
    return z * (0.5 * (1 + erf))
