"""Our transformer in micrograd's single numbers: a node of the graph for every sum and product.

micrograd has sums, products, powers and ReLU; the exponential and the logarithm are added here.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from bench import gpt
from weighted_sums.blocks import GELU_CUBIC, NORM_EPS, SQRT_2_OVER_PI
from weighted_sums.optimizers import Adam
from weighted_sums.workshop import parameters

Row = list[Any]


def step(todo: gpt.Work) -> Callable[[], float]:
    """Forward, backward and Adam, a number at a time."""
    from micrograd.engine import Value

    flat = [numbers(Value, leaf) for leaf in parameters.leaves(todo.model)]
    model = parameters.rebuild(iter(flat), todo.model)
    values = [value for leaf in flat for value in every(leaf)]
    moments = [[0.0, 0.0] for _ in values]
    adam = Adam(gpt.RATE)

    def run() -> float:
        found = loss(model, todo.x[0].tolist(), todo.y[0].tolist())
        for value in values:
            value.grad = 0
        found.backward()
        adam.steps += 1
        for value, own in zip(values, moments, strict=True):
            own[0] += (1 - adam.beta1) * (value.grad - own[0])
            own[1] += (1 - adam.beta2) * (value.grad * value.grad - own[1])
            first = own[0] / (1 - adam.beta1**adam.steps)
            second = own[1] / (1 - adam.beta2**adam.steps)
            value.data -= gpt.RATE * first / (math.sqrt(second) + adam.eps)
        return found.data

    return run


def numbers(Value: Callable, array: np.ndarray) -> Any:
    """An array as nested lists of single numbers."""
    return [numbers(Value, part) for part in array] if array.ndim else Value(float(array))


def every(nested: Any) -> Row:
    """All numbers of nested lists, in order."""
    return [n for part in nested for n in every(part)] if isinstance(nested, list) else [nested]


def loss(model: Any, x: list[int], y: list[int]) -> Any:
    """The average loss of the name's letters."""
    stream = [
        add(model.embedding[token], position)
        for token, position in zip(x, model.positions, strict=False)
    ]
    for block in model.blocks:
        normed = [norm(row, block.norm_1) for row in stream]
        for matrices in zip(*block.attention, strict=True):
            stream = [add(*rows) for rows in zip(stream, head(normed, *matrices), strict=True)]
        for i, row in enumerate(stream):
            z = add(products(block.up.W, norm(row, block.norm_2)), block.up.b)
            stream[i] = add(row, add(products(block.down.W, [gelu(v) for v in z]), block.down.b))
    losses = []
    for row, target in zip(stream, y, strict=True):
        z = products(model.unembedding, norm(row, model.norm))
        losses.append(log(sum(map(exp, z))) + z[target] * -1)
    return sum(losses) * (1 / len(losses))


def head(rows: list[Row], W_q: list[Row], W_k: list[Row], W_v: list[Row], W_o: list[Row]) -> Any:
    """What one head adds to each row of the residual stream."""
    queries, keys, values = ([products(W, row) for row in rows] for W in (W_q, W_k, W_v))
    for i, q in enumerate(queries):
        parts = [exp(dot(q, k) * (1 / math.sqrt(len(q)))) for k in keys[: i + 1]]
        inverse = sum(parts) ** -1
        weights = [part * inverse for part in parts]
        columns = zip(*values[: i + 1], strict=True)
        yield products(W_o, [dot(weights, column) for column in columns])


def norm(row: Row, own: Any) -> Row:
    """A layer norm of one row."""
    mean = sum(row) * (1 / len(row))
    centred = [v + mean * -1 for v in row]
    inverse = (dot(centred, centred) * (1 / len(row)) + NORM_EPS) ** -0.5
    return add([c * inverse * g for c, g in zip(centred, own.gain, strict=True)], own.bias)


def gelu(z: Any) -> Any:
    """GELU with tanh, which is 1 − 2 / (exp(2u) + 1)."""
    u = (z + z * z * z * GELU_CUBIC) * SQRT_2_OVER_PI
    return z * ((exp(u * 2) + 1) ** -1 * -1 + 1)


def products(W: list[Row], row: Row) -> Row:
    """A matrix times a row of numbers."""
    return [dot(weights, row) for weights in W]


def dot(a: Row, b: Row) -> Any:
    """The sum of the products of two rows."""
    return sum(p * q for p, q in zip(a, b, strict=True))


def add(a: Row, b: Row) -> Row:
    """The sum of two rows."""
    return [p + q for p, q in zip(a, b, strict=True)]


def exp(x: Any) -> Any:
    """A node for the exponential; its derivative is itself."""
    return node(x, y := math.exp(x.data), y)


def log(x: Any) -> Any:
    """A node for the natural logarithm."""
    return node(x, math.log(x.data), 1 / x.data)


def node(x: Any, value: float, derivative: float) -> Any:
    """A number that depends on `x` alone."""
    result = type(x)(value, (x,))

    def backward() -> None:
        x.grad += derivative * result.grad

    result._backward = backward
    return result
