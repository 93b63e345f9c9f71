"""Where are all the parameters? Walk through the sizes of a transformer and count its arrays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from weighted_sums.heads import BiasedAttention
from weighted_sums.transformer import Transformer


@dataclass(frozen=True)
class Configuration:
    """The sizes that say which arrays a transformer has; the MLP is four times as wide as it.

    Further a choice or two: whether attention adds biases, and whether the embedding is `tied` to
    the unembedding, so that one array serves as both. Raises ValueError unless `heads` divides
    `width`.
    """

    vocabulary: int
    context: int
    width: int
    heads: int
    layers: int
    attention_biases: bool = False
    tied: bool = False

    def __post_init__(self) -> None:
        if min(self.vocabulary, self.context, self.width, self.heads, self.layers) < 1:
            raise ValueError("vocabulary, context, width, heads and layers must be at least 1")
        if self.width % self.heads:
            raise ValueError(f"{self.heads} heads cannot share a width of {self.width} equally")


GPT_2 = Configuration(50_257, 1024, 768, heads=12, layers=12, attention_biases=True, tied=True)
GPT_3 = Configuration(50_257, 2048, 12_288, heads=96, layers=96, attention_biases=True, tied=True)


class Part(NamedTuple):
    """So many arrays of one shape: `copies` times `rows` by `columns`."""

    group: str
    name: str
    copies: int
    rows: int
    columns: int

    @property
    def parameters(self) -> int:
        """How many numbers they hold together."""
        return self.copies * self.rows * self.columns


def matrices(c: Configuration) -> list[Part]:
    """List the matrices that the famous total counts, {eq}`transformer-matrices`, and no others.

    Every head has three of its own; the matrices that take the heads' values up again count as one
    for each layer, side by side. Embedding and unembedding count twice, tied or not.
    """
    heads, dim, wide = c.heads * c.layers, c.width // c.heads, 4 * c.width
    return [
        Part("embedding", "embedding", 1, c.vocabulary, c.width),
        Part("attention", "query", heads, dim, c.width),
        Part("attention", "key", heads, dim, c.width),
        Part("attention", "value", heads, dim, c.width),
        Part("attention", "output", c.layers, c.width, c.width),
        Part("MLP", "up", c.layers, wide, c.width),
        Part("MLP", "down", c.layers, c.width, wide),
        Part("unembedding", "unembedding", 1, c.vocabulary, c.width),
    ]


def left_out(c: Configuration) -> list[Part]:
    """List what the famous total leaves out: the vectors, and the table of positions.

    A tied unembedding, which it counts though it does not exist, has −1 copies here.
    """
    parts = [
        Part("positions", "positions", 1, c.context, c.width),
        Part("layer norm", "gain", 2 * c.layers + 1, 1, c.width),
        Part("layer norm", "bias", 2 * c.layers + 1, 1, c.width),
        Part("biases", "attention", 4 * c.layers * c.attention_biases, 1, c.width),
        Part("biases", "up", c.layers, 1, 4 * c.width),
        Part("biases", "down", c.layers, 1, c.width),
    ]
    return parts + [Part("tied", "unembedding", -1, c.vocabulary, c.width)] * c.tied


def parts(c: Configuration) -> list[Part]:
    """List all that is in such a model: the matrices, and what the famous total leaves out."""
    return matrices(c) + left_out(c)


def total(parts: list[Part]) -> int:
    """How many numbers the `parts` hold together."""
    return sum(part.parameters for part in parts)


def by_group(parts: list[Part]) -> dict[str, int]:
    """How many numbers each group of `parts` holds, in the order in which they come."""
    groups = dict.fromkeys(part.group for part in parts)
    return {name: total([part for part in parts if part.group == name]) for name in groups}


def shares(c: Configuration) -> dict[str, float]:
    """What share of a whole model its embeddings, attention, MLPs and all the rest take up."""
    groups = by_group(parts(c))
    embedding = groups["embedding"] + groups["unembedding"] + groups.get("tied", 0)
    found = {"embeddings": embedding, "attention": groups["attention"], "MLP": groups["MLP"]}
    everything = sum(groups.values())
    found["the rest"] = everything - sum(found.values())
    return {name: count / everything for name, count in found.items()}


def configuration(model: Transformer) -> Configuration:
    """Read the sizes off the arrays of one of this book's models."""
    vocabulary, width = model.embedding.shape
    heads = len(model.blocks[0].attention.W_q)
    biased = isinstance(model.blocks[0].attention, BiasedAttention)
    sizes = vocabulary, len(model.positions), width, heads, len(model.blocks)
    return Configuration(*sizes, attention_biases=biased)
