"""GPT-2's files: the arrays of the model that `transformer` computes, under its authors' names.

GPT-2 is the transformer of Part IV with biases in its attention, and with one array that serves as
embedding and unembedding. Source: Radford et al. (2019).
"""

from __future__ import annotations

import numpy as np

from weighted_sums.attention import BiasedAttention, Biases
from weighted_sums.blocks import Block, Norm
from weighted_sums.networks import Layer
from weighted_sums.pretrained.headers import Named
from weighted_sums.transformer import Transformer

DIM = 64  # of a head, in each size of GPT-2
MASKS = (".attn.bias", ".attn.masked_bias")  # tables of what a place may see, and no parameters

Weights = dict[str, np.ndarray]


def from_weights(weights: Weights, dim: int = DIM) -> Transformer:
    """Sort the arrays of a GPT-2 file into a transformer with heads of `dim` dimensions.

    The file stores matrices the other way round, (fan_in, fan_out). Where it has no unembedding,
    it is a copy of the embedding, as GPT-2 uses one array for both. Raises ValueError for arrays
    that are missing, that do not fit, or that would be left over.
    """
    named = {name.removeprefix("transformer."): array for name, array in weights.items()}
    names = [name for name in named if not name.endswith(MASKS)]
    get = Named("a GPT-2 file", named, names)

    def pair(name: str) -> tuple[np.ndarray, np.ndarray]:
        return get(f"{name}.weight"), get(f"{name}.bias")

    def layer(name: str) -> Layer:
        W, b = pair(name)
        return Layer(np.ascontiguousarray(W.T), b)

    def block(at: str) -> Block:
        norms = [Norm(*pair(f"{at}.ln_{i}")) for i in (1, 2)]
        heads = _heads(layer(f"{at}.attn.c_attn"), layer(f"{at}.attn.c_proj"), dim)
        return Block(norms[0], heads, norms[1], layer(f"{at}.mlp.c_fc"), layer(f"{at}.mlp.c_proj"))

    embedding, positions, norm = get("wte.weight"), get("wpe.weight"), Norm(*pair("ln_f"))
    numbers = {name.split(".")[1] for name in names if name.startswith("h.")}
    blocks = [block(f"h.{layer}") for layer in range(len(numbers))]
    out = get("lm_head.weight") if "lm_head.weight" in names else embedding.copy()
    get.check_all_used()
    return Transformer(embedding, positions, blocks, norm, out)


def _heads(qkv: Layer, out: Layer, dim: int) -> BiasedAttention:
    width = len(out.b)
    if width % dim or qkv.W.shape != (3 * width, width):
        raise ValueError(
            f"queries, keys and values of shape {qkv.W.shape} are not those of heads of {dim} "
            f"dimensions in a width of {width}"
        )
    down = qkv.W.reshape(3, -1, dim, width)
    up = out.W.reshape(width, -1, dim).swapaxes(0, 1)
    return BiasedAttention(*down, up, Biases(*qkv.b.reshape(3, -1, dim), out.b))
