"""The walk back through a chain finds what torch finds and what nudges measure."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from weighted_sums import chain, losses, networks
from weighted_sums.gradient_check import central_difference

DEPTHS = st.integers(1, 7)
SEEDS = st.integers(0, 2**32 - 1)


def drawn(depth, seed):
    rng = np.random.default_rng(seed)
    neurons = [chain.Neuron(*pair) for pair in 2 * rng.normal(size=(depth, 2))]
    return neurons, *rng.normal(size=2)


def walked_back(neurons, x, y):
    return chain.backward(neurons, chain.forward(neurons, x), y)


@settings(max_examples=100)
@given(DEPTHS, SEEDS)
def test_every_slope_agrees_with_torch(depth, seed):
    neurons, x, y = drawn(depth, seed)
    leaves = torch.tensor(np.array(neurons), requires_grad=True)
    a = start = torch.tensor(x, requires_grad=True)
    for w, b in leaves:
        a = torch.sigmoid(w * a + b)
    ((a - y) ** 2).backward()
    found = walked_back(neurons, x, y)
    mine = np.array([(part.dw, part.db) for part in found])
    np.testing.assert_allclose(mine, leaves.grad, rtol=1e-10, atol=1e-14)
    assert found[0].da_before == pytest.approx(start.grad.item(), rel=1e-10, abs=1e-14)


@settings(max_examples=60)
@given(DEPTHS, SEEDS)
def test_every_slope_agrees_with_nudges_of_the_cost(depth, seed):
    neurons, x, y = drawn(depth, seed)

    def cost(numbers):
        pairs = numbers[1:].reshape(depth, 2)
        return chain.cost([chain.Neuron(*pair) for pair in pairs], numbers[0], y)

    found = walked_back(neurons, x, y)
    mine = [found[0].da_before] + [s for part in found for s in (part.dw, part.db)]
    nudged = central_difference(cost, np.array([x, *np.ravel(neurons)]))
    np.testing.assert_allclose(mine, nudged, atol=1e-8)


@given(DEPTHS, SEEDS)
def test_a_chain_is_a_network_with_one_neuron_in_each_layer(depth, seed):
    neurons, x, y = drawn(depth, seed)
    network = [networks.Layer(np.array([[w]]), np.array([b])) for w, b in neurons]
    a = networks.activations(network, np.array([[x]]))
    kept = chain.forward(neurons, x)
    np.testing.assert_allclose([part.a for part in kept], np.ravel(a[1:]), rtol=1e-12)
    assert [part.a_before for part in kept[1:]] == [part.a for part in kept[:-1]]
    expected = losses.squared_error(a[-1], np.array([[y]]))
    assert chain.cost(neurons, x, y) == pytest.approx(expected, rel=1e-12)


def test_with_weights_up_to_one_each_neuron_passes_back_at_most_a_quarter():
    neurons = [chain.Neuron(1.0, -0.5)] * 6  # half comes in, half goes out: z = 0 all along
    grads = walked_back(neurons, 0.5, 0.0)
    arriving = np.abs([1.0, *(part.da_before for part in grads[::-1])])  # 2(a − y) is 1
    np.testing.assert_allclose(arriving[1:] / arriving[:-1], 0.25, rtol=1e-12)
    shifted = [chain.Neuron(1.0, 2.0)] * 6
    far = np.abs([part.da_before for part in walked_back(shifted, 0.5, 0.0)[::-1]])
    assert (far[1:] / far[:-1] < 0.25).all()


def test_a_single_neuron_has_the_three_factors_of_the_book():
    (found,) = walked_back([chain.Neuron(2.0, -0.5)], 0.75, 0.0)
    a = 1 / (1 + np.exp(-1.0))
    activation, cost = a * (1 - a), 2 * a
    np.testing.assert_allclose(found, np.array([0.75, 1, 2]) * activation * cost, rtol=1e-12)


def test_kept_numbers_of_another_chain_are_refused():
    neurons, x, y = drawn(3, 0)
    with pytest.raises(ValueError, match="shorter"):
        chain.backward(neurons, chain.forward(neurons[:2], x), y)
