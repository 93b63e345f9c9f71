"""Reverse-mode automatic differentiation: arrays that record how they were computed.

Wrap the arrays that you want derivatives for in `Variable`, compute with them as usual, and call
`backward` on the result. Everything else, plain numbers and arrays, is a constant.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from weighted_sums.neurons import Numbers
from weighted_sums.operations import OPERATIONS, Record, evaluate, unbroadcast
from weighted_sums.workshop.parameters import leaves, rebuild

_RELEASED: Any = object()  # stands for the record of a result whose graph has been released


def _method(name: str) -> tuple[Callable[..., Variable], Callable[..., Variable]]:
    """Make the method of an operation, and its twin for a Variable on the right of the sign."""
    return lambda v, *others: apply(name, v, *others), lambda v, left: apply(name, left, v)


class Variable:
    """An array that records how it was computed. Its data never change.

    In a Variable that you made, `grad` accumulates the derivatives that `backward` computes; a
    result has no `grad`. Raises TypeError unless `data` are floating-point numbers.
    """

    __slots__ = ("__weakref__", "_data", "_record", "grad")
    __array_ufunc__ = None  # makes NumPy's arrays leave `array + variable` to the Variable

    def __init__(self, data: Any) -> None:  # noqa: D107
        # a private copy, so that no later change can falsify what was recorded
        self._data = _frozen(np.array(data, dtype=float if isinstance(data, int | float) else None))
        if self._data.dtype.kind != "f":
            raise TypeError(f"a Variable holds floating-point numbers, not {self._data.dtype}")
        self._record: Record | None = None
        self.grad: np.ndarray | None = np.zeros(self._data.shape, self._data.dtype)

    @property
    def data(self) -> np.ndarray:
        """The numbers, as a read-only array."""
        return self._data

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of the data."""
        return self._data.shape

    def __repr__(self) -> str:
        return f"Variable({np.array2string(self._data, separator=', ')})"

    def __array__(self, *args: Any, **kwargs: Any) -> np.ndarray:
        raise TypeError("a Variable cannot be converted to an array: use its data")

    def __array_function__(self, function: Any, *others: Any) -> Any:
        raise TypeError(f"numpy.{function.__name__} cannot record what it does to a Variable")

    def _refuse(self, *others: Any) -> Any:
        raise TypeError("a Variable has no truth value and no order: compare its data")

    __eq__ = __lt__ = __le__ = __gt__ = __ge__ = __bool__ = _refuse
    __hash__ = object.__hash__

    def __len__(self) -> int:
        if not self.shape:
            raise TypeError("a Variable of a single number has no length")
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
        """Return the sum along `axis`, or of all entries."""
        return apply("sum", self, axis=axis, keepdims=keepdims)

    def mean(self, axis: Any = None, keepdims: bool = False) -> Variable:
        """Return the mean along `axis`, or of all entries."""
        total = self.sum(axis, keepdims)
        return total / (self._data.size / total._data.size)

    def max(self, axis: Any = None, keepdims: bool = False) -> Variable:
        """Return the largest entry along `axis`, or of all; equal ones share the gradient."""
        return apply("max", self, axis=axis, keepdims=keepdims)

    def reshape(self, *shape: Any) -> Variable:
        """Return the same numbers, row by row, in another shape: `(3, 2)`, or `3, 2`."""
        return apply("reshape", self, shape=shape)

    def transpose(self, *axes: Any) -> Variable:
        """Permute the axes; without `axes`, reverse them."""
        return apply("transpose", self, axes=axes)

    T = property(transpose)

    def backward(self, seed: Any = None) -> None:
        """Add the derivatives of this result to the `grad` of each Variable it depends on.

        Implements {eq}`reverse-mode`. A result of many numbers needs a `seed`: their weights.
        Releases the graph; raises RuntimeError if it is released already.
        """
        order, grads = topological_order(self), {self: _seed(seed, self._data)}
        while order:
            node = order.pop()
            dy = grads.pop(node)
            if node._record is None:
                node.grad += dy
            else:
                for v, dv in _input_grads(node, node._record, dy):
                    grads[v] = grads[v] + dv if v in grads else dv
                node._record = _RELEASED


def apply(name: str, *inputs: Any, **settings: Any) -> Variable:
    """Carry out the operation `name` of the table and record it.

    Raises ValueError or IndexError when shapes do not fit, TypeError when dtypes do not.
    """
    # NumPy adapts the dtype of a plain number; an array is copied, so that it cannot change
    plain = Variable | int | float
    inputs = tuple(v if isinstance(v, plain) else _frozen(np.array(v)) for v in inputs)
    arrays = [v._data if isinstance(v, Variable) else v for v in inputs]
    dtypes = {v._data.dtype for v in inputs if isinstance(v, Variable)}
    result = Variable.__new__(Variable)
    result._data, result.grad = _frozen(evaluate(name, arrays, settings, dtypes)), None
    result._record = Record(name, inputs, settings)
    return result


def topological_order(end: Variable) -> list[Variable]:
    """List the Variables that `end` depends on, each after those that it was computed from.

    A stack of its own replaces recursion: a graph may be deeper than Python's stack.
    """
    order, seen, stack = [], set(), [(end, False)]
    while stack:
        node, is_turn = stack.pop()
        if is_turn:
            order.append(node)
        elif node not in seen:
            if node._record is _RELEASED:
                raise RuntimeError("backward has released this graph; compute the result again")
            seen.add(node)
            inputs = node._record.inputs if node._record else ()
            stack += [(node, True), *((v, False) for v in inputs if isinstance(v, Variable))]
    return order


def cost_and_gradient(cost: Callable[..., Any], network: Any, *batch: Any) -> tuple[float, Any]:
    """Return `cost(network, *batch)` and its gradient, structured like `network`."""
    variables = [Variable(p) for p in leaves(network)]
    result = cost(rebuild(iter(variables), network), *batch)
    result.backward()
    return float(result._data), rebuild((v.grad for v in variables), network)


def _seed(seed: Any, data: np.ndarray) -> np.ndarray:
    if seed is None and data.size != 1:
        raise ValueError(f"a result of shape {data.shape} needs a seed: the weights of its numbers")
    seed = np.ones_like(data) if seed is None else np.array(seed, data.dtype)
    if seed.shape != data.shape:
        raise ValueError(f"a seed of shape {seed.shape} does not fit a result of {data.shape}")
    return seed


def _input_grads(node: Variable, record: Record, dy: Numbers) -> Iterator[tuple[Variable, Numbers]]:
    arrays = [v._data if isinstance(v, Variable) else v for v in record.inputs]
    for v, backward in zip(record.inputs, OPERATIONS[record.name].backward, strict=True):
        if isinstance(v, Variable):
            dv = backward(dy, node._data, *arrays, **record.settings)
            yield v, dv if dv.shape == v.shape else unbroadcast(dv, v.shape)


def _frozen(data: np.ndarray) -> np.ndarray:
    data.flags.writeable = False
    return data
