"""The gradient agrees with torch and with plain differences, for networks of any shape."""

import numpy as np
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from weighted_sums import backprop, losses, networks

SIZES = st.lists(st.integers(1, 7), min_size=2, max_size=5)


def example(sizes, n, seed):
    rng = np.random.default_rng(seed)
    network = networks.random_network(sizes, rng, dtype=np.float64)
    return network, rng.random((n, sizes[0])), rng.random((n, sizes[-1]))


def cost(network, x, y):
    return losses.squared_error(networks.feedforward(x, network), y)


@settings(max_examples=50)
@given(SIZES, st.integers(1, 4), st.integers(0, 2**32 - 1))
def test_gradient_agrees_with_torch(sizes, n, seed):
    network, x, y = example(sizes, n, seed)
    leaves = [[torch.tensor(part, requires_grad=True) for part in layer] for layer in network]
    a = torch.tensor(x)
    for W, b in leaves:
        a = torch.sigmoid(a @ W.T + b)
    ((a - torch.tensor(y)) ** 2).sum(dim=1).mean().backward()
    for found, layer in zip(backprop.cost_and_gradient(network, x, y)[1], leaves, strict=True):
        for mine, theirs in zip(found, layer, strict=True):
            np.testing.assert_allclose(mine, theirs.grad, rtol=1e-10, atol=1e-12)


def test_gradient_agrees_with_a_step_in_a_random_direction():
    network, x, y = example([5, 4, 3, 2], 6, seed=0)
    rng, h = np.random.default_rng(1), 1e-6
    way = [networks.Layer(*(rng.normal(size=p.shape) for p in layer)) for layer in network]

    def moved(t):
        pairs = zip(network, way, strict=True)
        return [networks.Layer(p.W + t * d.W, p.b + t * d.b) for p, d in pairs]

    slope = (cost(moved(h), x, y) - cost(moved(-h), x, y)) / (2 * h)
    found = backprop.cost_and_gradient(network, x, y)[1]
    predicted = sum((g.W * d.W).sum() + g.b @ d.b for g, d in zip(found, way, strict=True))
    assert abs(slope - predicted) < 1e-8


def test_gradient_keeps_the_dtype_and_the_network():
    network = networks.random_network([3, 4, 2], np.random.default_rng(0))
    before = [part.copy() for layer in network for part in layer]
    x, y = np.ones((5, 3), np.float32), np.zeros((5, 2), np.float32)
    found = backprop.cost_and_gradient(network, x, y)[1]
    assert {part.dtype for layer in found for part in layer} == {np.dtype(np.float32)}
    for part, old in zip((p for layer in network for p in layer), before, strict=True):
        np.testing.assert_array_equal(part, old)
