"""What public functions accept: numbers, shapes and indices, checked before anything is computed.

NumPy broadcasts shapes that do not fit, counts negative indices from the end, and lets small
integers wrap around. Each of these gives a wrong value without an error, so these checks refuse it
with a message that names the argument. All of them but `indices` look at shapes and dtypes alone:
they take the same time for arrays of any size.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

EXACT = frozenset(map(np.dtype, (np.float32, np.float64)))


def as_float(x: Any, name: str = "the input") -> Any:
    """Return `x` in a dtype that can be computed with; float32 and float64 stay as they are.

    Integers would wrap around and become float64; float16 would overflow and becomes float32.
    Lists become arrays. Arrays of other types, such as the Variables of `autodiff`, are returned
    as they are. Raises ValueError, with the argument's `name`, for anything but real numbers.
    """
    if getattr(x, "dtype", None) in EXACT:
        return x
    if hasattr(x, "shape") and not isinstance(x, np.ndarray | np.generic):
        return x
    found = _as_array(x, name)
    if found.dtype.kind == "f" and found.itemsize >= 4:
        return found
    if found.dtype.kind not in "fiub":
        raise ValueError(f"{name} must hold real numbers, not {found.dtype}")
    return found.astype(np.float32 if found.dtype.kind == "f" else np.float64)


def as_float_pair(
    a: Any, y: Any, names: tuple[str, str] = ("outputs", "targets")
) -> tuple[np.ndarray, np.ndarray]:
    """Return `a` and `y` as floating-point arrays of one shape, with a row for each example.

    Integers in `y` take the dtype of `a`. Raises ValueError, with both shapes, when these differ
    or when there is no example.
    """
    try:  # the usual case first, since every training step comes through here
        if a.dtype in EXACT and y.dtype in EXACT and a.shape == y.shape and a.shape[0]:
            return a, y
    except (AttributeError, IndexError):
        pass
    a = as_float(a, names[0])
    y = y if getattr(y, "dtype", None) in EXACT else as_float(y, names[1]).astype(a.dtype)
    if a.shape != y.shape:
        raise ValueError(f"{names[0]} of shape {a.shape} do not fit {names[1]} of shape {y.shape}")
    if not a.shape or not len(a):
        raise ValueError(f"{names[0]} of shape {a.shape} hold no example")
    return a, y


def same_length(a: Any, b: Any, names: tuple[str, str] = ("inputs", "targets")) -> None:
    """Raise ValueError unless `a` and `b`, of these `names`, have equally many rows, 1 or more."""
    try:
        if len(a) == len(b) > 0:
            return
    except TypeError:
        pass  # a single number has no rows
    raise ValueError(_misfit(a, b, names, "must have equally many rows, 1 or more"))


def same_shape(a: Any, b: Any, names: tuple[str, str]) -> None:
    """Raise ValueError unless `a` and `b`, of these `names`, have the same shape."""
    try:
        if a.shape == b.shape:
            return
    except AttributeError:
        if np.shape(a) == np.shape(b):
            return
    raise ValueError(_misfit(a, b, names, "must have the same shape"))


def indices(
    x: Any, count: int, name: str = "tokens", ignore_index: int | None = None, least: int = 0
) -> np.ndarray:
    """Return `x` as an array of integers from `least` to `count` - 1.

    It may also contain `ignore_index`. Raises ValueError, with the argument's `name`, for numbers
    that are not integers or lie outside the range.
    """
    found = _as_array(x, name)
    if found.dtype.kind not in "iu":
        if found.size:
            raise ValueError(f"{name} must be whole numbers, not {found.dtype}")
        return found.astype(np.int64)
    used = found if ignore_index is None else found[found != ignore_index]
    if used.size and not (used.min() >= least and used.max() < count):
        raise ValueError(
            f"{name} must lie in {least}..{count - 1}, found {used.min()} to {used.max()}"
            + ("" if ignore_index is None else f" (not counting {ignore_index}, the ignored index)")
        )
    return found


def match_parameters(
    parameters: Sequence[np.ndarray], arrays: Sequence[np.ndarray], name: str = "gradients"
) -> None:
    """Raise ValueError unless `arrays`, called `name`, have the shapes of the parameters.

    The parameters must be float32 or float64: in float16 the constants of optimisers round to 0.
    """
    shapes, expected = [array.shape for array in arrays], [p.shape for p in parameters]
    if shapes != expected:
        raise ValueError(f"{name} of the shapes {shapes} do not fit parameters of {expected}")
    if not EXACT.issuperset([p.dtype for p in parameters]):
        dtypes = {str(p.dtype) for p in parameters}
        raise ValueError(f"parameters must be float32 or float64, not {dtypes}")


def whole_number(value: Any, name: str, least: int = 1) -> int:
    """Return `value` if it is an integer of at least `least`; raise ValueError, with its `name`."""
    if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < least:
        raise ValueError(f"{name} must be a whole number of at least {least}, not {value!r}")
    return int(value)


def function(value: Any, name: str) -> None:
    """Raise TypeError, with the argument's `name`, unless `value` can be called."""
    if not callable(value):
        raise TypeError(f"{name} must be a function, not {type(value).__name__} {value!r:.100}")


def _as_array(x: Any, name: str) -> np.ndarray:
    try:
        return np.asarray(x)
    except ValueError:
        raise ValueError(f"{name} must be an array; rows of different length make none") from None


def _misfit(a: Any, b: Any, names: tuple[str, str], expected: str) -> str:
    return f"{names[0]} of shape {np.shape(a)} and {names[1]} of shape {np.shape(b)} {expected}"
