"""The last recorded run of `make bench`: its tables in Markdown, and the numbers by name."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from weighted_sums.workshop import recorded

Run = dict[str, Any]
OURS = "this book"
TITLES = {
    "epoch": "An epoch of the digit network",
    "attention forward": "A layer of attention",
    "attention forward and backward": "A layer of attention, there and back",
    "GPT step": "A training step of a GPT",
    "next token": "The next token",
    "autodiff step": "A training step with autodiff",
    "name step": "A training step on one name",
    "gradient": "One gradient",
    "convolution forward and backward": "A layer of convolution, forward and backward",
}


@dataclass(frozen=True)
class Markdown:
    """A table that a page shows as a table, and a terminal as its source."""

    text: str

    def _repr_markdown_(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return self.text


def last() -> Run:
    """The committed run: about, goals, times, memory, parts and growth, each a list of rows."""
    return recorded.load_json("benchmarks")


def as_json(run: Run) -> str:
    """A run as JSON with one row a line, so that a difference of two runs can be read."""
    parts = []
    for name, part in run.items():
        rows = [json.dumps(row, ensure_ascii=False) for row in part] if name != "about" else []
        body = "[\n" + ",\n".join(rows) + "\n]" if rows else json.dumps(part, indent=1)
        parts.append(f"{json.dumps(name)}: {body}")
    return "{\n" + ",\n".join(parts) + "\n}\n"


def about(run: Run) -> Markdown:
    """Machine, versions and date."""
    return _table(("what", "value"), run["about"].items())


def goals(run: Run) -> Markdown:
    """What should hold and what was measured, on one thread and on two."""
    rows: dict[tuple, list[str]] = {}
    for row in run["goals"]:
        key = (f"{row['case']}, {size(row['setting'])}", row["program"], _goal(row))
        rows.setdefault(key, []).append(ranged(row) + ("" if row["holds"] else ", missed"))
    head = ("work", "beside", "goal", "one thread", "two threads")
    return _table(head, ([*key, *found] for key, found in rows.items()))


def _goal(row: dict[str, Any]) -> str:
    if row["most"] is None:
        return f"their time / ours ≥ {row['least']:g}"
    aim = "" if row["aim"] is None else f", aim {row['aim']:g}"
    return f"ours / their time ≤ {row['most']:g}{aim}"


def times(run: Run, case: str) -> Markdown:
    """A row for each program of a case in its main settings: times, ratios to ours, memory."""
    memory = {_key(row): row["megabytes"] for row in run["memory"]}
    own = [row for row in run["times"] if row["case"] == case]
    single = {_key(row): row for row in own if row["threads"] == 1}
    both = [(single[_key(row)], row) for row in own if row["threads"] == 2]
    head = (_names(one for one, _ in both), "program", "ms", "one thread", "two threads", "MB")
    rows = [
        (
            *_sized(one),
            number(one["milliseconds"]),
            ranged(one),
            ranged(two),
            number(memory.get(_key(one))),
        )
        for one, two in both
    ]
    return _table(head, rows)


def all_times(run: Run, case: str) -> Markdown:
    """Every setting of a case on one thread: milliseconds and ratios, each with its range."""
    own = [row for row in run["times"] if row["case"] == case and row["threads"] == 1]
    rows = [(*_sized(row), ranged(row, "milliseconds"), ranged(row)) for row in own]
    return _table((_names(own), "program", "ms", "times ours"), rows)


def _names(rows: Iterable[dict[str, Any]]) -> str:
    return " · ".join(next(iter(rows))["setting"])


def _sized(row: dict[str, Any]) -> tuple[str, str]:
    return " · ".join(f"{value:,}" for value in row["setting"].values()), row["program"]


def growth(run: Run) -> Markdown:
    """The fitted exponents with their standard errors, a row for each law that was asked for."""
    laws: dict[tuple[str, str], list[str]] = {}
    for row in run["growth"]:
        work = ", ".join([row["case"], *filter(None, [size(row["where"])])])
        span = f"{row['against']}, {row['from']:,} to {row['to']:,}"
        exponent = f"{row['exponent']:.2f} ± {row['error']:.2f}".replace("-", "−")
        found = f"{row['program']} {exponent}".replace(" ", "\u00a0")
        laws.setdefault((work, span), []).append(found)
    return _table(
        ("work", "against", "exponents"), ((*law, "; ".join(own)) for law, own in laws.items())
    )


def parts(run: Run) -> Markdown:
    """What a step of the GPT is made of, a column for each program."""
    found: dict[str, dict[str, dict]] = {}
    for row in run["parts"]:
        found.setdefault(row["part"], {})[row["program"]] = row
    programs = list(dict.fromkeys(row["program"] for row in run["parts"]))
    rows = [
        (part, *(_spent(own.get(program)) for program in programs)) for part, own in found.items()
    ]
    return _table(("part", *programs), rows)


def _spent(row: dict[str, Any] | None) -> str:
    return f"{number(row['milliseconds'])} ms, {row['fraction']:.0%}" if row else "–"


def report(run: Run) -> str:
    """The whole run as a Markdown page of its own."""
    texts = ["# Benchmarks", about(run), "## Goals", goals(run)]
    for case in dict.fromkeys(row["case"] for row in run["times"]):
        texts += [f"## {TITLES[case]}", times(run, case), "Every size, on one thread:"]
        texts.append(all_times(run, case))
    texts += ["## Growth", growth(run), "## What a step of the GPT is made of", parts(run)]
    return "\n\n".join(map(str, texts)) + "\n"


def timed(run: Run, case: str, program: str, threads: int = 1, **setting: int) -> dict[str, Any]:
    """The row of a program, with its `milliseconds` and its `ratio` to ours, and their ranges.

    Raises ValueError where that was not measured.
    """
    asked = {"case": case, "program": program, "threads": threads, "setting": setting}
    return _only(run["times"], asked)


def exponent(run: Run, case: str, program: str, against: str, **where: int) -> float:
    """The fitted exponent; raises ValueError where none was fitted."""
    asked = {"case": case, "program": program, "against": against, "where": where}
    return _only(run["growth"], asked)["exponent"]


def part(run: Run, program: str, name: str) -> dict[str, Any]:
    """A part of a step of the GPT, with its `milliseconds` and its `fraction` of the step.

    Raises ValueError where there is none.
    """
    return _only(run["parts"], {"program": program, "part": name})


def _only(rows: list[dict[str, Any]], asked: dict[str, Any]) -> dict[str, Any]:
    found = [row for row in rows if asked.items() <= row.items()]
    if len(found) != 1:
        raise ValueError(f"the run has {len(found)} rows with {asked}, not one")
    return found[0]


def size(setting: dict[str, int]) -> str:
    """A setting in words."""
    return ", ".join(f"{name} {value:,}" for name, value in setting.items())


def ranged(row: dict[str, Any], key: str = "ratio") -> str:
    """The median, and in brackets the smallest and the largest."""
    low, high = (number(row[f"{key}_{end}"], 2) for end in ("low", "high"))
    middle = number(row[key])
    return middle if row[f"{key}_low"] == row[f"{key}_high"] else f"{middle} ({low}–{high})"


def number(x: float | int | None, digits: int = 3) -> str:
    """So many digits that count, thousands set apart; a dash where there is no number."""
    if x is None:
        return "–"
    rounded = float(f"{x:.{digits}g}")
    return f"{rounded:,.0f}" if abs(rounded) >= 100 else f"{rounded:g}"


def _key(row: dict[str, Any]) -> tuple:
    return row["case"], tuple(row["setting"].items()), row["program"]


def _table(head: Sequence[str], rows: Iterable[Iterable[str]]) -> Markdown:
    lines = [head, ["---"] * len(head), *rows]
    return Markdown("\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines))
