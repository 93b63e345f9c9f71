"""Checks for the project of a learning-rate finder."""

from __future__ import annotations

import math

import numpy as np

from weighted_sums.exercises import Wrong, called, diagnose, require, require_equal

BETA = 0.9


def rising(answer) -> str:
    """`rising(low, high, steps)`: rates that rise by equal factors."""
    for low, high, steps in ((0.001, 10.0, 5), (0.02, 0.5, 12), (1.0, 8.0, 4)):
        where = f"for {steps} rates from {low} to {high}"
        found = np.asarray(called(answer, where, low, high, steps), dtype=float)
        t, factor = np.arange(steps), high / low
        require_equal(found, low * factor ** (t / (steps - 1)), where, {
            "these have equal differences; equal factors are asked for":
                np.linspace(low, high, steps),
            "the last is missing: there are steps - 1 factors between the first and the last":
                low * factor ** (t / steps),
            "the first is missing": low * factor ** ((t + 1) / steps),
            "these are the logarithms": np.linspace(np.log(low), np.log(high), steps),
            "these are the logarithms to base ten":
                np.linspace(np.log10(low), np.log10(high), steps),
            "they fall": high * (low / high) ** (t / (steps - 1)),
            "the first should be `low`": factor ** (t / (steps - 1)),
        }, f"the rates do not rise from {low} to {high} by equal factors")  # fmt: skip
    return "equal steps on a logarithmic scale"


def range_test(answer) -> str:
    """`range_test(step, rates)`: the costs of steps at rising rates, until it goes wrong."""
    cases = {
        "that only fall": [3.0, 2.0, 1.5, 1.2, 1.0],
        "that grow to more than four times the lowest": [2.0, 1.0, 3.0, 4.5, 9.0, 20.0],
        "that grow to exactly four times the lowest": [2.0, 1.0, 4.0, 3.5, 4.0],
        "of which one is nan": [2.0, 1.5, math.nan, 1.0, 1.0],
        "of which one is infinite": [2.0, 1.0, math.inf, 1.0],
        "that begin with the lowest": [0.5, 1.9, 2.1, 0.1],
    }
    for name, costs in cases.items():
        where = f"for costs {name}, {costs},"
        rates = [0.1 * 2**i for i in range(len(costs))]
        asked: list[float] = []

        def step(rate, asked=asked, costs=costs) -> float:
            asked.append(float(rate))
            return costs[len(asked) - 1]

        found = list(map(float, called(answer, where, step, rates)))
        want, steps = _kept(costs)
        require(asked == rates[: len(asked)], f"{where} the rates are not used in their order, "
                f"each once: {np.round(asked, 2).tolist()}")  # fmt: skip
        require(
            len(asked) <= steps, f"{where} you go on for {len(asked)} steps; stop after {steps}"
        )
        require(len(asked) == steps, f"{where} you stop after {len(asked)} steps; {steps} are due")
        if found != want:
            why = ""
            if not all(map(math.isfinite, found)):
                why = ": a cost that is not finite is not kept"
            elif found == want[:-1]:
                why = ": the last cost belongs to the list"
            raise Wrong(f"{where} you return {found}; it should be {want}{why}")
    return "it stops before it wastes steps, and keeps what can be drawn"


def _kept(costs: list[float]) -> tuple[list[float], int]:
    kept: list[float] = []
    for number, cost in enumerate(costs, start=1):
        if not math.isfinite(cost):
            return kept, number
        kept.append(cost)
        if cost > 4 * min(kept):
            return kept, number
    return kept, len(costs)


def suggest(answer) -> str:
    """`suggest(rates, costs)`: a third of the rate at which the smoothed cost is lowest."""
    rng = np.random.default_rng(0)
    for early in (0, 15, 40):
        rates = np.geomspace(1e-3, 100, 200)
        costs = 0.2 + 0.8 / (1 + (rates / 0.1) ** 1.5) + (rates / 20) ** 2
        costs = costs + 0.1 * rng.standard_normal(200)
        costs[60] = -0.5  # a lucky mini-batch
        costs = costs[: 200 - early]
        where = f"for {len(rates)} rates and {len(costs)} costs"
        found = called(answer, where, rates.copy(), costs.copy())
        require(np.size(found) == 1, f"{where} give one rate")
        found = float(np.squeeze(found))
        raw, fair = _averages(costs)
        best = rates[fair.argmin()]
        require(bool(np.isclose(found, best / 3)), f"{where} " + diagnose(found, {
            "a single lucky mini-batch decides; smooth the costs first": rates[costs.argmin()] / 3,
            "the bias correction is missing: the first averages are too low":
                rates[raw.argmin()] / 3,
            "that is the rate at the minimum; a third of it is asked for": best,
            "that is a tenth of it": best / 10,
            "that is three times the rate at the minimum": 3 * best,
            "that is the index, not the rate": float(fair.argmin()),
            "that is the lowest smoothed cost, not its rate": float(fair.min()),
            "where the cost is highest, the rate is too large": rates[fair.argmax()] / 3,
        }, f"you suggest {found:.4g}; the smoothed cost is lowest at {best:.4g}"))  # fmt: skip
    return "below the edge, and not decided by one mini-batch"


def _averages(costs: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    m, raw = 0.0, []
    for cost in costs:
        m = BETA * m + (1 - BETA) * cost
        raw.append(m)
    found = np.array(raw)
    return found, found / (1 - BETA ** np.arange(1, len(costs) + 1))
