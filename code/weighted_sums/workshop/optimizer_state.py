"""What an optimiser remembers, so that a checkpoint can hold all of it, or refuse at the beginning.

Beside its steps these are moments, lists with an array for each array of parameters, and plain
numbers or texts. Those that stay as they were are settings, which a resumed training may change;
those that the training has changed are state.
"""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np

from weighted_sums.workshop.parameters import leaves

PLAIN = int | float | str | None


def settings(optimizer: Any) -> dict[str, Any]:
    """Return all but steps and moments; ValueError for an optimiser that could not be saved."""
    kind = type(optimizer).__name__
    if not is_dataclass(optimizer):
        raise ValueError(f"an optimiser must be a dataclass, to be saved; {kind} is none")
    found = {name: x for name, x in remembered(optimizer).items() if not isinstance(x, list)}
    for name, value in found.items():
        if not isinstance(value, PLAIN) and not callable(value):
            what = f"{type(value).__name__} {value!r:.100}"
            raise ValueError(f"{kind}.{name} cannot be saved: {what}")
    return {name: _comparable(value) for name, value in found.items()}


def remembered(optimizer: Any) -> dict[str, Any]:
    """Return the fields but the steps, and what a step may have hung on it beside them."""
    found = {field.name: getattr(optimizer, field.name) for field in fields(optimizer)}
    found |= getattr(optimizer, "__dict__", {})
    del found["steps"]
    return found


def moments(optimizer: Any) -> dict[str, list[Any]]:
    """Return the lists; their arrays are not copied."""
    return {name: x for name, x in remembered(optimizer).items() if isinstance(x, list)}


def changed(optimizer: Any, began: dict[str, Any] | None) -> dict[str, Any]:
    """Return what is no longer as it `began`; ValueError for what could not be read again."""
    now = {} if began is None else remembered(optimizer)
    found = {
        name: value
        for name, value in now.items()
        if not isinstance(value, list) and (name not in began or _comparable(value) != began[name])
    }
    for name, value in found.items():
        if not isinstance(value, PLAIN):
            raise ValueError(f"{type(optimizer).__name__}.{name} cannot be saved: {value!r:.100}")
    return found


def checked(optimizer: Any, network: Any) -> dict[str, list[np.ndarray]]:
    """Return the moments; ValueError for lists that could not be read again."""
    found, wanted = moments(optimizer), [leaf.shape for leaf in leaves(network)]
    for name, arrays in found.items():
        right = all(isinstance(m, np.ndarray) and m.dtype.kind == "f" for m in arrays)
        if not right or (arrays and [m.shape for m in arrays] != wanted):
            raise ValueError(
                f"{type(optimizer).__name__}.{name} cannot be saved: it must hold an array of each "
                "parameter's shape, or nothing"
            )
    return found


def _comparable(value: Any) -> Any:
    # a schedule that is an object may change too: it is compared by what it holds
    return (value, repr(vars(value))) if hasattr(value, "__dict__") else value


def text(state: Any, name: str) -> str:
    """Write `state` as JSON; ValueError, by `name`, when it holds what JSON cannot."""
    try:
        return json.dumps(state)
    except TypeError as error:
        raise ValueError(f"{name} cannot be saved: {error}") from None
