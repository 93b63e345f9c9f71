"""The same transformer in PyTorch: what the book writes by hand, built from PyTorch's modules.

PyTorch provides the backward pass and faster kernels. The mathematics and the parameters are those
of `transformer`; parameters can be copied in both directions.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from weighted_sums.blocks import NORM_EPS, Block, Norm
from weighted_sums.heads import Attention, BiasedAttention, Biases
from weighted_sums.networks import Layer
from weighted_sums.transformer import IGNORE_INDEX, Transformer


class TorchBlock(nn.Module):
    """One block: attention and an MLP, a layer norm before each."""

    def __init__(self, d_model: int, n_heads: int, d_mlp: int, biased: bool = False) -> None:
        """Make a block of `n_heads` heads, `biased` or not, whose MLP has `d_mlp` neurons."""
        super().__init__()
        self.n_heads = n_heads
        self.norm_1 = nn.LayerNorm(d_model, eps=NORM_EPS)
        self.qkv = nn.Linear(d_model, 3 * d_model, bias=biased)
        self.out = nn.Linear(d_model, d_model, bias=biased)
        self.norm_2 = nn.LayerNorm(d_model, eps=NORM_EPS)
        self.up = nn.Linear(d_model, d_mlp)
        self.down = nn.Linear(d_mlp, d_model)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Add the outputs of attention and of the MLP to the residual stream `x`."""
        q, k, v = (
            part.unflatten(-1, (self.n_heads, -1)).transpose(-2, -3)
            for part in self.qkv(self.norm_1(x)).chunk(3, dim=-1)
        )
        head_outputs = functional.scaled_dot_product_attention(q, k, v, is_causal=True)
        x = x + self.out(head_outputs.transpose(-2, -3).flatten(-2))
        a = functional.gelu(self.up(self.norm_2(x)), approximate="tanh")
        return x + self.down(a)


class TorchTransformer(nn.Module):
    """A transformer like `model`, with a copy of its parameters."""

    def __init__(self, model: Transformer) -> None:
        """Copy the sizes and parameters of `model`, and its dtype."""
        super().__init__()
        (vocab_size, d_model), context_length = model.embedding.shape, len(model.positions)
        self.n_heads = [len(block.attention.W_q) for block in model.blocks]
        self.embedding = nn.Embedding(vocab_size, d_model)
        self.positions = nn.Embedding(context_length, d_model)
        self.blocks = nn.ModuleList(
            TorchBlock(d_model, len(a.W_q), len(block.up.b), isinstance(a, BiasedAttention))
            for block in model.blocks
            for a in [block.attention]
        )
        self.norm = nn.LayerNorm(d_model, eps=NORM_EPS)
        self.unembedding = nn.Linear(d_model, vocab_size, bias=False)
        self.to(torch.from_numpy(model.embedding).dtype)
        self.load_state_dict(state_dict(model))

    def forward(self, tokens: torch.Tensor) -> torch.Tensor:
        """Logits of the next token at every position."""
        positions = torch.arange(tokens.shape[-1])
        x = self.embedding(tokens) + self.positions(positions)
        for block in self.blocks:
            x = block(x)
        return self.unembedding(self.norm(x))

    def cost(self, x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
        """Average cross-entropy loss of the targets `y`, {eq}`language-model-cost`, in nats."""
        return functional.cross_entropy(
            self(x).flatten(0, -2), y.flatten(), ignore_index=IGNORE_INDEX
        )


def state_dict(model: Transformer) -> dict[str, torch.Tensor]:
    """Return the parameters of `model` under the names that `TorchTransformer` has for them."""
    found = {"embedding.weight": model.embedding, "positions.weight": model.positions}
    for i, block in enumerate(model.blocks):
        a = block.attention
        biases = a.biases if isinstance(a, BiasedAttention) else None
        W_qkv = np.concatenate([W.reshape(-1, W.shape[-1]) for W in a[:3]])
        parts = {
            "norm_1": block.norm_1,
            "qkv": (W_qkv, biases and np.concatenate([b.ravel() for b in biases[:3]])),
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


def to_numpy(model: TorchTransformer, grads: bool = False) -> Transformer:
    """Return a copy of the parameters, or of their `grads`, as the book's transformer.

    Raises ValueError for `grads` that `backward` has not computed yet.
    """
    tensors = {}
    for name, p in model.named_parameters():
        found = p.grad if grads else p
        if found is None:
            raise ValueError(f"{name} has no gradient: call backward first")
        tensors[name] = found.detach().numpy().copy()
    return Transformer(
        tensors["embedding.weight"],
        tensors["positions.weight"],
        [_block(tensors, f"blocks.{i}", n_heads) for i, n_heads in enumerate(model.n_heads)],
        Norm(*_pair(tensors, "norm")),
        tensors["unembedding.weight"],
    )


def _pair(tensors: dict[str, np.ndarray], name: str) -> tuple[np.ndarray, np.ndarray]:
    return tensors[f"{name}.weight"], tensors[f"{name}.bias"]


def _block(tensors: dict[str, np.ndarray], name: str, n_heads: int) -> Block:
    out = tensors[f"{name}.out.weight"]
    qkv = np.split(tensors[f"{name}.qkv.weight"], 3)
    W_q, W_k, W_v = (W.reshape(n_heads, -1, W.shape[-1]) for W in qkv)
    W_o = np.ascontiguousarray(out.reshape(len(out), n_heads, -1).swapaxes(0, 1))
    attention: Attention | BiasedAttention = Attention(W_q, W_k, W_v, W_o)
    if f"{name}.qkv.bias" in tensors:
        q, k, v = (b.reshape(n_heads, -1) for b in np.split(tensors[f"{name}.qkv.bias"], 3))
        biases = Biases(q, k, v, tensors[f"{name}.out.bias"])
        attention = BiasedAttention(W_q, W_k, W_v, W_o, biases)
    return Block(
        Norm(*_pair(tensors, f"{name}.norm_1")),
        attention,
        Norm(*_pair(tensors, f"{name}.norm_2")),
        Layer(*_pair(tensors, f"{name}.up")),
        Layer(*_pair(tensors, f"{name}.down")),
    )
