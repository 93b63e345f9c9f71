"""SmolLM2's architecture, Llama: the transformer of Part IV with four variants, forward only.

Stream, blocks, heads and unembedding are those of `transformer`; what differs comes from
`variants`. Source: Ben Allal et al. (2025).
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, NamedTuple

import numpy as np
from jaxtyping import Float, Int

from weighted_sums.heads import Attention
from weighted_sums.pretrained.gguf import GGUFFile
from weighted_sums.pretrained.headers import NamedArrays
from weighted_sums.variants import SwiGLU, grouped_query_attention, rms_norm, swiglu
from weighted_sums.workshop.checks import indices

Head = tuple[int, int]  # layer, and head in it, both from 0


class LlamaBlock(NamedTuple):
    """The parameters of one block: grouped-query attention and SwiGLU, each after an RMS norm."""

    norm_1: Float[np.ndarray, " d_model"]
    attention: Attention
    norm_2: Float[np.ndarray, " d_model"]
    mlp: SwiGLU


class Llama(NamedTuple):
    """All parameters; the embedding is also the unembedding, and positions have no parameters."""

    embedding: Float[np.ndarray, "vocab d_model"]
    blocks: list[LlamaBlock]
    norm: Float[np.ndarray, " d_model"]
    base: float
    eps: float


class Trace(NamedTuple):
    """The intermediate results of a forward pass.

    `streams` is the residual stream before the first block and after each; `patterns` are the
    attention patterns of each block.
    """

    streams: list[Float[np.ndarray, "position d_model"]]
    patterns: list[Float[np.ndarray, "head query key"]]


def from_gguf(file: GGUFFile) -> Llama:
    """Assemble a model of the architecture `llama` from its file.

    ValueError names the file where it holds another architecture or one part of a model, and where
    arrays or metadata are missing, unknown or left over.
    """
    metadata, get = _Metadata(file), NamedArrays(file.path, file, file.shapes())
    n_heads, n_groups = (metadata[f"llama.attention.head_count{end}"] for end in ("", "_kv"))

    def weight(name: str) -> np.ndarray:
        return get(f"{name}.weight")

    def block(prefix: str) -> LlamaBlock:
        gain = weight(f"{prefix}.attn_norm")
        counts = {"q": n_heads, "k": n_groups, "v": n_groups}
        W_q, W_k, W_v = (
            weight(f"{prefix}.attn_{name}").reshape(n, -1, gain.size) for name, n in counts.items()
        )
        W_o = weight(f"{prefix}.attn_output").reshape(gain.size, n_heads, -1).swapaxes(0, 1)
        gate, up, down = (weight(f"{prefix}.ffn_{name}") for name in ("gate", "up", "down"))
        attention, mlp = Attention(W_q, W_k, W_v, W_o), SwiGLU(gate, up, down)
        return LlamaBlock(gain, attention, weight(f"{prefix}.ffn_norm"), mlp)

    blocks = [block(f"blk.{layer}") for layer in range(metadata["llama.block_count"])]
    embedding, norm = weight("token_embd"), weight("output_norm")
    get.check_all_used()
    metadata.check_rope(blocks[0].attention.W_q.shape[1])
    base, eps = metadata["llama.rope.freq_base"], metadata["llama.attention.layer_norm_rms_epsilon"]
    return Llama(embedding, blocks, norm, base, eps)


class _Metadata:
    """The metadata of a GGUF file; a key that is missing is refused by name."""

    def __init__(self, file: GGUFFile) -> None:
        self.path, self.values = file.path, file.metadata
        if (architecture := self.values.get("general.architecture")) != "llama":
            raise ValueError(f"{self.path} holds a model of kind {architecture!r}, not 'llama'")
        if (parts := self.values.get("split.count", 1)) > 1:
            raise ValueError(f"{self.path} is one of {parts} parts of a model: join them first")

    def __getitem__(self, key: str) -> Any:
        if key not in self.values:
            raise ValueError(f"{self.path} lacks the metadata {key}")
        return self.values[key]

    def check_rope(self, d_head: int) -> None:
        """Refuse a model that rotates queries and keys differently from `variants.apply_rope`."""
        scaling = self.values.get("llama.rope.scaling.type", "none")
        rotated = self.values.get("llama.rope.dimension_count", d_head)
        if scaling != "none" or rotated != d_head:
            raise ValueError(
                f"{self.path} rotates {rotated} of {d_head} coordinates, with the scaling "
                f"{scaling!r}: only rotating all of them without scaling is supported"
            )


def forward(
    model: Llama, tokens: Int[np.ndarray, " position"], ablate: Collection[Head] = ()
) -> tuple[Float[np.ndarray, "position d_model"], Trace]:
    """Return the residual stream after the last norm, and the intermediate results.

    What the heads in `ablate` would add to the stream is left out. Raises ValueError for no tokens,
    and for tokens and heads that do not exist.
    """
    tokens = indices(tokens, len(model.embedding))
    if tokens.ndim != 1 or not tokens.size:
        raise ValueError(f"expected one row of tokens, not an array of shape {tokens.shape}")
    sizes = len(model.blocks), len(model.blocks[0].attention.W_q)
    for i, what in enumerate(("layer", "head")):
        indices([head[i] for head in ablate], sizes[i], f"{what}s to ablate")
    x = model.embedding[tokens]
    streams, patterns = [x], []
    for layer, block in enumerate(model.blocks):
        ablated = tuple(head for in_layer, head in ablate if in_layer == layer)
        normed = rms_norm(x, block.norm_1, model.eps)
        update, attention_weights = grouped_query_attention(
            normed, block.attention, model.base, ablated
        )
        x = x + update
        x = x + swiglu(rms_norm(x, block.norm_2, model.eps), block.mlp)
        streams.append(x)
        patterns.append(attention_weights)
    return rms_norm(x, model.norm, model.eps), Trace(streams, patterns)


def logits(
    model: Llama, tokens: Int[np.ndarray, " position"], ablate: Collection[Head] = ()
) -> Float[np.ndarray, "position vocab"]:
    """Return the logits of the next token at every position."""
    return forward(model, tokens, ablate)[0] @ model.embedding.T


def next_logits(model: Llama, tokens: Int[np.ndarray, " position"]) -> Float[np.ndarray, " vocab"]:
    """Return the logits of the token after the last position: all that a prediction needs."""
    return forward(model, tokens)[0][-1] @ model.embedding.T
