"""MiniLM's kind of transformer, an encoder: every place sees all others, and nothing is predicted.

Its stream is what is wanted: an embedding of each token that has taken up its sentence. Sources:
Devlin et al. (2019); Wang et al. (2020).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from jaxtyping import Float, Int

from weighted_sums.attention import Attention, gather, pattern
from weighted_sums.blocks import Norm, layer_norm
from weighted_sums.heads import Biases as Biases
from weighted_sums.heads import brought, merge, queries_keys_values, with_biases
from weighted_sums.networks import Layer, affine
from weighted_sums.pretrained.headers import Named
from weighted_sums.variants import gelu_erf
from weighted_sums.workshop.checks import indices

HEADS = 12
EPS = 1e-12
NOT_NEEDED = ("embeddings.position_ids", "pooler.dense.weight", "pooler.dense.bias")

Weights = dict[str, np.ndarray]


class EncoderBlock(NamedTuple):
    """The parameters of one block: a layer norm stands behind each part, in the stream."""

    attention: Attention
    biases: Biases
    norm_1: Norm
    up: Layer
    down: Layer
    norm_2: Norm


class Encoder(NamedTuple):
    """All parameters: what tokens and places are embedded as, a norm, and the blocks."""

    embedding: Float[np.ndarray, "token width"]
    positions: Float[np.ndarray, "context width"]
    norm: Norm
    blocks: list[EncoderBlock]


def from_weights(weights: Weights) -> Encoder:
    """Sort the arrays of a BERT file into blocks.

    The row for "first sentence", which every token gets, is added to the rows of the places; the
    layer that BERT puts behind the first token is not needed. ValueError names arrays that are
    missing, and others that would be left over.
    """
    get = Named("a BERT file", weights, weights.keys() - set(NOT_NEEDED))
    first_sentence = get("embeddings.token_type_embeddings.weight")[0]
    numbers = [name.split(".")[2] for name in weights if name.startswith("encoder.layer.")]
    layers = 1 + max((int(number) for number in numbers if number.isdecimal()), default=0)
    found = Encoder(
        get("embeddings.word_embeddings.weight"),
        get("embeddings.position_embeddings.weight") + first_sentence,
        _norm(get, "embeddings"),
        [_block(get, f"encoder.layer.{layer}") for layer in range(layers)],
    )
    get.check_all_used()
    return found


def _norm(get: Named, name: str) -> Norm:
    return Norm(get(f"{name}.LayerNorm.weight"), get(f"{name}.LayerNorm.bias"))


def _layer(get: Named, name: str) -> Layer:
    return Layer(get(f"{name}.weight"), get(f"{name}.bias"))


def _block(get: Named, name: str) -> EncoderBlock:
    parts = [_layer(get, f"{name}.attention.self.{part}") for part in ("query", "key", "value")]
    out = _layer(get, f"{name}.attention.output.dense")
    width = len(out.W)
    if width % HEADS:
        raise ValueError(f"{HEADS} heads cannot share a width of {width} equally")
    down = [part.W.reshape(HEADS, -1, width) for part in parts]
    return EncoderBlock(
        Attention(*down, out.W.reshape(width, HEADS, -1).swapaxes(0, 1)),
        Biases(*(part.b.reshape(HEADS, -1) for part in parts), out.b),
        _norm(get, f"{name}.attention.output"),
        _layer(get, f"{name}.intermediate.dense"),
        _layer(get, f"{name}.output.dense"),
        _norm(get, f"{name}.output"),
    )


def hidden_states(
    tokens: Int[np.ndarray, " place"], model: Encoder
) -> tuple[list[Float[np.ndarray, "place width"]], list[Float[np.ndarray, "head query key"]]]:
    """The stream before the first block and behind each, and the patterns of each.

    Raises ValueError for a sequence longer than the context, for none, and for tokens that there
    are not.
    """
    tokens = indices(tokens, len(model.embedding))
    if tokens.ndim != 1 or not tokens.size:
        raise ValueError(f"one row of tokens is wanted, not an array of shape {tokens.shape}")
    if len(tokens) > len(model.positions):
        raise ValueError(f"{len(tokens)} tokens do not fit {len(model.positions)} places")
    x = model.embedding[tokens] + model.positions[: len(tokens)]
    x = layer_norm(x, model.norm, EPS)[0]
    streams, patterns = [x], []
    for block in model.blocks:
        found, shares = _attend(x, block)
        x = layer_norm(x + found, block.norm_1, EPS)[0]
        found = affine(gelu_erf(affine(x, *block.up)), *block.down)
        x = layer_norm(x + found, block.norm_2, EPS)[0]
        streams.append(x)
        patterns.append(shares)
    return streams, patterns


def _attend(x: np.ndarray, block: EncoderBlock) -> tuple[np.ndarray, np.ndarray]:
    layer = with_biases(block.attention, block.biases)
    q, k, v = queries_keys_values(x, layer)
    shares = pattern(q, k, causal=False)
    return brought(merge(gather(shares, v)), layer), shares
