"""Checks for the exercises of the chapter on networks."""

from __future__ import annotations

import copy
from itertools import pairwise

import numpy as np

from weighted_sums.exercises import Wrong, require
from weighted_sums.networks import Layer, Network, activations, feedforward, layer_sum
from weighted_sums.neurons import sigmoid

SIZES = ([3, 2], [2, 5, 1], [784, 16, 16, 10], [784, 30, 10], [7, 1, 7, 1, 7])


def count(answer) -> str:
    """`count(sizes)` is the number of weights and biases of a network of any layer sizes."""
    for sizes in SIZES:
        weights = sum(fan_in * fan_out for fan_in, fan_out in pairwise(sizes))
        biases = sum(sizes[1:])
        found = _call(answer, f"for sizes {sizes}", list(sizes))
        require(np.ndim(found) == 0, f"for sizes {sizes} your count should be one number")
        slips = {
            weights: f"that is the weights alone; the {biases} biases are missing",
            weights + sum(sizes): "you gave the inputs biases too; they are given, not computed",
            sum(sizes): "that is the number of neurons, inputs included",
        }
        hint = slips.get(found, f"{weights} weights and {biases} biases make {weights + biases}")
        require(bool(found == weights + biases), f"for sizes {sizes} your count is {found}: {hint}")
    return "weights between neighbouring layers, and a bias for everything behind the inputs"


def layer(answer) -> str:
    """`layer(x, W, b)` gives the activations of a layer for a table with one example a row."""
    rng = np.random.default_rng(0)
    # the last table is square, so that rows and columns mixed up still give the right shape
    for examples, fan_in, fan_out in ((4, 3, 2), (1, 5, 3), (6, 2, 7), (3, 3, 3)):
        x = rng.standard_normal((examples, fan_in))
        drawn = _random([fan_in, fan_out], rng)[0]
        where = f"for x of shape {x.shape}, W {drawn.W.shape} and b {drawn.b.shape}"
        found = np.asarray(_call(answer, where, x.copy(), drawn.W.copy(), drawn.b.copy()))
        _require_shape(found, (examples, fan_out), where)
        z = layer_sum(x, *drawn)
        require(not np.allclose(found, z), f"{where} you give the weighted sums; the σ is missing")
        unbiased = sigmoid(x @ drawn.W.T)
        require(not np.allclose(found, unbiased), f"{where} the biases are missing")
        wrong = np.argwhere(~np.isclose(found, sigmoid(z)))
        if len(wrong):
            r, j = wrong[0]
            require(
                False,
                f"{where}, row {r}, neuron {j}: you give {found[r, j]:.4f}, it should be "
                f"σ({z[r, j]:.4f}) = {sigmoid(z)[r, j]:.4f}",
            )
    return "every row of the answer belongs to the example in the same row"


def collapse(answer) -> str:
    """`collapse(network)` is one `Layer` that does, without squashes, what all layers do."""
    rng = np.random.default_rng(0)
    for sizes in ([3, 2], [3, 4, 2], [2, 5, 3, 4], [6, 1, 6], [4, 4, 4]):
        network = _random(sizes, rng)
        where = f"for a network of sizes {sizes}"
        found = _as_layer(_call(answer, where, copy.deepcopy(network)), where)
        _require_shape(found.W, (sizes[-1], sizes[0]), f"{where}, W")
        _require_shape(found.b, (sizes[-1],), f"{where}, b")
        zero, x = np.zeros(sizes[0]), rng.standard_normal(sizes[0])
        want = _linear(zero, network)
        require(
            np.allclose(found.b, want),
            f"{where}, given zeros only, your layer says {np.round(found.b, 3)}, the layers say "
            f"{np.round(want, 3)}: which weights does an early bias still pass through?",
        )
        require(
            np.allclose(layer_sum(x, *found), _linear(x, network)),
            f"{where} the biases are right, but the weights are not: in which order do the "
            "matrices act on an input?",
        )
    return "any number of layers without a squash is one layer"


def permute(answer) -> str:
    """`permute(network, order)` reorders the first hidden layer, and the function stays."""
    rng = np.random.default_rng(0)
    for sizes in ([3, 2, 4], [5, 6, 3, 2], [2, 7, 7, 1]):
        network, order = _random(sizes, rng), rng.permutation(sizes[1])
        if np.array_equal(order, np.arange(sizes[1])):
            order = order[::-1]
        where = f"for sizes {sizes} and order {order.tolist()}"
        given = copy.deepcopy(network)
        found = _call(answer, where, given, order.copy())
        require(
            _equal(network, given),
            f"{where} you changed the network you were given; return a new one",
        )
        require(len(found) == len(network), f"{where} you should return {len(network)} layers")
        found = [_as_layer(part, where) for part in found]
        x = rng.standard_normal((5, sizes[0]))
        old, new = activations(x, network), activations(x, found)
        require(
            np.allclose(new[1], old[1][:, order]),
            f"{where} hidden neuron 0 should be the old neuron {order[0]}: its weights and its "
            "bias have to move together",
        )
        require(
            np.allclose(new[-1], old[-1]),
            f"{where} the hidden neurons have moved, but the outputs changed: who else has to "
            "know where they are now?",
        )
    return "the same function from other numbers"


def exactly_one(network) -> str:
    """`network` fires for exactly one lit pixel of three, and for no other pattern."""
    network = [_as_layer(part, "in your network") for part in network]
    require(len(network) >= 2, "one layer cannot do it: give at least two")
    require(network[0].W.shape[1] == 3, "the first layer should have three inputs")
    require(network[-1].W.shape[0] == 1, "the last layer should have one neuron")
    for bits in np.ndindex(2, 2, 2):
        found = float(feedforward(np.array(bits, dtype=float), network)[0])
        lit = sum(bits)
        fits = found > 0.9 if lit == 1 else found < 0.1
        wish = "above 0.9" if lit == 1 else "below 0.1"
        require(fits, f"for pixels {bits} your network says {found:.3f}; it should be {wish}")
    return "no single neuron can do that"


def _random(sizes, rng) -> Network:
    return [
        Layer(rng.standard_normal((fan_out, fan_in)), rng.standard_normal(fan_out))
        for fan_in, fan_out in pairwise(sizes)
    ]


def _equal(network: Network, other: Network) -> bool:
    pairs = zip(network, other, strict=True)
    return all(np.array_equal(a.W, b.W) and np.array_equal(a.b, b.b) for a, b in pairs)


def _linear(x, network):
    for part in network:
        x = layer_sum(x, *part)
    return x


def _call(answer, where, *given):
    try:
        found = answer(*given)
    except Exception as error:
        words = f"{where} your function stops with {type(error).__name__}: {error}"
        if "core dimension" in words:  # NumPy's own words for this help nobody
            words = (
                f"{where}: the rows on the left of @ are not as long as the columns on its right"
            )
        raise Wrong(words) from error
    require(found is not None, f"{where} your function returns nothing; did you forget `return`?")
    return found


def _as_layer(found, where) -> Layer:
    pair = isinstance(found, tuple | list) and len(found) == 2
    require(pair, f"{where} expected a Layer, weights and biases, not {type(found).__name__}")
    W, b = (np.asarray(part) for part in found)
    fits = W.ndim == 2 and b.ndim == 1 and len(W) == len(b)
    require(fits, f"{where} a Layer's W of shape {W.shape} and b of shape {b.shape} do not fit")
    return Layer(W, b)


def _require_shape(found, shape, where) -> None:
    require(np.shape(found) == shape, f"{where}: the shape is {np.shape(found)}, should be {shape}")
