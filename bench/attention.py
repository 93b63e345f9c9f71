"""A layer of attention against the length of the sequence: ours beside PyTorch's.

PyTorch does it written out as in the book (scores, mask, softmax, values) and with its fused
kernel, which never holds all scores at once. Causal, float32.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
import torch
from torch.nn.functional import scaled_dot_product_attention

from bench.pairs import OURS, Case, Growth, Programs
from weighted_sums.attention import self_attention, self_attention_backward
from weighted_sums.heads import Attention, concat_heads, init_attention

LENGTHS = (16, 32, 64, 128, 256, 512, 1024)


def programs(
    n: int, sequences: int = 8, width: int = 128, heads: int = 4, backward: bool = False
) -> Programs:
    """The three programs on the same embeddings and matrices.

    They return the layer's output, or with `backward` the gradient with respect to the embeddings;
    those of the matrices are computed too.
    """
    rng = np.random.default_rng(0)
    x, dy = rng.standard_normal((2, sequences, n, width), dtype=np.float32)
    a = init_attention(width, heads, rng)
    kinds = {"written out": written_out, "fused": fused}
    if not backward:
        made = {f"PyTorch, {kind}": forward_in_torch(x, a, f) for kind, f in kinds.items()}
        return {OURS: lambda: self_attention(x, a)[0], **made}
    made = {f"PyTorch, {kind}": backward_in_torch(x, dy, a, f) for kind, f in kinds.items()}
    return {
        OURS: lambda: self_attention_backward(dy, self_attention(x, a)[1])[0],
        **made,
    }


def written_out(q: torch.Tensor, k: torch.Tensor, v: torch.Tensor) -> torch.Tensor:
    """Attention by its definition, all scores at once."""
    scores = q @ k.transpose(-1, -2) / q.shape[-1] ** 0.5
    hidden = torch.ones(scores.shape[-2:], dtype=torch.bool).triu(1)
    return scores.masked_fill(hidden, -torch.inf).softmax(-1) @ v


fused = partial(scaled_dot_product_attention, is_causal=True)


def _tensors(x: np.ndarray, a: Attention) -> list[torch.Tensor]:
    down = (W.reshape(-1, W.shape[-1]) for W in a[:3])
    return [torch.tensor(array) for array in (x, *down, concat_heads(a.W_o))]


def _layer(attend: Callable, heads: int, x, W_q, W_k, W_v, W_o) -> torch.Tensor:
    q, k, v = ((x @ W.T).unflatten(-1, (heads, -1)).transpose(1, 2) for W in (W_q, W_k, W_v))
    return attend(q, k, v).transpose(1, 2).flatten(-2) @ W_o.T


def forward_in_torch(x, a: Attention, attend: Callable) -> Callable[[], np.ndarray]:
    """The layer, without a graph for a backward pass."""
    tensors = _tensors(x, a)

    def run() -> np.ndarray:
        with torch.no_grad():
            return _layer(attend, len(a.W_q), *tensors).numpy()

    return run


def backward_in_torch(x, dy, a: Attention, attend: Callable) -> Callable[[], np.ndarray]:
    """The layer and the gradients of the embeddings and all four matrices."""
    tensors = [t.requires_grad_() for t in _tensors(x, a)]
    grad = torch.tensor(dy)

    def run() -> np.ndarray:
        return torch.autograd.grad(_layer(attend, len(a.W_q), *tensors), tensors, grad)[0].numpy()

    return run


_TINY = {"n": 5, "sequences": 2, "width": 8, "heads": 2}
_SHARED = {
    "settings": [{"n": n} for n in LENGTHS],
    "main": [{"n": 256}, {"n": 1024}],
    "tiny": _TINY,
    "growth": (Growth("n", {}, least=128),),
    "tolerance": 1e-4,
}
FORWARD = Case("attention forward", programs, **_SHARED)
BACKWARD = Case("attention forward and backward", partial(programs, backward=True), **_SHARED)
