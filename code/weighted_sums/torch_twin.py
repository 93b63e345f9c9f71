"""The same transformer in PyTorch: what the book wrote by hand, in the parts that one would use.

PyTorch brings the backward pass and faster kernels; the mathematics and the parameters are those of
`transformer`, and go over from one to the other and back.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from weighted_sums.blocks import NORM_EPS, Block, Norm
from weighted_sums.heads import Attention, BiasedAttention, Biases, with_biases
from weighted_sums.networks import Layer
from weighted_sums.transformer import IGNORE_INDEX, Transformer


class TwinBlock(nn.Module):
    """One block: attention and an MLP, a layer norm before each."""

    def __init__(self, width: int, heads: int, inner: int, biased: bool = False) -> None:
        """Make a block of `heads` heads, `biased` or not, whose MLP has `inner` neurons."""
        super().__init__()
        self.heads = heads
        self.norm_1 = nn.LayerNorm(width, eps=NORM_EPS)
        self.qkv = nn.Linear(width, 3 * width, bias=biased)
        self.out = nn.Linear(width, width, bias=biased)
        self.norm_2 = nn.LayerNorm(width, eps=NORM_EPS)
        self.up = nn.Linear(width, inner)
        self.down = nn.Linear(inner, width)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Add to the stream `x` what attention finds, then what the MLP finds."""
        q, k, v = (
            part.unflatten(-1, (self.heads, -1)).transpose(-2, -3)
            for part in self.qkv(self.norm_1(x)).chunk(3, dim=-1)
        )
        found = functional.scaled_dot_product_attention(q, k, v, is_causal=True)
        x = x + self.out(found.transpose(-2, -3).flatten(-2))
        a = functional.gelu(self.up(self.norm_2(x)), approximate="tanh")
        return x + self.down(a)


class TorchTransformer(nn.Module):
    """The transformer that `model` is, with the same parameters."""

    def __init__(self, model: Transformer) -> None:
        """Copy the parameters of `model`, in their own precision."""
        super().__init__()
        (vocabulary, width), context = model.embedding.shape, len(model.positions)
        self.embedding = nn.Embedding(vocabulary, width)
        self.positions = nn.Embedding(context, width)
        self.blocks = nn.ModuleList(
            TwinBlock(width, len(a.W_q), len(block.up.b), isinstance(a, BiasedAttention))
            for block in model.blocks
            for a in [block.attention]
        )
        self.norm = nn.LayerNorm(width, eps=NORM_EPS)
        self.unembedding = nn.Linear(width, vocabulary, bias=False)
        self.to(torch.from_numpy(model.embedding).dtype)
        self.load_state_dict(state(model))

    def forward(self, tokens: torch.Tensor) -> torch.Tensor:
        """Logits of the next token at every place."""
        places = torch.arange(tokens.shape[-1])
        x = self.embedding(tokens) + self.positions(places)
        for block in self.blocks:
            x = block(x)
        return self.unembedding(self.norm(x))

    def cost(self, x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
        """Average surprise at the tokens `y`, {eq}`language-model-cost`, in nats."""
        return functional.cross_entropy(
            self(x).flatten(0, -2), y.flatten(), ignore_index=IGNORE_INDEX
        )


def state(model: Transformer) -> dict[str, torch.Tensor]:
    """Return the parameters of `model` under the names of the twin's."""
    found = {"embedding.weight": model.embedding, "positions.weight": model.positions}
    for i, block in enumerate(model.blocks):
        a = block.attention
        biases = a.biases if isinstance(a, BiasedAttention) else None
        down = np.concatenate([W.reshape(-1, W.shape[-1]) for W in a[:3]])
        parts = {
            "norm_1": block.norm_1,
            "qkv": (down, biases and np.concatenate([b.ravel() for b in biases[:3]])),
            "out": (np.concatenate(list(a.W_o), axis=1), biases and biases.out),
            "norm_2": block.norm_2,
            "up": block.up,
            "down": block.down,
        }
        for name, arrays in parts.items():
            for kind, array in zip(("weight", "bias"), arrays, strict=True):
                if array is not None:
                    found[f"blocks.{i}.{name}.{kind}"] = array
    found |= {"norm.weight": model.norm.gain, "norm.bias": model.norm.bias}
    found["unembedding.weight"] = model.unembedding
    return {name: torch.tensor(array) for name, array in found.items()}


def to_numpy(twin: TorchTransformer, grads: bool = False) -> Transformer:
    """Return the twin's parameters, or their `grads`, as the book's transformer."""
    tensors = {
        name: (p.grad if grads else p).detach().numpy().copy()
        for name, p in twin.named_parameters()
    }

    return Transformer(
        tensors["embedding.weight"],
        tensors["positions.weight"],
        [_block(tensors, f"blocks.{i}", part.heads) for i, part in enumerate(twin.blocks)],
        _pair(tensors, "norm", Norm),
        tensors["unembedding.weight"],
    )


def _pair(tensors: dict[str, np.ndarray], name: str, kind: type) -> Norm | Layer:
    return kind(tensors[f"{name}.weight"], tensors[f"{name}.bias"])


def _block(tensors: dict[str, np.ndarray], name: str, heads: int) -> Block:
    out = tensors[f"{name}.out.weight"]
    qkv = np.split(tensors[f"{name}.qkv.weight"], 3)
    down = (W.reshape(heads, -1, W.shape[-1]) for W in qkv)
    up = np.ascontiguousarray(out.reshape(len(out), heads, -1).swapaxes(0, 1))
    attention = Attention(*down, up)
    if f"{name}.qkv.bias" in tensors:
        own = (b.reshape(heads, -1) for b in np.split(tensors[f"{name}.qkv.bias"], 3))
        attention = with_biases(attention, Biases(*own, tensors[f"{name}.out.bias"]))
    return Block(
        _pair(tensors, f"{name}.norm_1", Norm),
        attention,
        _pair(tensors, f"{name}.norm_2", Norm),
        _pair(tensors, f"{name}.up", Layer),
        _pair(tensors, f"{name}.down", Layer),
    )
