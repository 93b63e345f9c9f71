"""Rewards from compared pairs, and a KL-regularised policy that is optimal."""

import inspect

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from weighted_sums import descent, preferences
from weighted_sums.descent import GradientDescent
from weighted_sums.gradient_check import central_difference
from weighted_sums.preferences import bradley_terry, judge, kl_divergence, kl_regularised

RNG = np.random.default_rng(0)
BEFORE = np.array([0.4, 0.3, 0.2, 0.1, 0.0])
REWARD = np.array([0.0, 1.0, -1.0, 2.0, 9.0])


def objective(p, beta):
    return p @ REWARD - beta * kl_divergence(p, BEFORE)


def test_equal_rewards_are_preferred_half_the_time_and_odds_multiply():
    assert bradley_terry(np.array(3.0), np.array(3.0)) == 0.5
    p = bradley_terry(np.array([2.0, 1.0]), np.array([1.0, 2.0]))
    assert p.sum() == pytest.approx(1) and p[0] / p[1] == pytest.approx(np.e)


def test_the_gradient_of_the_cost_equals_torch_and_differences():
    w, better, worse = RNG.standard_normal(3), *RNG.standard_normal((2, 8, 3))
    cost, gradient = preferences.cost_and_gradient(w, better, worse)
    tensor = torch.tensor(w, requires_grad=True)
    expected = torch.nn.functional.softplus(-torch.tensor(better - worse) @ tensor).mean()
    expected.backward()
    assert cost == pytest.approx(expected.item())
    np.testing.assert_allclose(gradient, tensor.grad)
    measured = central_difference(lambda v: preferences.cost_and_gradient(v, better, worse)[0], w)
    np.testing.assert_allclose(gradient, measured, atol=1e-8)


def test_a_reward_learned_from_many_pairs_is_the_raters_own():
    features, w = RNG.standard_normal((40, 2)), np.array([1.0, -0.5])
    better, worse = judge(features @ w, np.full(40, 1 / 40), 40_000, np.random.default_rng(1))
    path = descent.descend(
        lambda v: preferences.cost_and_gradient(v, features[better], features[worse])[1],
        np.zeros(2), GradientDescent(1.0), steps=200,
    )  # fmt: skip
    np.testing.assert_allclose(path[-1], w, atol=0.05)


@given(st.floats(0.05, 50), st.integers(0, 10_000))
def test_no_other_policy_has_a_higher_regularised_reward(beta, seed):
    best = kl_regularised(BEFORE, REWARD, beta)
    other = np.append(np.random.default_rng(seed).dirichlet(np.ones(4)), 0.0)
    for fraction in (1.0, 0.1, 0.01):
        mixed = (1 - fraction) * best + fraction * other
        assert objective(best, beta) >= objective(mixed, beta) - 1e-9


def test_beta_leads_from_the_best_answer_to_the_old_policy():
    np.testing.assert_allclose(kl_regularised(BEFORE, REWARD, 1e9), BEFORE)
    np.testing.assert_array_equal(kl_regularised(BEFORE, REWARD, 0.0), [0, 0, 0, 1, 0])
    np.testing.assert_allclose(kl_regularised(BEFORE, REWARD, 1e-6), [0, 0, 0, 1, 0])
    assert kl_regularised(BEFORE, REWARD, 1.0)[4] == 0  # an answer of probability zero keeps it


def test_rewards_differ_by_the_logarithms_of_what_the_policy_did():
    p, beta = kl_regularised(BEFORE, REWARD, 0.7), 0.7
    implied = beta * np.log(p[:4] / BEFORE[:4])
    np.testing.assert_allclose(np.diff(implied), np.diff(REWARD[:4]))


def test_divergence_is_zero_only_for_the_same_policy():
    assert kl_divergence(BEFORE, BEFORE) == 0
    assert kl_divergence(kl_regularised(BEFORE, REWARD, 1.0), BEFORE) > 0
    assert kl_divergence(np.array([0.5, 0.5]), np.array([1.0, 0.0])) == np.inf


@pytest.mark.parametrize("beta", [-1.0, float("nan")])
def test_beta_cannot_be_negative(beta):
    with pytest.raises(ValueError, match="beta must be 0 or more"):
        kl_regularised(BEFORE, REWARD, beta)


def test_at_beta_one_a_policy_is_multiplied_by_the_exponential_of_the_reward():
    p = BEFORE * np.exp(REWARD)
    np.testing.assert_allclose(kl_regularised(BEFORE, REWARD, 1.0), p / p.sum())


def test_answers_that_cannot_be_given_raise_no_warning(recwarn):
    kl_regularised(BEFORE, REWARD, 0.5)
    kl_divergence(np.array([0.5, 0.5]), np.array([1.0, 0.0]))
    assert not recwarn.list


def test_raters_compare_answers_as_often_as_the_policy_gives_them():
    better, worse = judge(np.zeros(3), np.array([0.5, 0.0, 0.5]), 400, np.random.default_rng(3))
    assert better.shape == worse.shape == (400,)
    assert set(better) == set(worse) == {0, 2}
    better, worse = judge(np.array([0.0, 50.0]), np.full(2, 0.5), 400, np.random.default_rng(3))
    assert (better >= worse).all() and (better > worse).mean() == pytest.approx(0.5, abs=0.1)


def test_the_dpo_gradient_equals_torch_and_is_minus_as_large_for_the_worse():
    better, worse, better_before, worse_before = -RNG.random((4, 6)) * 5
    given = better, worse, better_before, worse_before
    cost, d_better, d_worse = preferences.dpo_cost_and_gradient(*given, beta=0.3)
    b, w, b0, w0 = (torch.tensor(part, requires_grad=True) for part in given)
    expected = torch.nn.functional.softplus(-0.3 * ((b - b0) - (w - w0))).mean()
    expected.backward()
    assert cost == pytest.approx(expected.item())
    np.testing.assert_allclose(d_better, b.grad)
    np.testing.assert_allclose(d_worse, w.grad)
    np.testing.assert_array_equal(d_better, -d_worse)


def test_dpo_begins_at_the_logarithm_of_two():
    same = -RNG.random((2, 5))
    cost, d, _ = preferences.dpo_cost_and_gradient(*same, *same, beta=0.5)
    assert cost == pytest.approx(np.log(2))
    np.testing.assert_allclose(d, -0.5 / 2 / 5)


def test_dpo_refuses_what_does_not_fit():
    row = np.zeros(3)
    with pytest.raises(ValueError, match="beta must be 0 or more"):
        preferences.dpo_cost_and_gradient(row, row, row, row, beta=-1.0)
    for wrong in range(1, 4):
        given = [row] * 4
        given[wrong] = np.zeros(2)
        with pytest.raises(ValueError, match="shape"):
            inspect.unwrap(preferences.dpo_cost_and_gradient)(*given, beta=1.0)
