"""A mixture sends each row to its likeliest experts, and its gradients are PyTorch's."""

import numpy as np
import pytest
import torch

from weighted_sums import mixtures
from weighted_sums.gradient_check import directional_difference, relative_error
from weighted_sums.variants import swiglu
from weighted_sums.workshop.parameters import flatten, leaves, unflatten

ROWS, WIDTH, NEURONS, EXPERTS = 11, 6, 5, 4


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def drawn(rng):
    experts = mixtures.init_experts(EXPERTS, NEURONS, WIDTH, rng, np.float64)
    return experts._replace(router=rng.standard_normal((EXPERTS, WIDTH)))


def by_torch(x, router, gate, up, down, top_k, balance):
    p = torch.softmax(x @ router.T, -1)
    kept = torch.zeros_like(p).scatter(-1, p.topk(top_k).indices, 1.0)
    hidden = torch.nn.functional.silu(torch.einsum("rd,end->ren", x, gate))
    hidden = hidden * torch.einsum("rd,end->ren", x, up)
    y = torch.einsum("ren,edn,re->rd", hidden, down, p * kept)
    fractions = (kept.sum(0) / kept.sum()).detach()
    return y, balance * len(router) * (fractions * p.mean(0)).sum()


@pytest.mark.parametrize("top_k", [1, 2, EXPERTS])
def test_output_and_gradients_are_torchs(rng, top_k):
    experts, x, dy = drawn(rng), *rng.standard_normal((2, ROWS, WIDTH))
    t, *matrices = (torch.tensor(a, requires_grad=True) for a in (x, *experts))
    wanted, unevenness = by_torch(t, *matrices, top_k, 0.3)
    y, cache = mixtures.mixture(x, experts, top_k)
    np.testing.assert_allclose(y, wanted.detach(), rtol=1e-10, atol=1e-13)
    assert mixtures.balance_loss(cache) == pytest.approx(float(unevenness.detach()) / 0.3)
    ((wanted * torch.tensor(dy)).sum() + unevenness).backward()
    dx, grads = mixtures.mixture_backward(dy, cache, 0.3)
    np.testing.assert_allclose(dx, t.grad, rtol=1e-9, atol=1e-12)
    for found, expected in zip(grads, matrices, strict=True):
        np.testing.assert_allclose(found, expected.grad, rtol=1e-9, atol=1e-12)


def test_the_gradient_equals_a_directional_difference(rng):
    experts, x, dy = drawn(rng), *rng.standard_normal((2, ROWS, WIDTH))
    grads = flatten(mixtures.mixture_backward(dy, mixtures.mixture(x, experts, 2)[1])[1])
    direction = rng.standard_normal(grads.size)

    def along(parameters):
        return float((mixtures.mixture(x, unflatten(parameters, experts), 2)[0] * dy).sum())

    expected = directional_difference(along, flatten(experts), direction)
    assert relative_error(float(grads @ direction), expected) < 1e-8


def test_a_row_with_one_expert_gets_its_output_times_its_probability(rng):
    experts, x = drawn(rng), rng.standard_normal((ROWS, WIDTH))
    y, cache = mixtures.mixture(x, experts)
    for row in range(ROWS):
        best = int(cache.p[row].argmax())
        alone = cache.p[row, best] * swiglu(x[row], mixtures.expert(experts, best))
        np.testing.assert_allclose(y[row], alone, rtol=1e-12)
    assert (cache.chosen.sum(axis=1) == 1).all()


def test_of_equally_likely_experts_the_first_are_chosen(rng):
    experts = mixtures.init_experts(64, 1, 20, rng, np.float64)
    experts.router[:] = rng.integers(3, size=(64, 20))
    _, cache = mixtures.mixture(np.eye(20), experts, 2)
    for logits, chosen in zip(experts.router.T, cache.chosen, strict=True):
        assert np.flatnonzero(chosen).tolist() == np.flatnonzero(logits == 2)[:2].tolist()


def test_an_expert_that_no_row_chose_learns_nothing(rng):
    experts, x = drawn(rng), np.abs(rng.standard_normal((ROWS, WIDTH)))
    experts.router[:] = 0
    experts.router[2] = 1
    cache = mixtures.mixture(x, experts)[1]
    _, grads = mixtures.mixture_backward(x, cache)
    assert [bool(W.any()) for W in grads.up] == [False, False, True, False]
    np.testing.assert_array_equal(mixtures.load(cache), [0, 0, 1, 0])


def test_the_balance_loss_is_one_for_equal_loads_and_its_gradient_lowers_the_crowded(rng):
    experts, x = drawn(rng), np.ones((ROWS, WIDTH))
    experts.router[:] = 0
    experts.router[1] = 0.1  # all rows go to expert 1
    cache = mixtures.mixture(x, experts)[1]
    assert mixtures.balance_loss(cache) > 1
    _, grads = mixtures.mixture_backward(np.zeros_like(x), cache, 1.0)
    assert (grads.router[1] > 0).all() and (grads.router[[0, 2, 3]] < 0).all()
    even = cache._replace(p=np.full((4, 4), 0.25), chosen=np.eye(4, dtype=bool))
    assert mixtures.balance_loss(even) == pytest.approx(1)


def test_parameters_grow_with_the_experts_and_active_ones_with_those_chosen(rng):
    experts = drawn(rng)
    one = 3 * NEURONS * WIDTH
    assert mixtures.total_parameters(experts) == EXPERTS * (one + WIDTH)
    assert mixtures.active_parameters(experts, 1) == one + EXPERTS * WIDTH
    assert mixtures.active_parameters(experts, EXPERTS) == mixtures.total_parameters(experts)


def test_leading_axes_stay_and_single_precision_does_too(rng):
    experts = mixtures.init_experts(EXPERTS, NEURONS, WIDTH, rng)
    x = rng.standard_normal((2, 3, WIDTH), np.float32)
    y, cache = mixtures.mixture(x, experts, 2)
    dx, grads = mixtures.mixture_backward(y, cache, 0.1)
    assert y.shape == dx.shape == x.shape
    assert {a.dtype for a in (y, dx, *leaves(grads))} == {np.dtype(np.float32)}
    np.testing.assert_allclose(y[1], mixtures.mixture(x[1], experts, 2)[0], rtol=1e-5)


def test_a_new_router_has_no_favourite_and_matrices_have_the_variance_of_their_inputs(rng):
    experts = mixtures.init_experts(8, 200, 100, rng)
    assert experts.gate.std() == pytest.approx(0.1, rel=0.02)
    assert experts.down.std() == pytest.approx(200**-0.5, rel=0.02)
    assert experts.router.std() == pytest.approx(0.01, rel=0.15)


def test_too_many_experts_for_a_row_are_refused(rng):
    with pytest.raises(ValueError, match="a token cannot go to 5 of 4 experts"):
        mixtures.mixture(np.ones((2, WIDTH)), drawn(rng), 5)
    with pytest.raises(ValueError, match="top_k must be a whole number of at least 1"):
        mixtures.mixture(np.ones((2, WIDTH)), drawn(rng), 0)
