"""What the next token costs with the cache of keys and values, and without it.

`make bench` runs it: a transformer of nanoGPT's CPU size with a context of 256, one sequence,
float32, one thread. Times are medians of processor time; the two ways take turns.
"""

from __future__ import annotations

import statistics
import sys
import time
from pathlib import Path

import numpy as np

from weighted_sums import recorded, transformer
from weighted_sums.generation import Cache, next_logits

PLACES = (1, 16, 32, 64, 128, 192, 256)
ROUNDS = 15


def main(path: Path) -> None:
    """Print and record a row for each length of the text so far."""
    rng = np.random.default_rng(0)
    model = transformer.random_transformer(65, max(PLACES), 128, 4, 4, rng)
    tokens = rng.integers(65, size=max(PLACES))
    rows = []
    for place in PLACES:
        cached, uncached = [], []
        for _ in range(ROUNDS):
            cache = Cache(model)
            if place > 1:
                next_logits(tokens[: place - 1], cache)
            start = time.process_time()
            found = next_logits(tokens[place - 1 : place], cache)
            middle = time.process_time()
            wanted = transformer.logits(tokens[:place], model)[-1]
            uncached.append(1e3 * (time.process_time() - middle))
            cached.append(1e3 * (middle - start))
            np.testing.assert_allclose(found, wanted, atol=1e-4)
        row = {
            "token": place,
            "cached_ms": round(statistics.median(cached), 3),
            "uncached_ms": round(statistics.median(uncached), 3),
        }
        print(row, f"{row['uncached_ms'] / row['cached_ms']:.1f} times", flush=True)
        rows.append(row)
    recorded.record(path, rows, command="make bench")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
