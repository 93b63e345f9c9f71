"""A cosine schedule rises, falls to 0 and is torch's; bad settings are refused."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from weighted_sums.descent import GradientDescent
from weighted_sums.schedules import check_learning_rate, cosine_schedule, learning_rate_at


@given(st.integers(2, 60), st.data())
def test_a_cosine_schedule_rises_linearly_then_falls_to_zero(steps, draw):
    warmup = draw.draw(st.integers(0, steps - 1))
    rates = [cosine_schedule(0.3, steps, warmup)(step) for step in range(1, steps + 2)]
    np.testing.assert_allclose(rates[:warmup], 0.3 * np.arange(1, warmup + 1) / max(warmup, 1))
    assert rates[warmup] == max(rates) == 0.3
    assert all(a > b for a, b in zip(rates[warmup:], rates[warmup + 1 :], strict=False))
    assert rates[-2] > 0
    assert rates[-1] == 0 == cosine_schedule(0.3, steps, warmup)(10 * steps)


@pytest.mark.slow
def test_a_cosine_schedule_without_warm_up_is_torchs():
    optimizer = torch.optim.SGD([torch.zeros(1)], lr=0.3)
    witness = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=12)
    for step in range(1, 13):
        np.testing.assert_allclose(cosine_schedule(0.3, 12)(step), optimizer.param_groups[0]["lr"])
        optimizer.step()
        witness.step()


REFUSED = {
    "no peak": (0.0, 10, 0, "rate must be positive"),
    "no steps": (0.1, 0, 0, "warmup must lie between 0 and steps - 1 = -1, not 0"),
    "nothing after warm-up": (0.1, 5, 5, "warmup must lie between 0 and"),
    "negative warm-up": (0.1, 5, -1, "warmup must lie between 0 and"),
}


@pytest.mark.parametrize(("peak", "steps", "warmup", "message"), REFUSED.values(), ids=REFUSED)
def test_an_impossible_schedule_is_refused(peak, steps, warmup, message):
    with pytest.raises(ValueError, match=message):
        cosine_schedule(peak, steps, warmup)


@pytest.mark.parametrize("learning_rate", [0.0, -1.0, np.nan, np.inf])
def test_a_learning_rate_that_is_not_positive_and_finite_is_refused(learning_rate):
    with pytest.raises(ValueError, match="positive and finite"):
        GradientDescent(learning_rate)


def test_a_learning_rate_without_a_schedule_is_the_same_at_every_step():
    assert learning_rate_at(0.3, 1) == learning_rate_at(0.3, 9) == 0.3


@pytest.mark.parametrize("scheduled", [0, 0.5, np.float32(0.5), np.int64(2)])
def test_a_schedule_may_return_any_number_from_zero_up(scheduled):
    found = learning_rate_at(lambda step: scheduled, 1)
    assert found == scheduled and type(found) is float


@pytest.mark.usefixtures("without_shape_checks")
@pytest.mark.parametrize("scheduled", [-0.1, np.inf, np.nan, None, "0.1"])
def test_a_schedule_that_returns_no_learning_rate_is_refused_with_the_step(scheduled):
    with pytest.raises(ValueError, match=rf"learning rate {scheduled!r} for step 7"):
        learning_rate_at(lambda step: scheduled, 7)


@pytest.mark.usefixtures("without_shape_checks")
@pytest.mark.parametrize("learning_rate", [None, "0.1", [0.1]])
def test_a_learning_rate_is_a_number_or_a_schedule(learning_rate):
    with pytest.raises(ValueError, match="positive and finite"):
        check_learning_rate(learning_rate)
    check_learning_rate(lambda step: 0.1)
    check_learning_rate(np.float32(0.1))
