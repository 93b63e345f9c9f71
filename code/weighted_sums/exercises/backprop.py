"""Checks for the exercises of the chapter on backpropagation."""

from __future__ import annotations

import copy

import numpy as np

from weighted_sums import backprop as truth
from weighted_sums import networks
from weighted_sums.exercises import Wrong, call, diagnose, require, require_equal, require_shape


def weight_gradient(answer) -> str:
    """`weight_gradient(dz, a)` is BP4 for one example: the derivative for each weight."""
    rng = np.random.default_rng(0)
    for fan_out, fan_in in ((2, 3), (1, 4), (5, 1), (3, 3)):
        dz, a = rng.normal(size=fan_out), rng.random(fan_in)
        where = f"for {fan_out} errors and {fan_in} activations"
        found = np.asarray(call(answer, where, dz.copy(), a.copy()))
        want = np.outer(dz, a)
        if found.shape == want.shape and np.allclose(found, want):
            continue
        errors = {
            "it is transposed: the derivative of W_ji belongs in row j and column i, a row for "
            "each receiving neuron": want.T,
            "the sign is wrong": -want,
            "you multiply by σ′ once more; the error dz already contains it": dz[:, None]
            * (a * (1 - a)),
            "you add where the error and the activation should be multiplied": dz[:, None] + a,
            "you average over the inputs; a single example needs no average": want / fan_in,
            "your array holds whole numbers only: give it the dtype float": np.trunc(want),
        }
        require(not (why := diagnose(found, errors)), f"{where} {why}")
        require_shape(found, want.shape, where)
        j, k = np.argwhere(~np.isclose(found, want))[0]
        raise Wrong(
            f"{where}, the derivative of W_{j}{k} is {found[j, k]:.4f}, it should be the error of "
            f"neuron {j} times activation {k}, {want[j, k]:.4f}"
        )
    return "the error of the receiving neuron times the activation of the sending one"


def batch_gradient(answer) -> str:
    """`batch_gradient(dz, a)` adds up the derivatives of all examples without a loop."""
    rng = np.random.default_rng(1)
    for n, fan_out, fan_in in ((5, 4, 2), (3, 3, 3), (1, 2, 3)):
        dz, a = rng.normal(size=(n, fan_out)), rng.random((n, fan_in))
        where = f"for a batch of {n}, {fan_out} neurons and {fan_in} inputs"
        dW, db = _pair(call(answer, where, dz.copy(), a.copy()), where)
        want = dz.T @ a
        errors = {
            "is transposed: a row for each neuron, a column for each input": want.T,
            "multiplies sums: each error must meet the input of its own example": np.outer(
                dz.sum(axis=0), a.sum(axis=0)
            ),
            "multiplies means: each error must meet the input of its own example": np.outer(
                dz.mean(axis=0), a.mean(axis=0)
            ),
            "is the mean over the examples; dz already holds the 1/n, so add up": want / n,
            "holds one matrix for each example; add them up": dz[:, :, None] * a[:, None],
            "holds the first example only": np.outer(dz[0], a[0]),
        }
        require_equal(dW, want, f"{where}, dW", errors, "is not the sum of the outer products")
        errors = {
            "is the mean over the examples; dz already holds the 1/n, so add up": dz.mean(axis=0),
            "is the sum over the neurons; add up the examples, axis 0": dz.sum(axis=1),
            "is the sum over examples and neurons; add up the examples, axis 0": dz.sum(),
            "is dz itself; add up the examples": dz,
            "holds the first example only": dz[0],
        }
        require_equal(
            db, dz.sum(axis=0), f"{where}, db", errors, "is not the sum over the examples"
        )
    return "one product of matrices adds up the whole batch"


def backward(answer) -> str:
    """`backward(network, a, y)` is the whole gradient, checked from the last layer to the first."""
    rng = np.random.default_rng(2)
    for sizes, n in (([3, 2], 1), ([4, 3, 2], 1), ([5, 2, 4, 3], 6), ([3, 3, 3, 3], 4)):
        network = networks.init_network(sizes, rng, dtype=np.float64)
        x, y = rng.normal(size=(n, sizes[0])), rng.random((n, sizes[-1]))
        a = networks.activations(network, x)
        where = f"for layers {sizes} and {n} example{'s' if n > 1 else ''}"
        given = copy.deepcopy((network, a))
        found = call(answer, where, *given, y.copy())
        before, after = ([*sum(network, ()), *a] for network, a in ((network, a), given))
        same = all(map(np.array_equal, before, after))
        require(same, f"{where} you change the network or its activations in place")
        require(len(found) == len(network), f"{where} you should return {len(network)} pairs")
        _, expected = truth.cost_and_gradient(network, x, y)
        shapes = [_pair(pair, where)[0].shape for pair in found]
        expected_shapes = [layer.W.shape for layer in network]
        is_reversed = shapes != expected_shapes and shapes == expected_shapes[::-1]
        require(not is_reversed, f"{where} you return the last layer first")
        for l in reversed(range(len(network))):
            errors = _errors_of_dz(network, a, y, expected, l)
            _check_layer(_pair(found[l], where), expected, l, n, where, errors)
    return "all four equations, in every layer"


def _errors_of_dz(network, a, y, expected, l) -> dict[str, np.ndarray]:
    """What known errors make of the bias's derivatives in layer l, by BP1 or BP2."""
    out = a[l + 1]
    if l == len(network) - 1:
        dz, da = expected[l].b, 2 * (out - y) / len(y)
        return {
            "the sign is wrong: it is a − y": -dz,
            "the 2 of the square is missing": dz / 2,
            "σ′ of the last layer is missing": da.sum(axis=0),
            "where does the average over the examples go?": len(y) * dz,
            "σ′ is a(1 − a), not a(1 + a)": (da * out * (1 + out)).sum(axis=0),
        }
    errors = [2 * (a[-1] - y) / len(y) * a[-1] * (1 - a[-1])]
    for k in reversed(range(l + 1, len(network) - 1)):
        errors.append(errors[-1] @ network[k + 1].W * a[k + 1] * (1 - a[k + 1]))
    arriving, W = errors[-1] @ network[l + 1].W, network[l + 1].W
    known = {
        f"σ′ of layer {l + 1} is missing": arriving,
        "σ′ is a(1 − a), not a(1 + a)": arriving * out * (1 + out),
    }
    if W.shape[0] == W.shape[1]:
        by_transposed = errors[-1] @ W.T * out * (1 - out)
        known["in `dz @ W` the matrix is not transposed"] = by_transposed
    return {why: dz.sum(axis=0) for why, dz in known.items()}


def _check_layer(pair, expected, l, n, where, errors) -> None:
    dW, db = pair
    last = l == len(expected) - 1
    at = f"{where}, layer {l + 1}" + (" (the last)" if last else "")
    for name, part, want in (("dW", dW, expected[l].W), ("db", db, expected[l].b)):
        require_shape(part, want.shape, f"{at}, {name}")
    weights, biases = np.allclose(dW, expected[l].W), np.allclose(db, expected[l].b)
    if weights and biases:
        return
    if n > 1 and np.allclose(dW, n * expected[l].W):
        raise Wrong(f"{at} dW is {n} times too large: where does the average over examples go?")
    if weights:
        mean = np.allclose(n * db, expected[l].b)
        hint = ": dz already holds the 1/n, so add up" if mean and n > 1 else ""
        raise Wrong(f"{at} the weights are right and the biases are not: look at BP3{hint}")
    if biases:
        hint = ": the sign is wrong" if np.allclose(-dW, expected[l].W) else ""
        raise Wrong(f"{at} the biases are right and the weights are not: look at BP4{hint}")
    if last:
        words = f"{at} weights and biases are both wrong, so the error dz is: look at BP1"
    else:
        words = (
            f"{at} is wrong while layer {l + 2} is right: the error goes wrong between them, look "
            "at BP2"
        )
    raise Wrong("; ".join(filter(None, (words, diagnose(db, errors)))))


def bound(answer) -> str:
    """`bound(depth, w)` is the largest possible |δ| of the first layer of a chain."""
    for depth in (2, 5, 10, 1):
        for w in (-3.0, 0.5, 1.0, 4.0, 6.0):
            where = f"for {depth} layers and w = {w}"
            found = call(answer, where, depth, w)
            require(np.size(found) == 1, f"{where} your answer should be one number")
            found, step = float(np.ravel(found)[0]), abs(w) / 4
            largest = step ** (depth - 1)
            if np.isclose(found, largest, rtol=1e-9, atol=0):
                continue
            require(
                found >= 0, f"{where} your bound is {found}; it limits |δ|, which is never negative"
            )
            errors = {
                f"you take {depth} steps back; from layer {depth} to layer 1 there are "
                f"{depth - 1}": step**depth,
                "the factors of the steps are multiplied, not added": step * (depth - 1),
                "σ′ is missing; it is at most 1/4": abs(w) ** (depth - 1),
                "each step back also multiplies by w": 0.25 ** (depth - 1),
                "σ(0) is 1/2, its derivative σ′(0) is 1/4": (abs(w) / 2) ** (depth - 1),
                "a large weight can make the error grow": min(1.0, largest),
                "with // the division loses its fraction": (abs(w) // 4) ** (depth - 1),
            }
            reached = f"with every z at 0 the error is {largest:.3g}"
            other = reached if found < largest else f"no error can be larger than {largest:.3g}"
            raise Wrong(f"{where} your bound is {found:.3g}: {diagnose(found, errors, other)}")
    return "at most a quarter of the weight for each step back"


def step_back(answer) -> str:
    """`step_back` holds the errors of three neurons, by BP2 from those of two."""
    W = np.array([[1.0, -2, 0], [3, 1, -4]])
    dz, a = np.array([0.2, -0.1]), np.array([0.5, 0.9, 0.2])
    arriving = W.T @ dz
    errors = {
        "these are columns times δ; each still needs the factor a(1 − a)": arriving,
        "you multiply by a; the derivative of the sigmoid is a(1 − a)": arriving * a,
        "the sign is wrong": -arriving * a * (1 - a),
        "you take the size of each error, but errors have signs": np.abs(arriving) * a * (1 - a),
        "you add up a column of W without the errors δ": W.sum(axis=0) * a * (1 - a),
        "these are the weighted sums of the forward pass: take columns and δ": W @ a,
    }
    found = np.asarray(answer, dtype=float)
    want = arriving * a * (1 - a)
    require(found.shape == (3,), f"expected three numbers, not an array of shape {found.shape}")
    require(not (why := diagnose(found, errors)), why)
    for i in range(3):
        column = " and ".join(f"{weight:g}" for weight in W[:, i])
        require(
            np.isclose(found[i], want[i]),
            f"neuron {i + 1} of the three sends forward through the weights {column}, so its "
            f"error is not {found[i]:.4g}",
        )
    return "columns times δ, then a factor a(1 − a) for each neuron"


def relative_error(answer) -> str:
    """`relative_error(g, g_hat)` is the distance over the sum of the lengths; 0 for two zeros."""
    rng = np.random.default_rng(6)
    g, other = rng.normal(size=(3, 2)), rng.normal(size=(3, 2))
    norm = np.linalg.norm
    cases = {
        "for two perpendicular vectors": (np.array([2.0, 0.0]), np.array([0.0, 1.5])),
        "for opposite vectors": (np.array([3.0, 4.0]), np.array([-3.0, -4.0])),
        "for two matrices": (g, other),
        "for tiny gradients": (1e-12 * g, 1e-12 * other),
        "if one of the two is zero": (g, np.zeros_like(g)),
        "if both are zero": (np.zeros(4), np.zeros(4)),
    }
    for where, (p, q) in cases.items():
        total = norm(p) + norm(q)
        want = norm(p - q) / total if total else 0.0
        found = call(answer, where, p.copy(), q.copy())
        require(np.size(found) == 1, f"{where} your answer should be one number")
        safe = total or 1.0
        errors = {
            "the result is not a number: 0/0 needs a case of its own": np.nan,
            "you compare the lengths; vectors of equal length may point anywhere": abs(
                norm(p) - norm(q)
            )
            / safe,
            "the difference is not divided by the two lengths": norm(p - q),
            "you divide by one length only": norm(p - q) / (norm(p) or 1.0),
            "you add the squares of the lengths; add the lengths": norm(p - q)
            / (np.sum(p * p) + np.sum(q * q) or 1.0),
            "you divide by the length of the sum; add the lengths": norm(p - q)
            / (norm(p + q) or 1.0),
        }
        require_equal(float(np.ravel(found)[0]), want, where, errors, "is not the distance over "
                      "the sum of the lengths")  # fmt: skip
    return "zero for equal gradients, one for opposite ones"


def _pair(found, where) -> tuple[np.ndarray, np.ndarray]:
    pair = isinstance(found, tuple | list) and len(found) == 2
    require(pair, f"{where} expected a pair (dW, db), not {type(found).__name__}")
    return np.asarray(found[0]), np.asarray(found[1])
