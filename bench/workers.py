"""The same training on one worker and on two: what grows with them, and what does not.

`python -m bench workers FILE` runs it: `torchrun` on this machine, a thread for each worker,
wall-clock time, since waiting is part of what is asked. The medium model has the size
of nanoGPT's CPU setting.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from bench import KEPT
from weighted_sums.workshop import recorded

ROUNDS, STEPS = 3, 30
# the whole batch divided among the workers, and then a whole batch for each of them
RUNS = [(128, 1, 12), (128, 2, 12), (128, 2, 24), (32, 1, 12), (32, 2, 12), (32, 2, 24)]


def report(width: int, workers: int, windows: int) -> dict:
    """Train for some steps and return what the first worker says of it."""
    with tempfile.TemporaryDirectory() as folder:
        command = [
            sys.executable, "-m", "torch.distributed.run", "--standalone",
            "--nproc-per-node", str(workers), "-m", "weighted_sums.experiments.distributed",
            "--checkpoint", f"{folder}/run.npz", "--epochs", "1", "--steps", str(STEPS),
            "--width", str(width), "--windows", str(windows),
        ]  # fmt: skip
        found = subprocess.run(
            command, check=True, capture_output=True, text=True,
            env=os.environ | {"OMP_NUM_THREADS": "1"} | KEPT,
        )  # fmt: skip
    return json.loads(found.stdout.splitlines()[-1])


def main(path: Path) -> None:
    """Print and record a row for each run: medians over several rounds that take turns."""
    rounds = [[report(*run) for run in RUNS] for _ in range(ROUNDS)]
    rows = []
    for (width, workers, windows), reports in zip(RUNS, zip(*rounds, strict=True), strict=True):
        seconds = statistics.median(report["seconds"] / STEPS for report in reports)
        waited = statistics.median(report["waited"] / STEPS for report in reports)
        row = {
            "width": width,
            "workers": workers,
            "windows": windows,
            "step_ms": round(1e3 * seconds, 1),
            "exchange_ms": round(1e3 * waited, 1),
            "windows_per_s": round(windows / seconds, 1),
            "mb_exchanged": round(4e-6 * (reports[0]["parameters"] + 1), 2) * (workers > 1),
        }
        print(row, flush=True)
        rows.append(row)
    recorded.record(path, rows, command="python -m bench workers", packages=("numpy", "torch"))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
