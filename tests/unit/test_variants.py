"""The later models' parts are what PyTorch computes, and what they were invented for holds."""

import numpy as np
import pytest
import torch

from weighted_sums.attention import self_attention
from weighted_sums.gradient_check import directional_difference, relative_error
from weighted_sums.heads import Attention, init_attention
from weighted_sums.variants import (
    SwiGLU,
    gelu_erf,
    grouped_query_attention,
    grouped_query_attention_backward,
    rms_norm,
    rms_norm_backward,
    silu,
    silu_derivative,
    swiglu,
    swiglu_backward,
)
from weighted_sums.workshop.parameters import flatten, leaves, unflatten

POSITIONS, WIDTH, NEURONS, HEADS, SHARED, DIM = 7, 12, 17, 6, 2, 4
BASE = 10000.0


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def draw(rng, *shape):
    return rng.standard_normal(shape)


def grouped(rng):
    q, k, v = (draw(rng, heads, DIM, WIDTH) for heads in (HEADS, SHARED, SHARED))
    return Attention(q, k, v, draw(rng, HEADS, WIDTH, DIM))


def torch_rotate(x, base=BASE):
    # as complex numbers: a pair is one number, and turning it is a product
    pairs = torch.view_as_complex(torch.tensor(x).reshape(*x.shape[:-1], -1, 2).contiguous())
    speeds = base ** (-torch.arange(0, x.shape[-1], 2, dtype=torch.float64) / x.shape[-1])
    angles = torch.arange(x.shape[-2], dtype=torch.float64)[:, None] * speeds
    turned = pairs * torch.polar(torch.ones_like(angles), angles)
    return torch.view_as_real(turned).flatten(-2)


def test_rms_norm_is_torchs(rng):
    x, gain = 3 * draw(rng, 2, POSITIONS, WIDTH) + 1, draw(rng, WIDTH)
    wanted = torch.nn.functional.rms_norm(torch.tensor(x), (WIDTH,), torch.tensor(gain), eps=1e-5)
    np.testing.assert_allclose(rms_norm(x, gain), wanted, rtol=1e-12)


def test_rms_norm_brings_rows_to_root_mean_square_one_and_keeps_their_direction(rng):
    x = 100 * draw(rng, POSITIONS, WIDTH)
    y = rms_norm(x, np.ones(WIDTH))
    np.testing.assert_allclose((y * y).mean(axis=-1), 1, rtol=1e-6)
    np.testing.assert_allclose(y / np.linalg.norm(y, axis=1)[:, None], _unit(x), rtol=1e-12)


def _unit(x):
    return x / np.linalg.norm(x, axis=1, keepdims=True)


def test_swish_and_the_exact_gelu_are_torchs_even_far_out():
    z = np.array([-1e4, -30.0, -1.0, 0.0, 0.5, 30.0, 1e4])
    functional = torch.nn.functional
    np.testing.assert_allclose(silu(z), functional.silu(torch.tensor(z)), atol=1e-11)
    np.testing.assert_allclose(gelu_erf(z), functional.gelu(torch.tensor(z)), atol=1e-14)
    assert gelu_erf(z.astype(np.float32)).dtype == np.float32


def test_swiglu_is_torchs(rng):
    shapes = [(NEURONS, WIDTH), (NEURONS, WIDTH), (WIDTH, NEURONS)]
    layer = SwiGLU(*(draw(rng, *shape) for shape in shapes))
    x = draw(rng, POSITIONS, WIDTH)
    t, (gate, up, down) = torch.tensor(x), map(torch.tensor, layer)
    wanted = (torch.nn.functional.silu(t @ gate.T) * (t @ up.T)) @ down.T
    np.testing.assert_allclose(swiglu(x, layer), wanted, rtol=1e-11)


def test_grouped_attention_is_torchs_with_rotated_queries_and_keys(rng):
    a, x = grouped(rng), draw(rng, POSITIONS, WIDTH)
    q, k, v = (np.einsum("hdw,pw->hpd", W, x) for W in a[:3])
    wanted = torch.nn.functional.scaled_dot_product_attention(
        torch_rotate(q)[None],
        torch_rotate(k)[None],
        torch.tensor(v)[None],
        is_causal=True,
        enable_gqa=True,
    )[0]
    out = np.einsum("hpd,hwd->pw", wanted.numpy(), a.W_o)
    np.testing.assert_allclose(grouped_query_attention(x, a, BASE)[0], out, rtol=1e-10, atol=1e-12)


def test_with_a_key_and_a_value_for_each_head_it_is_plain_attention_but_for_the_rotation(rng):
    a = init_attention(WIDTH, 3, rng, np.float64)
    x = draw(rng, POSITIONS, WIDTH)
    found, patterns = grouped_query_attention(x, a, base=1e300)
    # at so large a base all pairs but the first stand still; at one position the first does too
    np.testing.assert_allclose(
        grouped_query_attention(x[:1], a, BASE)[0], self_attention(x[:1], a)[0], atol=1e-12
    )
    assert patterns.shape == (3, POSITIONS, POSITIONS) and found.shape == x.shape


def test_heads_with_the_same_keys_and_values_are_neighbours(rng):
    a, x = grouped(rng), draw(rng, POSITIONS, WIDTH)
    before = grouped_query_attention(x, a, BASE)[1]
    a.W_k[1] += 1
    after = grouped_query_attention(x, a, BASE)[1]
    moved = [not np.allclose(b, c) for b, c in zip(before, after, strict=True)]
    assert moved == [False, False, False, True, True, True]


def test_the_future_cannot_leak_into_grouped_attention(rng):
    a, x = grouped(rng), draw(rng, POSITIONS, WIDTH)
    before = grouped_query_attention(x, a, BASE)[0]
    x[-1] = 100.0
    np.testing.assert_array_equal(grouped_query_attention(x, a, BASE)[0][:-1], before[:-1])


def test_an_ablated_head_adds_nothing_and_the_others_stay_as_they_were(rng):
    a, x = grouped(rng), draw(rng, POSITIONS, WIDTH)
    alone = [
        grouped_query_attention(x, a, BASE, ablate=tuple(set(range(HEADS)) - {head}))[0]
        for head in range(HEADS)
    ]
    np.testing.assert_allclose(sum(alone), grouped_query_attention(x, a, BASE)[0], atol=1e-12)
    np.testing.assert_allclose(
        sum(alone) - alone[2], grouped_query_attention(x, a, BASE, ablate=(2,))[0], atol=1e-12
    )


def test_heads_that_cannot_divide_keys_equally_are_refused(rng):
    a = grouped(rng)
    with pytest.raises(ValueError, match="6 heads cannot share 4 keys equally"):
        grouped_query_attention(
            draw(rng, POSITIONS, WIDTH),
            a._replace(W_k=draw(rng, 4, DIM, WIDTH), W_v=draw(rng, 4, DIM, WIDTH)),
            BASE,
        )


def test_a_head_that_there_is_not_cannot_be_ablated(rng):
    for head in (-1, HEADS):
        with pytest.raises(ValueError, match="heads to be ablated must lie in"):
            grouped_query_attention(draw(rng, POSITIONS, WIDTH), grouped(rng), BASE, ablate=(head,))


def test_every_part_keeps_single_precision(rng):
    x, gain = draw(rng, POSITIONS, WIDTH).astype(np.float32), np.ones(WIDTH, np.float32)
    layer = SwiGLU(*(np.ones(s, np.float32) for s in ((NEURONS, WIDTH),) * 2 + ((WIDTH, NEURONS),)))
    found = (
        rms_norm(x, gain),
        silu(x),
        swiglu(x, layer),
    )
    assert {array.dtype for array in found} == {np.dtype(np.float32)}


def test_rms_norm_knows_a_row_of_zeros():
    np.testing.assert_array_equal(rms_norm(np.zeros((2, 4)), np.ones(4)), 0)


def test_the_gradients_of_rms_norm_are_torchs(rng):
    x, gain, dy = (
        draw(rng, *shape) for shape in ((2, POSITIONS, WIDTH), (WIDTH,), (2, POSITIONS, WIDTH))
    )
    t, g = (torch.tensor(a, requires_grad=True) for a in (x, gain))
    torch.nn.functional.rms_norm(t, (WIDTH,), g, eps=1e-5).backward(torch.tensor(dy))
    dx, dgain = rms_norm_backward(dy, x, gain)
    np.testing.assert_allclose(dx, t.grad, rtol=1e-10, atol=1e-13)
    np.testing.assert_allclose(dgain, g.grad, rtol=1e-10)


def test_no_gradient_of_rms_norm_points_along_the_row_that_it_scales(rng):
    x, dy = 50 * draw(rng, POSITIONS, WIDTH), draw(rng, POSITIONS, WIDTH)
    dx, _ = rms_norm_backward(dy, x, np.ones(WIDTH))
    np.testing.assert_allclose((dx * x).sum(axis=1), 0, atol=1e-6)
    assert np.abs(dx.sum(axis=1)).min() > 1e-4  # unlike layer norm, it does see the mean


def test_the_derivative_of_swish_is_torchs_even_far_out():
    z = np.array([-1e4, -30.0, -1.3, 0.0, 0.5, 30.0, 1e4])
    t = torch.tensor(z, requires_grad=True)
    torch.nn.functional.silu(t).sum().backward()
    np.testing.assert_allclose(silu_derivative(z), t.grad, atol=1e-11)


def test_the_gradients_of_swiglu_are_torchs(rng):
    shapes = [(NEURONS, WIDTH), (NEURONS, WIDTH), (WIDTH, NEURONS)]
    layer, x = SwiGLU(*(draw(rng, *shape) for shape in shapes)), draw(rng, 2, POSITIONS, WIDTH)
    dy = draw(rng, 2, POSITIONS, WIDTH)
    t, *matrices = (torch.tensor(a, requires_grad=True) for a in (x, *layer))
    gate, up, down = matrices
    wanted = (torch.nn.functional.silu(t @ gate.T) * (t @ up.T)) @ down.T
    wanted.backward(torch.tensor(dy))
    dx, grads = swiglu_backward(dy, x, layer)
    np.testing.assert_allclose(dx, t.grad, rtol=1e-9, atol=1e-11)
    for found, expected in zip(grads, matrices, strict=True):
        np.testing.assert_allclose(found, expected.grad, rtol=1e-9, atol=1e-11)


def torch_grouped(x, q, k, v, o):
    """Grouped attention, with a rotation that autograd can follow."""
    heads = [torch.einsum("hdw,bpw->bhpd", W, x) for W in (q, k, v)]
    pairs = torch.arange(0, DIM, 2, dtype=torch.float64)
    angles = torch.arange(x.shape[1], dtype=torch.float64)[:, None] * BASE ** (-pairs / DIM)
    cos, sin = angles.cos(), angles.sin()

    def turn(rows):
        even, odd = rows[..., ::2], rows[..., 1::2]
        return torch.stack([even * cos - odd * sin, even * sin + odd * cos], -1).flatten(-2)

    y = torch.nn.functional.scaled_dot_product_attention(
        turn(heads[0]), turn(heads[1]), heads[2], is_causal=True, enable_gqa=True
    )
    return torch.einsum("bhpd,hwd->bpw", y, o)


def test_the_gradients_of_grouped_attention_are_torchs(rng):
    a, x, dy = grouped(rng), draw(rng, 2, POSITIONS, WIDTH), draw(rng, 2, POSITIONS, WIDTH)
    t, *matrices = (torch.tensor(array, requires_grad=True) for array in (x, *a))
    wanted = torch_grouped(t, *matrices)
    np.testing.assert_allclose(
        grouped_query_attention(x, a, BASE)[0], wanted.detach(), rtol=1e-9, atol=1e-11
    )
    wanted.backward(torch.tensor(dy))
    dx, grads = grouped_query_attention_backward(dy, x, a, BASE)
    np.testing.assert_allclose(dx, t.grad, rtol=1e-9, atol=1e-11)
    for found, expected in zip(grads, matrices, strict=True):
        np.testing.assert_allclose(found, expected.grad, rtol=1e-9, atol=1e-10)


def test_the_gradients_of_grouped_attention_equal_a_directional_difference(rng):
    a, x = grouped(rng), draw(rng, POSITIONS, WIDTH)
    dy = draw(rng, POSITIONS, WIDTH)
    grads = flatten(grouped_query_attention_backward(dy, x, a, BASE)[1])
    direction = draw(rng, grads.size)

    def along(parameters):
        return float((grouped_query_attention(x, unflatten(parameters, a), BASE)[0] * dy).sum())

    expected = directional_difference(along, flatten(a), direction)
    assert relative_error(float(grads @ direction), expected) < 1e-8
    assert [g.shape for g in leaves(a)] == [
        g.shape for g in leaves(grouped_query_attention_backward(dy, x, a, BASE)[1])
    ]


def test_derivatives_that_do_not_fit_are_refused(rng):
    x, dy = draw(rng, POSITIONS, WIDTH), draw(rng, POSITIONS - 1, WIDTH)
    layer = SwiGLU(*(draw(rng, *s) for s in ((NEURONS, WIDTH),) * 2 + ((WIDTH, NEURONS),)))
    for backward in (
        lambda: rms_norm_backward(dy, x, np.ones(WIDTH)),
        lambda: swiglu_backward(dy, x, layer),
        lambda: grouped_query_attention_backward(dy, x, grouped(rng), BASE),
    ):
        with pytest.raises((ValueError, TypeError)):
            backward()
