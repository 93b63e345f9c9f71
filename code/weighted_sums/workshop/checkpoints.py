"""Saving a training and going on with it: everything that the next step depends on, in one file.

The file is NumPy's own `npz`, with numbers and text in it and nothing that could run: no pickle.
What it says of itself is held against its size before room is made for anything.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from weighted_sums.workshop import optimizer_state
from weighted_sums.workshop.archives import arrays_of
from weighted_sums.workshop.files import atomic_write
from weighted_sums.workshop.parameters import leaves

KIND = "weighted-sums training 1"


def begin(
    path: Path | str | None, network: Any, optimizer: Any, rng: np.random.Generator, epochs: int
) -> tuple[dict[str, Any], int, int]:
    """Resume a training of so many `epochs`, before any work is done; without a path begin anew.

    Returns the optimiser's settings, of which `save` needs to know, the epoch to go on from and the
    one to end at. Raises FileNotFoundError when there is no folder for the file, and ValueError
    for an optimiser or a generator whose state could not be saved, or as `resume` does.
    """
    if path is None:
        return {}, 0, epochs
    path = Path(path)
    if not path.parent.is_dir():
        raise FileNotFoundError(f"there is no folder {path.parent} to keep {path} in")
    optimizer_state.text(rng.bit_generator.state, type(rng.bit_generator).__name__)
    began = optimizer_state.settings(optimizer)
    done = resume(path, network, optimizer, rng)
    stopped = path.exists() and _read(path)[1].get("stopped") is True
    return began, done, done if stopped else epochs


def save(
    path: Path | str | None,
    network: Any,
    optimizer: Any,
    rng: np.random.Generator,
    done: int,
    began: dict[str, Any] | None = None,
) -> None:
    """Write the state of a training after `done` epochs; the file is whole or not there at all.

    Without a path nothing is saved. `began` is what `begin` has returned. Raises ValueError,
    writing nothing, for moments that could not be read again.
    """
    if path is None:
        return
    name, remembered = type(optimizer).__name__, optimizer_state.checked(optimizer, network)
    state = {
        "kind": KIND,
        "done": done,
        "rng": rng.bit_generator.state,
        "optimizer": name,
        "steps": optimizer.steps,
        "changed": optimizer_state.changed(optimizer, began),
        "moments": {name: len(moments) for name, moments in remembered.items()},
    }
    found = {"network": leaves(network), **remembered}
    content = {f"{name}-{i}": one for name, all_ in found.items() for i, one in enumerate(all_)}
    _write(path, state, content)


def stop(path: Path | str | None) -> None:
    """Let the file, if any, say that no epoch shall follow, whatever a later call asks for."""
    if path is None:
        return
    content = arrays_of(Path(path))
    state = json.loads(str(content.pop("state"))) | {"stopped": True}
    _write(path, state, content)


def resume(path: Path | str, network: Any, optimizer: Any, rng: np.random.Generator) -> int:
    """Put the saved state into `network`, `optimizer` and `rng`; return the epochs done.

    Without a file nothing changes and 0 comes back. Raises ValueError, naming the file and what
    does not fit, before anything is changed, when the file is damaged or belongs to another
    network, optimiser or generator.
    """
    path = Path(path)
    if not path.exists():
        return 0
    saved, state = _read(path)
    parameters = leaves(network)
    trained = saved.pop("network")
    _check(path, "the parameters' shapes", _kinds(parameters), _kinds(trained))
    _check(path, "the optimiser", type(optimizer).__name__, state["optimizer"])
    here = optimizer_state.moments(optimizer)
    _check(path, "the optimiser's moments", sorted(here), sorted(saved))
    for moments in filter(None, saved.values()):
        _check(path, "the moments' shapes", _shapes(parameters), _shapes(moments))
    drawn, changed = state["rng"], state.get("changed", {})
    _try_out(path, rng, drawn)
    here = [name for name in optimizer_state.remembered(optimizer) if name in changed]
    _check(path, "the optimiser's own numbers", sorted(here), sorted(changed))
    for parameter, array in zip(parameters, trained, strict=True):
        parameter[...] = array
    optimizer.steps = state["steps"]
    for name, value in {**saved, **changed}.items():
        setattr(optimizer, name, value)
    rng.bit_generator.state = drawn
    return state["done"]


def _write(path: Path | str, state: dict[str, Any], content: dict[str, np.ndarray]) -> None:
    text = optimizer_state.text(state, "the state")
    with atomic_write(Path(path)) as file:
        np.savez(file, state=np.array(text), **content)


def _read(path: Path) -> tuple[dict[str, list[np.ndarray]], dict[str, Any]]:
    # the network's arrays and each kind of moments, in their order, and all else
    try:
        content = arrays_of(path)
        state = json.loads(str(content.pop("state")))
        if state["kind"] != KIND:
            raise ValueError(f"it is of the kind {state['kind']!r}")
        if not all(type(state[name]) is int and state[name] >= 0 for name in ("done", "steps")):
            raise ValueError("it does not say how much was done")
        state["optimizer"], state["rng"]["bit_generator"]
        if not all(isinstance(x, optimizer_state.PLAIN) for x in state.get("changed", {}).values()):
            raise ValueError("it does not say what its optimiser has changed")
        lengths = state["moments"]
        saved = {name: _list(content, name, length) for name, length in lengths.items()}
        saved["network"] = _list(content, "network", len(content))
    except Exception as error:  # zipfile and NumPy fail in a dozen ways on damaged bytes
        reason = error if isinstance(error, ValueError) else repr(error)
        raise ValueError(
            f"{path} is not a whole checkpoint of a training: {reason!s:.300}"
        ) from None
    return saved, state


def _list(content: dict[str, np.ndarray], name: str, length: int) -> list[np.ndarray]:
    return [content.pop(f"{name}-{i}") for i in range(length)]


def _try_out(path: Path, rng: np.random.Generator, state: dict[str, Any]) -> None:
    generator = rng.bit_generator.state["bit_generator"]
    _check(path, "the random generator", generator, state["bit_generator"])
    other = type(rng.bit_generator)(0)
    try:
        other.state = state
        right = other.state == state
    except (LookupError, OverflowError, TypeError, ValueError):
        right = False
    if not right:
        raise ValueError(f"{path}: its random generator is in no state that there is: {state}")


def _shapes(arrays: list[np.ndarray]) -> list[tuple[int, ...]]:
    return [array.shape for array in arrays]


def _kinds(arrays: list[np.ndarray]) -> str:
    return ", ".join(f"{array.dtype} {array.shape}" for array in arrays)


def _check(path: Path, what: str, wanted: Any, found: Any) -> None:
    if wanted != found:
        raise ValueError(
            f"{path} belongs to another training: {what}: {found} there, {wanted} here"
        )
