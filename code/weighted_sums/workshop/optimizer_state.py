"""The state of an optimiser, so that a checkpoint can save all of it, or refuse at the beginning.

Besides its steps, this state consists of moments, which are lists with an array for each array of
parameters, and of plain numbers or strings. A number that keeps its initial value is a setting,
which a resumed run may change; a number that training has changed is saved.
"""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np

from weighted_sums.workshop.parameters import leaves

PLAIN = int | float | str | None


def settings(optimizer: Any) -> dict[str, Any]:
    """Return all state but steps and moments; ValueError if the optimiser could not be saved."""
    kind = type(optimizer).__name__
    if not is_dataclass(optimizer):
        raise ValueError(f"an optimiser must be a dataclass, to be saved; {kind} is not")
    found = {name: x for name, x in state(optimizer).items() if not isinstance(x, list)}
    for name, value in found.items():
        if not isinstance(value, PLAIN) and not callable(value):
            what = f"{type(value).__name__} {value!r:.100}"
            raise ValueError(f"{kind}.{name} cannot be saved: {what}")
    return {name: _comparable(value) for name, value in found.items()}


def state(optimizer: Any) -> dict[str, Any]:
    """Return all fields but the steps, and any attribute that a step has added to them."""
    found = {field.name: getattr(optimizer, field.name) for field in fields(optimizer)}
    found |= getattr(optimizer, "__dict__", {})
    del found["steps"]
    return found


def moments(optimizer: Any) -> dict[str, list[Any]]:
    """Return the lists; their arrays are not copied."""
    return {name: x for name, x in state(optimizer).items() if isinstance(x, list)}


def changed(optimizer: Any, initial: dict[str, Any] | None) -> dict[str, Any]:
    """Return what no longer has its `initial` value; ValueError if it could not be read again."""
    if initial is None:
        return {}
    found = {
        name: value
        for name, value in state(optimizer).items()
        if not isinstance(value, list)
        and (name not in initial or _comparable(value) != initial[name])
    }
    for name, value in found.items():
        if not isinstance(value, PLAIN):
            raise ValueError(f"{type(optimizer).__name__}.{name} cannot be saved: {value!r:.100}")
    return found


def checked_moments(optimizer: Any, network: Any) -> dict[str, list[np.ndarray]]:
    """Return the moments; ValueError for lists that could not be read again."""
    found, shapes = moments(optimizer), [leaf.shape for leaf in leaves(network)]
    for name, arrays in found.items():
        floats = all(isinstance(m, np.ndarray) and m.dtype.kind == "f" for m in arrays)
        if not floats or (arrays and [m.shape for m in arrays] != shapes):
            raise ValueError(
                f"{type(optimizer).__name__}.{name} cannot be saved: it must hold an array of each "
                "parameter's shape, or nothing"
            )
    return found


def _comparable(value: Any) -> Any:
    # a schedule that is an object may change too: its attributes are compared
    return (value, repr(vars(value))) if hasattr(value, "__dict__") else value


def text(content: Any, name: str) -> str:
    """Return `content` as JSON; ValueError, with its `name`, when JSON cannot represent it."""
    try:
        return json.dumps(content)
    except TypeError as error:
        raise ValueError(f"{name} cannot be saved: {error}") from None
