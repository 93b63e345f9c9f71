"""Saving a training run and resuming it: everything the next step depends on, in one file.

The file is NumPy's own `npz` and holds numbers and strings but no pickle, so nothing in it can run.
The sizes that it announces are checked before any memory is allocated.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from weighted_sums.workshop import optimizer_state
from weighted_sums.workshop.archives import read_arrays
from weighted_sums.workshop.files import atomic_write
from weighted_sums.workshop.parameters import leaves

KIND = "weighted-sums training 1"


def begin(
    path: Path | str | None, network: Any, optimizer: Any, rng: np.random.Generator, epochs: int
) -> tuple[dict[str, Any], int, int]:
    """Resume a training run of so many `epochs` from the file at `path`, or begin a new one.

    Returns the optimiser's initial settings, which `save` needs, and the epochs to start from and
    to end at. Raises FileNotFoundError when there is no folder for the file, and ValueError for an
    optimiser or a generator whose state could not be saved, or as `resume` does.
    """
    if path is None:
        return {}, 0, epochs
    path = Path(path)
    if not path.parent.is_dir():
        raise FileNotFoundError(f"there is no folder {path.parent} for {path}")
    optimizer_state.text(rng.bit_generator.state, type(rng.bit_generator).__name__)
    initial = optimizer_state.settings(optimizer)
    done = resume(path, network, optimizer, rng)
    stopped = path.exists() and _read(path)[1].get("stopped") is True
    return initial, done, done if stopped else epochs


def save(
    path: Path | str | None,
    network: Any,
    optimizer: Any,
    rng: np.random.Generator,
    done: int,
    initial: dict[str, Any] | None = None,
) -> None:
    """Write the state of a training run after `done` epochs, the whole file at once.

    Without a path nothing is saved. `initial` are the settings that `begin` returned. Raises
    ValueError, writing nothing, for moments that could not be read again.
    """
    if path is None:
        return
    moments = optimizer_state.checked_moments(optimizer, network)
    state = {
        "kind": KIND,
        "done": done,
        "rng": rng.bit_generator.state,
        "optimizer": type(optimizer).__name__,
        "steps": optimizer.steps,
        "changed": optimizer_state.changed(optimizer, initial),
        "moments": {name: len(arrays) for name, arrays in moments.items()},
    }
    saved = {"network": leaves(network), **moments}
    content = {f"{name}-{i}": a for name, arrays in saved.items() for i, a in enumerate(arrays)}
    _write(path, state, content)


def stop(path: Path | str | None) -> None:
    """Mark the run in the file, if any, as ended, however many epochs a later call asks for."""
    if path is None:
        return
    content = read_arrays(Path(path))
    state = json.loads(str(content.pop("state"))) | {"stopped": True}
    _write(path, state, content)


def resume(path: Path | str, network: Any, optimizer: Any, rng: np.random.Generator) -> int:
    """Load the saved state into `network`, `optimizer` and `rng`; return the epochs done.

    Without a file nothing changes, and it returns 0. Raises ValueError, with the file and what does
    not fit, before anything is changed, when the file is damaged or belongs to another network,
    optimiser or generator.
    """
    path = Path(path)
    if not path.exists():
        return 0
    saved, state = _read(path)
    parameters = leaves(network)
    trained = saved.pop("network")
    _check(path, "the parameters' shapes", _kinds(parameters), _kinds(trained))
    _check(path, "the optimiser", type(optimizer).__name__, state["optimizer"])
    _check(
        path, "the optimiser's moments", sorted(optimizer_state.moments(optimizer)), sorted(saved)
    )
    for moments in filter(None, saved.values()):
        _check(path, "the moments' shapes", _shapes(parameters), _shapes(moments))
    changed = state.get("changed", {})
    _check_generator(path, rng, state["rng"])
    known = [name for name in optimizer_state.state(optimizer) if name in changed]
    _check(path, "the optimiser's own numbers", sorted(known), sorted(changed))
    for parameter, array in zip(parameters, trained, strict=True):
        parameter[...] = array
    optimizer.steps = state["steps"]
    for name, value in {**saved, **changed}.items():
        setattr(optimizer, name, value)
    rng.bit_generator.state = state["rng"]
    return state["done"]


def _write(path: Path | str, state: dict[str, Any], content: dict[str, Any]) -> None:
    text = optimizer_state.text(state, "the state")
    with atomic_write(Path(path)) as file:
        np.savez(file, state=np.array(text), **content)


def _read(path: Path) -> tuple[dict[str, list[np.ndarray]], dict[str, Any]]:
    # the arrays of the network and of each kind of moments, and everything else
    try:
        content = read_arrays(path)
        state = json.loads(str(content.pop("state")))
        if state["kind"] != KIND:
            raise ValueError(f"its kind is {state['kind']!r}")
        if not all(type(state[name]) is int and state[name] >= 0 for name in ("done", "steps")):
            raise ValueError("it does not say how many epochs and steps were done")
        state["optimizer"], state["rng"]["bit_generator"]
        if not all(isinstance(x, optimizer_state.PLAIN) for x in state.get("changed", {}).values()):
            raise ValueError("it does not say which settings its optimiser has changed")
        lengths = state["moments"]
        saved = {name: _list(content, name, length) for name, length in lengths.items()}
        saved["network"] = _list(content, "network", len(content))
    except Exception as error:  # zipfile and NumPy fail in a dozen ways on damaged bytes
        reason = error if isinstance(error, ValueError) else repr(error)
        raise ValueError(f"{path} is not a complete checkpoint: {reason!s:.300}") from None
    return saved, state


def _list(content: dict[str, np.ndarray], name: str, length: int) -> list[np.ndarray]:
    return [content.pop(f"{name}-{i}") for i in range(length)]


def _check_generator(path: Path, rng: np.random.Generator, state: dict[str, Any]) -> None:
    generator = rng.bit_generator.state["bit_generator"]
    _check(path, "the random generator", generator, state["bit_generator"])
    other = type(rng.bit_generator)(0)
    try:
        other.state = state
        valid = other.state == state
    except (LookupError, OverflowError, TypeError, ValueError):
        valid = False
    if not valid:
        raise ValueError(f"{path}: the state of its random generator is impossible: {state}")


def _shapes(arrays: list[np.ndarray]) -> list[tuple[int, ...]]:
    return [array.shape for array in arrays]


def _kinds(arrays: list[np.ndarray]) -> str:
    return ", ".join(f"{array.dtype} {array.shape}" for array in arrays)


def _check(path: Path, what: str, expected: Any, found: Any) -> None:
    if expected != found:
        raise ValueError(
            f"{path} belongs to another training run: {what}: {found} there, {expected} here"
        )
