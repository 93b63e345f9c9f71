"""Checks for the exercises of the chapter on the chain rule."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from weighted_sums import chain
from weighted_sums.exercises import Wrong, call, diagnose, require, require_equal
from weighted_sums.neurons import sigmoid, sigmoid_prime

TRIALS = 20
SIZES = ([784, 16, 16, 10, 1], [3, 2], [2, 5, 3], [7, 4, 6, 1], [2, 50, 50, 1000])
HALF = "that is half of it: is the 2 of the square missing, or do you average? Paths add up"
ADDED = "over several paths the products are added, not multiplied"


def six(answer) -> str:
    """`six(w1, w2, w3, a0, …, a3, y)` is the derivatives for three weights and three biases."""
    rng = np.random.default_rng(0)
    for _ in range(TRIALS):
        neurons = [chain.Neuron(*p) for p in rng.normal(size=(3, 2))]
        x, y = rng.random(2)
        caches = chain.forward(neurons, x)
        a = [x, *(float(cache.a) for cache in caches)]
        w = [float(neuron.w) for neuron in neurons]
        where = f"for weights {_list(w)}, activations {_list(a)} and y = {y:.2f}"
        truth = chain.backward(neurons, caches, y)
        want = np.array([[part.dw for part in truth], [part.db for part in truth]])
        found = _two_lists(call(answer, where, *w, *a, float(y)), where)
        order = diagnose(found, {
            "you return the biases first; the weights come first": want[::-1],
            "you list the last neuron first; begin with the first neuron": want[:, ::-1],
        })  # fmt: skip
        require(not order, f"{where} {order}")
        for l in (
            2,
            1,
            0,
        ):  # from the last layer: the first error of the backward pass is the one to fix
            errors = _bias_errors(l, w, a, y, truth)
            _one_derivative(found[1, l], want[1, l], f"b{l + 1}", where, errors)
            errors = {
                f"what comes in through w{l + 1} is a{l}, not a{l + 1}": want[1, l] * a[l + 1],
                f"that is the derivative for b{l + 1}; times a{l}, what comes in": want[1, l],
            }
            _one_derivative(found[0, l], want[0, l], f"w{l + 1}", where, errors)
    return f"all six, for {TRIALS} random chains"


def _bias_errors(l, w, a, y, truth) -> dict[str, float]:
    derivative = a[l + 1] * (1 - a[l + 1])
    direct = 2 * (a[l + 1] - y)
    to_a = direct if l == 2 else truth[l + 1].da_prev
    errors = {
        f"σ′ of neuron {l + 1} is missing": to_a,
        f"a{l + 1} is σ(z) already, so σ′(z) is a{l + 1}(1 − a{l + 1})": (
            to_a * sigmoid_prime(np.float64(a[l + 1]))
        ),
        f"σ′ of neuron {l + 1} is a(1 − a) with a{l + 1}, not a{l}": to_a * a[l] * (1 - a[l]),
    }
    if l == 2:
        return errors | {
            "the sign is wrong: the derivative of (a − y)² is 2(a − y)": -truth[l].db,
            "the 2 of the square is missing": truth[l].db / 2,
        }
    arriving = truth[l + 1].db * derivative
    return errors | {
        f"only a3 enters the cost directly; what arrives at a{l + 1} comes through w{l + 2}": (
            direct * derivative
        ),
        f"the way back from neuron {l + 2} leads through its own weight, w{l + 2}": arriving * w[l],
        f"the weight w{l + 2} on the way back is missing": arriving,
    }


def two_paths(answer) -> str:
    """`two_paths(x, w, b, v, u, c, y)` is ∂C/∂x where x reaches the output by two paths."""
    rng = np.random.default_rng(1)
    for _ in range(TRIALS):
        x, w, b, v, u, c, y = given = rng.normal(size=7)
        h = sigmoid(w * x + b)
        a = sigmoid(v * h + u * x + c)
        da, out, hidden = 2 * (a - y), a * (1 - a), h * (1 - h)
        dz = da * out
        through, direct = dz * v * hidden * w, dz * u
        errors = {
            "that is the path through the hidden neuron; x also reaches the output itself": through,
            "that is the direct path; x also reaches the output through h": direct,
            ADDED: through * direct,
            f"{ADDED}, with dz once": through * u,
            "σ′ of the hidden neuron is missing": dz * (v * w + u),
            "you use h in place of σ′ = h(1 − h)": dz * (v * h * w + u),
            "σ′ of the output neuron is missing": da * (v * hidden * w + u),
            "the weight w on the path through h is missing": dz * (v * hidden + u),
            "the weight v on the path through h is missing": dz * (hidden * w + u),
            "on the direct path the derivative of u·x is u, not u·x": through + dz * u * x,
            "the sign is wrong: the derivative of (a − y)² is 2(a − y)": -through - direct,
            HALF: (through + direct) / 2,
        }
        where = f"for x, w, b, v, u, c, y = {_list(given)}"
        found = _number(call(answer, where, *given), where)
        _one_derivative(found, through + direct, "x", where, errors)
    return "multiply along a path, add over the paths"


def shared(answer) -> str:
    """`shared(x, w, b, y)` is ∂C/∂w where two neurons in a row have the same weight and bias."""
    rng = np.random.default_rng(2)
    for _ in range(TRIALS):
        x, w, b, y = given = rng.normal(size=4)
        twice = [chain.Neuron(w, b)] * 2
        first, second = chain.backward(twice, chain.forward(twice, x), y)
        where = f"for x, w, b, y = {_list(given)}"
        total = first.dw + second.dw
        errors = {
            "that is what w does in the second neuron; it is also in the first": second.dw,
            "that is what w does in the first neuron; it is also in the second": first.dw,
            HALF: total / 2,
            "w enters twice, but not twice in the same way: add what it does in each neuron": (
                2 * second.dw
            ),
            ADDED: first.dw * second.dw,
            "the sign is wrong: the derivative of (a − y)² is 2(a − y)": -total,
            "the weight w on the way back to the first neuron is missing": (
                second.dw + first.dw / w
            ),
            "that is the derivative for b": first.db + second.db,
        }
        found = _number(call(answer, where, *given), where)
        _one_derivative(found, total, "w", where, errors)
    return "one sum over all the neurons in which the weight is used"


def work(answer) -> str:
    """`work(sizes)` counts the multiplications from the output and from the input."""
    for sizes in SIZES:
        weights = [m * n for m, n in pairwise(sizes)]
        want = sizes[-1] * sum(weights[:-1]), sizes[0] * sum(weights[1:])
        where = f"for sizes {sizes}"
        found = call(answer, where, list(sizes))
        require(
            np.shape(found) == (2,),
            f"{where} you should return two counts, from the output and from the input",
        )
        found = tuple(np.asarray(found).tolist())
        require(
            want[0] == want[1] or found != want[::-1],
            f"{where} the two counts are exchanged: from the output comes first",
        )
        for i, (start, size, wrong_end) in enumerate(
            (("output", sizes[-1], weights[1:]), ("input", sizes[0], weights[:-1]))
        ):
            errors = {
                "the first Jacobian needs no multiplication": size * sum(weights),
                f"you leave out the Jacobian at the other end; it is the one at the {start} that "
                "needs no multiplication": size * sum(wrong_end),
            }
            product = (
                f"the running product has {size} rows or columns throughout, and meets "
                "every Jacobian but one"
            )
            require(
                found[i] == want[i],
                f"{where}, starting at the {start}, your count is {found[i]}, not {want[i]}: "
                + diagnose(found[i], errors, product),
            )
    return "start at the end with fewer numbers"


def softplus_prime(answer) -> str:
    """`softplus_prime(z)` is the derivative of ln(1 + exp(z)), the sigmoid, for any z."""
    for z in (np.array([0.5, -1.0, 2.0]), np.array([-40.0, 0.0, 40.0]), np.array([1000.0])):
        where = f"at z = {z.tolist()}"
        with np.errstate(over="ignore", invalid="ignore"):
            found, e = call(answer, where, z.copy()), np.exp(z)
            errors = {
                "that is 1/u; the factor e^z, the derivative of u, is missing": 1 / (1 + e),
                "that is softplus itself, not its derivative": np.logaddexp(0, z),
                "that is e^z; the factor 1/u is missing": e,
                "that is the derivative of the sigmoid; softplus comes one step earlier": (
                    sigmoid_prime(z)
                ),
                "the sign is wrong: both factors are positive": -sigmoid(z),
                "e^z is too large for the computer: divide numerator and denominator by it": (
                    np.full_like(z, np.nan)
                ),
            }
        require_equal(found, sigmoid(z), where, errors, "is not the product of 1/u and e^z")
    return "the derivative of softplus is the sigmoid"


def _one_derivative(found, want, name, where, errors) -> None:
    if np.isclose(found, want, rtol=1e-6, atol=1e-9):
        return
    yours = f"{where} your derivative with respect to {name} is {found:.5f}"
    other = f"a finite difference gives {want:.5f}"
    if np.isclose(found, want, rtol=1e-3):
        other = f"near, but {abs(found - want):.1e} off: is your difference one-sided, or rounded?"
    raise Wrong(f"{yours}: {diagnose(found, errors, other)}")


def _number(found, where) -> float:
    require(np.size(found) == 1, f"{where} you should return one number, not {found!r}")
    return float(np.ravel(found)[0])


def _two_lists(found, where):
    try:
        found = np.asarray(found, dtype=float)
    except (TypeError, ValueError):
        found = np.empty(0)  # lists of different lengths, or of other things than numbers
    fits = found.shape == (2, 3)
    require(fits, f"{where} you should return two lists of three derivatives, weights, then biases")
    return found


def _list(numbers) -> str:
    return "(" + ", ".join(f"{number:.2f}" for number in numbers) + ")"
