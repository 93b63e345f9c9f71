"""Objects that stay in their process while the other side works with them: what a graph is made of.

Some exercises are about objects whose meaning is to be the same object on both sides, such as the
nodes of a graph. The other side gets a stand-in, whose attributes are asked for when they are read.
A judge lets an answer read the attributes that a class of its own lists in `shown`, and no others.
"""

from __future__ import annotations

import operator
from typing import Any

import numpy as np

PLAIN = {
    "builtins",
    "numpy",
    "collections",
    "fractions",
    "pickle",
}  # whose values are copied instead
READ, WRITE, OPERATE = range(3)  # the first functions that each side offers


class FarType(type):
    """The class of stand-ins for classes: calling one makes an object on the other side."""

    def __call__(cls, *given: Any, **named: Any) -> Any:
        """Make an object there."""
        return cls.pipe.call(cls.number, *given, **named)

    def __getattr__(cls, name: str) -> Any:
        return _read(cls.pipe, cls, name)


class FarObject:
    """A stand-in for one object of the other side: the same one for the same object."""

    __slots__ = ("__weakref__", "_far")
    __array_ufunc__ = None  # makes NumPy's arrays leave `array * object` to the object

    def __init__(self, pipe: Any, number: int) -> None:
        object.__setattr__(self, "_far", (pipe, number))

    def __getattr__(self, name: str) -> Any:
        return _read(self._far[0], self, name)

    def __setattr__(self, name: str, value: Any) -> None:
        self._far[0].call(WRITE, self, name, value)

    def __array__(self, *given: Any, **named: Any) -> Any:
        raise TypeError("expected numbers, not an object")


def _read(pipe: Any, far: Any, name: str) -> Any:
    if name.startswith("__"):  # asked for by Python and NumPy, which look for abilities
        raise AttributeError(name)
    return pipe.call(READ, far, name)


def _operation(name: str, turned: bool) -> Any:
    def apply(self: FarObject, *others: Any) -> Any:
        pipe, _ = self._far
        if not pipe.answering:  # a judge's own sums are not for an answer to make
            raise TypeError("expected numbers, not an object")
        return pipe.call(OPERATE, name, *(others[::-1] if turned else ()), self,
                         *(() if turned else others))  # fmt: skip

    return apply


for sign in ("add", "sub", "mul", "truediv", "matmul", "pow"):
    setattr(FarObject, f"__{sign}__", _operation(sign, False))
    setattr(FarObject, f"__r{sign}__", _operation(sign, True))
FarObject.__neg__ = _operation("neg", False)  # type: ignore[attr-defined]


def far_type(pipe: Any, number: int) -> FarType:
    """Make a stand-in for a class."""
    return FarType("FarClass", (), {"pipe": pipe, "number": number})


def stays(value: Any) -> bool:
    """Whether a value is an object, or a class, that is not copied to the other side."""
    kind = value if isinstance(value, type) else type(value)
    top = kind.__module__.partition(".")[0]
    if top == "weighted_sums":
        return not (issubclass(kind, tuple) or hasattr(kind, "__dataclass_fields__"))
    return top not in PLAIN and not hasattr(kind, "__array__")


def doors(trusting: bool) -> list[Any]:
    """The functions by which the other side reads, writes and computes with objects of this one."""

    def read(owner: Any, name: str) -> Any:
        if not trusting and name not in getattr(type(owner), "shown", ()):
            raise AttributeError(name)
        return getattr(owner, name)

    def write(owner: Any, name: str, value: Any) -> None:
        if not trusting:
            raise AttributeError(name)
        setattr(owner, name, value)

    def operate(name: str, *given: Any) -> Any:
        if not trusting:
            raise TypeError("a judge computes nothing for an answer")
        with np.errstate(all="ignore"):
            return getattr(operator, name)(*given)

    return [read, write, operate]
