"""What crosses the pipe between an answer and its judge: plain values, and functions by number.

A `pipe` is an end of it: `own` lists the functions that the other side may call by their number,
`call` calls one there, `trusting` says whether what comes may be anything, and `objects` whether an
object may stay where it is.
"""

from __future__ import annotations

import io
import pickle
import sys
from collections.abc import Iterator
from typing import Any

import numpy as np

from weighted_sums.exercises._objects import FarObject, FarType, far_type, stays

PLAIN = {
    "builtins": {"complex", "set", "frozenset", "bytearray", "range", "slice", "list", "tuple"},
    "collections": {"Counter", "OrderedDict", "deque"},
    "fractions": {"Fraction"},
    "numpy": {"ndarray", "dtype"},
}
ARRAYS = {"_reconstruct", "_frombuffer", "scalar"}  # what pickles of arrays and numbers call


class Pickler(pickle.Pickler):
    """Writes values for the other side."""

    def __init__(self, pipe: Any, file: io.BytesIO):
        super().__init__(file, protocol=5)
        self.pipe = pipe

    def persistent_id(self, value: Any) -> Any:
        """Leave a function where it is, and give the other side its number."""
        if isinstance(value, Far | FarType):
            return "yours", value.number
        if type(value) is FarObject:
            return "yours", value._far[1]
        if callable(value) and not isinstance(value, type) and not _builds(value):
            return "mine", self.pipe.number(value)
        if self.pipe.objects and stays(value):
            return "class" if isinstance(value, type) else "object", self.pipe.number(value)
        return None

    def reducer_override(self, value: Any) -> Any:
        """Make arrays and lists of what only works like one."""
        if type(value) is not np.ndarray and isinstance(value, np.ndarray):
            return np.asarray(value).__reduce_ex__(5)
        if isinstance(value, np.ndarray | np.generic | type):
            return NotImplemented
        if isinstance(value, Iterator | type({}.keys()) | type({}.values()) | type({}.items())):
            return list, (list(value),)
        if hasattr(value, "__array__"):  # a tensor of another library
            return np.asarray(value).__reduce_ex__(5)
        return NotImplemented


def _builds(value: Any) -> bool:
    # what a pickle of arrays and generators calls
    module = str(getattr(value, "__module__", ""))
    known = getattr(value, "__name__", "") in ARRAYS or module.startswith("numpy.random")
    return known and module.startswith("numpy")


class Unpickler(pickle.Unpickler):
    """Reads values of the other side; a judge's builds nothing but what is known to be harmless."""

    def __init__(self, pipe: Any, file: io.BytesIO):
        super().__init__(file)
        self.pipe = pipe

    def persistent_load(self, told: tuple[str, int]) -> Any:
        """Find a function by its number."""
        kind, number = told
        if kind == "yours":
            return self.pipe.own[number]
        if kind != "mine" and not self.pipe.objects:
            raise pickle.UnpicklingError("an object of a class of its own")
        if told not in self.pipe.others:  # the same stand-in for the same object, every time
            make = {"mine": Far, "object": FarObject, "class": far_type}[kind]
            self.pipe.others[told] = make(self.pipe, number)
        return self.pipe.others[told]

    def find_class(self, module: str, name: str) -> Any:
        """Find what a pickle names, if a judge may build it."""
        if self.pipe.trusting:
            return super().find_class(module, name)
        top = module.partition(".")[0]
        if name in PLAIN.get(module, ()) or (top == "numpy" and name in ARRAYS):
            return super().find_class(module, name)
        # not what judges are made of: a forged stand-in would compute where a judge compares
        own = top == "weighted_sums" and not module.startswith("weighted_sums.exercises")
        found = getattr(sys.modules.get(module), name, None) if own else None
        if isinstance(found, type) and (issubclass(found, tuple) or hasattr(found, "__slots__")
                                        or hasattr(found, "__dataclass_fields__")):  # fmt: skip
            return found
        raise pickle.UnpicklingError(f"an object of {module}.{name}")


class Far:
    """A function of the other side."""

    def __init__(self, pipe: Any, number: int):
        self.pipe, self.number = pipe, number

    def __call__(self, *given: Any, **named: Any) -> Any:
        """Call it there."""
        return self.pipe.call(self.number, *given, **named)
