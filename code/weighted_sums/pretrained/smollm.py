"""SmolLM2's kind of transformer: the one of Part IV with the four variants, forward only.

The stream, the blocks, the heads and the way out are those of `transformer`; what is exchanged
comes from `variants`. Source: Ben Allal et al. (2025).
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, NamedTuple

import numpy as np
from jaxtyping import Float, Int

from weighted_sums.attention import Attention
from weighted_sums.pretrained.headers import Named
from weighted_sums.pretrained.weight_files import Weights
from weighted_sums.variants import SwiGLU, grouped_query_attention, rms_norm, swiglu
from weighted_sums.workshop.checks import indices

Head = tuple[int, int]  # layer, and head in it, both from 0


class LlamaBlock(NamedTuple):
    """The parameters of one block: grouped attention and SwiGLU, the gain of an RMS norm each."""

    norm_1: Float[np.ndarray, " width"]
    attention: Attention
    norm_2: Float[np.ndarray, " width"]
    mlp: SwiGLU


class Llama(NamedTuple):
    """All parameters: the embedding is the unembedding too, and places have no rows."""

    embedding: Float[np.ndarray, "token width"]
    blocks: list[LlamaBlock]
    norm: Float[np.ndarray, " width"]
    base: float
    eps: float


class Trace(NamedTuple):
    """What a forward pass leaves to be looked at."""

    streams: list[Float[np.ndarray, "place width"]]
    patterns: list[Float[np.ndarray, "head query key"]]


def from_gguf(weights: Weights) -> Llama:
    """Unpack a model of the kind `llama`.

    ValueError names the file where it holds another kind, or one part of a model, where an array or
    a note is missing, and where arrays or notes would be left over that the model needs.
    """
    about, get = _Notes(weights), Named(weights.path, weights, weights.shapes())
    heads, shared = (about[f"llama.attention.head_count{end}"] for end in ("", "_kv"))

    def weight(name: str) -> np.ndarray:
        return get(f"{name}.weight")

    def block(at: str) -> LlamaBlock:
        gain = weight(f"{at}.attn_norm")
        dims = [("q", heads), ("k", shared), ("v", shared)]
        down = [weight(f"{at}.attn_{name}").reshape(n, -1, gain.size) for name, n in dims]
        out = weight(f"{at}.attn_output").reshape(-1, heads, down[0].shape[1]).swapaxes(0, 1)
        gated = SwiGLU(*(weight(f"{at}.ffn_{name}") for name in ("gate", "up", "down")))
        return LlamaBlock(gain, Attention(*down, out), weight(f"{at}.ffn_norm"), gated)

    blocks = [block(f"blk.{layer}") for layer in range(about["llama.block_count"])]
    embedding, norm = weight("token_embd"), weight("output_norm")
    get.check_all_used()
    about.check_rotation(blocks[0].attention.Q.shape[1])
    base, eps = about["llama.rope.freq_base"], about["llama.attention.layer_norm_rms_epsilon"]
    return Llama(embedding, blocks, norm, base, eps)


class _Notes:
    """What a GGUF file says of its model; a note that is missing is refused by name."""

    def __init__(self, weights: Weights) -> None:
        self.path, self.about = weights.path, weights.about
        if (kind := self.about.get("general.architecture")) != "llama":
            raise ValueError(f"{self.path} holds a model of kind {kind!r}, not 'llama'")
        if (parts := self.about.get("split.count", 1)) > 1:
            raise ValueError(f"{self.path} is one of {parts} parts of a model: join them first")

    def __getitem__(self, name: str) -> Any:
        if name not in self.about:
            raise ValueError(f"{self.path} does not say what {name} is")
        return self.about[name]

    def check_rotation(self, dim: int) -> None:
        """Refuse a model that rotates queries and keys otherwise than `variants.apply_rope`."""
        scaling = self.about.get("llama.rope.scaling.type", "none")
        turned = self.about.get("llama.rope.dimension_count", dim)
        if scaling != "none" or turned != dim:
            raise ValueError(
                f"{self.path} turns {turned} of {dim} coordinates, with the scaling {scaling!r}: "
                f"only all of them without scaling is known"
            )


def forward(
    tokens: Int[np.ndarray, " place"], model: Llama, ablate: Collection[Head] = ()
) -> tuple[Float[np.ndarray, "place width"], Trace]:
    """What stands in the stream behind the last norm, and what led there.

    The heads in `ablate` are silenced: what they would add to the stream is left out. Raises
    ValueError for no tokens, and for tokens and heads that there are not.
    """
    tokens = indices(tokens, len(model.embedding))
    if tokens.ndim != 1 or not tokens.size:
        raise ValueError(f"one row of tokens is wanted, not an array of shape {tokens.shape}")
    heads = len(model.blocks), len(model.blocks[0].attention.Q)
    for i, which in enumerate(("layer", "head")):
        indices([pair[i] for pair in ablate], heads[i], f"{which}s to be silenced")
    x = model.embedding[tokens]
    streams, patterns = [x], []
    for layer, block in enumerate(model.blocks):
        silent = tuple(head for where, head in ablate if where == layer)
        asked = rms_norm(x, block.norm_1, model.eps)
        found, shares = grouped_query_attention(asked, block.attention, model.base, silent)
        x = x + found
        x = x + swiglu(rms_norm(x, block.norm_2, model.eps), block.mlp)
        streams.append(x)
        patterns.append(shares)
    return rms_norm(x, model.norm, model.eps), Trace(streams, patterns)


def logits(
    tokens: Int[np.ndarray, " place"], model: Llama, ablate: Collection[Head] = ()
) -> Float[np.ndarray, "place token"]:
    """Scores of every token as the next one, at every place."""
    return forward(tokens, model, ablate)[0] @ model.embedding.T


def next_logits(tokens: Int[np.ndarray, " place"], model: Llama) -> Float[np.ndarray, " token"]:
    """Scores of every token as the one behind the last place: all that a prediction needs."""
    return forward(tokens, model)[0][-1] @ model.embedding.T
