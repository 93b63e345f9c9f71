"""The truths that the checks on momentum compare with, tried by other means."""

import numpy as np
import pytest
import torch
from banks.momentum import nesterov, walk
from hypothesis import given
from hypothesis import strategies as st

from weighted_sums.exercises.momentum import _converges


@given(st.floats(0, 0.97) | st.floats(1.02, 1.2), st.floats(0.05, 0.97) | st.floats(1.03, 1.5))
def test_the_ball_rests_where_the_check_says_so(momentum, part):
    learning_rate = part * 2 * (1 + momentum)
    assert (walk(learning_rate, momentum, 1.0, steps=2000) < 1e-3) == _converges(
        learning_rate, momentum, 1.0
    )


@pytest.mark.slow
def test_the_solution_for_nesterov_takes_torchs_steps():
    rng = np.random.default_rng(0)
    p, v = rng.normal(size=3), np.zeros(3)
    twin = torch.tensor(p, requires_grad=True)
    witness = torch.optim.SGD([twin], lr=0.1, momentum=0.8, nesterov=True)
    for _ in range(20):
        dp = rng.normal(size=3)
        p, v = nesterov(p, dp, v, 0.1, 0.8)
        twin.grad = torch.tensor(dp)
        witness.step()
    np.testing.assert_allclose(p, twin.detach().numpy(), atol=1e-12)
