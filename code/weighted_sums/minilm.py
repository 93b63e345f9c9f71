"""MiniLM's kind of transformer, an encoder: every place sees all others, and nothing is predicted.

Its stream is what is wanted: an embedding of each token that has taken up its sentence. Sources:
Devlin et al. (2019); Wang et al. (2020).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from jaxtyping import Float, Int

from weighted_sums.attention import Attention, merge, pattern, project, side_by_side
from weighted_sums.blocks import Norm, layer_norm
from weighted_sums.checks import positions
from weighted_sums.networks import Layer, layer_sum
from weighted_sums.variants import exact_gelu

HEADS = 12
EPS = 1e-12

Weights = dict[str, np.ndarray]


class Biases(NamedTuple):
    """What BERT adds to queries, keys and values, for each head, and to what the heads found."""

    q: Float[np.ndarray, "head dim"]
    k: Float[np.ndarray, "head dim"]
    v: Float[np.ndarray, "head dim"]
    out: Float[np.ndarray, " width"]


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

    The row for "first sentence", which every token gets, is added to the rows of the places.
    """
    get = weights.__getitem__
    first_sentence = get("embeddings.token_type_embeddings.weight")[0]
    layers = 1 + max(int(name.split(".")[2]) for name in weights if name.startswith("encoder."))
    return Encoder(
        get("embeddings.word_embeddings.weight"),
        get("embeddings.position_embeddings.weight") + first_sentence,
        _norm(weights, "embeddings"),
        [_block(weights, f"encoder.layer.{layer}") for layer in range(layers)],
    )


def _norm(weights: Weights, name: str) -> Norm:
    return Norm(weights[f"{name}.LayerNorm.weight"], weights[f"{name}.LayerNorm.bias"])


def _layer(weights: Weights, name: str) -> Layer:
    return Layer(weights[f"{name}.weight"], weights[f"{name}.bias"])


def _block(weights: Weights, name: str) -> EncoderBlock:
    parts = [_layer(weights, f"{name}.attention.self.{part}") for part in ("query", "key", "value")]
    out = _layer(weights, f"{name}.attention.output.dense")
    width = len(out.W)
    down = [part.W.reshape(HEADS, -1, width) for part in parts]
    return EncoderBlock(
        Attention(*down, out.W.reshape(width, HEADS, -1).swapaxes(0, 1)),
        Biases(*(part.b.reshape(HEADS, -1) for part in parts), out.b),
        _norm(weights, f"{name}.attention.output"),
        _layer(weights, f"{name}.intermediate.dense"),
        _layer(weights, f"{name}.output.dense"),
        _norm(weights, f"{name}.output"),
    )


def encode(
    tokens: Int[np.ndarray, " place"], model: Encoder
) -> tuple[list[Float[np.ndarray, "place width"]], list[Float[np.ndarray, "head query key"]]]:
    """The stream before the first block and behind each, and the patterns of each.

    Raises ValueError for a sequence longer than the context, for none, and for tokens that there
    are not.
    """
    tokens = positions(tokens, len(model.embedding))
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
        found = layer_sum(exact_gelu(layer_sum(x, *block.up)), *block.down)
        x = layer_norm(x + found, block.norm_2, EPS)[0]
        streams.append(x)
        patterns.append(shares)
    return streams, patterns


def _attend(x: np.ndarray, block: EncoderBlock) -> tuple[np.ndarray, np.ndarray]:
    pairs = zip(block.attention[:3], block.biases[:3], strict=True)
    q, k, v = (project(x, W) + b[:, None] for W, b in pairs)
    shares = pattern(q, k, causal=False)
    return merge(shares @ v) @ side_by_side(block.attention.O).T + block.biases.out, shares
