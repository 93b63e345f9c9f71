"""A bar that shows how far a long computation has come, to whoever is there to see it."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from typing import Any

from tqdm import tqdm

QUIET = "TQDM_DISABLE"
"""The environment variable that keeps the bar away; set while the book is built."""


def progress(turns: Iterable, done: int = 0, unit: str = "epoch") -> Iterable:
    """Go through `turns`, with a bar at a terminal or in a live notebook and silently elsewhere.

    `done` turns were finished earlier and count as part of the whole.
    """
    total = done + len(turns) if hasattr(turns, "__len__") else None
    return tqdm(turns, initial=done, total=total, unit=unit, disable=not _is_watched(), leave=False)


def _is_watched() -> bool:
    if os.environ.get(QUIET):
        return False
    return _is_a_terminal(sys.stderr) or _in_a_notebook()


def _is_a_terminal(stream: Any) -> bool:
    # a service may run without standard error, or close it
    return stream is not None and not stream.closed and stream.isatty()


def _in_a_notebook() -> bool:
    # only a notebook has loaded IPython, and a kernel behind it
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    return shell is not None and hasattr(shell, "kernel")
