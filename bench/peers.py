"""Libraries beside which `make bench` measures, and which nothing else in the book needs."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable, Mapping
from typing import Any

PEERS = ("jax", "mygrad", "autograd", "micrograd")


def present(
    case: str, makers: Mapping[str, tuple[str, Callable[..., Any]]]
) -> dict[str, Callable[..., Any]]:
    """Those of a case's programs whose library is installed; of the others it says so.

    `makers` gives the name of the program and what makes it, by the name of the library.
    """
    found = {}
    for library, (name, make) in makers.items():
        if importlib.util.find_spec(library):
            found[name] = make
        else:
            print(f"{case}: {library} is not installed and left out", file=sys.stderr, flush=True)
    return found
