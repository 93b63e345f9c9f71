"""Attention under any mask equals torch's, and what is masked has no effect, not even nan."""

import numpy as np
import pytest
import torch

from weighted_sums import attention
from weighted_sums.dot_product import attention_weights, weighted_values
from weighted_sums.heads import init_attention
from weighted_sums.masks import causal_mask

RNG = np.random.default_rng(0)
LAYER = init_attention(12, 3, RNG, np.float64)


@pytest.mark.parametrize("causal", [True, False])
@pytest.mark.parametrize("shape", [(7, 7), (2, 1, 7, 7), (1, 3, 7, 7)])
def test_forward_and_backward_under_a_mask_equal_torch(shape, causal):
    mask = (RNG.random(shape) < 0.5) | np.eye(7, dtype=bool)
    x, dy = RNG.standard_normal((2, 2, 7, 12))
    y, cache = attention.self_attention(x, LAYER, causal, mask)
    dx, grads = attention.self_attention_backward(dy, cache)
    inputs = [torch.tensor(array, requires_grad=True) for array in (x, *LAYER)]
    q, k, v = (torch.einsum("bnw,hdw->bhnd", inputs[0], W) for W in inputs[1:4])
    seen = torch.tensor(mask & np.tri(7, dtype=bool) if causal else mask)
    found = torch.nn.functional.scaled_dot_product_attention(q, k, v, attn_mask=seen)
    wanted = torch.einsum("bhnd,hwd->bnw", found, inputs[4])
    np.testing.assert_allclose(y, wanted.detach(), atol=1e-12)
    wanted.backward(torch.tensor(dy))
    for one, leaf in zip((dx, *grads), inputs, strict=True):
        np.testing.assert_allclose(one, leaf.grad, atol=1e-10)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_what_is_not_finite_does_not_pass_the_mask(bad):
    x = RNG.standard_normal((6, 12))
    wanted = attention.self_attention(x, LAYER)[0][:4]
    x[4] = bad
    with np.errstate(invalid="ignore"):
        found, cache = attention.self_attention(x, LAYER)
    np.testing.assert_array_equal(found[:4], wanted)
    assert np.isnan(found[4:]).all()
    assert np.isfinite(attention.attention_pattern(cache)[:, :4]).all()


def test_nan_in_a_key_or_a_value_alone_does_not_pass_a_mask():
    q, k, v = RNG.standard_normal((3, 5, 4))
    mask = np.ones((5, 5), bool)
    mask[1:, 3] = False
    k[3] = v[3] = np.nan
    weights = attention_weights(q, k, causal=False, mask=mask)
    found = weighted_values(weights, v)
    assert np.isfinite(weights[1:]).all() and np.isfinite(found[1:]).all()
    assert np.isnan(found[0]).all()


def test_more_queries_than_keys_are_refused_when_they_are_the_last_positions():
    q, k = RNG.standard_normal((5, 4)), RNG.standard_normal((3, 4))
    assert attention_weights(q, k, causal=False).shape == (5, 3)
    for refused in (lambda: attention_weights(q, k), lambda: causal_mask(q @ k.T)):
        with pytest.raises(ValueError, match="5 queries cannot be the last positions of 3 keys"):
            refused()


def test_later_keys_have_no_score_at_all():
    scores = RNG.standard_normal((2, 3, 5))
    found = causal_mask(scores)
    seen = np.tri(3, 5, 2, dtype=bool)
    np.testing.assert_array_equal(found[:, seen], scores[:, seen])
    assert (found[:, ~seen] == -np.inf).all()


def test_a_query_without_any_key_is_named_and_a_key_without_any_query_is_allowed():
    q, k = RNG.standard_normal((2, 2, 3, 5, 4))
    mask = np.ones((2, 3, 5, 5), bool)
    mask[..., 1] = False
    assert (attention_weights(q, k, causal=False, mask=mask)[..., 1] == 0).all()
    mask[1, 2, 3] = False
    with pytest.raises(ValueError, match=r"the mask lets query \[1, 2, 3\] attend to no key"):
        attention_weights(q, k, causal=False, mask=mask)


@pytest.mark.parametrize(
    ("mask", "complaint"),
    [
        (np.zeros((5, 5), bool), r"lets query \[0\] attend to no key"),
        (np.ones((5, 5)), "this one is float64"),
        (np.ones(5, bool), r"shape \(5,\)"),
        (np.ones((4, 5), bool), r"shape \(4, 5\)"),
        (np.ones((2, 5, 5), bool), r"shape \(2, 5, 5\)"),
    ],
)
@pytest.mark.usefixtures("without_shape_checks")
def test_a_mask_that_hides_all_or_does_not_fit_is_refused(mask, complaint):
    q, k = RNG.standard_normal((2, 5, 4))
    with pytest.raises(ValueError, match=complaint):
        attention_weights(q, k, mask=mask)
