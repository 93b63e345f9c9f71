"""The later models' parts are what PyTorch computes, and what they were invented for holds."""

import numpy as np
import pytest
import torch

from weighted_sums.attention import self_attention
from weighted_sums.heads import Attention, init_attention
from weighted_sums.variants import (
    SwiGLU,
    gelu_erf,
    grouped_query_attention,
    rms_norm,
    silu,
    swiglu,
)

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
