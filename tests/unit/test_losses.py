"""The cost is zero only at the wish, and its derivative is torch's."""

import numpy as np
import torch

from weighted_sums import losses

A = np.random.default_rng(0).normal(size=(3, 5))
Y = np.random.default_rng(1).normal(size=(3, 5))


def test_the_cost_of_a_fulfilled_wish_is_zero():
    assert losses.squared_error(Y, Y) == 0
    assert losses.squared_error(A, Y) > 0


def test_the_cost_is_an_average_over_examples_and_a_sum_over_outputs():
    assert losses.squared_error(np.array([[3.0, 1.0], [0.0, 0.0]]), np.zeros((2, 2))) == 5.0


def test_backward_agrees_with_torch():
    a = torch.tensor(A, requires_grad=True)
    ((a - torch.tensor(Y)) ** 2).sum(dim=1).mean().backward()
    np.testing.assert_allclose(losses.squared_error_backward(A, Y), a.grad, atol=1e-14)
