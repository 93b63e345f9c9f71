"""A progress bar for long computations, shown only where someone can see it."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Sized
from typing import Any, TypeVar

from tqdm import tqdm

T = TypeVar("T")

QUIET = "TQDM_DISABLE"
"""The environment variable that disables the bar; it is set while the book is built."""


def progress(items: Iterable[T], done: int = 0, unit: str = "epoch") -> Iterable[T]:
    """Iterate over `items`, with a bar at a terminal or in a live notebook and silently elsewhere.

    `done` items were finished earlier and count as part of the total.
    """
    total = done + len(items) if isinstance(items, Sized) else None
    return tqdm(items, initial=done, total=total, unit=unit, disable=not _is_watched(), leave=False)


def _is_watched() -> bool:
    if os.environ.get(QUIET):
        return False
    return _is_terminal(sys.stderr) or _in_a_notebook()


def _is_terminal(stream: Any) -> bool:
    # a service may have no standard error, or a closed one
    return stream is not None and not stream.closed and stream.isatty()


def _in_a_notebook() -> bool:
    # only a notebook has loaded IPython with a kernel
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    return shell is not None and hasattr(shell, "kernel")
