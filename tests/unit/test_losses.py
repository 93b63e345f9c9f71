"""The squared error is zero only at the target, averages over examples, and agrees with torch."""

import inspect
import re

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from weighted_sums import losses, networks
from weighted_sums.gradient_check import central_difference

# quarters are exact, so that equal means equal
NUMBERS = st.integers(-40, 40).map(lambda quarters: quarters / 4)


@st.composite
def outputs_and_targets(draw):
    shape = draw(st.tuples(st.integers(1, 6), st.integers(1, 5)))
    return [draw(hnp.arrays(np.float64, shape, elements=NUMBERS)) for _ in range(2)]


def test_the_cost_is_an_average_over_examples_and_a_sum_over_outputs():
    assert losses.squared_error(np.array([[3.0, 1.0], [0.0, 0.0]]), np.zeros((2, 2))) == 5.0


@given(outputs_and_targets())
def test_the_cost_is_zero_at_the_target_and_positive_elsewhere(pair):
    a, y = pair
    costs = losses.per_example_cost(a, y)
    assert (costs >= 0).all()
    assert np.array_equal(costs == 0, (a == y).all(axis=1))
    assert losses.squared_error(y, y) == 0


@given(outputs_and_targets(), st.randoms())
def test_the_order_of_examples_and_of_outputs_does_not_matter(pair, random):
    a, y = pair
    rows, columns = list(range(len(a))), list(range(a.shape[1]))
    random.shuffle(rows)
    random.shuffle(columns)
    moved = (part[rows][:, columns] for part in pair)
    assert losses.squared_error(*moved) == pytest.approx(losses.squared_error(a, y))


@given(outputs_and_targets(), st.data())
def test_the_cost_of_all_is_the_weighted_mean_of_the_costs_of_parts(pair, data):
    a, y = pair
    cut = data.draw(st.integers(0, len(a)))
    parts = [(a[:cut], y[:cut]), (a[cut:], y[cut:])]
    total = sum(len(part[0]) * losses.squared_error(*part) for part in parts if len(part[0]))
    assert total / len(a) == pytest.approx(losses.squared_error(a, y))


@given(outputs_and_targets(), st.integers(-4, 4))
def test_the_cost_is_quadratic_in_the_distance(pair, factor):
    a, y = pair
    far = losses.squared_error(y + factor * (a - y), y)
    assert far == pytest.approx(factor * factor * losses.squared_error(a, y))


@given(outputs_and_targets())
def test_backward_agrees_with_torch(pair):
    a, y = pair
    leaf = torch.tensor(a, requires_grad=True)
    ((leaf - torch.tensor(y)) ** 2).sum(dim=1).mean().backward()
    np.testing.assert_allclose(losses.squared_error_backward(a, y), leaf.grad, atol=1e-12)


@given(outputs_and_targets())
def test_backward_agrees_with_finite_differences(pair):
    a, y = pair
    expected = central_difference(
        lambda vector: losses.squared_error(vector.reshape(a.shape), y), a.ravel(), h=1e-3
    )
    np.testing.assert_allclose(losses.squared_error_backward(a, y).ravel(), expected, atol=1e-8)


@given(st.lists(st.integers(0, 20), min_size=2, max_size=6).filter(any))
def test_the_best_constant_output_is_the_fraction_of_each_class(counts):
    targets = np.repeat(np.eye(len(counts)), counts, axis=0)
    fractions = np.array(counts) / sum(counts)
    constant = np.tile(fractions, (len(targets), 1))
    best = losses.squared_error(constant, targets)
    assert best == pytest.approx((fractions * (1 - fractions)).sum())
    for nudge in np.eye(len(counts)) / 10:
        assert losses.squared_error(constant + nudge, targets) > best


def test_the_cost_of_a_network_is_that_of_its_outputs():
    network = networks.init_network([4, 3, 2], np.random.default_rng(0), dtype=np.float64)
    x, y = np.ones((5, 4)), np.zeros((5, 2))
    a = networks.feedforward(network, x)
    assert losses.network_cost(network, x, y) == losses.squared_error(a, y)


@pytest.mark.parametrize("shape", [(4, 2), (4, 1), (1, 3), (4, 3, 1)])
def test_outputs_and_targets_of_different_shape_are_refused_with_both_shapes(shape):
    a, y = np.zeros((4, 3)), np.zeros(shape)
    # annotations are not checked in training, so try the undecorated function too
    unchecked = inspect.unwrap(losses.per_example_cost)
    assert unchecked is not losses.per_example_cost
    with pytest.raises(ValueError, match=re.escape(f"(4, 3) do not fit targets of shape {shape}")):
        unchecked(a, y)
    with pytest.raises(Exception, match="fan_out|example"):
        losses.per_example_cost(a, y)
