"""Arrays that remember how they were computed, and the walk back through what they remember."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from weighted_sums.operations import OPERATIONS, unbroadcast

RELEASED: tuple[Any, tuple, dict] = (None, (), {})


def _method(name: str) -> tuple[Callable[..., Variable], Callable[..., Variable]]:
    """Make the method of an operation, and its twin for a Variable on the right of the sign."""
    return lambda v, *others: apply(name, v, *others), lambda v, left: apply(name, left, v)


class Variable:
    """An array that remembers how it was computed. It never changes.

    In a Variable that you made, `grad` adds up the slopes that `backward` finds for it; a result
    passes its slope on. Raises TypeError unless `data` are decimal numbers.
    """

    __slots__ = ("__weakref__", "_data", "_record", "grad")
    __array_ufunc__ = None  # makes NumPy's arrays leave `array + variable` to the Variable

    def __init__(self, data: Any) -> None:  # noqa: D107
        # a copy that nobody else can reach: no later change can falsify what was recorded
        self._data = _frozen(np.array(data, dtype=float if isinstance(data, int | float) else None))
        if self._data.dtype.kind != "f":
            raise TypeError(f"a Variable holds decimal numbers, not {self._data.dtype}")
        self._record: tuple[Any, tuple, dict] | None = None
        self.grad: np.ndarray | None = np.zeros(self._data.shape, self._data.dtype)

    @property
    def data(self) -> np.ndarray:
        """The numbers, as an array that cannot be written to."""
        return self._data

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of the numbers."""
        return self._data.shape

    def __repr__(self) -> str:
        return f"Variable({np.array2string(self._data, separator=', ')})"

    def __array__(self, *args: Any, **kwargs: Any) -> np.ndarray:
        raise TypeError("a Variable is no array of decimal numbers: take its data")

    def __array_function__(self, function: Any, *others: Any) -> Any:
        raise TypeError(f"numpy.{function.__name__} cannot remember what it does to a Variable")

    def _refuse(self, *others: Any) -> Any:
        raise TypeError("a Variable is neither true nor false, equal or larger: compare its data")

    __eq__ = __lt__ = __le__ = __gt__ = __ge__ = __bool__ = _refuse
    __hash__ = object.__hash__

    def __len__(self) -> int:
        if not self.shape:
            raise TypeError("a Variable of a single number has no rows")
        return self.shape[0]

    def __iter__(self) -> Iterator[Variable]:
        return iter([self[i] for i in range(len(self))])

    __add__, __radd__ = _method("add")
    __sub__, __rsub__ = _method("sub")
    __mul__, __rmul__ = _method("mul")
    __truediv__, __rtruediv__ = _method("div")
    __matmul__, __rmatmul__ = _method("matmul")
    (__neg__, _), (exp, _), (log, _) = map(_method, ("neg", "exp", "log"))
    (tanh, _), (sigmoid, _), (relu, _) = map(_method, ("tanh", "sigmoid", "relu"))
    _, __rpow__ = _method("power")

    def __pow__(self, exponent: Any) -> Variable:
        if isinstance(exponent, int | float | np.integer | np.floating):
            return apply("pow", self, k=float(exponent))
        return apply("power", self, exponent)

    def __getitem__(self, index: Any) -> Variable:
        return apply("index", self, index=copy.deepcopy(index))

    def sum(self, axis: Any = None, keepdims: bool = False) -> Variable:
        """Add up along `axis`, or everything."""
        return apply("sum", self, axis=axis, keepdims=keepdims)

    def mean(self, axis: Any = None, keepdims: bool = False) -> Variable:
        """Average along `axis`, or everything."""
        total = self.sum(axis, keepdims)
        return total / (self._data.size / total._data.size)

    def max(self, axis: Any = None, keepdims: bool = False) -> Variable:
        """Take the largest along `axis`, or of all; equals share its slope."""
        return apply("max", self, axis=axis, keepdims=keepdims)

    def reshape(self, *shape: Any) -> Variable:
        """Read the same numbers, row by row, into another shape: `(3, 2)`, or `3, 2`."""
        return apply("reshape", self, shape=_unpacked(shape))

    def transpose(self, *axes: Any) -> Variable:
        """Put the axes into another order; without `axes`, reverse them."""
        return apply("transpose", self, axes=_unpacked(axes) or None)

    T = property(transpose)

    def backward(self, seed: Any = None) -> None:
        """Add the slope of this result to `grad` of each Variable behind it.

        Implements {eq}`reverse-mode`. A result of many numbers needs a `seed`: their
        weights. Releases the graph; raises RuntimeError if that was done before.
        """
        order, grads = topological_order(self), {self: _seed(seed, self._data)}
        while order:
            node = order.pop()
            dy = grads.pop(node)
            if node._record is None:
                node.grad += dy
            else:
                for v, dv in _input_slopes(node, dy):
                    grads[v] = grads[v] + dv if v in grads else dv
                node._record = RELEASED


def apply(name: str, *inputs: Any, **settings: Any) -> Variable:
    """Carry out the operation `name` of the table and record it.

    Raises ValueError or IndexError when shapes do not fit, TypeError when dtypes do not.
    """
    # NumPy fits the dtype of a plain number to its partner; an array is copied, for safety
    plain = Variable | int | float
    inputs = tuple(v if isinstance(v, plain) else _frozen(np.array(v)) for v in inputs)
    arrays = [v._data if isinstance(v, Variable) else v for v in inputs]
    try:
        y = OPERATIONS[name].forward(*arrays, **settings)
    except (ValueError, IndexError) as error:
        shapes = " and ".join(str(np.shape(array)) for array in arrays)
        kind = ValueError if isinstance(error, ValueError) else IndexError
        raise kind(f"{name} does not fit shapes {shapes} {settings or ''}") from error
    if any(isinstance(v, Variable) and v._data.dtype != y.dtype for v in inputs):
        types = " and ".join(str(np.result_type(array)) for array in arrays)
        raise TypeError(f"{name} cannot mix {types}: convert one of them first")
    result = Variable.__new__(Variable)
    result._data, result.grad = _frozen(np.asarray(y)), None
    result._record = (OPERATIONS[name], inputs, settings)
    return result


def topological_order(end: Variable) -> list[Variable]:
    """List all that led to `end`, each Variable after everything that it was computed from.

    With a stack of our own in place of recursion: a graph may be deeper than Python's stack.
    """
    order, seen, stack = [], set(), [(end, False)]
    while stack:
        node, is_turn = stack.pop()
        if is_turn:
            order.append(node)
        elif node not in seen:
            if node._record is RELEASED:
                raise RuntimeError("backward has been here and released the graph; compute it anew")
            seen.add(node)
            inputs = node._record[1] if node._record else ()
            stack += [(node, True), *((v, False) for v in inputs if isinstance(v, Variable))]
    return order


def _unpacked(numbers: tuple) -> tuple:
    # NumPy and PyTorch take one tuple as well as its entries
    is_one = len(numbers) == 1 and not hasattr(numbers[0], "__index__")
    return tuple(numbers[0]) if is_one else numbers


def _seed(seed: Any, data: np.ndarray) -> np.ndarray:
    if seed is None and data.size != 1:
        raise ValueError(f"a result of shape {data.shape} needs a seed: the weights of its numbers")
    seed = np.ones_like(data) if seed is None else np.array(seed, data.dtype)
    if seed.shape != data.shape:
        raise ValueError(f"a seed of shape {seed.shape} does not fit a result of {data.shape}")
    return seed


def _input_slopes(node: Variable, dy):
    operation, inputs, settings = node._record
    arrays = [v._data if isinstance(v, Variable) else v for v in inputs]
    for v, slope in zip(inputs, operation.grads, strict=True):
        if isinstance(v, Variable):
            dv = slope(dy, node._data, *arrays, **settings)
            yield v, dv if dv.shape == v.shape else unbroadcast(dv, v.shape)


def _frozen(data: np.ndarray) -> np.ndarray:
    data.flags.writeable = False
    return data
