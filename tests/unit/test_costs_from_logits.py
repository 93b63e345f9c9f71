"""Costs from the weighted sums are torch's for sums of any size, and training uses them."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from weighted_sums import backprop, cross_entropy, networks, regularization, softmax, transformer
from weighted_sums.neurons import sigmoid
from weighted_sums.torch_twin import TorchTransformer

functional = torch.nn.functional
SUMS = hnp.arrays(np.float64, (3, 5), elements=st.floats(-1e6, 1e6))
WISHES = hnp.arrays(np.float64, (3, 5), elements=st.floats(0, 1))


@given(SUMS, WISHES)
def test_both_costs_are_torchs(z, y):
    tz, ty = torch.tensor(z), torch.tensor(y)
    wanted = functional.cross_entropy(tz, ty).item()
    assert cross_entropy.cross_entropy_from_logits(z, y) == pytest.approx(
        wanted, rel=1e-10, abs=1e-10
    )
    wanted = functional.binary_cross_entropy_with_logits(tz, ty, reduction="sum").item() / 3
    found = cross_entropy.binary_cross_entropy_from_logits(z, y)
    assert found == pytest.approx(wanted, rel=1e-10, abs=1e-10)


@given(SUMS, st.lists(st.integers(0, 4), min_size=3, max_size=3))
def test_the_surprise_at_a_token_is_torchs(z, wanted):
    found = cross_entropy.per_token_loss(z, softmax.softmax(z), np.array(wanted))
    theirs = functional.cross_entropy(torch.tensor(z), torch.tensor(wanted), reduction="none")
    np.testing.assert_allclose(found, theirs, rtol=1e-10, atol=1e-10)


@pytest.mark.parametrize(("z", "kind"), [(16.7, np.float32), (37.0, np.float64), (1e4, np.float32)])
def test_a_wrong_and_sure_neuron_costs_its_weighted_sum(z, kind):
    z, y = np.array([[z]], kind), np.zeros((1, 1), kind)
    assert cross_entropy.binary_cross_entropy_from_logits(z, y) == pytest.approx(z.item(), rel=1e-6)
    assert cross_entropy.binary_cross_entropy_from_logits(-z, 1 - y) == pytest.approx(
        z.item(), rel=1e-6
    )
    both = np.concatenate([z, 0 * z], axis=1)
    found = cross_entropy.cross_entropy_from_logits(both, np.array([[0, 1]], kind))
    assert found == pytest.approx(z.item(), rel=1e-6)


@pytest.mark.parametrize("kind", [np.float32, np.float64])
def test_outputs_that_are_rounded_cost_about_what_rounding_hides(kind):
    """The cost of the outputs alone rises without a jump, and ends where they are all alike."""
    z = np.linspace(0, 50, 501).astype(kind)[:, None]
    y = np.zeros((1, 1), kind)
    costs = [cross_entropy.binary_cross_entropy(sigmoid(one[None]), y) for one in z]
    assert np.all(np.diff(costs) >= 0) and np.max(np.diff(costs)) < 1.5
    assert costs[-1] == pytest.approx(-np.log(np.finfo(kind).eps / 4))
    assert cross_entropy.cross_entropy(
        y + np.array([[0, 1]], kind), y + np.array([[1, 0]], kind)
    ) == (pytest.approx(-np.log(np.finfo(kind).smallest_subnormal)))


def test_a_wish_of_zero_costs_nothing_even_where_the_score_is_minus_infinity():
    z, y = np.array([[0.0, -np.inf, 0.0]]), np.array([[1.0, 0.0, 0.0]])
    assert cross_entropy.cross_entropy_from_logits(z, y) == pytest.approx(np.log(2))


@pytest.mark.parametrize("loss", ["BINARY_CROSS_ENTROPY", "SOFTMAX_CROSS_ENTROPY"])
def test_training_sees_the_cost_that_the_outputs_have_lost(loss):
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
def test_wishes_that_are_no_shares_are_refused(cost, end, y):
    with pytest.raises(ValueError, match=r"wishes must lie in 0\.\.1"):
        getattr(cross_entropy, cost + end)(np.full((2, 3), 0.5), np.full((2, 3), y))


def test_the_cost_of_a_transformer_with_large_logits_is_its_twins():
    rng = np.random.default_rng(0)
    model = transformer.init_transformer(300, 6, 8, 2, 1, rng)
    model = model._replace(unembedding=3000 * model.unembedding)
    x, y = rng.integers(300, size=(2, 4, 6))
    y[0, :3] = transformer.IGNORE_INDEX
    wanted = TorchTransformer(model).cost(torch.tensor(x), torch.tensor(y)).item()
    assert wanted > 150
    assert transformer.cost(model, x, y) == pytest.approx(wanted, rel=1e-5)
    assert transformer.cost_and_gradient(model, x, y)[0] == pytest.approx(wanted, rel=1e-5)


def test_a_batch_in_which_nothing_is_asked_says_so():
    model = transformer.init_transformer(5, 6, 8, 2, 1, np.random.default_rng(0))
    x, y = np.ones((2, 6), int), np.full((2, 6), transformer.IGNORE_INDEX)
    with pytest.raises(ValueError, match="nothing is asked: each of the 12 wanted tokens is -1"):
        transformer.cost_and_gradient(model, x, y)
