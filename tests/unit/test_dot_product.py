"""Scaled dot-product attention beside its definition and beside torch."""

import numpy as np
import pytest
import torch

from weighted_sums.dot_product import (
    attention_scores,
    attention_weights,
    dot_product_attention,
    dot_product_attention_backward,
    weighted_values,
)
from weighted_sums.masks import causal_mask

RNG = np.random.default_rng(0)


def test_weights_are_the_softmax_of_the_masked_scores():
    q, k = RNG.standard_normal((2, 3, 6, 4))
    e = np.exp(causal_mask(attention_scores(q, k)))
    weights = attention_weights(q, k)
    np.testing.assert_allclose(weights, e / e.sum(axis=-1, keepdims=True))
    assert (np.triu(weights, 1) == 0).all()
    np.testing.assert_allclose(weights.sum(axis=-1), 1)


def test_scores_are_dot_products_over_the_root_of_the_dimension():
    q, k = RNG.standard_normal((5, 9)), RNG.standard_normal((4, 9))
    for i in range(5):
        for j in range(4):
            assert attention_scores(q, k)[i, j] == pytest.approx(q[i] @ k[j] / 3)


def test_with_fewer_queries_than_keys_the_queries_are_the_last_positions():
    q, k = RNG.standard_normal((2, 6, 4))
    np.testing.assert_array_equal(attention_weights(q[-2:], k), attention_weights(q, k)[-2:])


def test_large_scores_do_not_overflow():
    q = np.full((3, 4), 1e200)
    assert np.isfinite(attention_weights(q, np.full((3, 4), 1e100))).all()


def test_a_query_whose_scores_are_all_far_below_those_of_another_has_weights_too():
    q, k = np.array([[1000.0], [-1000.0]]), np.array([[1.0], [2.0]])
    np.testing.assert_allclose(attention_weights(q, k, causal=False), [[0, 1], [1, 0]])


def test_without_a_mask_every_key_has_a_weight():
    q, k = RNG.standard_normal((2, 3, 6, 4))
    e = np.exp(attention_scores(q, k))
    weights = attention_weights(q, k, causal=False)
    np.testing.assert_allclose(weights, e / e.sum(axis=-1, keepdims=True))


def test_a_mask_hides_keys_with_and_without_the_causal_mask():
    q, k = RNG.standard_normal((2, 3, 6, 4))
    seen = np.indices((6, 6)).sum(axis=0) % 3 != 0
    seen[:, 0] = True
    for causal in (True, False):
        weights = attention_weights(q, k, causal, seen)
        np.testing.assert_array_equal(weights > 0, [np.tril(seen) if causal else seen] * 3)
        np.testing.assert_allclose(weights.sum(axis=-1), 1)


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_a_value_that_is_not_finite_is_felt_by_every_query_that_gives_it_a_weight(bad):
    weights = np.array([[0.5, 0.5, 0.0], [0.9, 0.0, 0.1], [0.0, 1e-9, 1.0]])
    v = np.array([[1.0, 2.0], [bad, 4.0], [5.0, 6.0]])
    with np.errstate(invalid="ignore"):
        sums = weighted_values(weights, v)
    np.testing.assert_array_equal(sums[[0, 2], 0], [bad, bad])
    np.testing.assert_allclose(sums[:, 1], weights @ v[:, 1])
    assert sums[1, 0] == pytest.approx(0.9 * 1 + 0.1 * 5)


def test_single_precision_stays_single():
    q, k, v = RNG.standard_normal((3, 5, 6), dtype=np.float32)
    y, weights = dot_product_attention(q, k, v)
    grads = dot_product_attention_backward(y, q, k, v, weights)
    assert {array.dtype for array in (y, weights, *grads)} == {np.dtype(np.float32)}


@pytest.mark.parametrize("queries", [1, 4, 7])
def test_forward_and_backward_of_the_last_queries_equal_torch(queries):
    q, dy = RNG.standard_normal((2, 2, queries, 4))
    k, v = RNG.standard_normal((2, 2, 7, 4))
    y, weights = dot_product_attention(q, k, v)
    inputs = [torch.tensor(array, requires_grad=True) for array in (q, k, v)]
    seen = torch.ones(queries, 7, dtype=torch.bool).tril(7 - queries)
    expected = torch.nn.functional.scaled_dot_product_attention(*inputs, attn_mask=seen)
    np.testing.assert_allclose(y, expected.detach(), atol=1e-12)
    expected.backward(torch.tensor(dy))
    grads = dot_product_attention_backward(dy, q, k, v, weights)
    for found, tensor in zip(grads, inputs, strict=True):
        np.testing.assert_allclose(found, tensor.grad, atol=1e-12)


@pytest.mark.usefixtures("without_shape_checks")
@pytest.mark.parametrize("shapes", [((5, 4), (5, 3)), ((2, 5, 4), (3, 5, 4)), ((5, 4), (2, 5, 4))])
def test_queries_and_keys_that_do_not_fit_are_refused_with_both_shapes(shapes):
    q, k = map(np.ones, shapes)
    with pytest.raises(ValueError, match="queries of shape .* do not fit keys of shape"):
        attention_scores(q, k)


@pytest.mark.usefixtures("without_shape_checks")
def test_weights_and_values_that_do_not_fit_are_refused_with_both_shapes():
    with pytest.raises(ValueError, match=r"weights of shape \(5, 4\) do not fit values of shape"):
        weighted_values(np.ones((5, 4)), np.ones((5, 3)))
