"""An attention layer's matrices and biases: drawn, split among heads, and as torch has them."""

import numpy as np
import pytest
import torch

from weighted_sums import heads
from weighted_sums.attention import self_attention, self_attention_backward
from weighted_sums.workshop.parameters import leaves

RNG = np.random.default_rng(0)


def biased(d_model=12, n_heads=3):
    plain = heads.init_attention(d_model, n_heads, RNG, np.float64)
    own = [RNG.standard_normal((n_heads, d_model // n_heads)) for _ in "qkv"]
    return heads.with_biases(plain, heads.Biases(*own, RNG.standard_normal(d_model)))


@pytest.mark.parametrize("causal", [True, False])
def test_forward_and_backward_with_biases_equal_torch(causal):
    a = biased()
    x, dy = RNG.standard_normal((2, 2, 7, 12))
    y, cache = self_attention(x, a, causal)
    dx, grads = self_attention_backward(dy, cache)
    inputs = [torch.tensor(array, requires_grad=True) for array in (x, *leaves(a))]
    tx, W_q, W_k, W_v, W_o, b_q, b_k, b_v, out = inputs
    pairs = ((W_q, b_q), (W_k, b_k), (W_v, b_v))
    q, k, v = (torch.einsum("bnw,hdw->bhnd", tx, W) + b[:, None] for W, b in pairs)
    found = torch.nn.functional.scaled_dot_product_attention(q, k, v, is_causal=causal)
    expected = torch.einsum("bhnd,hwd->bnw", found, W_o) + out
    np.testing.assert_allclose(y, expected.detach(), atol=1e-12)
    expected.backward(torch.tensor(dy))
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


def test_rows_that_cannot_be_split_equally_are_refused():
    with pytest.raises(ValueError, match="rows of 12 cannot be split equally among 5 heads"):
        heads.split_heads(np.ones((3, 12)), 5)


@pytest.mark.parametrize("n_heads", [0, 5])
def test_the_number_of_heads_must_divide_d_model(n_heads):
    with pytest.raises(ValueError, match=f"d_model = 12 cannot be split .* {n_heads} heads"):
        heads.init_attention(12, n_heads, RNG)


def test_split_and_merge_undo_each_other():
    x = RNG.standard_normal((2, 5, 12))
    assert heads.split_heads(x, 3).shape == (2, 3, 5, 4)
    np.testing.assert_array_equal(heads.split_heads(x, 3)[0, 1, 2], x[0, 2, 4:8])
    np.testing.assert_array_equal(heads.merge_heads(heads.split_heads(x, 3)), x)


def test_matrices_begin_with_the_standard_deviation_that_their_inputs_ask_for():
    a = heads.init_attention(64, 1, np.random.default_rng(1), np.float64)
    assert a[0].shape == (1, 64, 64)
    for W in a:
        assert W.std() * 8 == pytest.approx(1, rel=0.05)
    with pytest.raises(ValueError, match="cannot be split equally among -2 heads"):
        heads.init_attention(64, -2, RNG)
