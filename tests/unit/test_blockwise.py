"""Attention in blocks equals attention at once, whatever the length and the mask."""

import numpy as np
import pytest

from weighted_sums import attention, blockwise
from weighted_sums.blockwise import blockwise_attention, blockwise_attention_backward
from weighted_sums.dot_product import dot_product_attention, dot_product_attention_backward
from weighted_sums.heads import init_attention, with_biases
from weighted_sums.workshop.parameters import leaves

RNG = np.random.default_rng(0)
MASKS = {
    "no mask": lambda n_queries, n_keys: None,
    "one mask": lambda *shape: RNG.random(shape) < 0.7,
    "a mask a head": lambda *shape: RNG.random((1, 3, *shape)) < 0.7,
    "a mask a sequence": lambda *shape: RNG.random((2, 1, *shape)) < 0.7,
}


@pytest.mark.parametrize("mask", MASKS)
@pytest.mark.parametrize("causal", [True, False])
@pytest.mark.parametrize("lengths", [(1, 1), (64, 64), (65, 65), (130, 130), (70, 200)])
def test_blocks_equal_all_at_once(lengths, causal, mask):
    n_queries, n_keys = lengths
    q, dy = RNG.standard_normal((2, 2, 3, n_queries, 4))
    k, v = RNG.standard_normal((2, 2, 3, n_keys, 4))
    mask = MASKS[mask](n_queries, n_keys)
    if mask is not None:
        mask[..., 0] = True
    y, weights = dot_product_attention(q, k, v, causal, mask)
    np.testing.assert_allclose(blockwise_attention(q, k, v, causal, mask), y, atol=1e-13)
    found = blockwise_attention_backward(dy, q, k, v, causal, mask)
    expected = dot_product_attention_backward(dy, q, k, v, weights)
    for one, other in zip(found, expected, strict=True):
        np.testing.assert_allclose(one, other, atol=1e-12)


@pytest.mark.parametrize("batch", [(), (3,), (2, 2, 3)])
def test_any_number_of_leading_axes_is_a_batch(batch):
    q, k, v = RNG.standard_normal((3, *batch, 100, 4))
    expected = dot_product_attention(q, k, v)[0]
    np.testing.assert_allclose(blockwise_attention(q, k, v), expected, atol=1e-13)


def test_the_backward_pass_hides_the_future_unless_it_is_told_otherwise():
    dy, q, k, v = RNG.standard_normal((4, 100, 4))
    dy[70:] = 0
    for dkv in blockwise_attention_backward(dy, q, k, v)[1:]:
        assert dkv[:70].any() and not dkv[70:].any()


def test_a_causal_block_of_one_sequence_computes_only_the_scores_that_it_may_see(monkeypatch):
    shapes = []

    def watched(q, k, v, causal, mask):
        shapes.append((q.shape[:-1], k.shape[-2]))
        return dot_product_attention(q, k, v, causal, mask)

    monkeypatch.setattr(blockwise, "dot_product_attention", watched)
    blockwise_attention(*RNG.standard_normal((3, 2, 3, 150, 4)))
    assert shapes == [((3, 64), 64), ((3, 64), 128), ((3, 22), 150)] * 2


@pytest.mark.parametrize("biased", [False, True])
def test_a_long_layer_keeps_no_weights_and_has_the_same_gradients(biased, monkeypatch):
    n = blockwise.LONG + 30
    layer = init_attention(12, 3, RNG, np.float64)
    layer = with_biases(layer) if biased else layer
    x, dy = RNG.standard_normal((2, 2, n, 12))
    y, cache = attention.self_attention(x, layer)
    assert cache.weights is None
    assert max(a.size for a in leaves([c for c in cache if isinstance(c, np.ndarray)])) < n * n
    found = attention.self_attention_backward(dy, cache)
    monkeypatch.setattr(attention, "LONG", n + 1)
    expected, short = attention.self_attention(x, layer)
    assert short.weights is not None
    np.testing.assert_allclose(y, expected, atol=1e-12)
    for one, other in zip(
        leaves(found), leaves(attention.self_attention_backward(dy, short)), strict=True
    ):
        np.testing.assert_allclose(one, other, atol=1e-10)


def test_the_future_of_a_long_sequence_cannot_leak_to_the_bit():
    q, k, v = RNG.standard_normal((3, 150, 4))
    expected = blockwise_attention(q, k, v)[:70]
    k[70:], v[70:] = np.nan, np.inf
    with np.errstate(invalid="ignore"):
        np.testing.assert_array_equal(blockwise_attention(q, k, v)[:70], expected)


@pytest.mark.usefixtures("without_shape_checks")
def test_what_does_not_fit_is_refused_with_both_shapes():
    q, k = RNG.standard_normal((2, 100, 4)), RNG.standard_normal((3, 100, 4))
    with pytest.raises(ValueError, match=r"\(2, 4\).*\(3, 4\)"):
        blockwise_attention(q, k, k)
    with pytest.raises(ValueError, match=r"\(3, 100, 4\).*\(2, 100, 4\)"):
        blockwise_attention(k, k, q)
    with pytest.raises(ValueError, match="100 queries cannot be the last positions of 90 keys"):
        blockwise_attention(q, q[:, :90], q[:, :90])
    nothing = np.ones((100, 100), bool)
    nothing[80] = False
    with pytest.raises(ValueError, match=r"the mask lets query \[80\] attend to no key"):
        blockwise_attention(q, q, q, mask=nothing)
