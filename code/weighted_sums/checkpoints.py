"""Saving a training and going on with it: everything that the next step depends on, in one file.

The file is NumPy's own `npz`, with numbers and text in it and nothing that could run: no pickle.
"""

from __future__ import annotations

import json
import os
import zipfile
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np

from weighted_sums.parameters import leaves

KIND = "weighted-sums training 1"


def save(path: Path | str, network: Any, optimizer: Any, rng: np.random.Generator, done: int):
    """Write the state of a training after `done` epochs; the file is whole or not there at all."""
    path = Path(path)
    content = {f"network-{i}": leaf for i, leaf in enumerate(leaves(network))}
    state = {
        "kind": KIND,
        "done": done,
        "rng": rng.bit_generator.state,
        "optimizer": type(optimizer).__name__,
        "steps": optimizer.steps,
        "moments": {},
    }
    for name, moments in _moments(optimizer).items():
        state["moments"][name] = len(moments)
        content |= {f"{name}-{i}": moment for i, moment in enumerate(moments)}
    unfinished = path.with_name(path.name + ".part")
    with unfinished.open("wb") as file:
        np.savez(file, state=np.array(json.dumps(state)), **content)
    os.replace(unfinished, path)


def resume(path: Path | str, network: Any, optimizer: Any, rng: np.random.Generator) -> int:
    """Put the saved state into `network`, `optimizer` and `rng`; return the epochs done.

    Without a file nothing changes and 0 comes back. Raises ValueError, naming the file and what
    does not fit, before anything is changed, when the file is damaged or belongs to another
    network, optimiser or generator.
    """
    path = Path(path)
    if not path.exists():
        return 0
    content, state = _read(path)
    parameters = leaves(network)
    saved = [array for name, array in content.items() if name.startswith("network-")]
    _check(path, "the parameters' shapes", _kinds(parameters), _kinds(saved))
    _check(path, "the optimiser", type(optimizer).__name__, state["optimizer"])
    _check(path, "the random generator", *(s["bit_generator"] for s in _states(rng, state)))
    for parameter, array in zip(parameters, saved, strict=True):
        parameter[...] = array
    optimizer.steps = state["steps"]
    for name, length in state["moments"].items():
        setattr(optimizer, name, [content[f"{name}-{i}"] for i in range(length)])
    rng.bit_generator.state = state["rng"]
    return state["done"]


def _moments(optimizer: Any) -> dict[str, list[np.ndarray]]:
    # beside its steps an optimiser remembers lists of arrays; its settings are no state
    found = {field.name: getattr(optimizer, field.name) for field in fields(optimizer)}
    return {name: value for name, value in found.items() if isinstance(value, list)}


def _read(path: Path) -> tuple[dict[str, np.ndarray], dict[str, Any]]:
    try:
        with np.load(path, allow_pickle=False) as file:
            content = {name: file[name] for name in file.files}
        state = json.loads(str(content.pop("state")))
        if state["kind"] != KIND:
            raise ValueError(f"it is of the kind {state['kind']!r}")
    except (KeyError, TypeError, ValueError, OSError, EOFError, zipfile.BadZipFile) as error:
        raise ValueError(f"{path} is not a whole checkpoint of a training: {error}") from None
    return content, state


def _states(rng: np.random.Generator, state: dict[str, Any]) -> tuple[dict, dict]:
    return rng.bit_generator.state, state["rng"]


def _kinds(arrays: list[np.ndarray]) -> str:
    return ", ".join(f"{array.dtype} {array.shape}" for array in arrays)


def _check(path: Path, what: str, wanted: Any, found: Any) -> None:
    if wanted != found:
        raise ValueError(
            f"{path} belongs to another training: {what}: {found} there, {wanted} here"
        )
