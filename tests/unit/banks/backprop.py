"""Answers to the exercises of the chapter on backpropagation."""

import math

import numpy as np
import torch

from banks import Bank
from weighted_sums.neurons import sigmoid_prime


def whole_numbers(dz, a):
    found = np.zeros((len(dz), len(a)), dtype=int)
    for j in range(len(dz)):
        for i in range(len(a)):
            found[j, i] = dz[j] * a[i]
    return found


def the_last_forgotten(dz, a):
    found = np.zeros((len(dz), len(a)))
    for j in range(len(dz)):
        for i in range(len(a) - 1):
            found[j, i] = dz[j] * a[i]
    return found


def scaled_in_place(dz, a):
    a *= dz[0]
    return np.outer(dz, a / dz[0])


WEIGHT_GRADIENT = Bank(
    wrong={
        "transposed": (lambda dz, a: np.outer(a, dz), "a row for each receiving neuron"),
        "the errors alone": (lambda dz, a: dz, "the shape is (2,), should be (2, 3)"),
        "the wrong sign": (lambda dz, a: -np.outer(dz, a), "the sign is wrong"),
        "added": (lambda dz, a: dz[:, None] + a, "you add where the error"),
        "σ′ once more": (lambda dz, a: np.outer(dz, a * (1 - a)), "you multiply by σ′ once more"),
        "averaged": (lambda dz, a: np.outer(dz, a) / len(a), "a single example needs no average"),
        "in whole numbers": (whole_numbers, "your array holds whole numbers only"),
        "a loop that stops early": (the_last_forgotten, "error of neuron 0 times activation 2"),
        "flat": (lambda dz, a: np.outer(dz, a).ravel(), "the shape is (6,), should be (2, 3)"),
        "entry by entry": (lambda dz, a: dz * a, "your function stops with ValueError"),
        "a dot product": (lambda dz, a: dz.T @ a, "the rows left of @ are not as long"),
        "no return": (lambda dz, a: None, "did you forget `return`"),
        "in place": (scaled_in_place, "you change an input in place"),
    },
    unusual={
        "outer": np.outer,
        "a product of matrices": lambda dz, a: dz[:, None] @ a[None, :],
        "einsum": lambda dz, a: np.einsum("j,i->ji", dz, a),
        "lists of lists": lambda dz, a: [[error * activation for activation in a] for error in dz],
        "torch": lambda dz, a: torch.outer(torch.tensor(dz), torch.tensor(a)),
    },
)


def with_db(make):
    return lambda dz, a: (dz.T @ a, make(dz))


def with_dW(make):  # noqa: N802 - it is the name of the book
    return lambda dz, a: (make(dz, a), dz.sum(axis=0))


def a_column_of_ones(dz, a):
    found = dz.T @ np.c_[a, np.ones(len(a))]
    return found[:, :-1], found[:, -1]


BATCH_GRADIENT = Bank(
    wrong={
        "means": (
            lambda dz, a: (dz.mean(axis=0)[:, None] * a.mean(axis=0), dz.mean(axis=0)),
            "dW multiplies means: each error must meet the input of its own example",
        ),
        "sums": (
            with_dW(lambda dz, a: np.outer(dz.sum(axis=0), a.sum(axis=0))),
            "dW multiplies sums: each error must meet the input of its own example",
        ),
        "the mean of the biases": (
            with_db(lambda dz: dz.mean(axis=0)),
            "db is the mean over the examples; dz already holds the 1/n",
        ),
        "the mean of the weights": (
            with_dW(lambda dz, a: dz.T @ a / len(a)),
            "dW is the mean over the examples",
        ),
        "transposed": (with_dW(lambda dz, a: a.T @ dz), "dW is transposed"),
        "a table for each example": (
            with_dW(lambda dz, a: np.einsum("rj,ri->rji", dz, a)),
            "dW holds one matrix for each example",
        ),
        "the first example": (
            lambda dz, a: (np.outer(dz[0], a[0]), dz[0]),
            "dW holds the first example only",
        ),
        "the wrong axis": (with_db(lambda dz: dz.sum(axis=1)), "is the sum over the neurons"),
        "no axis": (with_db(lambda dz: dz.sum()), "is the sum over examples and neurons"),
        "no sum": (with_db(lambda dz: dz), "db is dz itself; add up the examples"),
        "an axis kept": (
            with_db(lambda dz: dz.sum(axis=0, keepdims=True)),
            "db: the shape is (1, 4), should be (4,)",
        ),
        "the wrong sign": (
            with_dW(lambda dz, a: -dz.T @ a),
            "dW is not the sum of the outer products",
        ),
        "the wrong sign of db": (
            with_db(lambda dz: -dz.sum(axis=0)),
            "db is not the sum over the examples",
        ),
        "no db": (lambda dz, a: dz.T @ a, "expected a pair (dW, db), not ndarray"),
        "not transposed": (with_dW(lambda dz, a: dz @ a), "the rows left of @"),
    },
    unusual={
        "a loop": lambda dz, a: (sum(map(np.outer, dz, a)), sum(dz)),
        "einsum, in a list": lambda dz, a: [
            np.einsum("rj,ri->ji", dz, a),
            np.einsum("rj->j", dz),
        ],
        "a column of ones for the biases": a_column_of_ones,
    },
)


def backward(
    mean=True,
    two=2,
    prime=lambda a: a * (1 - a),
    bp2=None,
    transposed=None,
    db=np.sum,
    dW=1,
    offset=0,
):
    """The solution, with a keyword for each error."""

    def answer(network, a, y):
        dz = two * (a[-1] - y) / (len(y) if mean else 1) * prime(a[-1])
        found = []
        for l in reversed(range(len(network))):
            found.append((dW * dz.T @ a[l + offset], db(dz, axis=0)))
            W = network[l].W.T if transposed and transposed(network) else network[l].W
            dz = dz @ W * (bp2 or prime)(a[l])
        return found[::-1]

    return answer


def all_square(network):
    return all(layer.W.shape[0] == layer.W.shape[1] for layer in network)


def planted(network, a, y):
    """The chapter's starter, with all of its three bugs."""
    return backward(mean=False, db=np.mean, bp2=lambda a: a * (1 + a))(network, a, y)


def activations_in_place(network, a, y):
    found = backward()(network, a, y)
    a[-1] -= y
    return found


def weights_in_place(network, a, y):
    found = backward()(network, a, y)
    for layer, (dW, db) in zip(network, found, strict=True):
        layer.W[:] -= 0.1 * dW
        layer.b[:] -= 0.1 * db
    return found


def by_torch(network, a, y):
    parameters = [torch.tensor(part, requires_grad=True) for layer in network for part in layer]
    out = torch.tensor(a[0])
    for W, b in zip(parameters[::2], parameters[1::2], strict=True):
        out = torch.sigmoid(out @ W.T + b)
    ((out - torch.tensor(y)) ** 2).sum(axis=1).mean().backward()
    grads = [part.grad for part in parameters]
    return list(zip(grads[::2], grads[1::2], strict=True))


def by_recursion(network, a, y, l=None, dz=None):
    """One example after another, from layer l back to the first."""
    if l is None:
        one_by_one = [
            by_recursion(network, [part[i] for part in a], y[i] + 0, len(network) - 1)
            for i in range(len(y))
        ]
        return [
            tuple(sum(parts) / len(y) for parts in zip(*layer, strict=True))
            for layer in zip(*one_by_one, strict=True)
        ]
    dz = (2 * (a[-1] - y) if dz is None else dz) * a[l + 1] * (1 - a[l + 1])
    here = (np.outer(dz, a[l]), dz)
    return [*(by_recursion(network, a, y, l - 1, dz @ network[l].W) if l else []), here]


BACKWARD = Bank(
    wrong={
        "three bugs": (planted, "layer 1 is wrong while layer 2 is right"),
        "no average": (backward(mean=False), "(the last) dW is 6 times too large"),
        "no 2": (backward(two=1), "look at BP1; the 2 of the square is missing"),
        "the wrong sign": (backward(two=-2), "look at BP1; the sign is wrong"),
        "no σ′ in BP1": (
            backward(prime=lambda a: 1, bp2=lambda a: a * (1 - a)),
            "look at BP1; σ′ of the last layer is missing",
        ),
        "a(1 + a) in BP1": (backward(prime=lambda a: a * (1 + a)), "look at BP1; σ′ is a(1 − a)"),
        "no σ′ in BP2": (
            backward(bp2=lambda a: 1),
            "layer 2 is right: the error goes wrong between them, look at BP2; σ′ of layer 1 is",
        ),
        "a(1 + a) in BP2": (backward(bp2=lambda a: a * (1 + a)), "look at BP2; σ′ is a(1 − a)"),
        "σ′ of the activation": (backward(bp2=sigmoid_prime), "look at BP2"),
        "the mean of the biases": (backward(db=np.mean), "look at BP3: dz already holds the 1/n"),
        "the last error only": (backward(db=lambda dz, axis: dz[-1]), "look at BP3"),
        "the wrong sign of the weights": (backward(dW=-1), "look at BP4: the sign is wrong"),
        "BP4 with the activations after": (backward(offset=1), "the shape is (2, 2), should be"),
        "a transposed matrix, where it is square": (
            backward(transposed=all_square),
            "look at BP2; in `dz @ W` the matrix is not transposed",
        ),
        "a transposed matrix": (backward(transposed=lambda network: True), "the rows left of @"),
        "the last layer first": (
            lambda network, a, y: backward()(network, a, y)[::-1],
            "you return the last layer first",
        ),
        "one layer": (
            lambda network, a, y: backward()(network, a, y)[:1],
            "you should return 2 pairs",
        ),
        "the weights": (lambda network, a, y: [layer.W for layer in network], "expected a pair"),
        "activations in place": (activations_in_place, "you change the network or its activations"),
        "a step of gradient descent": (
            weights_in_place,
            "you change the network or its activations",
        ),
    },
    unusual={
        "the four equations": backward(),
        "torch": by_torch,
        "recursion, one example after another": by_recursion,
    },
)

BOUND = Bank(
    wrong={
        "no σ′": (lambda depth, w: abs(w) ** (depth - 1), "σ′ is missing; it is at most 1/4"),
        "one step too many": (lambda depth, w: (abs(w) / 4) ** depth, "you take 2 steps back"),
        "a sign": (
            lambda depth, w: (w / 4) ** (depth - 1),
            "it limits |δ|, which is never negative",
        ),
        "too small": (lambda depth, w: (abs(w) / 5) ** (depth - 1), "with every z at 0"),
        "too large": (lambda depth, w: (abs(w) / 3) ** (depth - 1), "no error can be larger"),
        "no w": (lambda depth, w: 0.25 ** (depth - 1), "each step back also multiplies by w"),
        "σ(0) for σ′(0)": (lambda depth, w: (abs(w) / 2) ** (depth - 1), "σ(0) is 1/2"),
        "added": (lambda depth, w: abs(w) / 4 * (depth - 1), "multiplied, not added"),
        "whole numbers": (lambda depth, w: (abs(w) // 4) ** (depth - 1), "loses its fraction"),
        "never above 1": (
            lambda depth, w: min(1, (abs(w) / 4) ** (depth - 1)),
            "a large weight can make the error grow",
        ),
        "hard-coded for two layers": (lambda depth, w: abs(w) / 4, "for 5 layers and w = -3.0"),
        "a list": (lambda depth, w: [(abs(w) / 4) ** l for l in range(depth)], "be one number"),
        "no return": (lambda depth, w: None, "did you forget `return`"),
    },
    unusual={
        "by logarithms": lambda depth, w: math.exp((depth - 1) * (math.log(abs(w)) - math.log(4))),
        "a loop with σ′(0)": lambda depth, w: math.prod(
            abs(w) * float(sigmoid_prime(np.float64(0))) for _ in range(1, depth)
        ),
        "the largest on a grid": lambda depth, w: (
            np.abs(w * sigmoid_prime(np.linspace(-5, 5, 1001))).max(keepdims=True) ** (depth - 1)
        ),
    },
)

STEP_BACK = Bank(
    wrong={
        "no σ′": ([-0.1, -0.5, 0.4], "each still needs the factor a(1 − a)"),
        "a for σ′": ([-0.05, -0.45, 0.08], "the derivative of the sigmoid is a(1 − a)"),
        "the wrong sign": ([0.025, 0.045, -0.064], "the sign is wrong"),
        "sizes": ([0.025, 0.045, 0.064], "errors have signs"),
        "no δ": ([1.0, -0.09, -0.64], "without the errors δ"),
        "rows": ([0.2 * -1, 0.0, 0.0], "neuron 1 of the three sends forward"),
        "two numbers": ([-0.1, 0.4], "expected three numbers"),
        "one of three wrong": ([-0.025, -0.045, 0.0064], "neuron 3 of the three"),
    },
    unusual={
        "a product": np.array([[0.2, -0.1]])[0]
        @ np.array([[1, -2, 0], [3, 1, -4]])
        * [0.25, 0.09, 0.16],
        "a tuple": (-0.025, -0.045, 0.064),
        "torch": torch.tensor([-0.025, -0.045, 0.064], dtype=torch.float64),
    },
)


def ratio(top, below):
    """An answer that treats two zeros as equal, with `top` over `below`."""

    def answer(g, g_hat):
        total = below(g, g_hat)
        return top(g, g_hat) / total if total else 0.0

    return answer


def distance(g, g_hat):
    return np.linalg.norm(g - g_hat)


def lengths(g, g_hat):
    return np.linalg.norm(g) + np.linalg.norm(g_hat)


RELATIVE_ERROR = Bank(
    wrong={
        "lengths": (
            ratio(lambda g, h: abs(np.linalg.norm(g) - np.linalg.norm(h)), lengths),
            "you compare the lengths",
        ),
        "not relative": (distance, "is not divided by the two lengths"),
        "one length": (ratio(distance, lambda g, h: np.linalg.norm(g)), "by one length only"),
        "squares": (
            ratio(distance, lambda g, h: np.sum(g * g) + np.sum(h * h)),
            "you add the squares of the lengths",
        ),
        "the length of the sum": (
            ratio(distance, lambda g, h: np.linalg.norm(g + h)),
            "you divide by the length of the sum",
        ),
        "a small number below": (
            lambda g, h: distance(g, h) / (lengths(g, h) + 1e-8),
            "for tiny gradients",
        ),
        "each entry": (lambda g, h: abs(g - h) / (abs(g) + abs(h)), "should be one number"),
        "no return": (lambda g, h: None, "did you forget `return`"),
    },
    unusual={
        "the solution": ratio(distance, lengths),
        "flat": lambda g, h: (
            0 if not (g.any() or h.any()) else distance(g.ravel(), h.ravel()) / lengths(g, h)
        ),
        "by hand": lambda g, h: (
            float(np.sqrt(((g - h) ** 2).sum()))
            / (float(np.sqrt((g**2).sum()) + np.sqrt((h**2).sum())) or 1)
        ),
    },
)

BANK = {
    "step_back": STEP_BACK,
    "relative_error": RELATIVE_ERROR,
    "weight_gradient": WEIGHT_GRADIENT,
    "batch_gradient": BATCH_GRADIENT,
    "backward": BACKWARD,
    "bound": BOUND,
}
