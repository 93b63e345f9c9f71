"""What a transformer consists of besides attention: layer norm, GELU, MLP; and the whole block.

Each forward function returns its result and a cache; each backward function turns dy, the gradient
with respect to the result, into dx and the gradients of the parameters.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from jaxtyping import Float

from weighted_sums.attention import AttentionCache, self_attention, self_attention_backward
from weighted_sums.backprop import layer_gradient
from weighted_sums.heads import Attention, BiasedAttention, flat_rows, init_attention
from weighted_sums.networks import Layer, affine, init_network
from weighted_sums.workshop.checks import as_float, same_shape

Residual = Float[np.ndarray, "*position d_model"]  # rows of the residual stream
Neurons = Float[np.ndarray, "*position neuron"]

NORM_EPS = 1e-5
SQRT_2_OVER_PI = float(np.sqrt(2 / np.pi))
GELU_CUBIC = 0.044715


class Norm(NamedTuple):
    """The parameters of a layer norm: a gain and a bias for each coordinate."""

    gain: Float[np.ndarray, " d_model"]
    bias: Float[np.ndarray, " d_model"]


class Block(NamedTuple):
    """The parameters of a block: attention and an MLP, a layer norm before each."""

    norm_1: Norm
    attention: Attention | BiasedAttention
    norm_2: Norm
    up: Layer
    down: Layer


class NormCache(NamedTuple):
    """What a layer norm keeps for its backward pass."""

    standardised: Residual
    std: Float[np.ndarray, "*position 1"]
    norm: Norm


class MlpCache(NamedTuple):
    """What an MLP keeps for its backward pass."""

    x: Residual
    z: Neurons
    gate: Neurons
    a: Neurons
    up: Layer
    down: Layer


class BlockCache(NamedTuple):
    """The caches of a block's four parts."""

    norm_1: NormCache
    attention: AttentionCache
    norm_2: NormCache
    mlp: MlpCache


def init_norm(d_model: int, dtype: np.dtype) -> Norm:
    """Return a layer norm that only standardises: gain 1, bias 0."""
    return Norm(np.ones(d_model, dtype), np.zeros(d_model, dtype))


def layer_norm(x: Residual, norm: Norm, eps: float = NORM_EPS) -> tuple[Residual, NormCache]:
    """Bring each row to mean 0 and variance 1, then scale and shift it: {eq}`layer-norm`.

    Source: Ba, Kiros and Hinton (2016).
    """
    x = as_float(x)
    centred = x - x.mean(axis=-1, keepdims=True)
    std = np.sqrt((centred * centred).mean(axis=-1, keepdims=True) + x.dtype.type(eps))
    centred /= std
    return centred * norm.gain + norm.bias, NormCache(centred, std, norm)


def layer_norm_backward(dy: Residual, cache: NormCache) -> tuple[Residual, Norm]:
    """Return dx and the gradients of gain and bias, {eq}`layer-norm-backward`.

    Standardising removes two directions, the mean and the row itself. Changes of x along them
    cannot change the result, so these parts of dy are subtracted.
    """
    standardised, std, norm = cache
    same_shape(dy, standardised, ("derivatives", "rows"))
    grads = Norm(flat_rows(dy * standardised).sum(axis=0), flat_rows(dy).sum(axis=0))
    dx = dy * norm.gain
    along = (dx * standardised).mean(axis=-1, keepdims=True)
    dx -= dx.mean(axis=-1, keepdims=True)
    dx -= along * standardised
    dx /= std
    return dx, grads


def gelu_gate(z: Neurons) -> Neurons:
    r"""Return GELU's gate, {eq}`gelu`: $\frac12 (1 + \tanh(\sqrt{2/\pi}(z + 0.044715 z^3)))$.

    It rises from 0 to 1 like the sigmoid, close to the normal distribution's Φ(z).
    """
    z = as_float(z)
    gate = z * z
    gate *= SQRT_2_OVER_PI * GELU_CUBIC
    gate += SQRT_2_OVER_PI
    gate *= z
    np.tanh(gate, out=gate)
    gate += 1
    gate *= 0.5
    return gate


def gelu(z: Neurons) -> Neurons:
    """Multiply z by its gate, {eq}`gelu` (Hendrycks and Gimpel, 2016), with tanh as in GPT-2."""
    z = as_float(z)
    return z * gelu_gate(z)


def gelu_derivative(z: Neurons, gate: Neurons | None = None) -> Neurons:
    """Return the derivative of GELU, {eq}`gelu-derivative`; pass the `gate` if it is known."""
    z = as_float(z)
    gate = gelu_gate(z) if gate is None else gate
    derivative = z * z
    derivative *= 6 * SQRT_2_OVER_PI * GELU_CUBIC
    derivative += 2 * SQRT_2_OVER_PI
    derivative *= z
    derivative *= 1 - gate
    derivative += 1
    derivative *= gate
    return derivative


def mlp(x: Residual, up: Layer, down: Layer) -> tuple[Residual, MlpCache]:
    """Apply two layers with GELU between them to each row, {eq}`mlp`."""
    z = affine(x, *up)
    gate = gelu_gate(z)
    a = z * gate
    return affine(a, *down), MlpCache(x, z, gate, a, up, down)


def mlp_backward(dy: Residual, cache: MlpCache) -> tuple[Residual, Layer, Layer]:
    """Return dx and the gradients of both layers: {eq}`bp2` to {eq}`bp4` with GELU."""
    x, z, gate, a, up, down = cache
    dz = dy @ down.W
    same_shape(dz, z, ("derivatives", "weighted sums"))
    dz *= gelu_derivative(z, gate)
    return (
        dz @ up.W,
        layer_gradient(flat_rows(dz), flat_rows(x)),
        layer_gradient(flat_rows(dy), flat_rows(a)),
    )


def init_block(d_model: int, n_heads: int, rng: np.random.Generator, dtype: np.dtype) -> Block:
    """Draw a block: matrices from N(0, 1/fan_in), biases 0, an MLP of 4 × `d_model` neurons."""
    up, down = init_network([d_model, 4 * d_model, d_model], rng, dtype)
    return Block(
        init_norm(d_model, dtype),
        init_attention(d_model, n_heads, rng, dtype),
        init_norm(d_model, dtype),
        up._replace(b=np.zeros_like(up.b)),
        down._replace(b=np.zeros_like(down.b)),
    )


def block_forward(
    x: Float[np.ndarray, "*batch position d_model"], block: Block, causal: bool = True
) -> tuple[Float[np.ndarray, "*batch position d_model"], BlockCache]:
    """Add the output of attention to the residual stream, then that of the MLP: {eq}`block`.

    Layer norm is applied to the input of each part, not to the stream itself (as in GPT-2).
    """
    normed, norm_1 = layer_norm(x, block.norm_1)
    update, attention = self_attention(normed, block.attention, causal)
    x = x + update
    normed, norm_2 = layer_norm(x, block.norm_2)
    update, mlp_cache = mlp(normed, block.up, block.down)
    return x + update, BlockCache(norm_1, attention, norm_2, mlp_cache)


def block_backward(
    dy: Float[np.ndarray, "*batch position d_model"], cache: BlockCache
) -> tuple[Float[np.ndarray, "*batch position d_model"], Block]:
    """Return dx and the gradients of the block; a sum passes its gradient to both summands."""
    d, up, down = mlp_backward(dy, cache.mlp)
    d, norm_2 = layer_norm_backward(d, cache.norm_2)
    dy = dy + d
    d, attention = self_attention_backward(dy, cache.attention)
    d, norm_1 = layer_norm_backward(d, cache.norm_1)
    return dy + d, Block(norm_1, attention, norm_2, up, down)
