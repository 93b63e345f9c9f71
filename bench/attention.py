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
from weighted_sums import attention

LENGTHS = (16, 32, 64, 128, 256, 512, 1024)


def programs(
    n: int, sequences: int = 8, width: int = 128, heads: int = 4, backward: bool = False
) -> Programs:
    """The three programs on the same embeddings and matrices.

    They return what the layer adds, or with `backward` the slope by the embeddings; the slopes of
    the matrices are worked out too.
    """
    rng = np.random.default_rng(0)
    x, dy = rng.standard_normal((2, sequences, n, width), dtype=np.float32)
    a = attention.init_attention(width, heads, rng)
    kinds = {"written out": written_out, "fused": fused}
    if not backward:
        made = {f"PyTorch, {kind}": forward_in_torch(x, a, f) for kind, f in kinds.items()}
        return {OURS: lambda: attention.self_attention(x, a)[0], **made}
    made = {f"PyTorch, {kind}": backward_in_torch(x, dy, a, f) for kind, f in kinds.items()}
    return {
        OURS: lambda: attention.self_attention_backward(dy, attention.self_attention(x, a)[1])[0],
        **made,
    }


def written_out(q: torch.Tensor, k: torch.Tensor, v: torch.Tensor) -> torch.Tensor:
    """Attention by its definition, all scores at once."""
    scores = q @ k.transpose(-1, -2) / q.shape[-1] ** 0.5
    hidden = torch.ones(scores.shape[-2:], dtype=torch.bool).triu(1)
    return scores.masked_fill(hidden, -torch.inf).softmax(-1) @ v


fused = partial(scaled_dot_product_attention, is_causal=True)


def _tensors(x: np.ndarray, a: attention.Attention) -> list[torch.Tensor]:
    down = (W.reshape(-1, W.shape[-1]) for W in a[:3])
    return [torch.tensor(array) for array in (x, *down, attention.concat_heads(a.O))]


def _layer(gather: Callable, heads: int, x, Q, K, V, O) -> torch.Tensor:
    q, k, v = ((x @ W.T).unflatten(-1, (heads, -1)).transpose(1, 2) for W in (Q, K, V))
    return gather(q, k, v).transpose(1, 2).flatten(-2) @ O.T


def forward_in_torch(x, a: attention.Attention, gather: Callable) -> Callable[[], np.ndarray]:
    """The layer, without a graph for a backward pass."""
    tensors = _tensors(x, a)

    def run() -> np.ndarray:
        with torch.no_grad():
            return _layer(gather, len(a.Q), *tensors).numpy()

    return run


def backward_in_torch(x, dy, a: attention.Attention, gather: Callable) -> Callable[[], np.ndarray]:
    """The layer and the slopes by the embeddings and all four matrices."""
    tensors = [t.requires_grad_() for t in _tensors(x, a)]
    slope = torch.tensor(dy)

    def run() -> np.ndarray:
        return torch.autograd.grad(_layer(gather, len(a.Q), *tensors), tensors, slope)[0].numpy()

    return run


_TINY = {"n": 5, "sequences": 2, "width": 8, "heads": 2}
_SHARED = {
    "settings": [{"n": n} for n in LENGTHS],
    "main": [{"n": 256}],
    "tiny": _TINY,
    "growth": (Growth("n", {}, least=128),),
    "tolerance": 1e-4,
}
FORWARD = Case("attention forward", programs, **_SHARED)
BACKWARD = Case("attention forward and backward", partial(programs, backward=True), **_SHARED)
