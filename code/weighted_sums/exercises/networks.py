"""Checks for the exercises of the chapter on networks."""

from __future__ import annotations

import copy
from itertools import pairwise

import numpy as np

from weighted_sums.exercises import Wrong, called, diagnose, require
from weighted_sums.networks import Layer, Network, affine, feedforward
from weighted_sums.neurons import sigmoid

# in the first one, each common error gives a number of its own
SIZES = ([4, 3, 2], [3, 2], [2, 5, 1], [784, 16, 16, 10], [784, 30, 10], [7, 1, 7, 1, 7])


def shapes(answer) -> str:
    """The shapes of W2, a1, b3 and the outputs when 32 examples go through 784-16-16-10."""
    expected = {
        "the second matrix": (16, 16),
        "the activations of the first hidden layer": (32, 16),
        "the biases of the last layer": (10,),
        "the outputs": (32, 10),
    }
    slips = {
        (784, 16): ": the second matrix belongs to the second hidden layer",
        (16, 784): ": that is the first matrix",
        (16, 32): ": examples are rows",
        (32, 784): ": those are the inputs",
        (10, 1): ": a vector has a single axis",
        (1, 10): ": a vector has a single axis",
        (32, 10): ": there is one bias for each neuron, whatever the number of examples",
        (10, 32): ": examples are rows",
        (10,): ": there is a row of outputs for each example",
    }
    found = [tuple(np.atleast_1d(shape).tolist()) for shape in answer]
    require(len(found) == 4, f"give four shapes, not {len(found)}")
    for given, (name, shape) in zip(found, expected.items(), strict=True):
        hint = slips.get(given, "")
        require(
            given == shape,
            f"{name} do not have the shape {given}{hint}".replace(
                "matrix do not", "matrix does not"
            ),
        )
    return "rows are examples for activations, and neurons for weights"


def binary(answer) -> str:
    """A `Layer` of four neurons that turns ten outputs into the binary digits of the largest."""
    found = _as_layer(answer, "as the binary layer")
    _require_shape(found.W, (4, 10), "W of the binary layer")
    bits = np.array([[digit >> k & 1 for digit in range(10)] for k in range(4)])
    for outputs in (0.99 * np.eye(10) + 0.01 * (1 - np.eye(10)), np.eye(10)):
        a = sigmoid(affine(outputs, *found)).T
        read = np.where(a > 0.9, 1, np.where(a < 0.1, 0, -1))
        hint = diagnose(
            read,
            {
                "; the ones come first, and the eights last": bits[::-1],
                "; ones and zeros are exchanged": 1 - bits,
                "; your first digit is the one, but it is the zero": np.roll(bits, 1, axis=1),
            },
        )
        for digit, k in np.ndindex(10, 4):
            where = f"for the digit {digit} neuron {k} gives {a[k, digit]:.2f}"
            unclear = "; that is neither above 0.9 nor below 0.1" if read[k, digit] < 0 else ""
            target = "above 0.9" if bits[k, digit] else "below 0.1"
            require(
                read[k, digit] == bits[k, digit], f"{where}, it should be {target}{hint}{unclear}"
            )
    return "ten outputs in four binary digits"


def paired(answer) -> str:
    """`paired(first, second)`: the difference of two accuracies and its standard error."""
    rng = np.random.default_rng(0)
    for n, p, q in ((400, 0.9, 0.85), (50, 0.6, 0.8), (1000, 0.9, 0.9)):
        u = rng.random(n)
        first = u < p
        second = np.where(rng.random(n) < 0.8, u < q, rng.random(n) < q)
        found = np.asarray(called(answer, f"for {n} digits", first.copy(), second.copy()), float)
        require(found.shape == (2,), f"return two numbers, not {found!r}")
        apart = first.astype(float) - second
        d, error = apart.mean(), apart.std() / np.sqrt(n)
        where = f"for {n} digits, with accuracies {first.mean():.3f} and {second.mean():.3f},"
        sign = "; that is second minus first" if np.isclose(found[0], -d) else ""
        require(np.isclose(found[0], d), f"{where} the difference is not {found[0]:.4f}{sign}")
        separate = first.var() + second.var()
        errors = {
            "; that is for two different sets of digits": np.sqrt(separate / n),
            "; that is the standard deviation of one digit; divide by the root of n": apart.std(),
            "; that is the variance; take its root": error**2,
            "; divide by the root of n, not by n": apart.std() / n,
            "; you added the two standard errors": (first.std() + second.std()) / np.sqrt(n),
        }
        hint = diagnose(found[1], errors)
        require(
            np.isclose(found[1], error, rtol=0.015),  # n - 1 is accepted too
            f"{where} the standard error is not {found[1]:.4f}{hint}",
        )
    return "only the digits on which the two differ count"


def count(answer) -> str:
    """`count(sizes)` is the number of weights and biases of a network of any layer sizes."""
    for sizes in SIZES:
        weights = sum(fan_in * fan_out for fan_in, fan_out in pairwise(sizes))
        biases = sum(sizes[1:])
        found = called(answer, f"for sizes {sizes}", list(sizes))
        require(np.ndim(found) == 0, f"for sizes {sizes} your count should be one number")
        errors = {
            f"that is the weights alone; the {biases} biases are missing": weights,
            "you gave the inputs biases too; they are given, not computed": weights + sum(sizes),
            "that is the number of neurons, inputs included": sum(sizes),
            "that is the biases alone; each pair of neighbours has a weight": biases,
            "you gave each layer one bias; each of its neurons has one": weights + len(sizes) - 1,
            "the biases of the last layer are missing": weights + sum(sizes[1:-1]),
            "the biases belong to the layer that receives": weights + sum(sizes[:-1]),
        }
        hint = diagnose(found, errors, f"there are {weights} weights and {biases} biases")
        require(bool(found == weights + biases), f"for sizes {sizes} your count is {found}: {hint}")
    return "weights between neighbouring layers, and a bias for each neuron after the inputs"


def layer(answer) -> str:
    """`layer(x, W, b)` gives the activations of a layer for a table with one example a row."""
    rng = np.random.default_rng(0)
    # the last table is square, so that rows and columns mixed up still give the right shape
    for examples, fan_in, fan_out in ((4, 3, 2), (1, 5, 3), (6, 2, 7), (3, 3, 3)):
        x = rng.standard_normal((examples, fan_in))
        W, b = _random([fan_in, fan_out], rng)[0]
        where = f"for x of shape {x.shape}, W {W.shape} and b {b.shape}"
        found = np.asarray(called(answer, where, x.copy(), W.copy(), b.copy()))
        _require_shape(found, (examples, fan_out), where)
        z = affine(x, W, b)
        errors = {
            "; these are the weighted sums; the σ is missing": z,
            "; the biases are missing": sigmoid(x @ W.T),
            "; the biases belong inside σ": sigmoid(x @ W.T) + b,
            "; the biases are added, not subtracted": sigmoid(x @ W.T - b),
        }
        wrong = np.argwhere(~np.isclose(found, sigmoid(z)))
        if len(wrong):
            r, j = wrong[0]
            raise Wrong(
                f"{where}, row {r}, neuron {j}: you give {found[r, j]:.4f}, it should be "
                f"σ({z[r, j]:.4f}) = {sigmoid(z)[r, j]:.4f}{diagnose(found, errors)}",
            )
    return "every row of the answer belongs to the example in the same row"


def collapse(answer) -> str:
    """`collapse(network)` is one `Layer` that does what all layers do without activations."""
    rng = np.random.default_rng(0)
    for sizes in ([3, 2], [3, 4, 2], [2, 5, 3, 4], [6, 1, 6], [4, 4, 4]):
        network = _random(sizes, rng)
        where = f"for a network of sizes {sizes}"
        found = _as_layer(_call_on(answer, where, network), where)
        _require_shape(found.W, (sizes[-1], sizes[0]), f"{where}, W")
        _require_shape(found.b, (sizes[-1],), f"{where}, b")
        want, x = _linear(np.zeros(sizes[0]), network), rng.standard_normal(sizes[0])
        hint = ": which weights does an early bias still pass through?"
        lost = {": the biases of the layers before the last are lost": network[-1].b}
        require(
            np.allclose(found.b, want),
            f"{where}, given zeros only, your layer gives {np.round(found.b, 3)}, the layers give "
            f"{np.round(want, 3)}{diagnose(found.b, lost, hint)}",
        )
        require(
            np.allclose(affine(x, *found), _linear(x, network)),
            f"{where} the biases are right, but the weights are not: in which order do the "
            "matrices act on an input?",
        )
    return "without activation functions, any number of layers is one layer"


def permute(answer) -> str:
    """`permute(network, order)` reorders the first hidden layer, and the function stays."""
    rng = np.random.default_rng(0)
    for sizes in ([3, 4, 4], [5, 6, 3, 2], [2, 7, 7, 1]):
        network, order = _random(sizes, rng), np.arange(sizes[1])
        while np.array_equal(order, np.argsort(order)):  # there and back would be the same
            order = rng.permutation(sizes[1])
        where = f"for sizes {sizes} and order {order.tolist()}"
        found = _call_on(answer, where, network, order.copy())
        require(len(found) == len(network), f"{where} you should return {len(network)} layers")
        found = [_as_layer(part, where) for part in found]
        for number, (new, old) in enumerate(zip(found, network, strict=True)):
            _require_shape(new.W, old.W.shape, f"{where}, W of layer {number}")
        _moved(found, network, order, where)
        x = rng.standard_normal((5, sizes[0]))
        errors = {
            "the next layer still takes its inputs in the old order": network[1].W,
            "the columns of the next layer moved the way back": network[1].W[:, np.argsort(order)],
        }
        require(
            np.allclose(feedforward(found, x), feedforward(network, x)),
            f"{where} the hidden neurons have moved, but the outputs changed: "
            + diagnose(found[1].W, errors, "which layers have to stay as they are?"),
        )
    return "the same function from other numbers"


def _moved(found: Network, network: Network, order: np.ndarray, where: str) -> None:
    W, b = network[0]
    way_back = "; that is the way back: `order[0]` is the old neuron that comes first"
    errors = {way_back: W[np.argsort(order)], "; its weights have not moved": W}
    require(
        np.allclose(found[0].W, W[order]) and np.allclose(found[0].b, b[order]),
        f"{where} hidden neuron 0 should be the old neuron {order[0]}: its weights and its bias "
        f"have to move together{diagnose(found[0].W, errors)}",
    )


def exactly_one(network) -> str:
    """`network` fires where exactly one of three pixels is lit, and for no other pattern."""
    network = [_as_layer(part, "in your network") for part in network]
    require(len(network) >= 2, "one layer cannot do it: give at least two")
    require(network[0].W.shape[1] == 3, "the first layer should have three inputs")
    require(network[-1].W.shape[0] == 1, "the last layer should have one neuron")
    for before, after in pairwise(network):
        _require_shape(after.W, (len(after.W), len(before.W)), "in your network, W of a next layer")
    patterns = list(np.ndindex(2, 2, 2))
    outputs = [float(feedforward(network, np.array(bits, dtype=float))[0]) for bits in patterns]
    counts = {"one or more": "0111", "two or more": "0011", "all three": "0001", "odd": "0101"}
    fires = {
        f"; it fires when the number of lit pixels is: {kind}": [int(t[sum(x)]) for x in patterns]
        for kind, t in counts.items()
    }
    hint = diagnose(np.round(outputs), fires)
    for bits, found in zip(patterns, outputs, strict=True):
        fits = found > 0.9 if sum(bits) == 1 else found < 0.1
        target = ("above 0.9" if sum(bits) == 1 else "below 0.1") + hint
        require(fits, f"for pixels {bits} your network gives {found:.3f}; it should be {target}")
    return "no single neuron can do that"


def _random(sizes: list[int], rng: np.random.Generator) -> Network:
    return [
        Layer(rng.standard_normal((fan_out, fan_in)), rng.standard_normal(fan_out))
        for fan_in, fan_out in pairwise(sizes)
    ]


def _linear(x: np.ndarray, network: Network) -> np.ndarray:
    for part in network:
        x = affine(x, *part)
    return x


def _call_on(answer, where, network, *others):
    """Call `answer` with a copy of the network, which it must leave as it was."""
    given = copy.deepcopy(network)
    found = called(answer, where, given, *others)
    same = len(given) == len(network) and all(
        np.array_equal(a.W, b.W) and np.array_equal(a.b, b.b)
        for a, b in zip(network, given, strict=True)
    )
    require(same, f"{where} you changed the network you were given; return a new one")
    return found


def _as_layer(found, where) -> Layer:
    pair = isinstance(found, tuple | list) and len(found) == 2
    require(pair, f"{where} expected a Layer, weights and biases, not {type(found).__name__}")
    W, b = (np.asarray(part, dtype=float) for part in found)
    fits = W.ndim == 2 and b.ndim == 1 and len(W) == len(b)
    require(fits, f"{where} a Layer's W of shape {W.shape} and b of shape {b.shape} do not fit")
    return Layer(W, b)


def _require_shape(found, shape, where) -> None:
    own = np.shape(found)
    transposed = " (transposed?)" * (own == shape[::-1])
    require(own == shape, f"{where}: the shape is {own}, should be {shape}{transposed}")
