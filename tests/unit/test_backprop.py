"""The gradient agrees with torch and with differences, for any shape, activation and loss."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from weighted_sums import backprop, cross_entropy, networks
from weighted_sums.gradient_check import directional_difference
from weighted_sums.neurons import ACTIVATIONS
from weighted_sums.workshop import parameters

LOSSES = {
    "squared": backprop.SQUARED_ERROR,
    "binary": cross_entropy.BINARY_CROSS_ENTROPY,
    "softmax": cross_entropy.SOFTMAX_CROSS_ENTROPY,
}
# all different, so that a swapped axis cannot pass
SIZES = st.lists(st.integers(2, 9), min_size=2, max_size=6, unique=True)
SEEDS = st.integers(0, 2**32 - 1)
ACTIVATION_NAMES = st.sampled_from(sorted(ACTIVATIONS))
COSTS = st.sampled_from(sorted(LOSSES))


def example(sizes, n, seed, loss="squared"):
    rng = np.random.default_rng(seed)
    network = networks.init_network(sizes, rng, dtype=np.float64)
    y = rng.random((n, sizes[-1]))
    if loss == "softmax":
        y /= y.sum(axis=1, keepdims=True)
    return network, rng.normal(size=(n, sizes[0])), y


def torch_cost(z, y, loss):
    if loss == "squared":
        return ((torch.sigmoid(z) - y) ** 2).sum(dim=1).mean()
    if loss == "binary":
        bce = torch.nn.functional.binary_cross_entropy_with_logits(z, y, reduction="none")
        return bce.sum(dim=1).mean()
    return torch.nn.functional.cross_entropy(z, y)


@settings(max_examples=80)
@given(SIZES, st.integers(1, 4), SEEDS, ACTIVATION_NAMES, COSTS)
def test_cost_and_gradient_agree_with_torch(sizes, n, seed, activation, loss):
    network, x, y = example(sizes, n, seed, loss)
    leaves = [[torch.tensor(part, requires_grad=True) for part in layer] for layer in network]
    a = torch.tensor(x)
    for W, b in leaves[:-1]:
        a = getattr(torch, activation)(a @ W.T + b)
    W, b = leaves[-1]
    theirs = torch_cost(a @ W.T + b, torch.tensor(y), loss)
    theirs.backward()
    cost, found = backprop.cost_and_gradient(network, x, y, ACTIVATIONS[activation], LOSSES[loss])
    assert cost == pytest.approx(theirs.item(), rel=1e-10)
    for mine, layer in zip(found, leaves, strict=True):
        for part, leaf in zip(mine, layer, strict=True):
            np.testing.assert_allclose(part, leaf.grad, rtol=1e-10, atol=1e-10)


@settings(max_examples=80)
@given(SIZES, st.integers(1, 4), SEEDS, st.sampled_from(["sigmoid", "tanh"]), COSTS)
def test_the_gradient_agrees_with_a_difference_in_a_random_direction(
    sizes, n, seed, activation, loss
):
    network, x, y = example(sizes, n, seed, loss)
    # small weights keep the third derivative small, and so the difference's own error, h² times it
    network = [networks.Layer(W / 2, b / 2) for W, b in network]

    def cost(vector):
        moved = parameters.unflatten(vector, like=network)
        return backprop.cost_and_gradient(moved, x, y, ACTIVATIONS[activation], LOSSES[loss])[0]

    point = parameters.flatten(network)
    direction = np.random.default_rng(seed).normal(size=point.shape)
    direction /= np.linalg.norm(direction)
    _, grads = backprop.cost_and_gradient(network, x, y, ACTIVATIONS[activation], LOSSES[loss])
    expected = parameters.flatten(grads) @ direction
    assert abs(directional_difference(cost, point, direction, h=1e-5) - expected) < 1e-8


def test_a_delta_is_the_derivative_with_respect_to_the_weighted_sums():
    network, x, y = example([3, 5, 4, 2], 6, seed=0)
    a = networks.activations(network, x)
    found = backprop.deltas(network, a, y)
    assert [dz.shape for dz in found] == [(6, 5), (6, 4), (6, 2)]
    # a bias moves the weighted sums of all examples equally: the errors add up to its derivative
    _, grads = backprop.cost_and_gradient(network, x, y)
    for dz, layer in zip(found, grads, strict=True):
        np.testing.assert_allclose(dz.sum(axis=0), layer.b, rtol=1e-12)


def test_the_gradient_of_a_batch_is_the_average_over_its_examples():
    network, x, y = example([3, 5, 2], 7, seed=1)
    whole = parameters.flatten(backprop.cost_and_gradient(network, x, y)[1])
    single = [backprop.cost_and_gradient(network, x[[i]], y[[i]])[1] for i in range(len(x))]
    np.testing.assert_allclose(whole, np.mean([parameters.flatten(s) for s in single], axis=0))


def test_the_gradient_keeps_the_dtype_and_leaves_the_network_unchanged():
    network = networks.init_network([3, 4, 2], np.random.default_rng(0))
    before = parameters.flatten(network)
    x, y = np.ones((5, 3), np.float32), np.zeros((5, 2), np.float32)
    _, found = backprop.cost_and_gradient(network, x, y)
    assert {part.dtype for layer in found for part in layer} == {np.dtype(np.float32)}
    np.testing.assert_array_equal(parameters.flatten(network), before)
