"""A layer of attention, forward and backward, beside torch and beside its own definition."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from weighted_sums import attention
from weighted_sums.blockwise import LONG
from weighted_sums.dot_product import attention_weights
from weighted_sums.gradient_check import directional_difference, relative_error
from weighted_sums.heads import init_attention
from weighted_sums.workshop.parameters import flatten, leaves, unflatten

RNG = np.random.default_rng(0)


def layer(d_model=12, n_heads=3, seed=1):
    return init_attention(d_model, n_heads, np.random.default_rng(seed), np.float64)


def by_torch(x, a, causal):
    """The same layer from torch's parts; differentiable."""
    q, k, v = (torch.einsum("bnw,hdw->bhnd", x, W) for W in a[:3])
    y = torch.nn.functional.scaled_dot_product_attention(q, k, v, is_causal=causal)
    return torch.einsum("bhnd,hwd->bnw", y, a[3])


@pytest.mark.parametrize("causal", [True, False])
@pytest.mark.parametrize("n_heads", [1, 3])
def test_forward_and_backward_equal_torch(n_heads, causal):
    a = layer(n_heads=n_heads)
    x, dy = RNG.standard_normal((2, 2, 7, 12))
    y, cache = attention.self_attention(x, a, causal)
    dx, grads = attention.self_attention_backward(dy, cache)
    inputs = [torch.tensor(array, requires_grad=True) for array in (x, *a)]
    expected = by_torch(inputs[0], inputs[1:], causal)
    np.testing.assert_allclose(y, expected.detach(), atol=1e-12)
    expected.backward(torch.tensor(dy))
    for found, leaf in zip((dx, *grads), inputs, strict=True):
        np.testing.assert_allclose(found, leaf.grad, atol=1e-12)


def test_gradient_equals_directional_differences():
    a, x, weight = layer(), RNG.standard_normal((5, 12)), RNG.standard_normal((5, 12))
    grads = flatten(attention.self_attention_backward(weight, attention.self_attention(x, a)[1])[1])
    direction = RNG.standard_normal(grads.size)

    def cost(parameters):
        return float((attention.self_attention(x, unflatten(parameters, a))[0] * weight).sum())

    expected = directional_difference(cost, flatten(a), direction)
    assert relative_error(float(grads @ direction), expected) < 1e-8


def test_the_pattern_holds_the_weights_of_every_head():
    a, x = layer(), RNG.standard_normal((2, 6, 12))
    pattern = attention.attention_pattern(attention.self_attention(x, a)[1])
    assert pattern.shape == (2, 3, 6, 6)
    for h in range(3):
        expected = attention_weights(x @ a.W_q[h].T, x @ a.W_k[h].T)
        np.testing.assert_allclose(pattern[:, h], expected, atol=1e-12)


def test_the_pattern_is_that_of_the_layers_own_mask():
    mask = np.eye(6, dtype=bool)
    cache = attention.self_attention(RNG.standard_normal((6, 12)), layer(), False, mask)[1]
    np.testing.assert_array_equal(attention.attention_pattern(cache), [np.eye(6)] * 3)


def test_heads_side_by_side_equal_the_sum_of_heads():
    a, x = layer(), RNG.standard_normal((7, 12))
    y, cache = attention.self_attention(x, a)
    pattern = attention.attention_pattern(cache)
    one_by_one = [pattern[h] @ (x @ a.W_v[h].T) @ a.W_o[h].T for h in range(3)]
    np.testing.assert_allclose(y, sum(one_by_one), atol=1e-12)


@pytest.mark.parametrize(("length", "is_kept"), [(LONG - 1, True), (LONG, False)])
def test_only_a_short_sequence_keeps_its_weights_for_the_backward_pass(length, is_kept):
    a, (x, dy) = layer(), RNG.standard_normal((2, length, 12))
    y, cache = attention.self_attention(x, a)
    assert (cache.weights is not None) == is_kept
    tx = torch.tensor(x[None], requires_grad=True)
    expected = by_torch(tx, [torch.tensor(W) for W in a], causal=True)
    np.testing.assert_allclose(y, expected.detach()[0], atol=1e-12)
    expected.backward(torch.tensor(dy[None]))
    dx = attention.self_attention_backward(dy, cache)[0]
    np.testing.assert_allclose(dx, tx.grad[0], atol=1e-11)


@settings(max_examples=50)
@given(st.integers(1, 9), st.integers(0, 10_000))
def test_the_future_cannot_leak_to_the_bit(position, seed):
    rng = np.random.default_rng(seed)
    a, x = layer(seed=seed), rng.standard_normal((10, 12))
    other = x.copy()
    other[position:] = 100 * rng.standard_normal((10 - position, 12))
    found, with_other_future = (
        attention.self_attention(seen, a)[0][:position] for seen in (x, other)
    )
    np.testing.assert_array_equal(found, with_other_future)


def test_without_a_mask_attention_ignores_the_order_of_positions():
    a, x = layer(), RNG.standard_normal((8, 12))
    order = RNG.permutation(8)
    shuffled = attention.self_attention(x[order], a, causal=False)[0]
    np.testing.assert_allclose(shuffled, attention.self_attention(x, a, causal=False)[0][order])
    causal = attention.self_attention(x[order], a)[0]
    assert not np.allclose(causal, attention.self_attention(x, a)[0][order])


def test_single_precision_stays_single():
    a = init_attention(8, 2, RNG)
    y, cache = attention.self_attention(RNG.standard_normal((5, 8), dtype=np.float32), a)
    dx, grads = attention.self_attention_backward(y, cache)
    assert {array.dtype for array in (y, dx, *leaves(grads))} == {np.dtype(np.float32)}
