"""`python -m bench`, which is `make bench`: measure everything, and record it.

    python -m bench [--rounds 9] [--cases "GPT step" ...] [--to FOLDER]
    python -m bench workers FILE     training on one worker and on two
    python -m bench browser          tokens a second of the page's GPT, in Chromium

Each number of threads has a process of its own, because BLAS reads it when it is loaded. The result
is one JSON file; the Markdown beside it and the tables of the chapters are written from it. With
`--cases` nothing is recorded, only printed.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from bench import KEPT

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / "code" / "weighted_sums" / "results"


# older kernels that the environment forces on one library would be measured as the other's merit
FORCED = ("OPENBLAS_", "NPY_", "MKL_", "ONEDNN_", "ATEN_CPU_", "XLA_")
# JAX counts the processors by itself unless it is told
SINGLE = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"


def environment(threads: int) -> dict[str, str]:
    """What a process that measures runs with: so many threads, and kernels by free choice."""
    free = {name: value for name, value in os.environ.items() if not name.startswith(FORCED)}
    counts = {f"{name}_NUM_THREADS": str(threads) for name in ("OMP", "OPENBLAS", "MKL")}
    jax = {"XLA_FLAGS": SINGLE} if threads == 1 else {}
    return free | counts | jax | KEPT


def child(threads: int, *job: Any) -> Any:
    """What `bench.jobs` finds in a process of its own with so many threads."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "found.json")
        command = [sys.executable, "-m", "bench.jobs", str(path)]
        asked = json.dumps([threads, *job]).encode()
        subprocess.run(command, input=asked, check=True, cwd=ROOT, env=environment(threads))
        return json.loads(path.read_text("utf-8"))


def measured(rounds: int, chosen: list[str]) -> dict[str, Any]:
    """The whole run: times on one thread and two, memory, parts of a step, conclusions."""
    times = [row for threads in (1, 2) for row in child(threads, "times", rounds, chosen)]
    programs = [
        (row["case"], row["setting"], row["program"]) for row in times if row["threads"] == 2
    ]
    memory = child(1, "memory", programs)
    parts = child(1, "parts", rounds) if not chosen or "GPT step" in chosen else []
    return child(1, "together", rounds, {"times": times, "memory": memory, "parts": parts})


def main() -> None:
    """Do what the command line asks."""
    if sys.argv[1:2] == ["workers"]:
        from bench import workers

        return workers.main(Path(sys.argv[2]))
    if sys.argv[1:2] == ["browser"]:
        from bench import browser_tokens

        return browser_tokens.main()
    parser = argparse.ArgumentParser(prog="python -m bench")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--cases", nargs="+", default=[])
    parser.add_argument("--to", type=Path, default=RESULTS)
    asked = parser.parse_args()
    run = measured(asked.rounds, asked.cases)
    from weighted_sums.experiments import benchmarks

    print(benchmarks.report(run))
    if not asked.cases:
        child(1, "record", str(asked.to.resolve()), run)
    return None


if __name__ == "__main__":
    main()
