"""The whole model: logits, cost and gradients beside torch, and what it may not know."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.nn import functional

from weighted_sums import transformer
from weighted_sums.gradient_check import directional_difference
from weighted_sums.torch_twin import TorchTransformer
from weighted_sums.workshop.parameters import flatten, leaves, rebuild, unflatten

RNG = np.random.default_rng(0)


def model(n_layers=2, dtype=np.float64):
    """A small model whose every parameter differs from its initial value."""
    drawn = transformer.init_transformer(11, 7, 12, 3, n_layers, RNG, dtype)
    return rebuild((p + 0.1 * RNG.standard_normal(p.shape) for p in leaves(drawn)), drawn)


def by_torch(tokens, parameters, layers):
    """The model written in torch's functions, from a flat list of tensors."""
    embedding, positions, *blocks, gain, bias, unembedding = parameters
    x = embedding[tokens] + positions[: tokens.shape[-1]]
    for i in range(layers):
        g1, b1, Q, K, V, O, g2, b2, W_up, b_up, W_down, b_down = blocks[12 * i : 12 * (i + 1)]
        seen = functional.layer_norm(x, x.shape[-1:], g1, b1)
        q, k, v = (torch.einsum("bnw,hdw->bhnd", seen, W) for W in (Q, K, V))
        found = functional.scaled_dot_product_attention(q, k, v, is_causal=True)
        x = x + torch.einsum("bhnd,hwd->bnw", found, O)
        seen = functional.layer_norm(x, x.shape[-1:], g2, b2)
        a = functional.gelu(functional.linear(seen, W_up, b_up), approximate="tanh")
        x = x + functional.linear(a, W_down, b_down)
    return functional.layer_norm(x, x.shape[-1:], gain, bias) @ unembedding.T


@pytest.mark.parametrize("layers", [1, 3])
def test_logits_cost_and_gradient_equal_torch(layers):
    m = model(layers)
    x, y = RNG.integers(11, size=(2, 4, 5))
    y[0, :3] = transformer.IGNORE_INDEX
    tensors = [torch.tensor(p, requires_grad=True) for p in leaves(m)]
    wanted = by_torch(torch.tensor(x), tensors, layers)
    np.testing.assert_allclose(transformer.logits(m, x), wanted.detach(), atol=1e-10)
    z, ignored = wanted.flatten(0, 1), transformer.IGNORE_INDEX
    loss = functional.cross_entropy(z, torch.tensor(y).flatten(), ignore_index=ignored)
    loss.backward()
    cost, grads = transformer.cost_and_gradient(m, x, y)
    assert cost == pytest.approx(loss.item(), abs=1e-10)
    assert transformer.cost(m, x, y) == cost
    for found, tensor in zip(leaves(grads), tensors, strict=True):
        np.testing.assert_allclose(found, tensor.grad, atol=1e-10)


def test_gradient_equals_directional_differences():
    m, rng = model(), np.random.default_rng(1)
    x, y = rng.integers(11, size=(2, 3, 7))
    grads = flatten(transformer.cost_and_gradient(m, x, y)[1])
    for _ in range(5):
        direction = rng.standard_normal(grads.size)
        expected = directional_difference(
            lambda p: transformer.cost(unflatten(p, m), x, y), flatten(m), direction
        )
        # The error is one of truncation, a quarter for half the step, which stays when a direction
        # is nearly perpendicular to the gradient: so it is relative to the norm, at most 1.3e-8.
        assert abs(float(grads @ direction) - expected) < 1e-7 * np.linalg.norm(grads)


@settings(max_examples=50)
@given(st.integers(1, 6), st.lists(st.integers(0, 10), min_size=7, max_size=7))
def test_the_future_cannot_leak_to_the_bit(position, future):
    m, x = model(), RNG.integers(11, size=7)
    other = np.concatenate([x[:position], np.array(future)[position:]])
    found, with_other_future = (transformer.forward(m, seen)[0][:position] for seen in (x, other))
    np.testing.assert_array_equal(found, with_other_future)


def test_without_the_mask_the_future_does_leak():
    m, x = model(), RNG.integers(11, size=7)
    other = np.append(x[:-1], (x[-1] + 1) % 11)
    found = (transformer.logits(m, tokens, causal=False)[0] for tokens in (x, other))
    assert not np.allclose(*found)


def test_an_untrained_model_gives_nearly_equal_probabilities():
    m = transformer.init_transformer(50, 8, 32, 4, 2, RNG)
    cost = transformer.cost(m, *RNG.integers(50, size=(2, 20, 8)))
    assert cost == pytest.approx(math.log(50), abs=0.05)


def test_a_shorter_sequence_needs_only_the_first_positions():
    m, x = model(), RNG.integers(11, size=7)
    np.testing.assert_allclose(transformer.logits(m, x[:4]), transformer.logits(m, x)[:4])
    grads = transformer.cost_and_gradient(m, x[None, :4], x[None, 1:5])[1]
    assert (grads.positions[4:] == 0).all() and (grads.positions[:4] != 0).any()


def test_attention_patterns_show_every_head_of_every_layer():
    m, x = model(n_layers=3), RNG.integers(11, size=(2, 5))
    found = transformer.attention_patterns(m, x)
    assert [p.shape for p in found] == [(2, 3, 5, 5)] * 3
    np.testing.assert_allclose(np.array(found).sum(axis=-1), 1)
    assert (np.triu(found, 1) == 0).all()
    assert np.all(np.array(transformer.attention_patterns(m, x, causal=False)) > 0)


@pytest.mark.parametrize("batch", [(), (2,), (2, 3)])
def test_any_number_of_leading_axes_is_a_batch(batch):
    m = model()
    x, y = RNG.integers(11, size=(2, *batch, 5))
    cost, grads = transformer.cost_and_gradient(m, x, y)
    flat_cost, flat_grads = transformer.cost_and_gradient(m, x.reshape(-1, 5), y.reshape(-1, 5))
    assert cost == pytest.approx(flat_cost)
    np.testing.assert_allclose(flatten(grads), flatten(flat_grads), atol=1e-12)


def test_with_one_token_alone_nothing_is_left_to_predict():
    only = transformer.init_transformer(1, 6, 8, 2, 1, RNG)
    x, y = np.zeros((2, 2, 6), int)
    y[:, 4:] = transformer.IGNORE_INDEX
    cost, grads = transformer.cost_and_gradient(only, x, y)
    assert cost == 0 and not flatten(grads).any()


@pytest.mark.usefixtures("without_shape_checks")
@pytest.mark.parametrize("tokens", [3, np.zeros(0, int), np.zeros((2, 0), int)])
def test_what_holds_no_sequence_is_refused(tokens):
    with pytest.raises(ValueError, match=r"there must be a token, but their shape is \("):
        transformer.logits(model(), tokens)


def test_positions_are_counted_from_the_start_that_is_given():
    m, x = model(), RNG.integers(11, size=3)
    np.testing.assert_array_equal(transformer.embed(m, x), m.embedding[x] + m.positions[:3])
    np.testing.assert_array_equal(transformer.embed(m, x, 4), m.embedding[x] + m.positions[4:])


def test_positions_that_are_ignored_do_not_count():
    m, (x, y) = model(), RNG.integers(11, size=(2, 1, 7))
    last = np.full_like(y, transformer.IGNORE_INDEX)
    last[:, -1] = y[:, -1]
    p = np.exp(transformer.logits(m, x)[0, -1])
    assert transformer.cost(m, x, last) == pytest.approx(-math.log(p[y[0, -1]] / p.sum()))


def test_the_cost_of_large_logits_agrees_with_torch():
    rng = np.random.default_rng(0)
    large = transformer.init_transformer(300, 6, 8, 2, 1, rng)
    large = large._replace(unembedding=3000 * large.unembedding)
    x, y = rng.integers(300, size=(2, 4, 6))
    y[0, :3] = transformer.IGNORE_INDEX
    expected = TorchTransformer(large).cost(torch.tensor(x), torch.tensor(y)).item()
    assert expected > 150
    assert transformer.cost(large, x, y) == pytest.approx(expected, rel=1e-5)
    assert transformer.cost_and_gradient(large, x, y)[0] == pytest.approx(expected, rel=1e-5)


def test_a_batch_without_targets_is_refused():
    x, y = np.ones((2, 6), int), np.full((2, 6), transformer.IGNORE_INDEX)
    with pytest.raises(ValueError, match="no target counts: each of the 12 is -1"):
        transformer.cost_and_gradient(model(), x, y)


def test_tokens_and_lengths_that_do_not_fit_are_refused():
    m = model()
    with pytest.raises(ValueError, match="8 tokens do not fit a context length of 7"):
        transformer.embed(m, np.zeros(3, int), start=5)
    with pytest.raises(ValueError, match=r"tokens must lie in 0\.\.10, found 0 to 11"):
        transformer.logits(m, np.array([0, 11]))
    with pytest.raises(ValueError, match=r"found -1 to 3"):
        transformer.logits(m, np.array([3, -1]))
    with pytest.raises(ValueError, match="must be at least 1"):
        transformer.init_transformer(11, 0, 12, 3, 1, RNG)
    with pytest.raises(ValueError, match="d_model = 12 cannot be split"):
        transformer.init_transformer(11, 7, 12, 5, 1, RNG)


def test_single_precision_stays_single():
    x, y = RNG.integers(11, size=(2, 2, 7))
    m = transformer.init_transformer(11, 7, 12, 3, 2, RNG)
    grads = transformer.cost_and_gradient(m, x, y)[1]
    assert {p.dtype for p in leaves(grads)} == {np.dtype(np.float32)}


@pytest.mark.parametrize("layers", [1, 8])
def test_what_a_block_adds_begins_smaller_the_more_blocks_add_to_the_stream(layers):
    m = transformer.init_transformer(300, 200, 96, 4, layers, np.random.default_rng(3))
    scale = math.sqrt(2 * layers)
    for block in m.blocks:
        for W in (block.attention.W_o.swapaxes(0, 1).reshape(96, 96), block.down.W):
            assert W.std() * math.sqrt(W.shape[1]) * scale == pytest.approx(1, rel=0.05)
        for W in (block.attention.W_q.reshape(96, 96), block.up.W):
            assert W.std() * math.sqrt(W.shape[1]) == pytest.approx(1, rel=0.05)
    assert m.unembedding.std() == pytest.approx(0.02, rel=0.05)
    assert m.embedding.std() == pytest.approx(1, rel=0.05)
    assert m.positions.std() == pytest.approx(1, rel=0.05)
