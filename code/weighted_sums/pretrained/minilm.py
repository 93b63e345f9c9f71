"""MiniLM's architecture, an encoder: every position attends to all others, and predicts nothing.

Its result is the residual stream: an embedding of each token that depends on the whole sentence.
Sources: Devlin et al. (2019); Wang et al. (2020).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from jaxtyping import Float, Int

from weighted_sums.blocks import Norm, layer_norm
from weighted_sums.dot_product import dot_product_attention
from weighted_sums.heads import (
    Attention,
    Biases,
    merge_heads,
    output_projection,
    queries_keys_values,
    with_biases,
)
from weighted_sums.networks import Layer, affine
from weighted_sums.pretrained.headers import NamedArrays
from weighted_sums.variants import gelu_erf
from weighted_sums.workshop.checks import indices

N_HEADS = 12
EPS = 1e-12
UNUSED = ("embeddings.position_ids", "pooler.dense.weight", "pooler.dense.bias")


class EncoderBlock(NamedTuple):
    """The parameters of one block, with a layer norm after each sublayer (post-norm)."""

    attention: Attention
    biases: Biases
    norm_1: Norm
    up: Layer
    down: Layer
    norm_2: Norm


class Encoder(NamedTuple):
    """All parameters: the embeddings of tokens and positions, a layer norm, and the blocks."""

    embedding: Float[np.ndarray, "vocab d_model"]
    positions: Float[np.ndarray, "context d_model"]
    norm: Norm
    blocks: list[EncoderBlock]


class HiddenStates(NamedTuple):
    """The residual stream before the first block and after each, and each block's patterns."""

    streams: list[Float[np.ndarray, "position d_model"]]
    patterns: list[Float[np.ndarray, "head query key"]]


def from_arrays(arrays: Mapping[str, np.ndarray]) -> Encoder:
    """Assemble an encoder from the arrays of a BERT file.

    The token-type embedding of the first sentence, which every token gets, is added to the position
    embeddings; BERT's pooler is not used. ValueError names arrays that are missing or left over.
    """
    get = NamedArrays("a BERT file", arrays, arrays.keys() - set(UNUSED))
    first_sentence = get("embeddings.token_type_embeddings.weight")[0]
    numbers = [name.split(".")[2] for name in arrays if name.startswith("encoder.layer.")]
    layers = 1 + max((int(number) for number in numbers if number.isdecimal()), default=0)
    encoder = Encoder(
        get("embeddings.word_embeddings.weight"),
        get("embeddings.position_embeddings.weight") + first_sentence,
        _norm(get, "embeddings"),
        [_block(get, f"encoder.layer.{layer}") for layer in range(layers)],
    )
    get.check_all_used()
    return encoder


def _norm(get: NamedArrays, name: str) -> Norm:
    return Norm(get(f"{name}.LayerNorm.weight"), get(f"{name}.LayerNorm.bias"))


def _layer(get: NamedArrays, name: str) -> Layer:
    return Layer(get(f"{name}.weight"), get(f"{name}.bias"))


def _block(get: NamedArrays, name: str) -> EncoderBlock:
    q, k, v = (_layer(get, f"{name}.attention.self.{part}") for part in ("query", "key", "value"))
    out = _layer(get, f"{name}.attention.output.dense")
    d_model = len(out.W)
    if d_model % N_HEADS:
        raise ValueError(f"d_model {d_model} is not divisible by {N_HEADS} heads")
    W_q, W_k, W_v = (layer.W.reshape(N_HEADS, -1, d_model) for layer in (q, k, v))
    b_q, b_k, b_v = (layer.b.reshape(N_HEADS, -1) for layer in (q, k, v))
    W_o = out.W.reshape(d_model, N_HEADS, -1).swapaxes(0, 1)
    return EncoderBlock(
        Attention(W_q, W_k, W_v, W_o),
        Biases(b_q, b_k, b_v, out.b),
        _norm(get, f"{name}.attention.output"),
        _layer(get, f"{name}.intermediate.dense"),
        _layer(get, f"{name}.output.dense"),
        _norm(get, f"{name}.output"),
    )


def hidden_states(model: Encoder, tokens: Int[np.ndarray, " position"]) -> HiddenStates:
    """Return the residual stream of `tokens` before the first block and after each.

    Raises ValueError for no tokens, for more than the context holds, and for unknown token ids.
    """
    tokens = indices(tokens, len(model.embedding))
    if tokens.ndim != 1 or not tokens.size:
        raise ValueError(f"expected one row of tokens, not an array of shape {tokens.shape}")
    if len(tokens) > len(model.positions):
        raise ValueError(f"{len(tokens)} tokens do not fit a context of {len(model.positions)}")
    x = model.embedding[tokens] + model.positions[: len(tokens)]
    x = layer_norm(x, model.norm, EPS)[0]
    streams, patterns = [x], []
    for block in model.blocks:
        update, attention_weights = _attend(x, block)
        x = layer_norm(x + update, block.norm_1, EPS)[0]
        update = affine(gelu_erf(affine(x, *block.up)), *block.down)
        x = layer_norm(x + update, block.norm_2, EPS)[0]
        streams.append(x)
        patterns.append(attention_weights)
    return HiddenStates(streams, patterns)


def _attend(x: np.ndarray, block: EncoderBlock) -> tuple[np.ndarray, np.ndarray]:
    layer = with_biases(block.attention, block.biases)
    q, k, v = queries_keys_values(x, layer)
    y, attention_weights = dot_product_attention(q, k, v, causal=False)
    return output_projection(merge_heads(y), layer), attention_weights
