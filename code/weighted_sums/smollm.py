"""SmolLM2's kind of transformer: the one of Part IV with the four variants, forward only.

The stream, the blocks, the heads and the way out are those of `transformer`; what is exchanged
comes from `variants`. Source: Ben Allal et al. (2025).
"""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

import numpy as np
from jaxtyping import Float, Int

from weighted_sums.attention import Attention
from weighted_sums.checks import positions
from weighted_sums.variants import Gated, attend_grouped, rms_norm, swiglu
from weighted_sums.weight_files import Weights

Head = tuple[int, int]  # layer, and head in it, both from 0


class LaterBlock(NamedTuple):
    """The parameters of one block: grouped attention and SwiGLU, the gain of an RMS norm each."""

    norm_1: Float[np.ndarray, " width"]
    attention: Attention
    norm_2: Float[np.ndarray, " width"]
    mlp: Gated


class LaterTransformer(NamedTuple):
    """All parameters: the embedding is the unembedding too, and places have no rows."""

    embedding: Float[np.ndarray, "token width"]
    blocks: list[LaterBlock]
    norm: Float[np.ndarray, " width"]
    base: float
    eps: float


class Trace(NamedTuple):
    """What a forward pass leaves to be looked at."""

    streams: list[Float[np.ndarray, "place width"]]
    patterns: list[Float[np.ndarray, "head query key"]]


def from_gguf(weights: Weights) -> LaterTransformer:
    """Unpack a model of the kind `llama`. ValueError says so where the file holds another kind."""
    about = weights.about
    if about.get("general.architecture") != "llama":
        kind = about.get("general.architecture")
        raise ValueError(f"{weights.path} holds a model of kind {kind!r}, not 'llama'")
    heads, shared = (about[f"llama.attention.head_count{end}"] for end in ("", "_kv"))

    def block(layer: int) -> LaterBlock:
        def get(name: str) -> np.ndarray:
            return weights[f"blk.{layer}.{name}.weight"]

        dims = [("q", heads), ("k", shared), ("v", shared)]
        down = [get(f"attn_{name}").reshape(n, -1, get("attn_norm").size) for name, n in dims]
        out = get("attn_output").reshape(-1, heads, down[0].shape[1]).swapaxes(0, 1)
        gated = Gated(get("ffn_gate"), get("ffn_up"), get("ffn_down"))
        return LaterBlock(get("attn_norm"), Attention(*down, out), get("ffn_norm"), gated)

    return LaterTransformer(
        weights["token_embd.weight"],
        [block(layer) for layer in range(about["llama.block_count"])],
        weights["output_norm.weight"],
        about["llama.rope.freq_base"],
        about["llama.attention.layer_norm_rms_epsilon"],
    )


def forward(
    tokens: Int[np.ndarray, " place"], model: LaterTransformer, without: Collection[Head] = ()
) -> tuple[Float[np.ndarray, "place width"], Trace]:
    """What stands in the stream behind the last norm, and what led there.

    The heads in `without` are silenced: what they would add to the stream is left out. Raises
    ValueError for no tokens, and for tokens and heads that there are not.
    """
    tokens = positions(tokens, len(model.embedding))
    if tokens.ndim != 1 or not tokens.size:
        raise ValueError(f"one row of tokens is wanted, not an array of shape {tokens.shape}")
    heads = len(model.blocks), len(model.blocks[0].attention.Q)
    for i, which in enumerate(("layer", "head")):
        positions([pair[i] for pair in without], heads[i], f"{which}s to be silenced")
    x = model.embedding[tokens]
    streams, patterns = [x], []
    for layer, block in enumerate(model.blocks):
        silent = tuple(head for where, head in without if where == layer)
        asked = rms_norm(x, block.norm_1, model.eps)
        found, shares = attend_grouped(asked, block.attention, model.base, silent)
        x = x + found
        x = x + swiglu(rms_norm(x, block.norm_2, model.eps), block.mlp)
        streams.append(x)
        patterns.append(shares)
    return rms_norm(x, model.norm, model.eps), Trace(streams, patterns)


def logits(
    tokens: Int[np.ndarray, " place"], model: LaterTransformer, without: Collection[Head] = ()
) -> Float[np.ndarray, "place token"]:
    """Scores of every token as the next one, at every place."""
    return forward(tokens, model, without)[0] @ model.embedding.T


def next_logits(
    tokens: Int[np.ndarray, " place"], model: LaterTransformer
) -> Float[np.ndarray, " token"]:
    """Scores of every token as the one behind the last place: all that a prediction needs."""
    return forward(tokens, model)[0][-1] @ model.embedding.T
