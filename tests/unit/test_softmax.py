"""Softmax turns logits into probabilities, for logits of any size, and agrees with torch."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from weighted_sums.softmax import softmax, softmax_backward

LOGITS = hnp.arrays(np.float64, (3, 5), elements=st.floats(-50, 50))


@given(LOGITS)
def test_probabilities_are_positive_and_add_up_to_one(z):
    p = softmax(z)
    assert (p > 0).all()
    np.testing.assert_allclose(p.sum(axis=1), 1, rtol=1e-14)


@given(LOGITS, st.floats(-1e3, 1e3))
def test_only_differences_of_logits_count(z, shift):
    np.testing.assert_allclose(softmax(z + shift), softmax(z), rtol=1e-10)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_huge_logits_do_not_overflow(dtype):
    with np.errstate(all="raise", under="ignore"):
        p = softmax(np.array([[1e30, 0, -1e30], [1e30, 1e30, 0]], dtype))
    assert p.dtype == dtype
    np.testing.assert_array_equal(p, [[1, 0, 0], [0.5, 0.5, 0]])


@given(LOGITS, LOGITS)
def test_softmax_backward_agrees_with_torch(z, dp):
    leaf = torch.tensor(z, requires_grad=True)
    torch.softmax(leaf, dim=1).backward(torch.tensor(dp))
    found = softmax_backward(dp, softmax(z))
    np.testing.assert_allclose(found, leaf.grad, atol=1e-12)


def test_softmax_and_its_jacobian_take_each_row_of_any_number_of_axes_by_itself():
    z, dp = np.random.default_rng(0).standard_normal((2, 2, 3, 5))
    z[1, 2] -= 2000  # a row far below the others has probabilities all the same
    leaf = torch.tensor(z, requires_grad=True)
    p = torch.softmax(leaf, dim=-1)
    p.backward(torch.tensor(dp))
    np.testing.assert_allclose(softmax(z), p.detach(), rtol=1e-12)
    np.testing.assert_allclose(softmax_backward(dp, p.detach().numpy()), leaf.grad)
