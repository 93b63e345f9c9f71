"""Saving a training and going on with it: everything that the next step depends on, in one file.

The file is NumPy's own `npz`, with numbers and text in it and nothing that could run: no pickle.
What it says of itself is held against its size before room is made for anything.
"""

from __future__ import annotations

import json
import math
import zipfile
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np

from weighted_sums.files import replacing
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
    with replacing(path) as file:
        np.savez(file, state=np.array(json.dumps(state)), **content)


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
    _check(path, "the optimiser's moments", sorted(_moments(optimizer)), sorted(saved))
    for moments in filter(None, saved.values()):
        _check(path, "the moments' shapes", _shapes(parameters), _shapes(moments))
    generator, drawn = rng.bit_generator.state["bit_generator"], state["rng"]
    _check(path, "the random generator", generator, drawn["bit_generator"])
    _try_out(path, rng, drawn)
    for parameter, array in zip(parameters, trained, strict=True):
        parameter[...] = array
    optimizer.steps = state["steps"]
    for name, moments in saved.items():
        setattr(optimizer, name, moments)
    rng.bit_generator.state = drawn
    return state["done"]


def _moments(optimizer: Any) -> dict[str, list[np.ndarray]]:
    # beside its steps an optimiser remembers lists of arrays; its settings are no state
    found = {field.name: getattr(optimizer, field.name) for field in fields(optimizer)}
    return {name: value for name, value in found.items() if isinstance(value, list)}


def _read(path: Path) -> tuple[dict[str, list[np.ndarray]], dict[str, Any]]:
    # the network's arrays and each kind of moments, in their order, and all else
    try:
        content = _arrays(path)
        state = json.loads(str(content.pop("state")))
        if state["kind"] != KIND:
            raise ValueError(f"it is of the kind {state['kind']!r}")
        if not all(type(state[name]) is int and state[name] >= 0 for name in ("done", "steps")):
            raise ValueError("it does not say how much was done")
        state["optimizer"], state["rng"]["bit_generator"]
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


def _arrays(path: Path) -> dict[str, np.ndarray]:
    found = {}
    with zipfile.ZipFile(path) as archive:
        members = archive.infolist()
        stored = all(m.compress_type == zipfile.ZIP_STORED for m in members)
        if not stored or sum(m.file_size for m in members) > path.stat().st_size:
            raise ValueError("it promises more than it can hold")
        for member in members:
            with archive.open(member) as file:
                found[member.filename.removesuffix(".npy")] = _array(file, member.file_size)
    if len(found) < len(members):
        raise ValueError("two of its arrays have the same name")
    return found


def _array(file: zipfile.ZipExtFile, size: int) -> np.ndarray:
    # NumPy's own reader makes room for as much as the header promises
    if np.lib.format.read_magic(file) != (1, 0):
        raise ValueError("it was not written by `save`")
    shape, by_column, kind = np.lib.format.read_array_header_1_0(file)
    if kind.kind not in "fU" or math.prod(shape) * kind.itemsize != size - file.tell():
        raise ValueError(f"it promises {kind} {shape} in {size} bytes")
    content = np.frombuffer(bytearray(file.read()), kind)
    return content.reshape(shape, order="F" if by_column else "C")


def _try_out(path: Path, rng: np.random.Generator, state: dict[str, Any]) -> None:
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
