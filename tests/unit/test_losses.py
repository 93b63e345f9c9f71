"""The cost is zero only at the wish, averages over examples, and has torch's derivative."""

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
def outputs_and_wishes(draw):
    shape = draw(st.tuples(st.integers(1, 6), st.integers(1, 5)))
    return [draw(hnp.arrays(np.float64, shape, elements=NUMBERS)) for _ in range(2)]


def test_the_cost_is_an_average_over_examples_and_a_sum_over_outputs():
    assert losses.squared_error(np.array([[3.0, 1.0], [0.0, 0.0]]), np.zeros((2, 2))) == 5.0


@given(outputs_and_wishes())
def test_no_cost_is_negative_and_only_a_fulfilled_wish_costs_nothing(pair):
    a, y = pair
    costs = losses.per_example_cost(a, y)
    assert (costs >= 0).all()
    assert np.array_equal(costs == 0, (a == y).all(axis=1))
    assert losses.squared_error(y, y) == 0


@given(outputs_and_wishes(), st.randoms())
def test_the_order_of_examples_and_of_outputs_does_not_matter(pair, random):
    a, y = pair
    rows, columns = list(range(len(a))), list(range(a.shape[1]))
    random.shuffle(rows)
    random.shuffle(columns)
    moved = (part[rows][:, columns] for part in pair)
    assert losses.squared_error(*moved) == pytest.approx(losses.squared_error(a, y))


@given(outputs_and_wishes(), st.data())
def test_the_cost_of_all_is_the_weighted_mean_of_the_costs_of_parts(pair, data):
    a, y = pair
    cut = data.draw(st.integers(0, len(a)))
    parts = [(a[:cut], y[:cut]), (a[cut:], y[cut:])]
    total = sum(len(part) * losses.squared_error(part, wish) for part, wish in parts if len(part))
    assert total / len(a) == pytest.approx(losses.squared_error(a, y))


@given(outputs_and_wishes(), st.integers(-4, 4))
def test_a_miss_that_is_twice_as_far_costs_four_times_as_much(pair, factor):
    a, y = pair
    far = losses.squared_error(y + factor * (a - y), y)
    assert far == pytest.approx(factor * factor * losses.squared_error(a, y))


@given(outputs_and_wishes())
def test_backward_agrees_with_torch(pair):
    a, y = pair
    leaf = torch.tensor(a, requires_grad=True)
    ((leaf - torch.tensor(y)) ** 2).sum(dim=1).mean().backward()
    np.testing.assert_allclose(losses.squared_error_backward(a, y), leaf.grad, atol=1e-12)


@given(outputs_and_wishes())
def test_backward_agrees_with_nudges(pair):
    a, y = pair
    nudged = central_difference(
        lambda vector: losses.squared_error(vector.reshape(a.shape), y), a.ravel(), h=1e-3
    )
    np.testing.assert_allclose(losses.squared_error_backward(a, y).ravel(), nudged, atol=1e-8)


@given(st.lists(st.integers(0, 20), min_size=2, max_size=6).filter(any))
def test_the_best_constant_guess_is_how_often_each_digit_comes(counts):
    wishes = np.repeat(np.eye(len(counts)), counts, axis=0)
    shares = np.array(counts) / sum(counts)
    guess = np.tile(shares, (len(wishes), 1))
    assert losses.squared_error(guess, wishes) == pytest.approx((shares * (1 - shares)).sum())
    for nudge in np.eye(len(counts)) / 10:
        assert losses.squared_error(guess + nudge, wishes) > losses.squared_error(guess, wishes)


def test_the_cost_of_a_network_is_that_of_its_outputs():
    network = networks.init_network([4, 3, 2], np.random.default_rng(0), dtype=np.float64)
    x, y = np.ones((5, 4)), np.zeros((5, 2))
    a = networks.feedforward(network, x)
    assert losses.network_cost(network, x, y) == losses.squared_error(a, y)


@pytest.mark.parametrize("shape", [(4, 2), (4, 1), (1, 3), (4, 3, 1)])
def test_outputs_and_wishes_of_different_shape_are_refused_with_both_shapes(shape):
    a, y = np.zeros((4, 3)), np.zeros(shape)
    # in training nobody checks annotations, so look behind the checker too
    unchecked = inspect.unwrap(losses.per_example_cost)
    assert unchecked is not losses.per_example_cost
    with pytest.raises(ValueError, match=re.escape(f"(4, 3) do not fit targets of shape {shape}")):
        unchecked(a, y)
    with pytest.raises(Exception, match="fan_out|example"):
        losses.per_example_cost(a, y)
