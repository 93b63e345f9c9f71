"""A convolution forward and backward beside PyTorch's, as kernels and batch grow."""

from __future__ import annotations

import numpy as np
import torch
from torch.nn import functional

from bench.pairs import OURS, Case, Growth, Programs, Setting
from weighted_sums.convolution import convolve, convolve_backward

SIZE = 5


def setting(batch: int, channels: int, kernels: int, side: int) -> Setting:
    """The size of one layer."""
    return {"batch": batch, "channels": channels, "kernels": kernels, "side": side}


def programs(batch: int, channels: int, kernels: int, side: int) -> Programs:
    """Both programs; each returns dx, dW and db for the same error, in one vector."""
    rng = np.random.default_rng(0)
    x = rng.standard_normal((batch, channels, side, side), dtype=np.float32)
    W = rng.standard_normal((kernels, channels, SIZE, SIZE), dtype=np.float32)
    b = rng.standard_normal(kernels, dtype=np.float32)
    dz = rng.standard_normal(convolve(x, W, b)[0].shape, dtype=np.float32)

    def ours() -> np.ndarray:
        _, cache = convolve(x, W, b)
        return np.concatenate([d.ravel() for d in convolve_backward(dz, cache)])

    def theirs() -> np.ndarray:
        tensors = [torch.from_numpy(array).requires_grad_() for array in (x, W, b)]
        functional.conv2d(*tensors).backward(torch.from_numpy(dz))
        return np.concatenate([tensor.grad.numpy().ravel() for tensor in tensors])

    return {OURS: ours, "PyTorch": theirs}


MAIN = setting(40, 8, 16, 12)
CONVOLUTION = Case(
    "convolution forward and backward",
    programs,
    settings=[
        setting(40, 1, 8, 28),
        *(setting(40, 8, kernels, 12) for kernels in (4, 16, 64)),
        *(setting(batch, 8, 16, 12) for batch in (10, 160)),
    ],
    main=[MAIN],
    tiny=setting(2, 1, 2, 6),
    growth=[
        Growth("kernels", {"batch": 40, "channels": 8, "side": 12}),
        Growth("batch", {"channels": 8, "kernels": 16, "side": 12}),
    ],
    tolerance=1e-3,
)
