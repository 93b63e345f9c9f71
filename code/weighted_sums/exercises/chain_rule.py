"""Checks for the exercises of the chapter on the chain rule."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from weighted_sums import chain
from weighted_sums.descent import central_difference
from weighted_sums.exercises import Wrong, require
from weighted_sums.neurons import sigmoid

TRIALS = 20
SIZES = ([784, 16, 16, 10, 1], [3, 2], [2, 5, 3], [7, 4, 6, 1], [2, 50, 50, 1000])


def six(answer) -> str:
    """`six(w1, w2, w3, a0, …, a3, y)` is the slopes by three weights and by three biases."""
    rng = np.random.default_rng(0)
    for _ in range(TRIALS):
        neurons = [chain.Neuron(*p) for p in rng.normal(size=(3, 2))]
        x, y = rng.random(2)
        kept = chain.forward(neurons, x)
        a = [x, *(float(part.a) for part in kept)]
        w = [float(neuron.w) for neuron in neurons]
        where = f"for weights {_list(w)}, activations {_list(a)} and y = {y:.2f}"
        dw, db = _two_lists(_call(answer, where, *w, *a, float(y)), where)
        truth = chain.backward(neurons, kept, y)
        for l in (2, 1, 0):  # as one walks: the first mistake on the way back is the one to mend
            _one_slope(db[l], truth[l].db, f"b{l + 1}", where, _bias_slips(l, w, a, y, truth))
            slips = {
                truth[l].db * a[l + 1]: f"what comes in through w{l + 1} is a{l}, not a{l + 1}"
            }
            _one_slope(dw[l], truth[l].dw, f"w{l + 1}", where, slips)
    return f"all six, for {TRIALS} random chains"


def _bias_slips(l, w, a, y, truth) -> dict[float, str]:
    squash = a[l + 1] * (1 - a[l + 1])
    alone = 2 * (a[l + 1] - y) * squash
    slips = {-truth[l].db: "the sign is wrong: the slope of (a − y)² by a is 2(a − y)"}
    if l == 2:
        return slips | {
            alone / 2: "the 2 of the square is missing",
            alone / squash: "the slope of the squash is missing",
        }
    behind = truth[l + 1].db
    return slips | {
        alone: f"only a3 meets the cost directly; what arrives at a{l + 1} comes through w{l + 2}",
        behind * w[l] * squash: f"the way back from neuron {l + 2} leads through its own weight, "
        f"w{l + 2}",
        behind * squash: f"the weight w{l + 2} on the way back is missing",
        behind * w[l + 1]: f"the slope of the squash of neuron {l + 1} is missing",
    }


def two_paths(answer) -> str:
    """`two_paths(x, w, b, v, u, c, y)` is ∂C/∂x where x reaches the output by two paths."""
    rng = np.random.default_rng(1)
    for _ in range(TRIALS):
        x, w, b, v, u, c, y = given = rng.normal(size=7)
        h = sigmoid(w * x + b)
        a = sigmoid(v * h + u * x + c)
        dz = 2 * (a - y) * a * (1 - a)
        through, direct = dz * v * h * (1 - h) * w, dz * u
        where = f"for x, w, b, v, u, c, y = {_list(given)}"
        slips = {
            through: "that is the path through the hidden neuron; x also reaches the output itself",
            direct: "that is the direct path; x also reaches the output through h",
            through * direct: "over several paths the products are added, not multiplied",
            dz
            * u
            * v
            * h
            * (1 - h)
            * w: "over several paths the products are added, not multiplied",
            dz * (v * w + u): "the slope of the hidden neuron's squash is missing",
            dz * (v * h * (1 - h) + u): "the weight w on the path through h is missing",
            dz * (h * (1 - h) * w + u): "the weight v on the path through h is missing",
        }
        found = _number(_call(answer, where, *given), where)
        _one_slope(found, through + direct, "x", where, slips)
    return "along a path factors multiply, over the paths products add"


def shared(answer) -> str:
    """`shared(x, w, b, y)` is ∂C/∂w where two neurons in a row have the same weight and bias."""
    rng = np.random.default_rng(2)
    for _ in range(TRIALS):
        x, w, b, y = given = rng.normal(size=4)
        twice = [chain.Neuron(w, b)] * 2
        first, second = chain.backward(twice, chain.forward(twice, x), y)
        where = f"for x, w, b, y = {_list(given)}"
        slips = {
            second.dw: "that is what w does in the second neuron; it also sits in the first",
            first.dw: "that is what w does in the first neuron; it also sits in the second",
            (first.dw + second.dw) / 2: "do not average: the nudge enters at both places",
            first.db + second.db: "that is the slope by b",
        }

        def cost(p, b=b, x=x, y=y):
            return chain.cost([chain.Neuron(p[0], b)] * 2, x, y)

        nudged = central_difference(cost, np.array([w]))[0]
        found = _number(_call(answer, where, *given), where)
        _one_slope(found, nudged, "w", where, slips)
    return "one sum over all the places where the number is used"


def work(answer) -> str:
    """`work(sizes)` counts the multiplications from the output and from the input."""
    for sizes in SIZES:
        weights = [m * n for m, n in pairwise(sizes)]
        want = sizes[-1] * sum(weights[:-1]), sizes[0] * sum(weights[1:])
        where = f"for sizes {sizes}"
        found = _call(answer, where, list(sizes))
        pair = isinstance(found, tuple | list) and len(found) == 2
        require(pair, f"{where} you should return two counts, from the output and from the input")
        require(
            want[0] == want[1] or tuple(found) != want[::-1],
            f"{where} the two counts have changed places: from the output comes first",
        )
        for count, right, start, width in zip(
            found, want, ("output", "input"), (sizes[-1], sizes[0]), strict=True
        ):
            all_of_them = width * sum(weights)
            hint = (
                "the Jacobian one starts with needs no multiplication"
                if count == all_of_them
                else f"the matrix that travels has {width} rows or columns all the way, "
                "and meets every Jacobian but one"
            )
            require(
                bool(count == right),
                f"{where}, starting at the {start}, your count is {count}, not {right}: {hint}",
            )
    return "start at the narrow end"


def _one_slope(found, want, name, where, slips) -> None:
    if np.isclose(found, want, rtol=1e-6, atol=1e-9):
        return
    for value, words in slips.items():
        if np.isclose(found, value, rtol=1e-6, atol=1e-12):
            raise Wrong(f"{where} your slope by {name} is {found:.5f}: {words}")
    raise Wrong(f"{where} your slope by {name} is {found:.5f}, a nudge gives {want:.5f}")


def _call(answer, where, *given):
    try:
        found = answer(*given)
    except Exception as error:
        words = f"{where} your function stops with {type(error).__name__}: {error}"
        raise Wrong(words) from error
    require(found is not None, f"{where} your function returns nothing; did you forget `return`?")
    return found


def _number(found, where) -> float:
    require(np.size(found) == 1, f"{where} you should return one number, not {found!r}")
    return float(np.ravel(found)[0])


def _two_lists(found, where):
    fits = np.shape(found) == (2, 3)
    require(fits, f"{where} you should return two lists of three slopes, weights and then biases")
    return np.asarray(found, dtype=float)


def _list(numbers) -> str:
    return "(" + ", ".join(f"{number:.2f}" for number in numbers) + ")"
