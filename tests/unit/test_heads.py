"""Biases of a layer of attention are those of torch, and zeros change nothing."""

import numpy as np
import pytest
import torch

from weighted_sums import attention, heads
from weighted_sums.attention import self_attention, self_attention_backward
from weighted_sums.workshop.parameters import leaves

RNG = np.random.default_rng(0)


def biased(width=12, count=3):
    plain = heads.init_attention(width, count, RNG, np.float64)
    own = [RNG.standard_normal((count, width // count)) for _ in "qkv"]
    return heads.with_biases(plain, heads.Biases(*own, RNG.standard_normal(width)))


@pytest.mark.parametrize("causal", [True, False])
def test_forward_and_backward_with_biases_equal_torch(causal):
    a = biased()
    x, dy = RNG.standard_normal((2, 2, 7, 12))
    y, saved = self_attention(x, a, causal)
    dx, grads = self_attention_backward(dy, saved)
    inputs = [torch.tensor(array, requires_grad=True) for array in (x, *leaves(a))]
    tx, Q, K, V, O, bq, bk, bv, out = inputs
    pairs = ((Q, bq), (K, bk), (V, bv))
    q, k, v = (torch.einsum("bnw,hdw->bhnd", tx, W) + b[:, None] for W, b in pairs)
    found = torch.nn.functional.scaled_dot_product_attention(q, k, v, is_causal=causal)
    wanted = torch.einsum("bhnd,hwd->bnw", found, O) + out
    np.testing.assert_allclose(y, wanted.detach(), atol=1e-12)
    wanted.backward(torch.tensor(dy))
    assert isinstance(grads, heads.BiasedAttention)
    for one, leaf in zip((dx, *leaves(grads)), inputs, strict=True):
        assert one.shape == leaf.shape
        np.testing.assert_allclose(one, leaf.grad, atol=1e-10)


def test_biases_of_zero_change_nothing():
    plain = heads.init_attention(12, 3, RNG, np.float32)
    x = RNG.standard_normal((5, 12)).astype(np.float32)
    zeros = heads.with_biases(plain)
    np.testing.assert_array_equal(self_attention(x, zeros)[0], self_attention(x, plain)[0])
    assert {b.dtype for b in zeros.biases} == {np.dtype(np.float32)}
    assert not any(map(np.any, zeros.biases))


def test_rows_that_heads_cannot_share_are_refused():
    with pytest.raises(ValueError, match="5 heads cannot share rows of 12 numbers"):
        attention.split(np.ones((3, 12)), 5)
