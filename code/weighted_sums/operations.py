"""The operations that autodiff knows: a forward function, and a backward one for each input.

Every entry of the table is compared with finite differences and with PyTorch, on inputs that stand
beside its tests.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from weighted_sums.neurons import Numbers, relu, relu_prime, sigmoid, sigmoid_grad_from_output

Axis = int | tuple[int, ...] | None
Operand = Any  # an array, or a plain number


class Operation(NamedTuple):
    """An operation `y = forward(*inputs, **settings)` and its derivatives.

    `backward[i](dy, y, *inputs, **settings)` is the derivative of the cost with respect to input i,
    where `dy` is that with respect to `y`. It may still have the shape of the broadcast input.
    """

    forward: Callable[..., np.ndarray]
    backward: tuple[Callable[..., np.ndarray], ...]


class Record(NamedTuple):
    """How a result was computed: the name of the operation, its inputs and its settings."""

    name: str
    inputs: tuple[Any, ...]
    settings: dict[str, Any]


def unbroadcast(dy: Numbers, shape: tuple[int, ...]) -> Numbers:
    """Sum `dy` over the axes along which an input of this `shape` was broadcast.

    Implements {eq}`unbroadcast`: an entry used many times gets the sum of its derivatives.
    """
    dy = dy.sum(axis=tuple(range(dy.ndim - len(shape))))
    ones = tuple(axis for axis, n in enumerate(shape) if n == 1)
    return dy.sum(axis=ones, keepdims=True)


def _unreduce(dy: Numbers, a: Numbers, axis: Axis, keepdims: bool) -> Numbers:
    """Broadcast `dy` back along the axes over which `a` was reduced."""
    if axis is not None and not keepdims:
        dy = np.expand_dims(dy, axis)
    return np.broadcast_to(dy, a.shape)


def _max_backward(dy: Numbers, y: Numbers, a: Numbers, axis: Axis, keepdims: bool) -> Numbers:
    largest = (a == _unreduce(y, a, axis, keepdims)).astype(a.dtype)
    # equal entries share the gradient
    return _unreduce(dy, a, axis, keepdims) * largest / largest.sum(axis=axis, keepdims=True)


def _matrices(dy: Numbers, a: Numbers, b: Numbers) -> tuple[Numbers, Numbers, Numbers]:
    """Insert the axes that `@` adds to a vector on either side."""
    if b.ndim == 1:
        dy, b = dy[..., None], b[:, None]
    return (dy[..., None, :], a[None, :], b) if a.ndim == 1 else (dy, a, b)


def _matmul_backward_a(dy: Numbers, y: Numbers, a: Numbers, b: Numbers) -> Numbers:
    dy, _, b = _matrices(dy, a, b)
    return dy @ b.swapaxes(-1, -2)


def _matmul_backward_b(dy: Numbers, y: Numbers, a: Numbers, b: Numbers) -> Numbers:
    dy, a_rows, _ = _matrices(dy, a, b)
    db = a_rows.swapaxes(-1, -2) @ dy
    return db[..., 0] if b.ndim == 1 else db


def _power_backward_b(dy: Numbers, y: Numbers, a: Operand, b: Operand) -> Numbers:
    # 0 to a power stays 0 when the exponent changes, though its logarithm is infinite
    with np.errstate(divide="ignore", invalid="ignore"):
        return dy * np.where((a == 0) & (b >= 0), 0, y * np.log(a)).astype(dy.dtype)


def _where_larger(dy: Numbers, a: Operand, b: Operand) -> Numbers:
    return dy * ((a > b) + 0.5 * (a == b)).astype(dy.dtype)  # equal entries share the gradient


def _where(a: Operand, b: Operand, condition: np.ndarray) -> Numbers:
    return np.where(condition, a, b)


def _first_part(dy: Numbers, a: Numbers, axis: int) -> Numbers:
    return dy[(slice(None),) * (axis % dy.ndim) + (slice(a.shape[axis]),)]


def _last_part(dy: Numbers, b: Numbers, axis: int) -> Numbers:
    return dy[(slice(None),) * (axis % dy.ndim) + (slice(dy.shape[axis] - b.shape[axis], None),)]


def _transpose_backward(dy: Numbers, y: Numbers, a: Numbers, axes: tuple[Any, ...]) -> Numbers:
    return dy.transpose(np.argsort(np.ravel(axes) % a.ndim)) if axes else dy.transpose()


def _index_backward(dy: Numbers, y: Numbers, a: Numbers, index: Any) -> Numbers:
    da = np.zeros_like(a)
    np.add.at(da, index, dy)  # an entry that was taken twice gets both derivatives
    return da


# fmt: off
OPERATIONS = {
    "add": Operation(np.add, (lambda dy, y, a, b: dy, lambda dy, y, a, b: dy)),
    "sub": Operation(np.subtract, (lambda dy, y, a, b: dy, lambda dy, y, a, b: -dy)),
    "mul": Operation(np.multiply, (lambda dy, y, a, b: dy * b, lambda dy, y, a, b: dy * a)),
    "div": Operation(np.divide, (lambda dy, y, a, b: dy / b, lambda dy, y, a, b: -dy * y / b)),
    "neg": Operation(np.negative, (lambda dy, y, a: -dy,)),
    "pow": Operation(
        lambda a, k: a**k, (lambda dy, y, a, k: dy * k * a ** (k - 1) if k else 0 * dy,)),
    "power": Operation(
        np.power, (lambda dy, y, a, b: dy * b * a ** (b - 1), _power_backward_b)),
    "maximum": Operation(
        np.maximum, (lambda dy, y, a, b: _where_larger(dy, a, b),
                     lambda dy, y, a, b: _where_larger(dy, b, a))),
    "where": Operation(
        _where,
        (lambda dy, y, a, b, condition: np.where(condition, dy, 0).astype(dy.dtype),
         lambda dy, y, a, b, condition: np.where(condition, 0, dy).astype(dy.dtype))),
    "concatenate": Operation(
        lambda a, b, axis: np.concatenate((a, b), axis),
        (lambda dy, y, a, b, axis: _first_part(dy, a, axis),
         lambda dy, y, a, b, axis: _last_part(dy, b, axis))),
    "exp": Operation(np.exp, (lambda dy, y, a: dy * y,)),
    "log": Operation(np.log, (lambda dy, y, a: dy / a,)),
    "tanh": Operation(np.tanh, (lambda dy, y, a: dy * (1 - y * y),)),
    "sigmoid": Operation(sigmoid, (lambda dy, y, a: dy * sigmoid_grad_from_output(y),)),
    "relu": Operation(relu, (lambda dy, y, a: dy * relu_prime(a),)),
    "matmul": Operation(np.matmul, (_matmul_backward_a, _matmul_backward_b)),
    "sum": Operation(np.sum, (lambda dy, y, a, **axes: _unreduce(dy, a, **axes),)),
    "max": Operation(np.max, (_max_backward,)),
    "reshape": Operation(
        lambda a, shape: a.reshape(*shape), (lambda dy, y, a, shape: dy.reshape(a.shape),)),
    "transpose": Operation(lambda a, axes: a.transpose(*axes), (_transpose_backward,)),
    "index": Operation(lambda a, index: a[index], (_index_backward,)),
}
# fmt: on


def evaluate(
    name: str, arrays: list[Any], settings: dict[str, Any], dtypes: set[np.dtype]
) -> np.ndarray:
    """Carry out the operation `name` of the table, whose Variables have these `dtypes`.

    Raises ValueError or IndexError when shapes do not fit, TypeError when dtypes do not.
    """
    try:
        y = np.asarray(OPERATIONS[name].forward(*arrays, **settings))
    except (ValueError, IndexError) as error:
        shapes = " and ".join(str(np.shape(array)) for array in arrays)
        kind = ValueError if isinstance(error, ValueError) else IndexError
        raise kind(f"{name} does not fit shapes {shapes} {settings or ''}") from error
    if not dtypes <= {y.dtype}:
        types = " and ".join(str(np.result_type(array)) for array in arrays)
        raise TypeError(f"{name} cannot mix {types}: convert one of them first")
    return y
