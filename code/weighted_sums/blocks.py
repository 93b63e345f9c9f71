"""What a transformer is built of beside attention: layer norm, GELU, MLP, and the block of all.

Each forward function returns its result and what its backward needs; each backward turns the slope
of the cost by the result (dy) into the slopes by the inputs (dx) and by the parameters.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from jaxtyping import Float

from weighted_sums.attention import (
    Attention,
    AttentionCache,
    BiasedAttention,
    init_attention,
    self_attention,
    self_attention_backward,
)
from weighted_sums.backprop import layer_gradient
from weighted_sums.networks import Layer, affine, init_network
from weighted_sums.workshop.checks import as_float, same_shape

Stream = Float[np.ndarray, "*place width"]  # embeddings: any number of axes, the width last

NORM_EPS = 1e-5
BEND = float(np.sqrt(2 / np.pi))
CUBE = 0.044715


class Norm(NamedTuple):
    """What a layer norm can tune: a factor and a shift for each coordinate."""

    gain: Float[np.ndarray, " width"]
    bias: Float[np.ndarray, " width"]


class Block(NamedTuple):
    """The parameters of one block: attention and an MLP, a layer norm before each."""

    norm_1: Norm
    attention: Attention | BiasedAttention
    norm_2: Norm
    up: Layer
    down: Layer


def init_norm(width: int, dtype: np.dtype) -> Norm:
    """Start a layer norm that changes nothing behind the standardisation: gain 1, bias 0."""
    return Norm(np.ones(width, dtype), np.zeros(width, dtype))


def layer_norm(x: Stream, norm: Norm, eps: float = NORM_EPS) -> tuple[Stream, tuple]:
    r"""Bring each row to mean 0 and variance 1, then scale and shift it: {eq}`layer-norm`.

    Source: Ba, Kiros and Hinton (2016).
    """
    x = as_float(x)
    centred = x - x.mean(axis=-1, keepdims=True)
    spread = np.sqrt((centred * centred).mean(axis=-1, keepdims=True) + x.dtype.type(eps))
    centred /= spread
    return centred * norm.gain + norm.bias, (centred, spread, norm)


def layer_norm_backward(dy: Stream, saved: tuple) -> tuple[Stream, Norm]:
    r"""Return dx and the slopes of gain and bias, {eq}`layer-norm-backward`.

    What dy holds of the two directions that standardising has taken away, the mean and the row
    itself, cannot change the result, and is taken out.
    """
    standard, spread, norm = saved
    same_shape(dy, standard, ("slopes", "rows"))
    grads = Norm(_sum_rows(dy * standard), _sum_rows(dy))
    d = dy * norm.gain
    along = (d * standard).mean(axis=-1, keepdims=True)
    d -= d.mean(axis=-1, keepdims=True)
    d -= along * standard
    d /= spread
    return d, grads


def gelu_gate(z: Stream) -> Stream:
    r"""How far the gate is open, {eq}`gelu`: $\frac12 (1 + \tanh(\sqrt{2/\pi}(z + 0.044715 z^3)))$.

    An S from 0 to 1 like the sigmoid, close to the normal distribution's Φ(z).
    """
    z = as_float(z)
    gate = z * z
    gate *= BEND * CUBE
    gate += BEND
    gate *= z
    np.tanh(gate, out=gate)
    gate += 1
    gate *= 0.5
    return gate


def gelu(z: Stream) -> Stream:
    """Let z through as far as the gate that z itself moves is open, {eq}`gelu`.

    Source: Hendrycks and Gimpel (2016), in the form with tanh that GPT-2 uses.
    """
    z = as_float(z)
    return z * gelu_gate(z)


def gelu_derivative(z: Stream, gate: Stream | None = None) -> Stream:
    """Slope of GELU, {eq}`gelu-slope`; a `gate` that is known already need not be opened again."""
    z = as_float(z)
    gate = gelu_gate(z) if gate is None else gate
    slope = z * z
    slope *= 6 * BEND * CUBE
    slope += 2 * BEND
    slope *= z
    slope *= 1 - gate
    slope += 1
    slope *= gate
    return slope


def mlp(x: Stream, up: Layer, down: Layer) -> tuple[Stream, tuple]:
    r"""Ask many questions of each row and add up the answers, {eq}`mlp`.

    $W_\text{down}\,\mathrm{gelu}(W_\text{up}\,x + b_\text{up}) + b_\text{down}$, row by row.
    """
    z = affine(x, *up)
    gate = gelu_gate(z)
    a = z * gate
    return affine(a, *down), (x, z, gate, a, up, down)


def mlp_backward(dy: Stream, saved: tuple) -> tuple[Stream, Layer, Layer]:
    r"""Return dx and the slopes of both layers: {eq}`bp2` to {eq}`bp4` with GELU's slope."""
    x, z, gate, a, up, down = saved
    dz = dy @ down.W
    same_shape(dz, z, ("slopes", "weighted sums"))
    dz *= gelu_derivative(z, gate)
    return dz @ up.W, layer_gradient(_rows(dz), _rows(x)), layer_gradient(_rows(dy), _rows(a))


def init_block(width: int, heads: int, rng: np.random.Generator, dtype: np.dtype) -> Block:
    """Draw a block: matrices from N(0, 1/fan_in), biases 0, an MLP with 4 × `width` neurons."""
    up, down = init_network([width, 4 * width, width], rng, dtype)
    return Block(
        init_norm(width, dtype),
        init_attention(width, heads, rng, dtype),
        init_norm(width, dtype),
        up._replace(b=np.zeros_like(up.b)),
        down._replace(b=np.zeros_like(down.b)),
    )


def block_forward(
    x: Float[np.ndarray, "*batch place width"], block: Block, causal: bool = True
) -> tuple[Float[np.ndarray, "*batch place width"], tuple[tuple, AttentionCache, tuple, tuple]]:
    """Add what attention finds to the stream, then what the MLP finds: {eq}`block`.

    The layer norms stand before each part, not in the stream (GPT-2's order).
    """
    asked, saved_1 = layer_norm(x, block.norm_1)
    found, attended = self_attention(asked, block.attention, causal)
    x = x + found
    asked, saved_2 = layer_norm(x, block.norm_2)
    found, saved_mlp = mlp(asked, block.up, block.down)
    return x + found, (saved_1, attended, saved_2, saved_mlp)


def block_backward(
    dy: Float[np.ndarray, "*batch place width"], saved: tuple[tuple, AttentionCache, tuple, tuple]
) -> tuple[Float[np.ndarray, "*batch place width"], Block]:
    """Return dx and the block's slopes; every sum hands its slope on to both summands."""
    saved_1, attended, saved_2, saved_mlp = saved
    d, up, down = mlp_backward(dy, saved_mlp)
    d, norm_2 = layer_norm_backward(d, saved_2)
    dy = dy + d
    d, attention = self_attention_backward(dy, attended)
    d, norm_1 = layer_norm_backward(d, saved_1)
    return dy + d, Block(norm_1, attention, norm_2, up, down)


def _rows(x: np.ndarray) -> np.ndarray:
    return x.reshape(-1, x.shape[-1])


def _sum_rows(x: np.ndarray) -> np.ndarray:
    return _rows(x).sum(axis=0)
