"""A training step of a transformer: forward, backward and Adam, by hand and in PyTorch.

`make bench` runs it: nanoGPT's CPU setting (12 windows of 64 tokens, four layers and heads, width
128, 65 tokens) and other widths, float32, one thread. The two take turns; processor time counts.
"""

from __future__ import annotations

import statistics
import sys
import time
from pathlib import Path

import numpy as np
import torch

from weighted_sums import optimizers, recorded, transformer
from weighted_sums.parameters import leaves
from weighted_sums.torch_twin import Twin

WIDTHS = (32, 64, 128, 256)
ROUNDS = 15


def main(path: Path) -> None:
    """Print and record a row for each width."""
    torch.set_num_threads(1)
    rows = []
    for width in WIDTHS:
        programs = steps(width)
        spent: dict[str, list[float]] = {name: [] for name in programs}
        for turn in range(ROUNDS + 2):
            for name, step in programs.items():
                start = time.process_time()
                step()
                if turn > 1:  # the first two warm up
                    spent[name].append(1e3 * (time.process_time() - start))
        row = {"width": width}
        row |= {name: round(statistics.median(times), 2) for name, times in spent.items()}
        print(row, f"ours / torch = {row['numpy_ms'] / row['torch_ms']:.2f}", flush=True)
        rows.append(row)
    recorded.record(path, rows, command="make bench", packages=("numpy", "torch"))


def steps(width: int) -> dict:
    """The same step of the same model in the two programs."""
    rng = np.random.default_rng(0)
    model = transformer.random_transformer(65, 64, width, 4, 4, rng)
    x, y = rng.integers(65, size=(2, 12, 64))
    twin, tx, ty = Twin(model), torch.from_numpy(x), torch.from_numpy(y)
    ours, theirs = optimizers.Adam(1e-3), torch.optim.AdamW(twin.parameters(), lr=1e-3)
    parameters = leaves(model)

    def by_hand() -> None:
        ours.step(parameters, leaves(transformer.cost_and_gradient(model, x, y)[1]))

    def in_torch() -> None:
        theirs.zero_grad()
        twin.cost(tx, ty).backward()
        theirs.step()

    return {"numpy_ms": by_hand, "torch_ms": in_torch}


if __name__ == "__main__":
    main(Path(sys.argv[1]))
