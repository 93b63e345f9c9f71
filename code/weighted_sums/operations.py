"""The operations that autodiff knows: for each its formula, and its slope by each of its inputs.

The table drives the tests too: an entry brings the shapes, settings and ranges to try it on, and
with them gets its comparison with differences and with PyTorch.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from weighted_sums.neurons import Numbers, relu, relu_prime, sigmoid, sigmoid_grad_from_output


class Operation(NamedTuple):
    """An operation `y = forward(*inputs, **settings)`, and what to try it on.

    `grads[i](dy, y, *inputs, **settings)` is the derivative of the cost by input i, when that by
    `y` is `dy`. It may still have the shape that broadcasting gave the input.
    """

    forward: Callable[..., np.ndarray]
    grads: tuple[Callable[..., np.ndarray], ...]
    shapes: tuple = (((),), ((2, 3, 5),))
    settings: tuple[dict, ...] = ({},)
    low: float = -2.0


def unbroadcast(dy: Numbers, shape: tuple[int, ...]) -> Numbers:
    """Add up `dy` along the axes that broadcasting gave to an input of this `shape`.

    Implements {eq}`unbroadcast`: who was used many times gets the sum of all slopes.
    """
    dy = dy.sum(axis=tuple(range(dy.ndim - len(shape))))
    ones = tuple(axis for axis, n in enumerate(shape) if n == 1)
    return dy.sum(axis=ones, keepdims=True)


def _spread(dy, a, axis, keepdims):
    """Give `dy` back the axes along which `a` was reduced."""
    if axis is not None and not keepdims:
        dy = np.expand_dims(dy, axis)
    return np.broadcast_to(dy, a.shape)


def _max_slope(dy, y, a, axis, keepdims):
    largest = (a == _spread(y, a, axis, keepdims)).astype(a.dtype)
    # equals share the slope
    return _spread(dy, a, axis, keepdims) * largest / largest.sum(axis=axis, keepdims=True)


def _matrices(dy, a, b):
    """Write out the axes that `@` lends to a vector on either side."""
    if b.ndim == 1:
        dy, b = dy[..., None], b[:, None]
    return (dy[..., None, :], a[None, :], b) if a.ndim == 1 else (dy, a, b)


def _matmul_slope_a(dy, y, a, b):
    dy, _, b = _matrices(dy, a, b)
    return dy @ b.swapaxes(-1, -2)


def _matmul_slope_b(dy, y, a, b):
    dy, rows, _ = _matrices(dy, a, b)
    db = rows.swapaxes(-1, -2) @ dy
    return db[..., 0] if b.ndim == 1 else db


def _power_slope_b(dy, y, a, b):
    # the power of 0 stays 0 when the exponent moves
    logarithm = np.log(np.where(a == 0, 1, a)).astype(dy.dtype)
    return dy * np.where((a == 0) & (b >= 0), 0, y * logarithm).astype(dy.dtype)


def _share_of_the_larger(dy, a, b):
    return dy * ((a > b) + 0.5 * (a == b)).astype(dy.dtype)  # equals share the slope


def _first_part(dy, a, axis):
    return dy[(slice(None),) * (axis % dy.ndim) + (slice(a.shape[axis]),)]


def _last_part(dy, b, axis):
    return dy[(slice(None),) * (axis % dy.ndim) + (slice(dy.shape[axis] - b.shape[axis], None),)]


def _index_slope(dy, y, a, index):
    da = np.zeros_like(a)
    np.add.at(da, index, dy)  # an entry that was taken twice gets both slopes
    return da


# fmt: off
# no two axes have the same length, so that axes mixed up cannot fit by accident
PAIRS = (((), ()), ((2, 3), (2, 3)), ((5,), (2, 3, 5)), ((2, 3, 1), (7, 1, 1, 5)), ((), (2, 3)))
PRODUCTS = (
    ((3,), (3,)), ((2, 3), (3,)), ((3,), (3, 5)), ((2, 3), (3, 5)), ((7, 2, 3), (3, 5)),
    ((2, 3), (7, 3, 5)), ((11, 1, 2, 3), (7, 3, 5)), ((7, 2, 3), (3,)), ((3,), (7, 3, 5)),
)
CUBE = (((2, 3, 5),),)
AXES = tuple({"axis": axis, "keepdims": k} for axis in (None, 0, -1, (0, 2)) for k in (False, True))
CONDITIONS = ({"condition": np.array([True, False, True])}, {"condition": np.array(False)})
EXPONENTS = tuple({"k": k} for k in (3.0, 2.0, 1.0, 0.0, 0.5, -1.0, -1.5))
INDICES = (1, slice(0, 2), (..., None, 2), np.array([1, 0, 1]), ([0, 1, 1], slice(None), [4, 0, 0]))

OPERATIONS = {
    "add": Operation(np.add, (lambda dy, y, a, b: dy, lambda dy, y, a, b: dy), PAIRS),
    "sub": Operation(np.subtract, (lambda dy, y, a, b: dy, lambda dy, y, a, b: -dy), PAIRS),
    "mul": Operation(np.multiply, (lambda dy, y, a, b: dy * b, lambda dy, y, a, b: dy * a), PAIRS),
    "div": Operation(
        np.divide, (lambda dy, y, a, b: dy / b, lambda dy, y, a, b: -dy * y / b), PAIRS, low=0.5),
    "neg": Operation(np.negative, (lambda dy, y, a: -dy,)),
    "pow": Operation(
        lambda a, k: a**k, (lambda dy, y, a, k: dy * k * a ** (k - 1) if k else 0 * dy,),
        settings=EXPONENTS, low=0.5),
    "power": Operation(
        np.power, (lambda dy, y, a, b: dy * b * a ** (b - 1), _power_slope_b), PAIRS, low=0.5),
    "maximum": Operation(
        np.maximum, (lambda dy, y, a, b: _share_of_the_larger(dy, a, b),
                     lambda dy, y, a, b: _share_of_the_larger(dy, b, a)), PAIRS),
    "where": Operation(
        lambda a, b, condition: np.where(condition, a, b),
        (lambda dy, y, a, b, condition: np.where(condition, dy, 0).astype(dy.dtype),
         lambda dy, y, a, b, condition: np.where(condition, 0, dy).astype(dy.dtype)),
        (((2, 3), (2, 3)), ((3,), (2, 3)), ((2, 1), (3,)), ((), ())), CONDITIONS),
    "concatenate": Operation(
        lambda a, b, axis: np.concatenate((a, b), axis),
        (lambda dy, y, a, b, axis: _first_part(dy, a, axis),
         lambda dy, y, a, b, axis: _last_part(dy, b, axis)),
        (((2, 3, 5), (2, 7, 5)),), ({"axis": 1}, {"axis": -2})),
    "exp": Operation(np.exp, (lambda dy, y, a: dy * y,)),
    "log": Operation(np.log, (lambda dy, y, a: dy / a,), low=0.5),
    "tanh": Operation(np.tanh, (lambda dy, y, a: dy * (1 - y * y),)),
    "sigmoid": Operation(sigmoid, (lambda dy, y, a: dy * sigmoid_grad_from_output(y),)),
    "relu": Operation(relu, (lambda dy, y, a: dy * relu_prime(a),)),
    "matmul": Operation(np.matmul, (_matmul_slope_a, _matmul_slope_b), PRODUCTS),
    "sum": Operation(np.sum, (lambda dy, y, a, **axes: _spread(dy, a, **axes),), CUBE, AXES),
    "max": Operation(np.max, (_max_slope,), CUBE, AXES),
    "reshape": Operation(
        lambda a, shape: a.reshape(shape), (lambda dy, y, a, shape: dy.reshape(a.shape),),
        CUBE, ({"shape": (5, -1)}, {"shape": (1, 30)})),
    "transpose": Operation(
        np.transpose, (lambda dy, y, a, axes: dy.transpose(axes and np.argsort(axes)),),
        CUBE, ({"axes": (1, 2, 0)}, {"axes": None})),
    "index": Operation(
        lambda a, index: a[index], (_index_slope,), CUBE, tuple({"index": i} for i in INDICES)),
}
