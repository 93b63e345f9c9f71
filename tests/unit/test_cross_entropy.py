"""Both cross-entropies agree with torch, from probabilities and from logits of any size."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from weighted_sums import backprop, cross_entropy, networks, regularization
from weighted_sums.neurons import sigmoid
from weighted_sums.softmax import softmax

functional = torch.nn.functional
LOGITS = hnp.arrays(np.float64, (3, 5), elements=st.floats(-1e6, 1e6))
TARGETS = hnp.arrays(np.float64, (3, 5), elements=st.floats(0, 1))


def test_a_confident_and_correct_output_costs_nothing():
    y = np.eye(3)
    assert cross_entropy.cross_entropy(y, y) == 0
    assert cross_entropy.binary_cross_entropy(y, y) == 0


def test_uniform_probabilities_cost_the_logarithm_of_their_number():
    p, y = np.full((4, 10), 0.1), np.eye(10)[[1, 1, 5, 9]]
    assert cross_entropy.cross_entropy(p, y) == pytest.approx(np.log(10))


@pytest.mark.parametrize("cost", ["cross_entropy", "binary_cross_entropy"])
def test_a_confident_and_wrong_output_costs_much_but_not_infinitely_much(cost):
    a, y = np.array([[1.0, 0.0]], np.float32), np.array([[0.0, 1.0]], np.float32)
    found = getattr(cross_entropy, cost)(a, y)
    assert 80 < found < np.inf


@given(LOGITS, TARGETS)
def test_costs_from_logits_agree_with_torch(z, y):
    tz, ty = torch.tensor(z), torch.tensor(y)
    expected = functional.cross_entropy(tz, ty).item()
    assert cross_entropy.cross_entropy_from_logits(z, y) == pytest.approx(
        expected, rel=1e-10, abs=1e-10
    )
    expected = functional.binary_cross_entropy_with_logits(tz, ty, reduction="sum").item() / 3
    found = cross_entropy.binary_cross_entropy_from_logits(z, y)
    assert found == pytest.approx(expected, rel=1e-10, abs=1e-10)


@given(LOGITS, st.lists(st.integers(0, 4), min_size=3, max_size=3))
def test_the_loss_of_each_token_agrees_with_torch(z, targets):
    found = cross_entropy.per_token_loss(z, softmax(z), np.array(targets))
    theirs = functional.cross_entropy(torch.tensor(z), torch.tensor(targets), reduction="none")
    np.testing.assert_allclose(found, theirs, rtol=1e-10, atol=1e-10)


@pytest.mark.parametrize(
    ("z", "dtype"), [(16.7, np.float32), (37.0, np.float64), (1e4, np.float32)]
)
def test_a_wrong_and_saturated_neuron_costs_its_weighted_sum(z, dtype):
    z, y = np.array([[z]], dtype), np.zeros((1, 1), dtype)
    assert cross_entropy.binary_cross_entropy_from_logits(z, y) == pytest.approx(z.item(), rel=1e-6)
    assert cross_entropy.binary_cross_entropy_from_logits(-z, 1 - y) == pytest.approx(
        z.item(), rel=1e-6
    )
    both = np.concatenate([z, 0 * z], axis=1)
    found = cross_entropy.cross_entropy_from_logits(both, np.array([[0, 1]], dtype))
    assert found == pytest.approx(z.item(), rel=1e-6)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_cost_of_rounded_outputs_is_monotonic_and_bounded(dtype):
    # the outputs alone: the cost rises without a jump until all of them are rounded to 1
    z = np.linspace(0, 50, 501).astype(dtype)[:, None]
    y = np.zeros((1, 1), dtype)
    costs = [cross_entropy.binary_cross_entropy(sigmoid(one[None]), y) for one in z]
    assert np.all(np.diff(costs) >= 0) and np.max(np.diff(costs)) < 1.5
    assert costs[-1] == pytest.approx(-np.log(np.finfo(dtype).eps / 4))
    assert cross_entropy.cross_entropy(
        y + np.array([[0, 1]], dtype), y + np.array([[1, 0]], dtype)
    ) == (pytest.approx(-np.log(np.finfo(dtype).smallest_subnormal)))


def test_a_target_of_zero_costs_nothing_even_where_its_logit_is_minus_infinity():
    z, y = np.array([[0.0, -np.inf, 0.0]]), np.array([[1.0, 0.0, 0.0]])
    assert cross_entropy.cross_entropy_from_logits(z, y) == pytest.approx(np.log(2))


@pytest.mark.parametrize("loss", ["BINARY_CROSS_ENTROPY", "SOFTMAX_CROSS_ENTROPY"])
def test_training_computes_the_cost_from_the_logits(loss):
    loss = getattr(cross_entropy, loss)
    network = [networks.Layer(np.array([[500.0], [-500.0]]), np.zeros(2))]
    x, y = np.ones((1, 1)), np.array([[0.0, 1.0]])
    found = backprop.cost_and_gradient(network, x, y, loss=loss)[0]
    again = regularization.cost_and_gradient_with_dropout(
        network, x, y, drop_rate=0.0, rng=np.random.default_rng(0), loss=loss
    )[0]
    assert found == again == pytest.approx(1000)


@pytest.mark.parametrize("y", [2.0, -0.5, np.nan])
@pytest.mark.parametrize("cost", ["cross_entropy", "binary_cross_entropy"])
@pytest.mark.parametrize("end", ["", "_from_logits"])
def test_targets_outside_zero_to_one_are_refused(cost, end, y):
    with pytest.raises(ValueError, match=r"targets must lie in 0\.\.1"):
        getattr(cross_entropy, cost + end)(np.full((2, 3), 0.5), np.full((2, 3), y))


@given(hnp.arrays(np.float64, (2, 4, 5), elements=st.floats(0.01, 0.99)))
def test_costs_of_outputs_agree_with_torch_for_any_targets(drawn):
    a, y = drawn
    p = a / a.sum(axis=1, keepdims=True)
    expected = -(torch.tensor(y) * torch.tensor(p).log()).sum(dim=1).mean()
    assert cross_entropy.cross_entropy(p, y) == pytest.approx(expected.item(), rel=1e-12)
    expected = functional.binary_cross_entropy(*map(torch.tensor, (a, y)), reduction="sum") / 4
    assert cross_entropy.binary_cross_entropy(a, y) == pytest.approx(expected.item(), rel=1e-12)


def test_the_loss_of_tokens_has_the_shape_of_the_tokens():
    z = np.random.default_rng(0).standard_normal((2, 3, 5))
    targets = np.random.default_rng(1).integers(5, size=(2, 3))
    found = cross_entropy.per_token_loss(z, softmax(z), targets)
    expected = functional.cross_entropy(
        torch.tensor(z).flatten(0, 1), torch.tensor(targets).flatten(), reduction="none"
    )
    np.testing.assert_allclose(found.ravel(), expected)
    alone = np.zeros((3, 1))  # a vocabulary of one token leaves no doubt
    found = cross_entropy.per_token_loss(alone, alone + 1, np.zeros(3, int))
    np.testing.assert_array_equal(found, 0)


@given(hnp.arrays(np.float64, (3, 5), elements=st.floats(-50, 50)))
def test_the_delta_is_the_gradient_of_both_costs_with_respect_to_the_logits(z):
    y = np.eye(5)[[0, 3, 3]]
    binary = functional.binary_cross_entropy_with_logits
    for activation, cost in (
        (softmax, functional.cross_entropy),
        (sigmoid, lambda z, y: binary(z, y, reduction="sum") / 3),
    ):
        leaf = torch.tensor(z, requires_grad=True)
        cost(leaf, torch.tensor(y)).backward()
        found = cross_entropy.cross_entropy_delta(activation(z), y)
        np.testing.assert_allclose(found, leaf.grad, atol=1e-12)


def test_a_target_of_zero_leaves_the_average_over_the_examples():
    z, y = np.array([[0.0, -np.inf, 0.0], [0.0, 0.0, -np.inf]]), np.eye(3)[[0, 1]]
    assert cross_entropy.cross_entropy_from_logits(z, y) == pytest.approx(np.log(2))
