"""Rotary positions: torch's rotation, its backward pass, and what the rotation was invented for."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from weighted_sums import positions
from weighted_sums.gradient_check import directional_difference, relative_error
from weighted_sums.heads import Biases, init_attention, with_biases
from weighted_sums.positions import apply_rope, apply_rope_backward, rope_frequencies
from weighted_sums.workshop.parameters import flatten, unflatten

POSITIONS, WIDTH, HEADS, DIM = 7, 12, 3, 4
BASE = 100.0


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def draw(rng, *shape):
    return rng.standard_normal(shape)


def layer(rng):
    a = init_attention(WIDTH, HEADS, rng, np.float64)
    return with_biases(a, Biases(*(draw(rng, HEADS, DIM) for _ in "qkv"), draw(rng, WIDTH)))


def torch_rotate(x, base=BASE):
    # as complex numbers: a pair is one number, and a rotation is a product
    pairs = torch.view_as_complex(x.reshape(*x.shape[:-1], -1, 2).contiguous())
    speeds = base ** (-torch.arange(0, x.shape[-1], 2, dtype=torch.float64) / x.shape[-1])
    angles = torch.arange(x.shape[-2], dtype=torch.float64)[:, None] * speeds
    turned = pairs * torch.polar(torch.ones_like(angles), angles)
    return torch.view_as_real(turned).flatten(-2)


def test_rotation_is_torchs_product_of_complex_numbers(rng):
    x = draw(rng, HEADS, POSITIONS, DIM)
    found = apply_rope(x, np.arange(POSITIONS), BASE)
    np.testing.assert_allclose(found, torch_rotate(torch.tensor(x)), rtol=1e-12, atol=1e-12)


@given(shift=st.integers(0, 1000), first=st.integers(0, 50), second=st.integers(0, 50))
def test_rotated_rows_know_their_distance_and_not_their_position(shift, first, second):
    q, k = np.random.default_rng(first).standard_normal((2, 1, DIM))

    def product(add):
        turned = [
            apply_rope(x, np.array([position + add]), BASE)
            for x, position in ((q, first), (k, second))
        ]
        return (turned[0] @ turned[1].T).item()

    assert product(shift) == pytest.approx(product(0), abs=1e-9)


def test_rotation_keeps_the_length_of_every_row(rng):
    x = draw(rng, POSITIONS, DIM)
    turned = apply_rope(x, np.arange(POSITIONS), BASE)
    np.testing.assert_allclose(np.linalg.norm(turned, axis=1), np.linalg.norm(x, axis=1))
    np.testing.assert_array_equal(turned[0], x[0])


@pytest.mark.usefixtures("without_shape_checks")
@pytest.mark.parametrize("shape", [(POSITIONS, 3), (POSITIONS - 1, DIM), (DIM,)])
def test_rows_that_hold_no_pairs_or_have_no_position_cannot_be_rotated(shape):
    with pytest.raises(ValueError, match="x must have rows of pairs, one for each position"):
        apply_rope(np.ones(shape), np.arange(POSITIONS), BASE)


def test_the_first_pair_turns_by_a_radian_and_each_later_one_more_slowly():
    speeds = rope_frequencies(8, 10_000.0)
    np.testing.assert_allclose(speeds, [1, 0.1, 0.01, 0.001])
    with pytest.raises(ValueError, match="5 dimensions cannot be split into pairs"):
        rope_frequencies(5, 10.0)


def test_backward_is_the_rotation_back(rng):
    x, at = draw(rng, HEADS, POSITIONS, DIM), 3 + np.arange(POSITIONS)
    np.testing.assert_allclose(apply_rope_backward(apply_rope(x, at, BASE), at, BASE), x)


@pytest.mark.parametrize("causal", [True, False])
def test_rotary_attention_and_its_backward_equal_torch(rng, causal):
    a, (x, dy) = layer(rng), draw(rng, 2, 2, POSITIONS, WIDTH)
    y, cache = positions.rotary_attention(x, a, BASE, causal)
    dx, grads = positions.rotary_attention_backward(dy, cache, BASE)
    tx, *matrices = (torch.tensor(array, requires_grad=True) for array in (x, *a[:4]))
    q, k, v = (
        torch.einsum("bnw,hdw->bhnd", tx, W) + torch.tensor(b)[:, None]
        for W, b in zip(matrices[:3], a.biases[:3], strict=True)
    )
    mixed = torch.nn.functional.scaled_dot_product_attention(
        torch_rotate(q), torch_rotate(k), v, is_causal=causal
    )
    expected = torch.einsum("bhnd,hwd->bnw", mixed, matrices[3]) + torch.tensor(a.biases.out)
    np.testing.assert_allclose(y, expected.detach(), atol=1e-12)
    expected.backward(torch.tensor(dy))
    for found, leaf in zip((dx, *grads[:4]), (tx, *matrices), strict=True):
        np.testing.assert_allclose(found, leaf.grad, atol=1e-12)


def test_gradient_equals_directional_differences(rng):
    a, x, weight = layer(rng), draw(rng, POSITIONS, WIDTH), draw(rng, POSITIONS, WIDTH)
    cache = positions.rotary_attention(x, a, BASE)[1]
    grads = flatten(positions.rotary_attention_backward(weight, cache, BASE)[1])
    direction = draw(rng, grads.size)

    def cost(parameters):
        y, _ = positions.rotary_attention(x, unflatten(parameters, a), BASE)
        return float((y * weight).sum())

    expected = directional_difference(cost, flatten(a), direction)
    assert relative_error(float(grads @ direction), expected) < 1e-7


def test_a_longer_beginning_changes_nothing_but_what_can_be_seen(rng):
    # the same rows further along a text: scores among them do not change
    a, x = layer(rng), draw(rng, POSITIONS, WIDTH)

    def pattern(rows):
        cache = positions.rotary_attention(rows, a, BASE, causal=False)[1]
        return np.log(cache.weights)

    early, late = pattern(x), pattern(np.vstack([draw(rng, 5, WIDTH), x]))[:, 5:, 5:]
    np.testing.assert_allclose(early - early[..., :1], late - late[..., :1], atol=1e-10)


def test_rotation_keeps_single_precision(rng):
    x = draw(rng, POSITIONS, DIM).astype(np.float32)
    assert apply_rope(x, np.arange(POSITIONS), BASE).dtype == np.float32
