"""Softmax gives shares, cross-entropy measures surprise, and both agree with torch."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from weighted_sums import cross_entropy, softmax

SCORES = hnp.arrays(np.float64, (3, 5), elements=st.floats(-50, 50))


@given(SCORES)
def test_shares_are_positive_and_add_up_to_one(z):
    p = softmax.softmax(z)
    assert (p > 0).all()
    np.testing.assert_allclose(p.sum(axis=1), 1, rtol=1e-14)


@given(SCORES, st.floats(-1e3, 1e3))
def test_only_differences_of_scores_count(z, shift):
    np.testing.assert_allclose(softmax.softmax(z + shift), softmax.softmax(z), rtol=1e-10)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_huge_scores_do_not_overflow(dtype):
    with np.errstate(all="raise", under="ignore"):
        p = softmax.softmax(np.array([[1e30, 0, -1e30], [1e30, 1e30, 0]], dtype))
    assert p.dtype == dtype
    np.testing.assert_array_equal(p, [[1, 0, 0], [0.5, 0.5, 0]])


@given(SCORES, SCORES)
def test_the_jacobian_agrees_with_torch(z, dp):
    leaf = torch.tensor(z, requires_grad=True)
    torch.softmax(leaf, dim=1).backward(torch.tensor(dp))
    found = softmax.softmax_backward(dp, softmax.softmax(z))
    np.testing.assert_allclose(found, leaf.grad, atol=1e-12)


def test_a_sure_and_right_answer_surprises_nobody():
    y = np.eye(3)
    assert cross_entropy.cross_entropy(y, y) == 0
    assert cross_entropy.binary_cross_entropy(y, y) == 0


def test_an_even_guess_costs_the_logarithm_of_the_choices():
    p, y = np.full((4, 10), 0.1), np.eye(10)[[1, 1, 5, 9]]
    assert cross_entropy.cross_entropy(p, y) == pytest.approx(np.log(10))


@pytest.mark.parametrize("cost", ["cross_entropy", "binary_cross_entropy"])
def test_a_sure_and_wrong_answer_costs_much_but_not_infinitely_much(cost):
    a, y = np.array([[1.0, 0.0]], np.float32), np.array([[0.0, 1.0]], np.float32)
    found = getattr(cross_entropy, cost)(a, y)
    assert 80 < found < np.inf
