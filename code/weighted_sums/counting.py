"""Where are all the parameters? Walk through the sizes of a transformer and count its arrays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from weighted_sums.heads import BiasedAttention
from weighted_sums.transformer import Transformer
from weighted_sums.workshop.checks import whole_number


@dataclass(frozen=True)
class Configuration:
    """The sizes that fix a transformer's arrays; its MLPs have `4 * d_model` neurons.

    Attention may add biases, and the embedding may be `tied` to the unembedding, so that one array
    serves as both. Raises ValueError for sizes below 1, and unless `n_heads` divides `d_model`.
    """

    vocab_size: int
    context_length: int
    d_model: int
    n_heads: int
    n_layers: int
    attention_biases: bool = False
    tied: bool = False

    def __post_init__(self) -> None:
        for name in ("vocab_size", "context_length", "d_model", "n_heads", "n_layers"):
            whole_number(getattr(self, name), name)
        if self.d_model % self.n_heads:
            d_model, heads = f"d_model = {self.d_model}", f"{self.n_heads} heads"
            raise ValueError(f"{d_model} cannot be split equally among {heads}")


GPT_2 = Configuration(50_257, 1024, 768, 12, 12, attention_biases=True, tied=True)
GPT_3 = Configuration(50_257, 2048, 12_288, 96, 96, attention_biases=True, tied=True)


class Part(NamedTuple):
    """Arrays of one shape: `copies` of them, each `rows` by `columns`."""

    group: str
    name: str
    copies: int
    rows: int
    columns: int

    @property
    def parameters(self) -> int:
        """Number of parameters in all copies together."""
        return self.copies * self.rows * self.columns


def matrices(c: Configuration) -> list[Part]:
    """List the matrices that the famous total counts, {eq}`transformer-matrices`, and no others.

    Each head has its own query, key and value matrices; the output matrices of a layer's heads,
    side by side, count as one. Embedding and unembedding count separately, tied or not.
    """
    heads, d_head, d_mlp = c.n_heads * c.n_layers, c.d_model // c.n_heads, 4 * c.d_model
    return [
        Part("embedding", "embedding", 1, c.vocab_size, c.d_model),
        Part("attention", "query", heads, d_head, c.d_model),
        Part("attention", "key", heads, d_head, c.d_model),
        Part("attention", "value", heads, d_head, c.d_model),
        Part("attention", "output", c.n_layers, c.d_model, c.d_model),
        Part("MLP", "up", c.n_layers, d_mlp, c.d_model),
        Part("MLP", "down", c.n_layers, c.d_model, d_mlp),
        Part("unembedding", "unembedding", 1, c.vocab_size, c.d_model),
    ]


def uncounted(c: Configuration) -> list[Part]:
    """List what the famous total does not count: the vectors and the position embedding.

    A tied unembedding, which the total counts though it is no array of its own, has −1 copies here.
    """
    parts = [
        Part("positions", "positions", 1, c.context_length, c.d_model),
        Part("layer norm", "gain", 2 * c.n_layers + 1, 1, c.d_model),
        Part("layer norm", "bias", 2 * c.n_layers + 1, 1, c.d_model),
        Part("biases", "attention", 4 * c.n_layers * c.attention_biases, 1, c.d_model),
        Part("biases", "up", c.n_layers, 1, 4 * c.d_model),
        Part("biases", "down", c.n_layers, 1, c.d_model),
    ]
    return parts + [Part("tied", "unembedding", -1, c.vocab_size, c.d_model)] * c.tied


def parts(c: Configuration) -> list[Part]:
    """List all arrays of the model, those that the famous total counts first."""
    return matrices(c) + uncounted(c)


def total(parts: list[Part]) -> int:
    """Number of parameters in all `parts` together."""
    return sum(part.parameters for part in parts)


def by_group(parts: list[Part]) -> dict[str, int]:
    """Number of parameters in each group of `parts`, in the order of their first appearance."""
    groups = dict.fromkeys(part.group for part in parts)
    return {name: total([part for part in parts if part.group == name]) for name in groups}


def fractions(c: Configuration) -> dict[str, float]:
    """Fractions of the parameters in the embeddings, attention, MLPs and the rest."""
    groups = by_group(parts(c))
    embedding = groups["embedding"] + groups["unembedding"] + groups.get("tied", 0)
    found = {"embeddings": embedding, "attention": groups["attention"], "MLP": groups["MLP"]}
    everything = sum(groups.values())
    found["the rest"] = everything - sum(found.values())
    return {name: count / everything for name, count in found.items()}


def configuration(model: Transformer) -> Configuration:
    """Return the sizes of `model`, read from the shapes of its arrays."""
    vocab_size, d_model = model.embedding.shape
    n_heads = len(model.blocks[0].attention.W_q)
    biased = isinstance(model.blocks[0].attention, BiasedAttention)
    sizes = vocab_size, len(model.positions), d_model, n_heads, len(model.blocks)
    return Configuration(*sizes, attention_biases=biased)


class Counted(np.ndarray):
    """An array that adds up how many multiplications its matrix products need."""

    multiplications = 0

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **options: Any) -> Any:
        """Compute as NumPy does, with plain arrays, and count a matrix product."""
        if "out" in options:
            options["out"] = _plain(options["out"])
        inputs = _plain(inputs)
        result = getattr(ufunc, method)(*inputs, **options)
        if ufunc is np.matmul:
            Counted.multiplications += result.size * inputs[0].shape[-1]
        return result.view(Counted) if isinstance(result, np.ndarray) else result


def _plain(arrays: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(np.asarray(a) if isinstance(a, Counted) else a for a in arrays)
