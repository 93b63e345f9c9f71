"""A block goes forward and backward through whichever parts its parameters are."""

import numpy as np
import pytest

from weighted_sums import blocks, mixtures, modern_blocks
from weighted_sums.gradient_check import directional_difference, relative_error
from weighted_sums.heads import init_attention
from weighted_sums.networks import Layer
from weighted_sums.variants import grouped_query_attention, rms_norm, swiglu
from weighted_sums.workshop.parameters import flatten, leaves, unflatten

WIDTH, NEURONS = 8, 5


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def block(rng):
    experts = mixtures.init_experts(3, NEURONS, WIDTH, rng, np.float64)
    attention = init_attention(WIDTH, 2, rng, np.float64)
    gains = rng.uniform(0.5, 1.5, (2, WIDTH))
    return modern_blocks.ModernBlock(gains[0], attention, gains[1], mixtures.expert(experts, 0))


def with_parts(rng, name):
    b = block(rng)
    if name == "mixture":
        return b._replace(feed_forward=mixtures.init_experts(3, NEURONS, WIDTH, rng, np.float64))
    if name == "mlp":
        up, down = rng.standard_normal((2, NEURONS, WIDTH))
        mlp = modern_blocks.Mlp(Layer(up, up[:, 0]), Layer(down.T, down[0]))
        return b._replace(norm_1=blocks.Norm(b.norm_1, b.norm_2), feed_forward=mlp)
    return b


def test_a_block_adds_two_updates_to_the_stream(rng):
    b, x = block(rng), rng.standard_normal((2, 5, WIDTH))
    normed = rms_norm(x, b.norm_1)
    middle = x + grouped_query_attention(normed, b.attention, 10_000.0)[0]
    np.testing.assert_allclose(modern_blocks.after_attention(x, b), middle)
    wanted = middle + swiglu(rms_norm(middle, b.norm_2), b.feed_forward)
    found, unevenness = modern_blocks.block_forward(x, b)
    np.testing.assert_allclose(found, wanted)
    assert unevenness == 0


def test_the_parameters_say_which_norm_it_is(rng):
    x = 3 + rng.standard_normal((1, 4, WIDTH))
    norm = blocks.Norm(np.ones(WIDTH), np.zeros(WIDTH))
    centred = modern_blocks.norm_forward(x, norm).mean(axis=-1)
    np.testing.assert_allclose(centred, 0, atol=1e-12)
    assert modern_blocks.norm_forward(x, norm.gain).mean() > 0.8
    assert isinstance(modern_blocks.norm_backward(x, x, norm)[1], blocks.Norm)
    assert modern_blocks.norm_backward(x, x, norm.gain)[1].shape == (WIDTH,)


def test_only_a_mixture_has_a_balance_loss_and_the_number_of_experts_counts(rng):
    experts = mixtures.init_experts(3, NEURONS, WIDTH, rng, np.float64)
    x = rng.standard_normal((1, 6, WIDTH))
    one, unevenness = modern_blocks.feed_forward(x, experts, 1)
    two, _ = modern_blocks.feed_forward(x, experts, 2)
    assert unevenness > 0.5 and not np.allclose(one, two)
    assert modern_blocks.feed_forward(x, mixtures.expert(experts, 0))[1] == 0


def test_unless_told_otherwise_a_row_has_one_expert_and_no_balance_to_keep(rng):
    experts = mixtures.init_experts(3, NEURONS, WIDTH, rng, np.float64)
    x, dy = rng.standard_normal((2, 1, 6, WIDTH))
    y, cache = mixtures.mixture(x, experts, 1)
    np.testing.assert_array_equal(modern_blocks.feed_forward(x, experts)[0], y)
    found = modern_blocks.feed_forward_backward(dy, x, experts)
    for ours, wanted in zip(
        leaves(found), leaves(mixtures.mixture_backward(dy, cache, 0.0)), strict=True
    ):
        np.testing.assert_array_equal(ours, wanted)


@pytest.mark.parametrize("told", [(), (2, 0.3)])  # how many experts, and how much balance counts
@pytest.mark.parametrize("name", ["swiglu", "mlp", "mixture"])
def test_the_gradient_of_a_block_equals_a_directional_difference(rng, name, told):
    b, (x, dy) = with_parts(rng, name), rng.standard_normal((2, 1, 5, WIDTH))
    grads = flatten(modern_blocks.block_backward(dy, x, b, *told))
    direction = rng.standard_normal(grads.size)

    def along(numbers):
        y, unevenness = modern_blocks.block_forward(*unflatten(numbers, (x, b)), *told[:1])
        return float((dy * y).sum() + sum(told[1:]) * unevenness)

    expected = directional_difference(along, flatten((x, b)), direction)
    assert relative_error(float(grads @ direction), expected) < 1e-7


def test_a_block_with_updates_of_zero_passes_the_gradient_on_unchanged(rng):
    b, x, dy = block(rng), *rng.standard_normal((2, 1, 5, WIDTH))
    b.attention.W_o[:], b.feed_forward.down[:] = 0, 0
    dx, grads = modern_blocks.block_backward(dy, x, b)
    np.testing.assert_array_equal(dx, dy)
    assert grads.feed_forward.down.any() and grads.attention.W_o.any()
    assert not grads.feed_forward.up.any() and not grads.norm_1.any()
