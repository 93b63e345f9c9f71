"""Checks for the exercises of the chapter on backpropagation."""

from __future__ import annotations

import copy

import numpy as np

from weighted_sums import backprop as truth
from weighted_sums import networks
from weighted_sums.exercises import require
from weighted_sums.neurons import sigmoid_prime


def weight_slopes(answer) -> str:
    """`weight_slopes(dz, a)` is BP4 for one example: the slope of each weight, where it stands."""
    rng = np.random.default_rng(0)
    for fan_out, fan_in in ((2, 3), (1, 4), (5, 1), (3, 3)):
        dz, a = rng.normal(size=fan_out), rng.random(fan_in)
        where = f"for {fan_out} errors and {fan_in} activations"
        found = np.asarray(answer(dz.copy(), a.copy()))
        turned = found.shape == (fan_in, fan_out) and np.allclose(found, np.outer(a, dz))
        require(
            not turned or fan_in == fan_out == 1,
            f"{where} you give the slope of W_ji in row i and column j: it belongs where the "
            "weight stands, a row for each listener",
        )
        _require_shape(found, (fan_out, fan_in), where)
        j, k = _first_difference(found, np.outer(dz, a))
        require(
            j is None,
            f"{where}, the slope of W_{j}{k} is {_at(found, j, k)}, it should be the error of "
            f"neuron {j} times activation {k}, {_at(np.outer(dz, a), j, k)}",
        )
    return "how wrong the listener is, times how loud the speaker was"


def batch_slopes(answer) -> str:
    """`batch_slopes(dz, a)` adds up the slopes of all examples without a loop."""
    rng = np.random.default_rng(1)
    for n, fan_out, fan_in in ((1, 2, 3), (5, 4, 2), (3, 3, 3)):
        dz, a = rng.normal(size=(n, fan_out)), rng.random((n, fan_in))
        where = f"for a batch of {n}, {fan_out} neurons and {fan_in} inputs"
        dW, db = _pair(answer(dz.copy(), a.copy()), where)
        _require_shape(dW, (fan_out, fan_in), f"{where}, dW")
        _require_shape(db, (fan_out,), f"{where}, db")
        require(
            n == 1 or not np.allclose(db, dz.mean(axis=0)),
            f"{where} db is the mean over the examples; dz already holds the 1/n, so add up",
        )
        require(np.allclose(db, dz.sum(axis=0)), f"{where} db is not the sum over the examples")
        require(
            n == 1 or not np.allclose(dW, np.outer(dz.sum(axis=0), a.sum(axis=0))),
            f"{where} you multiply the sums: each error must meet the input of its own example",
        )
        require(np.allclose(dW, dz.T @ a), f"{where} dW is not the sum of the outer products")
    return "one product of matrices adds up the votes of the whole batch"


def backward(answer) -> str:
    """`backward(network, a, y)` is the whole gradient, checked from the last layer to the first."""
    rng = np.random.default_rng(2)
    for sizes, n in (([3, 2], 1), ([4, 3, 2], 1), ([5, 2, 4, 3], 6), ([3, 3, 3, 3], 4)):
        network = networks.random_network(sizes, rng, dtype=np.float64)
        x, y = rng.normal(size=(n, sizes[0])), rng.random((n, sizes[-1]))
        a = networks.activations(x, network)
        found = answer(copy.deepcopy(network), [part.copy() for part in a], y.copy())
        where = f"for layers {sizes} and {n} example{'s' if n > 1 else ''}"
        require(len(found) == len(network), f"{where} you should return {len(network)} pairs")
        _, expected = truth.cost_and_gradient(network, x, y)
        for l in reversed(range(len(network))):
            pair = _pair(found[l], f"{where}, layer {l + 1}")
            _check_layer(pair, expected[l], l + 1, len(network), n, where)
    return "all four equations, in every layer"


def bound(answer) -> str:
    """`bound(depth, w)` is the largest |δ| that can arrive at the first layer of a chain."""
    for depth in (2, 5, 10, 1):
        for w in (0.5, 1.0, -3.0, 4.0, 6.0):
            largest = abs(w * float(sigmoid_prime(np.float64(0)))) ** (depth - 1)
            found = float(answer(depth, w))
            where = f"for {depth} layers and w = {w}"
            require(found >= 0, f"{where} your bound is {found}; it limits a size, so no sign")
            one_more = abs(w / 4) ** depth
            require(
                depth == 1 or w == 4.0 or not np.isclose(found, one_more, atol=0),
                f"{where} you take {depth} steps back; from layer {depth} to layer 1 there are "
                f"{depth - 1}",
            )
            require(
                found >= largest * (1 - 1e-9),
                f"{where} your bound is {found:.3g}, but with every z at 0 the error is "
                f"{largest:.3g}",
            )
            require(
                found <= largest * (1 + 1e-9),
                f"{where} your bound is {found:.3g}; no error can be larger than {largest:.3g}",
            )
    return "at most a quarter of the weight for each step back"


def _check_layer(found, expected, layer, last, n, where) -> None:
    dW, db = found
    at = f"{where}, layer {layer}" + (" (the last)" if layer == last else "")
    for name, part, want in (("dW", dW, expected.W), ("db", db, expected.b)):
        _require_shape(part, want.shape, f"{at}, {name}")
    weights, biases = np.allclose(dW, expected.W), np.allclose(db, expected.b)
    if weights and biases:
        return
    if n > 1 and np.allclose(dW, n * expected.W):
        require(False, f"{at} dW is {n} times too large: where does the average over examples go?")
    if weights:
        require(False, f"{at} the weights are right and the biases are not: look at BP3")
    if biases:
        require(False, f"{at} the biases are right and the weights are not: look at BP4")
    if layer == last:
        require(False, f"{at} weights and biases are both wrong, so the error dz is: look at BP1")
    require(
        False,
        f"{at} is wrong while layer {layer + 1} is right: the error is lost between them, look "
        "at BP2",
    )


def _pair(found, where) -> tuple[np.ndarray, np.ndarray]:
    pair = isinstance(found, tuple | list) and len(found) == 2
    require(pair, f"{where} expected a pair (dW, db), not {type(found).__name__}")
    return np.asarray(found[0]), np.asarray(found[1])


def _require_shape(found, shape, where) -> None:
    require(np.shape(found) == shape, f"{where}: the shape is {np.shape(found)}, should be {shape}")


def _first_difference(found, expected):
    wrong = np.argwhere(~np.isclose(found, expected))
    return tuple(wrong[0]) if len(wrong) else (None, None)


def _at(matrix, j, k) -> str:
    return "" if j is None else f"{matrix[j, k]:.4f}"
