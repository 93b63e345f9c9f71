"""What a public function may be given: numbers, shapes and positions, checked before it computes.

NumPy stretches shapes that do not fit, counts negative positions from the end, and lets small whole
numbers wrap around. Each of these gives a wrong value without a word, so it is refused here, by
name. All checks but that of positions look at shapes and dtypes alone: their time does not grow.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

EXACT = frozenset(map(np.dtype, (np.float32, np.float64)))


def decimal(x: Any, name: str = "the input") -> Any:
    """Return `x` in a dtype that can be computed with; float32 and float64 stay as they are.

    Whole numbers would wrap around and become float64; float16 would overflow and becomes float32.
    Lists become arrays. Arrays of other kinds, as the Variables of `autodiff`, are left alone.
    Raises ValueError, calling `x` by its `name`, when it holds anything but real numbers.
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


def fitted(
    a: Any, y: Any, names: tuple[str, str] = ("outputs", "wishes")
) -> tuple[np.ndarray, np.ndarray]:
    """Return `a` and `y` as decimal numbers of one shape, a row for each example.

    Whole numbers in `y` take the dtype of `a`. Raises ValueError, with both shapes, when these
    differ, and when there is no example.
    """
    try:  # the usual case first, since every step of a training passes here
        if a.dtype in EXACT and y.dtype in EXACT and a.shape == y.shape and a.shape[0]:
            return a, y
    except (AttributeError, IndexError):
        pass
    a = decimal(a, names[0])
    y = y if getattr(y, "dtype", None) in EXACT else decimal(y, names[1]).astype(a.dtype)
    if a.shape != y.shape:
        raise ValueError(f"{names[0]} of shape {a.shape} do not fit {names[1]} of shape {y.shape}")
    if not a.shape or not len(a):
        raise ValueError(f"{names[0]} of shape {a.shape} hold no example")
    return a, y


def of_one_length(a: Any, b: Any, names: tuple[str, str] = ("inputs", "wishes")) -> None:
    """Raise ValueError unless `a` and `b`, of these `names`, have equally many rows, 1 or more."""
    try:
        if len(a) == len(b) > 0:
            return
    except TypeError:
        pass  # a single number has no rows
    raise ValueError(_misfit(a, b, names, "must have equally many rows, 1 or more"))


def of_one_shape(a: Any, b: Any, names: tuple[str, str]) -> None:
    """Raise ValueError unless `a` and `b`, of these `names`, have the same shape."""
    try:
        if a.shape == b.shape:
            return
    except AttributeError:
        if np.shape(a) == np.shape(b):
            return
    raise ValueError(_misfit(a, b, names, "must have the same shape"))


def positions(
    x: Any, count: int, name: str = "tokens", ignored: int | None = None, least: int = 0
) -> np.ndarray:
    """Return `x` as an array of whole numbers from `least` to `count` - 1.

    `ignored` may stand among them. Raises ValueError, calling `x` by its `name`, for numbers that
    are not whole and for those that lie outside.
    """
    found = _as_array(x, name)
    if found.dtype.kind not in "iu":
        if found.size:
            raise ValueError(f"{name} must be whole numbers, not {found.dtype}")
        return found.astype(np.int64)
    asked = found if ignored is None else found[found != ignored]
    if asked.size and not (asked.min() >= least and asked.max() < count):
        raise ValueError(
            f"{name} must lie in {least}..{count - 1}, found {asked.min()} to {asked.max()}"
            + ("" if ignored is None else f" ({ignored}, for nothing asked, set aside)")
        )
    return found


def updatable(
    parameters: Sequence[np.ndarray], grads: Sequence[np.ndarray], name: str = "slopes"
) -> None:
    """Raise ValueError unless there is a slope of the same shape for each parameter.

    The parameters must be float32 or float64: in float16 the constants of optimisers round to 0.
    """
    shapes, own = [dp.shape for dp in grads], [p.shape for p in parameters]
    if shapes != own:
        raise ValueError(f"{name} of the shapes {shapes} do not fit parameters of {own}")
    if not EXACT.issuperset([p.dtype for p in parameters]):
        kinds = {str(p.dtype) for p in parameters}
        raise ValueError(f"parameters must be float32 or float64, not {kinds}")


def whole_number(value: Any, name: str, least: int = 1) -> int:
    """Return `value`, a whole number from `least` up; raise ValueError by `name` for another."""
    if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < least:
        raise ValueError(f"{name} must be a whole number of at least {least}, not {value!r}")
    return int(value)


def function(value: Any, name: str) -> None:
    """Raise TypeError, by `name`, unless `value` can be called."""
    if not callable(value):
        raise TypeError(f"{name} must be a function, not {type(value).__name__} {value!r:.100}")


def _as_array(x: Any, name: str) -> np.ndarray:
    try:
        return np.asarray(x)
    except ValueError:
        raise ValueError(f"{name} must be an array; rows of different length make none") from None


def _misfit(a: Any, b: Any, names: tuple[str, str], wanted: str) -> str:
    return f"{names[0]} of shape {np.shape(a)} and {names[1]} of shape {np.shape(b)} {wanted}"
