"""A layer of attention forward, against the length of the sequence: ours beside PyTorch's.

`make bench` runs it: 8 sequences, width 128, four heads, causal, float32, one thread. PyTorch does
it written out as in the book (scores, mask, softmax, values) and with its fused kernel, which never
holds all scores at once. The programs take turns; their processor time is counted.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from torch.nn.functional import scaled_dot_product_attention

from weighted_sums import attention, recorded

SEQUENCES, WIDTH, HEADS = 8, 128, 4
LENGTHS = (16, 32, 64, 128, 256, 512, 1024)
ROUNDS = 11


def programs(n: int) -> dict[str, Callable[[], np.ndarray]]:
    """The three programs on the same embeddings and the same matrices."""
    rng = np.random.default_rng(0)
    x = rng.standard_normal((SEQUENCES, n, WIDTH), dtype=np.float32)
    a = attention.random_attention(WIDTH, HEADS, rng)
    inputs = torch.tensor(x)
    down = [torch.tensor(W.reshape(-1, WIDTH)) for W in a[:3]]
    up = torch.tensor(attention.side_by_side(a.O))

    def in_torch(gather: Callable) -> Callable[[], np.ndarray]:
        def layer() -> np.ndarray:
            with torch.no_grad():
                q, k, v = (
                    (inputs @ W.T).view(SEQUENCES, n, HEADS, -1).transpose(1, 2) for W in down
                )
                found = gather(q, k, v).transpose(1, 2).reshape(SEQUENCES, n, WIDTH)
                return (found @ up.T).numpy()

        return layer

    return {
        "ours": lambda: attention.attend(x, a)[0],
        "written_out": in_torch(written_out),
        "fused": in_torch(lambda q, k, v: scaled_dot_product_attention(q, k, v, is_causal=True)),
    }


def written_out(q: torch.Tensor, k: torch.Tensor, v: torch.Tensor) -> torch.Tensor:
    """Attention by its definition, all scores at once."""
    scores = q @ k.transpose(-1, -2) / q.shape[-1] ** 0.5
    hidden = torch.ones(scores.shape[-2:], dtype=torch.bool).triu(1)
    return scores.masked_fill(hidden, -torch.inf).softmax(-1) @ v


def times(n: int) -> dict[str, float]:
    """Median processor time of each program in milliseconds, after one round to warm up."""
    layers = programs(n)
    results = [layer() for layer in layers.values()]
    for other in results[1:]:
        np.testing.assert_allclose(results[0], other, atol=1e-4)
    spent: dict[str, list[float]] = {name: [] for name in layers}
    for _ in range(ROUNDS):
        for name, layer in layers.items():
            start = time.process_time()
            layer()
            spent[name].append(1e3 * (time.process_time() - start))
    return {f"{name}_ms": round(statistics.median(took), 3) for name, took in spent.items()}


def main(path: Path) -> None:
    """Print and record a row for each length."""
    torch.set_num_threads(1)
    rows = []
    for n in LENGTHS:
        row = {"n": n, **times(n), "scores_mb": round(SEQUENCES * HEADS * n * n * 4 / 1e6, 3)}
        print(row, f"ours / fused = {row['ours_ms'] / row['fused_ms']:.2f}", flush=True)
        rows.append(row)
    recorded.record(path, rows, command="make bench", packages=("numpy", "torch"))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
