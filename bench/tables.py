"""The small tables that chapters show, taken from the times of a whole run."""

from __future__ import annotations

from typing import Any

from bench.epochs import SLOW
from bench.gradients import DIFFERENCES
from bench.next_token import AGAIN
from bench.pairs import OURS

Rows = list[dict[str, Any]]
PACKAGES = {
    "epoch-times": ("numpy", "torch", "scikit-learn"),
    "attention-times": ("numpy", "torch"),
    "gpt-step": ("numpy", "torch"),
    "kv-cache": ("numpy",),
    "gradients": ("numpy", "torch"),
}


def chapter_tables(times: Rows) -> dict[str, Rows]:
    """The rows of each table in `PACKAGES`."""
    times = [row for row in times if row["threads"] == 1]
    steps = [row for row in times if row["setting"].get("windows") == 12]
    columns = {
        "ours_ms": OURS,
        "written_out_ms": "PyTorch, written out",
        "fused_ms": "PyTorch, fused",
    }
    lengths = _side_by_side(times, "attention forward", "n", columns)
    for row in lengths:
        row["scores_mb"] = round(8 * 4 * row["n"] ** 2 * 4 / 1e6, 3)
    columns_by_cache = {"cached_ms": OURS, "uncached_ms": AGAIN}
    return {
        "epoch-times": _epochs(times),
        "attention-times": lengths,
        "gpt-step": _side_by_side(
            steps, "GPT step", "width", {"numpy_ms": OURS, "torch_ms": "PyTorch"}
        ),
        "kv-cache": _side_by_side(times, "next token", "token", columns_by_cache),
        "gradients": _gradients(times),
    }


def _epochs(times: Rows) -> Rows:
    return [
        {
            "program": row["program"],
            "batch_size": row["setting"]["batch"],
            "seconds": round(row["milliseconds"] / 1e3, 4),
            **{key: round(row[key], 2) for key in ("ratio", "ratio_low", "ratio_high")},
        }
        for batch in (10, 100)
        for name in (OURS, "scikit-learn", "PyTorch", SLOW)
        for row in times
        if row["program"] == name and row["setting"] == {"hidden": 30, "batch": batch}
    ]


def _side_by_side(times: Rows, case: str, variable: str, columns: dict[str, str]) -> Rows:
    spent = {
        (row["setting"][variable], row["program"]): row["milliseconds"]
        for row in times
        if row["case"] == case
    }
    return [
        {variable: x, **{key: spent[x, program] for key, program in columns.items()}}
        for x in sorted({x for x, _ in spent})
    ]


def _gradients(times: Rows) -> Rows:
    names = {OURS: "by hand", "this book, autodiff": "autodiff"}
    names |= {name: name for name in ("PyTorch", DIFFERENCES)}
    return [
        {
            "program": names[row["program"]],
            **row["setting"],
            "seconds": float(f"{row['milliseconds'] / 1e3:.3g}"),
            "relative_error": row["apart"],
        }
        for row in times
        if row["case"] == "gradient"
    ]
