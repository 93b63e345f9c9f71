"""The backward pass through a chain agrees with torch and with finite differences."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from weighted_sums import chain, losses, networks
from weighted_sums.gradient_check import central_difference

DEPTHS = st.integers(1, 7)
SEEDS = st.integers(0, 2**32 - 1)


def drawn_chain(depth, seed):
    rng = np.random.default_rng(seed)
    neurons = [chain.Neuron(*pair) for pair in 2 * rng.normal(size=(depth, 2))]
    return neurons, *rng.normal(size=2)


def gradients(neurons, x, y):
    return chain.backward(neurons, chain.forward(neurons, x), y)


@settings(max_examples=100)
@given(DEPTHS, SEEDS)
def test_every_derivative_agrees_with_torch(depth, seed):
    neurons, x, y = drawn_chain(depth, seed)
    leaves = torch.tensor(np.array(neurons), requires_grad=True)
    a = input_ = torch.tensor(x, requires_grad=True)
    for w, b in leaves:
        a = torch.sigmoid(w * a + b)
    ((a - y) ** 2).backward()
    found = gradients(neurons, x, y)
    found_grads = np.array([(part.dw, part.db) for part in found])
    np.testing.assert_allclose(found_grads, leaves.grad, rtol=1e-10, atol=1e-14)
    assert found[0].da_prev == pytest.approx(input_.grad.item(), rel=1e-10, abs=1e-14)


@settings(max_examples=60)
@given(DEPTHS, SEEDS)
def test_every_derivative_agrees_with_finite_differences(depth, seed):
    neurons, x, y = drawn_chain(depth, seed)

    def cost(numbers):
        pairs = numbers[1:].reshape(depth, 2)
        return chain.cost([chain.Neuron(*pair) for pair in pairs], numbers[0], y)

    found = gradients(neurons, x, y)
    found_grads = [found[0].da_prev] + [s for part in found for s in (part.dw, part.db)]
    expected = central_difference(cost, np.array([x, *np.ravel(neurons)]))
    np.testing.assert_allclose(found_grads, expected, atol=1e-8)


@given(DEPTHS, SEEDS)
def test_a_chain_is_a_network_with_one_neuron_in_each_layer(depth, seed):
    neurons, x, y = drawn_chain(depth, seed)
    network = [networks.Layer(np.array([[w]]), np.array([b])) for w, b in neurons]
    a = networks.activations(network, np.array([[x]]))
    caches = chain.forward(neurons, x)
    np.testing.assert_allclose([cache.a for cache in caches], np.ravel(a[1:]), rtol=1e-12)
    assert [cache.a_prev for cache in caches[1:]] == [cache.a for cache in caches[:-1]]
    expected = losses.squared_error(a[-1], np.array([[y]]))
    assert chain.cost(neurons, x, y) == pytest.approx(expected, rel=1e-12)


def test_with_weights_up_to_one_each_neuron_passes_back_at_most_a_quarter():
    neurons = [chain.Neuron(1.0, -0.5)] * 6  # input and output are 1/2: z = 0 in each neuron
    grads = gradients(neurons, 0.5, 0.0)
    da = np.abs([1.0, *(part.da_prev for part in grads[::-1])])  # 2(a − y) is 1
    np.testing.assert_allclose(da[1:] / da[:-1], 0.25, rtol=1e-12)
    shifted = [chain.Neuron(1.0, 2.0)] * 6
    saturated = np.abs([part.da_prev for part in gradients(shifted, 0.5, 0.0)[::-1]])
    assert (saturated[1:] / saturated[:-1] < 0.25).all()


def test_a_single_neuron_has_the_three_factors_of_the_book():
    (found,) = gradients([chain.Neuron(2.0, -0.5)], 0.75, 0.0)
    a = 1 / (1 + np.exp(-1.0))
    activation, cost = a * (1 - a), 2 * a
    np.testing.assert_allclose(found, np.array([0.75, 1, 2]) * activation * cost, rtol=1e-12)


def test_caches_of_another_chain_are_refused():
    neurons, x, y = drawn_chain(3, 0)
    with pytest.raises(ValueError, match="shorter"):
        chain.backward(neurons, chain.forward(neurons[:2], x), y)
