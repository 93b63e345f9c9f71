"""A layer of attention, forward and backward, beside torch and beside its own definition."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from weighted_sums import attention
from weighted_sums.gradient_check import directional_difference, relative_error
from weighted_sums.workshop.parameters import flatten, leaves, unflatten

RNG = np.random.default_rng(0)


def layer(width=12, heads=3, seed=1):
    return attention.init_attention(width, heads, np.random.default_rng(seed), np.float64)


def by_torch(x, a, causal):
    """The same layer from torch's parts; differentiable."""
    q, k, v = (torch.einsum("bnw,hdw->bhnd", x, W) for W in a[:3])
    y = torch.nn.functional.scaled_dot_product_attention(q, k, v, is_causal=causal)
    return torch.einsum("bhnd,hwd->bnw", y, a[3])


@pytest.mark.parametrize("causal", [True, False])
@pytest.mark.parametrize("heads", [1, 3])
def test_forward_and_backward_equal_torch(heads, causal):
    a = layer(heads=heads)
    x, dy = RNG.standard_normal((2, 2, 7, 12))
    y, saved = attention.self_attention(x, a, causal)
    dx, grads = attention.self_attention_backward(dy, saved)
    inputs = [torch.tensor(array, requires_grad=True) for array in (x, *a)]
    wanted = by_torch(inputs[0], inputs[1:], causal)
    np.testing.assert_allclose(y, wanted.detach(), atol=1e-12)
    wanted.backward(torch.tensor(dy))
    for found, leaf in zip((dx, *grads), inputs, strict=True):
        np.testing.assert_allclose(found, leaf.grad, atol=1e-12)


def test_gradient_equals_directional_differences():
    a, x, weight = layer(), RNG.standard_normal((5, 12)), RNG.standard_normal((5, 12))
    grads = flatten(attention.self_attention_backward(weight, attention.self_attention(x, a)[1])[1])
    direction = RNG.standard_normal(grads.size)

    def cost(parameters):
        return float((attention.self_attention(x, unflatten(parameters, a))[0] * weight).sum())

    wanted = directional_difference(cost, flatten(a), direction)
    assert relative_error(float(grads @ direction), wanted) < 1e-8


def test_the_pattern_is_the_softmax_of_the_masked_scores():
    q, k = RNG.standard_normal((2, 3, 6, 4))
    masked = attention.causal_mask(attention.scores(q, k))
    e = np.exp(masked)
    np.testing.assert_allclose(attention.pattern(q, k), e / e.sum(axis=-1, keepdims=True))
    assert (np.triu(attention.pattern(q, k), 1) == 0).all()
    np.testing.assert_allclose(attention.pattern(q, k).sum(axis=-1), 1)


def test_scores_are_dot_products_over_the_root_of_the_dimension():
    q, k = RNG.standard_normal((5, 9)), RNG.standard_normal((4, 9))
    for i in range(5):
        for j in range(4):
            assert attention.scores(q, k)[i, j] == pytest.approx(q[i] @ k[j] / 3)


def test_with_fewer_queries_than_keys_the_queries_are_the_last_places():
    q, k = RNG.standard_normal((2, 6, 4))
    np.testing.assert_array_equal(attention.pattern(q[-2:], k), attention.pattern(q, k)[-2:])


def test_heads_side_by_side_equal_the_sum_of_heads():
    a, x = layer(), RNG.standard_normal((7, 12))
    y, saved = attention.self_attention(x, a)
    one_by_one = [saved.pattern[h] @ (x @ a.V[h].T) @ a.O[h].T for h in range(3)]
    np.testing.assert_allclose(y, sum(one_by_one), atol=1e-12)


@settings(max_examples=50)
@given(st.integers(1, 9), st.integers(0, 10_000))
def test_the_future_cannot_leak_to_the_bit(place, seed):
    rng = np.random.default_rng(seed)
    a, x = layer(seed=seed), rng.standard_normal((10, 12))
    other = x.copy()
    other[place:] = 100 * rng.standard_normal((10 - place, 12))
    found, with_other_future = (attention.self_attention(seen, a)[0][:place] for seen in (x, other))
    np.testing.assert_array_equal(found, with_other_future)


def test_without_mask_the_order_of_places_means_nothing():
    a, x = layer(), RNG.standard_normal((8, 12))
    order = RNG.permutation(8)
    shuffled = attention.self_attention(x[order], a, causal=False)[0]
    np.testing.assert_allclose(shuffled, attention.self_attention(x, a, causal=False)[0][order])
    causal = attention.self_attention(x[order], a)[0]
    assert not np.allclose(causal, attention.self_attention(x, a)[0][order])


def test_large_scores_do_not_overflow():
    q = np.full((3, 4), 1e200)
    assert np.isfinite(attention.pattern(q, np.full((3, 4), 1e100))).all()


def test_split_and_merge_undo_each_other():
    x = RNG.standard_normal((2, 5, 12))
    assert attention.split(x, 3).shape == (2, 3, 5, 4)
    np.testing.assert_array_equal(attention.merge(attention.split(x, 3)), x)


def test_single_precision_stays_single():
    a = attention.init_attention(8, 2, RNG)
    y, saved = attention.self_attention(RNG.standard_normal((5, 8), dtype=np.float32), a)
    dx, grads = attention.self_attention_backward(y, saved)
    assert {array.dtype for array in (y, dx, *leaves(grads))} == {np.dtype(np.float32)}


@pytest.mark.parametrize("heads", [0, 5])
def test_heads_must_share_the_width(heads):
    with pytest.raises(ValueError, match=f"{heads} heads cannot share a width of 12"):
        layer(heads=heads)
