"""Optimisers take torch's steps, in place, and follow their schedules; bad settings are refused."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from weighted_sums.descent import GradientDescent, Optimizer, descend
from weighted_sums.optimizers import Adam, Momentum, RMSprop
from weighted_sums.schedules import cosine_schedule

SHAPES = [(5, 3), (2, 7, 4), (1,), (6,)]
RATE = 0.01

PAIRS = {
    "plain descent": (GradientDescent(RATE), torch.optim.SGD, {}),
    "momentum": (Momentum(RATE, 0.8), torch.optim.SGD, {"momentum": 0.8}),
    "no momentum": (Momentum(RATE, 0.0), torch.optim.SGD, {}),
    "RMSprop": (RMSprop(RATE, 0.9, 1e-6), torch.optim.RMSprop, {"alpha": 0.9, "eps": 1e-6}),
    "RMSprop's own settings": (RMSprop(RATE), torch.optim.RMSprop, {}),
    "Adam": (Adam(RATE, 0.7, 0.95, 1e-5), torch.optim.Adam, {"betas": (0.7, 0.95), "eps": 1e-5}),
    "Adam's own settings": (Adam(RATE), torch.optim.Adam, {}),
    "AdamW": (Adam(RATE, weight_decay=0.3), torch.optim.AdamW, {"weight_decay": 0.3}),
}

KINDS = {
    "plain descent": GradientDescent,
    "momentum": Momentum,
    "RMSprop": RMSprop,
    "Adam": Adam,
    "AdamW": lambda learning_rate: Adam(learning_rate, weight_decay=0.1),
}

each_kind = pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS.keys())


def draw(rng, dtype=np.float64):
    return [rng.normal(size=shape).astype(dtype) for shape in SHAPES]


@pytest.mark.slow
@pytest.mark.parametrize(("ours", "theirs", "settings"), PAIRS.values(), ids=PAIRS.keys())
def test_fifty_steps_are_torchs_steps(ours, theirs, settings):
    rng = np.random.default_rng(0)
    parameters = draw(rng)
    twins = [torch.tensor(p, requires_grad=True) for p in parameters]
    witness = theirs(twins, lr=RATE, **settings)
    for _ in range(50):
        grads = draw(rng)
        ours.step(parameters, grads)
        for twin, dp in zip(twins, grads, strict=True):
            twin.grad = torch.tensor(dp)
        witness.step()
        for p, twin in zip(parameters, twins, strict=True):
            np.testing.assert_allclose(p, twin.detach().numpy(), rtol=0, atol=1e-12)


@each_kind
def test_a_schedule_sets_the_learning_rate_of_each_step(kind):
    rates = [0.1, 0.002, 0.03, 0.0]
    rng = np.random.default_rng(0)
    initial, grads = draw(rng), [draw(rng) for _ in rates]

    def run(optimizer, follow):
        parameters = [p.copy() for p in initial]
        for learning_rate, dp in zip(rates, grads, strict=True):
            if follow:
                optimizer.learning_rate = learning_rate
            optimizer.step(parameters, dp)
        return parameters

    scheduled = run(kind(lambda step: rates[step - 1]), follow=False)
    by_hand = run(kind(rates[0]), follow=True)
    assert all(np.array_equal(a, b) for a, b in zip(scheduled, by_hand, strict=True))


@each_kind
def test_steps_change_the_arrays_in_place_and_leave_the_gradients_alone(kind):
    rng = np.random.default_rng(0)
    parameters, grads = draw(rng), draw(rng)
    before, expected = [p.copy() for p in parameters], [dp.copy() for dp in grads]
    arrays, optimizer = list(parameters), kind(0.1)
    for count in (1, 2):
        optimizer.step(parameters, grads)
        assert optimizer.steps == count
    assert all(a is p for a, p in zip(arrays, parameters, strict=True))
    assert not any(np.any(p == b) for p, b in zip(parameters, before, strict=True))
    assert all(np.array_equal(dp, e) for dp, e in zip(grads, expected, strict=True))


@each_kind
def test_float32_stays_float32_in_parameters_and_moments(kind):
    rng = np.random.default_rng(0)
    parameters, optimizer = draw(rng, np.float32), kind(cosine_schedule(0.1, steps=3, warmup=1))
    for _ in range(3):
        optimizer.step(parameters, draw(rng, np.float32))
    moments = [m for value in vars(optimizer).values() if isinstance(value, list) for m in value]
    assert {array.dtype for array in parameters + moments} == {np.dtype(np.float32)}


@each_kind
def test_a_second_optimizer_does_not_share_the_moments_of_the_first(kind):
    rng = np.random.default_rng(0)
    first, grads = kind(0.1), draw(rng)
    first.step(draw(rng), grads)
    old, new = draw(rng), kind(0.1)
    again = [p.copy() for p in old]
    new.step(old, grads)
    kind(0.1).step(again, grads)
    assert all(np.array_equal(a, b) for a, b in zip(old, again, strict=True))
    assert isinstance(new, Optimizer)


@each_kind
def test_the_moments_stay_out_of_the_printed_optimizer(kind):
    optimizer = kind(0.1)
    optimizer.step([np.zeros(2)], [np.ones(2)])
    assert "array" not in repr(optimizer)


@each_kind
def test_other_arrays_than_those_it_began_with_are_refused(kind):
    optimizer = kind(0.1)
    optimizer.step([np.zeros(2)], [np.ones(2)])
    with pytest.raises(
        ValueError,
        match=r"gradients of the shapes \[\(2,\), \(2,\)\] do not fit parameters of \[\(2,\)\]",
    ):
        optimizer.step([np.zeros(2)], [np.ones(2), np.ones(2)])


REFUSED = {
    "momentum of one": (lambda: Momentum(0.1, 1.0), r"momentum must lie in \[0, 1\), not 1\.0"),
    "negative momentum": (lambda: Momentum(0.1, -0.1), "momentum must lie in"),
    "decay above one": (lambda: RMSprop(0.1, decay=1.1), "decay must lie in"),
    "decay that is no number": (lambda: RMSprop(0.1, decay=math.nan), "decay must lie in"),
    "negative eps of RMSprop": (lambda: RMSprop(0.1, eps=-1.0), "eps must be finite and not neg"),
    "beta1 of one": (lambda: Adam(0.1, beta1=1.0), "beta1 must lie in"),
    "beta2 of one": (lambda: Adam(0.1, beta2=1.0), "beta2 must lie in"),
    "infinite eps of Adam": (lambda: Adam(0.1, eps=math.inf), "eps must be finite"),
    "weights that grow": (lambda: Adam(0.1, weight_decay=-0.1), "weight_decay must be finite"),
    "no rate for momentum": (lambda: Momentum(0.0), "rate must be positive"),
    "no rate for RMSprop": (lambda: RMSprop(-0.1), "rate must be positive"),
    "no rate for Adam": (lambda: Adam(math.inf), "rate must be positive"),
}


@pytest.mark.parametrize(("make", "message"), REFUSED.values(), ids=REFUSED.keys())
def test_a_bad_setting_is_refused_by_its_name(make, message):
    with pytest.raises(ValueError, match=message):
        make()


@given(st.floats(0.01, 1), st.floats(0, 0.99), st.floats(1e-3, 1e3), st.floats(-1e3, 1e3))
def test_adams_first_step_is_the_rate_times_the_sign_of_the_gradient(beta1, beta2, dp, initial):
    for signed in (dp, -dp):
        p = np.array([initial])
        Adam(0.5, 1 - beta1, beta2, eps=0.0).step([p], [np.array([signed])])
        np.testing.assert_allclose(p, initial - 0.5 * np.sign(signed), atol=1e-9)


@given(st.floats(1e-3, 1e3), st.integers(0, 2**32 - 1))
def test_adaptive_learning_rates_ignore_the_scale_of_the_cost(scale, seed):
    grads = np.random.default_rng(seed).normal(size=(20, 3))
    for kind in (RMSprop, Adam):
        points = [np.zeros(3), np.zeros(3)]
        for p, factor in zip(points, (1, scale), strict=True):
            optimizer = kind(0.1, eps=0.0)
            for dp in grads:
                optimizer.step([p], [factor * dp])
        np.testing.assert_allclose(points[0], points[1], rtol=1e-8, atol=1e-10)


def test_under_a_constant_gradient_momentum_reaches_rate_over_one_minus_momentum():
    p = np.zeros(1)
    path = descend(np.ones_like, p, Momentum(0.1, 0.75), steps=200)
    np.testing.assert_allclose(path[-2] - path[-1], 0.1 / (1 - 0.75), rtol=1e-12)
