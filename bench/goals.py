"""What this book's programs should reach beside the others, and whether they do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from bench.pairs import Setting, significant


class Goal(NamedTuple):
    """A ratio to reach against one program: at least `least` times as fast, or at most `most`
    times as slow, where `aim` is what we would like.
    """

    case: str
    setting: Setting
    program: str
    least: float | None = None
    most: float | None = None
    aim: float | None = None


_EPOCHS = [
    Goal("epoch", {"hidden": hidden, "batch": batch}, "PyTorch", least=least)
    for hidden in (30, 100)
    for batch, least in ((10, 4.0), (100, 2.0))
]
_ATTENTION = [
    Goal(f"attention {ways}", {"n": 256}, "PyTorch, fused", most=2.5)
    for ways in ("forward", "forward and backward")
]
_STEP = Goal("GPT step", {"width": 128, "windows": 12}, "PyTorch", most=1.6, aim=1.3)
GOALS = (*_EPOCHS, *_ATTENTION, _STEP)


def reached(goals: Sequence[Goal], rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """A row for each goal and number of threads: the ratio measured, its range, does it hold."""
    found = []
    for goal in goals:
        for row in rows:
            if (row["case"], row["setting"], row["program"]) == goal[:3]:
                low, middle, high = (row[key] for key in ("ratio_low", "ratio", "ratio_high"))
                if goal.most is not None:  # ours over theirs
                    low, middle, high = (significant(1 / r) for r in (high, middle, low))
                    holds = middle <= goal.most
                else:
                    holds = middle >= goal.least
                measured = {"ratio": middle, "ratio_low": low, "ratio_high": high, "holds": holds}
                found.append({**goal._asdict(), "threads": row["threads"], **measured})
    return found
