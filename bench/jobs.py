"""What the processes that `python -m bench` starts do: `python -m bench.jobs FILE`.

Threads, job and arguments come as JSON on the standard input; what is found goes to FILE, as JSON.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import torch

from bench import goals, growth, machine, memory, pairs, step_parts, tables
from bench.cases import CASES
from weighted_sums.experiments import benchmarks
from weighted_sums.workshop import recorded

COMMAND = "make bench"


def times(threads: int, rounds: int, chosen: list[str]) -> list[dict[str, Any]]:
    """Rows of all cases, or of those that were chosen; on two threads of their main settings."""
    rows = []
    for case in CASES:
        if chosen and case.name not in chosen:
            continue
        for setting in case.settings if threads == 1 else case.main:
            print(f"{case.name}, {setting}, threads: {threads}", file=sys.stderr, flush=True)
            rows += pairs.measure(case, setting, threads, rounds)
    return rows


def peaks(programs: list[tuple[str, pairs.Setting, str]]) -> list[dict[str, Any]]:
    """The memory of each program."""
    named = {case.name: case for case in CASES}
    return memory.peaks((named[case], setting, program) for case, setting, program in programs)


def together(rounds: int, run: dict[str, Any]) -> dict[str, Any]:
    """The run with what it was made with, the goals, and how times grow."""
    return {
        "about": machine.about(COMMAND, rounds),
        "goals": goals.reached(goals.GOALS, run["times"]),
        **run,
        "growth": growth.fits(CASES, run["times"]),
    }


def record(folder: str, run: dict[str, Any]) -> None:
    """Write the run, and what chapters show of it."""
    to = Path(folder)
    (to / "benchmarks.json").write_text(benchmarks.as_json(run), "utf-8")
    (to / "benchmarks.md").write_text(benchmarks.report(run), "utf-8")
    for name, rows in tables.chapter_tables(run["times"]).items():
        recorded.record(to / f"{name}.csv", rows, COMMAND, tables.PACKAGES[name])


def main() -> None:
    """Do one job."""
    threads, job, *given = json.load(sys.stdin)
    torch.set_num_threads(threads)
    jobs = {"memory": peaks, "parts": step_parts.parts, "together": together, "record": record}
    found = times(threads, *given) if job == "times" else jobs[job](*given)
    Path(sys.argv[1]).write_text(json.dumps(found), "utf-8")


if __name__ == "__main__":
    main()
