"""GPT-2's weights as a `transformer.Transformer`: in its files, names and axes differ.

GPT-2 is the transformer of Part IV with biases in its attention, and one array for embedding and
unembedding (tied weights). Source: Radford et al. (2019).
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from weighted_sums.blocks import Block, Norm
from weighted_sums.heads import BiasedAttention, Biases
from weighted_sums.networks import Layer
from weighted_sums.pretrained.headers import NamedArrays
from weighted_sums.transformer import Transformer

D_HEAD = 64  # in each size of GPT-2
MASKS = (".attn.bias", ".attn.masked_bias")  # causal masks, not parameters


def from_arrays(arrays: Mapping[str, np.ndarray], d_head: int = D_HEAD) -> Transformer:
    """Assemble a transformer with heads of `d_head` dimensions from the arrays of a GPT-2 file.

    The file stores matrices transposed, as (fan_in, fan_out). Where it has no unembedding, that is
    a copy of the embedding. Raises ValueError for arrays that are missing, that have the wrong
    shape, or that are left over.
    """
    named = {name.removeprefix("transformer."): array for name, array in arrays.items()}
    names = [name for name in named if not name.endswith(MASKS)]
    get = NamedArrays("a GPT-2 file", named, names)

    def pair(name: str) -> tuple[np.ndarray, np.ndarray]:
        return get(f"{name}.weight"), get(f"{name}.bias")

    def layer(name: str) -> Layer:
        W, b = pair(name)
        return Layer(np.ascontiguousarray(W.T), b)

    def block(prefix: str) -> Block:
        norm_1, norm_2 = (Norm(*pair(f"{prefix}.ln_{i}")) for i in (1, 2))
        qkv, out = layer(f"{prefix}.attn.c_attn"), layer(f"{prefix}.attn.c_proj")
        up, down = layer(f"{prefix}.mlp.c_fc"), layer(f"{prefix}.mlp.c_proj")
        return Block(norm_1, _split_heads(qkv, out, d_head), norm_2, up, down)

    embedding, positions, norm = get("wte.weight"), get("wpe.weight"), Norm(*pair("ln_f"))
    numbers = {name.split(".")[1] for name in names if name.startswith("h.")}
    blocks = [block(f"h.{i}") for i in range(len(numbers))]
    unembedding = get("lm_head.weight") if "lm_head.weight" in names else embedding.copy()
    get.check_all_used()
    return Transformer(embedding, positions, blocks, norm, unembedding)


def _split_heads(qkv: Layer, out: Layer, d_head: int) -> BiasedAttention:
    d_model = len(out.b)
    if d_model % d_head or qkv.W.shape != (3 * d_model, d_model):
        raise ValueError(
            f"a joint matrix of shape {qkv.W.shape} for queries, keys and values does not belong "
            f"to d_model {d_model} with d_head {d_head}"
        )
    W_q, W_k, W_v = qkv.W.reshape(3, -1, d_head, d_model)
    b_q, b_k, b_v = qkv.b.reshape(3, -1, d_head)
    W_o = out.W.reshape(d_model, -1, d_head).swapaxes(0, 1)
    return BiasedAttention(W_q, W_k, W_v, W_o, Biases(b_q, b_k, b_v, out.b))
