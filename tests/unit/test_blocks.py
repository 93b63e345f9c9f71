"""Layer norm, GELU, MLP and the whole block, beside torch."""

import numpy as np
import pytest
import torch
from torch.nn import functional

from weighted_sums import blocks
from weighted_sums.blocks import Norm
from weighted_sums.networks import Layer
from weighted_sums.workshop.parameters import leaves, rebuild

RNG = np.random.default_rng(0)


def random(*shape):
    return RNG.standard_normal(shape)


def by_torch_with_grads(function, arrays, dy):
    """Torch's result, and its gradient with respect to each of `arrays`."""
    tensors = [torch.tensor(array, requires_grad=True) for array in arrays]
    y = function(*tensors)
    y.backward(torch.tensor(dy))
    return [y.detach().numpy(), *(tensor.grad.numpy() for tensor in tensors)]


def agree(found, expected):
    for one, other in zip(found, expected, strict=True):
        np.testing.assert_allclose(one, other, atol=1e-11)


def test_layer_norm_equals_torch():
    x, gain, bias, dy = 3 + 2 * random(4, 5, 7), random(7), random(7), random(4, 5, 7)
    y, cache = blocks.layer_norm(x, Norm(gain, bias))
    dx, grads = blocks.layer_norm_backward(dy, cache)
    expected = by_torch_with_grads(
        lambda x, g, b: functional.layer_norm(x, [7], g, b), (x, gain, bias), dy
    )
    agree([y, dx, *grads], expected)


def test_layer_norm_does_not_see_shift_and_scale_of_its_input():
    x = random(5, 64)
    y = blocks.layer_norm(x, blocks.init_norm(64, np.dtype(float)))[0]
    np.testing.assert_allclose(y.mean(axis=-1), 0, atol=1e-12)
    np.testing.assert_allclose(y.std(axis=-1), 1, atol=1e-4)
    other = blocks.layer_norm(1000 * x + 7, blocks.init_norm(64, np.dtype(float)))[0]
    np.testing.assert_allclose(y, other, atol=1e-4)


def test_a_row_of_equal_numbers_is_no_division_by_zero():
    y, cache = blocks.layer_norm(np.full((2, 6), 5.0), blocks.init_norm(6, np.dtype(float)))
    dx = blocks.layer_norm_backward(random(2, 6), cache)[0]
    assert (y == 0).all() and np.isfinite(dx).all()


def test_gelu_and_its_derivative_equal_torch():
    z, dy = 3 * random(1000), random(1000)
    expected = by_torch_with_grads(lambda z: functional.gelu(z, approximate="tanh"), [z], dy)
    agree([blocks.gelu(z), dy * blocks.gelu_derivative(z)], expected)
    np.testing.assert_array_equal(
        blocks.gelu_derivative(z), blocks.gelu_derivative(z, blocks.gelu_gate(z))
    )


def test_gelu_ends_as_the_line_and_as_nothing():
    z = np.array([-1e6, -30.0, 0.0, 30.0, 1e6])
    np.testing.assert_allclose(blocks.gelu(z), np.maximum(z, 0))
    np.testing.assert_allclose(blocks.gelu_derivative(z), [0, 0, 0.5, 1, 1])


def test_mlp_equals_torch():
    up, down = Layer(random(9, 4), random(9)), Layer(random(4, 9), random(4))
    x, dy = random(2, 2, 3, 4)
    y, cache = blocks.mlp(x, up, down)
    dx, *grads = blocks.mlp_backward(dy, cache)

    def by_torch(x, W_up, b_up, W_down, b_down):
        a = functional.gelu(functional.linear(x, W_up, b_up), approximate="tanh")
        return functional.linear(a, W_down, b_down)

    agree([y, dx, *leaves(grads)], by_torch_with_grads(by_torch, (x, *up, *down), dy))


@pytest.mark.parametrize("causal", [True, False])
def test_a_block_adds_the_outputs_of_its_parts_to_the_stream(causal):
    block = blocks.init_block(12, 3, RNG, np.dtype(float))
    block = rebuild((leaf + 0.1 * random(*leaf.shape) for leaf in leaves(block)), block)
    x, dy = random(2, 5, 12), random(2, 5, 12)
    y, cache = blocks.block_forward(x, block, causal)
    dx, grads = blocks.block_backward(dy, cache)

    def by_torch(x, g1, b1, W_q, W_k, W_v, W_o, g2, b2, W_up, b_up, W_down, b_down):
        seen = functional.layer_norm(x, [12], g1, b1)
        q, k, v = (torch.einsum("bnw,hdw->bhnd", seen, W) for W in (W_q, W_k, W_v))
        found = functional.scaled_dot_product_attention(q, k, v, is_causal=causal)
        x = x + torch.einsum("bhnd,hwd->bnw", found, W_o)
        seen = functional.layer_norm(x, [12], g2, b2)
        a = functional.gelu(functional.linear(seen, W_up, b_up), approximate="tanh")
        return x + functional.linear(a, W_down, b_down)

    agree([y, dx, *leaves(grads)], by_torch_with_grads(by_torch, (x, *leaves(block)), dy))


def test_a_block_that_adds_nothing_is_the_identity():
    block = blocks.init_block(8, 2, RNG, np.dtype(float))
    block.attention.W_o[:] = 0
    block.down.W[:] = 0
    x = random(3, 8)
    np.testing.assert_array_equal(blocks.block_forward(x, block)[0], x)


def test_a_block_hides_the_future_unless_it_is_told_otherwise():
    block, x = blocks.init_block(8, 2, RNG, np.dtype(float)), random(5, 8)
    other = np.concatenate([x[:3], random(2, 8)])
    first, second = (blocks.block_forward(seen, block)[0][:3] for seen in (x, other))
    np.testing.assert_array_equal(first, second)


def test_a_new_block_has_four_times_as_many_neurons_as_coordinates_and_no_bias():
    block = blocks.init_block(8, 2, RNG, np.dtype(float))
    assert block.up.W.shape == (32, 8) and block.down.W.shape == (8, 32)
    for bias in (block.up.b, block.down.b, block.norm_1.bias, block.norm_2.bias):
        assert not bias.any()


def test_single_precision_stays_single():
    block = blocks.init_block(8, 2, RNG, np.dtype(np.float32))
    y, cache = blocks.block_forward(random(5, 8).astype(np.float32), block)
    dx, grads = blocks.block_backward(y, cache)
    assert {array.dtype for array in (y, dx, *leaves(grads))} == {np.dtype(np.float32)}
