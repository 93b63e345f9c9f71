"""The harness: programs that do the same work take turns, so that noise falls on all alike.

A turn is as many calls as fill some milliseconds. On one thread the processor's time is counted,
which other work on the machine hardly changes; on two threads the clock on the wall, since waiting
for the other thread is part of what is asked. What is reported is the median over the rounds, and
the smallest and largest; a ratio is taken within each round, against the first program, ours.
"""

from __future__ import annotations

import gc
import math
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from weighted_sums.gradient_check import relative_error

Setting = dict[str, int]
Programs = dict[str, Callable[[], Any]]
Clock = Callable[[], float]

OURS = "this book"
CLOCKS = {1: ("processor", time.process_time), 2: ("wall", time.perf_counter)}
TURN, MOST_CALLS = 0.03, 100  # seconds that a turn should fill, and the most calls for it


@dataclass(frozen=True)
class Growth:
    """Ask how time grows with `variable`, where the rest of the setting is `where`.

    Settings in which the variable is smaller than `least` are left out of the fit.
    """

    variable: str
    where: Setting
    least: int = 0


@dataclass(frozen=True)
class Case:
    """One piece of work that several programs do.

    `programs(**setting)` makes them, ours first, under the names that are reported. `settings` are
    timed on one thread, `main` on two as well, and there memory is measured; `tiny` is a setting at
    which everything runs in no time. `tolerance` is the relative difference that the first results
    may have, None where they cannot be compared. `part(program, setting)` is the fraction of the
    work that one call does.
    """

    name: str
    programs: Callable[..., Programs]
    settings: Sequence[Setting]
    main: Sequence[Setting]
    tiny: Setting
    growth: Sequence[Growth] = ()
    tolerance: float | None = None
    part: Callable[[str, Setting], float] = lambda program, setting: 1.0


def measure(case: Case, setting: Setting, threads: int, rounds: int) -> list[dict[str, Any]]:
    """Time all programs of a case in one setting; return a row for each, with milliseconds a call.

    Raises ValueError when their results are not the same.
    """
    name, clock = CLOCKS[threads]
    programs = case.programs(**setting)
    apart = differences(case, {name: run() for name, run in programs.items()})
    calls = {name: calls_of(run, clock) for name, run in programs.items()}
    seconds = take_turns(programs, calls, rounds, clock)
    rows = []
    for program, spent in seconds.items():
        whole = [s / case.part(program, setting) for s in spent]
        row = {"case": case.name, "setting": setting, "threads": threads, "clock": name}
        row |= {"program": program, **summary(whole, seconds[OURS]), "apart": apart.get(program)}
        rows.append(row)
    return rows


def differences(case: Case, results: dict[str, Any]) -> dict[str, float]:
    """How far each program's first result is from ours, relative to its size.

    Raises ValueError when one is farther than the case allows.
    """
    if case.tolerance is None:
        return {}
    found = {
        name: relative_error(np.ravel(r), np.ravel(results[OURS])) for name, r in results.items()
    }
    wrong = {name: far for name, far in found.items() if not far <= case.tolerance}
    if wrong:
        raise ValueError(f"{case.name}: the programs do not compute the same: {wrong}")
    return {name: significant(far, 2) for name, far in found.items()}


def calls_of(run: Callable[[], Any], clock: Clock) -> int:
    """How many calls make a turn; finding out warms the program up once more."""
    began = clock()
    run()
    spent = max(clock() - began, 1e-9)
    return max(1, min(MOST_CALLS, math.ceil(TURN / spent)))


def take_turns(
    programs: Programs, calls: dict[str, int], rounds: int, clock: Clock
) -> dict[str, list[float]]:
    """Seconds a call of each program in each round; every other round runs backwards.

    Before a turn the garbage of the others is taken out, which would count as this program's time.
    """
    spent: dict[str, list[float]] = {name: [] for name in programs}
    gc.freeze()  # what is there already need not be looked through before each turn
    for turn in range(rounds):
        for name in list(programs)[:: -1 if turn % 2 else 1]:
            gc.collect()
            began = clock()
            for _ in range(calls[name]):
                programs[name]()
            spent[name].append((clock() - began) / calls[name])
    gc.unfreeze()
    return spent


def summary(seconds: Sequence[float], ours: Sequence[float]) -> dict[str, float]:
    """Milliseconds and the ratio to ours within each round: median, smallest and largest."""
    ratios = [a / b for a, b in zip(seconds, ours, strict=True)]
    found = {}
    for name, values in (("milliseconds", [1e3 * s for s in seconds]), ("ratio", ratios)):
        found[name] = significant(statistics.median(values))
        found[f"{name}_low"] = significant(min(values))
        found[f"{name}_high"] = significant(max(values))
    return found


def significant(x: float, digits: int = 4) -> float:
    """Round to so many digits that count."""
    return float(f"{x:.{digits}g}")
