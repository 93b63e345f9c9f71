"""Numbers of 16 bits round as NumPy and PyTorch round them, and scaling keeps small gradients."""

import numpy as np
import pytest
import torch

from weighted_sums import networks, precision
from weighted_sums.workshop.parameters import leaves


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def numbers(rng):
    powers = 2.0 ** rng.integers(-30, 20, 500)
    return (rng.standard_normal(500) * powers).astype(np.float32)


def test_bfloat16_is_torchs_ties_infinity_and_nan_included(rng):
    x = np.concatenate([numbers(rng), [1 + 2**-8, 1 + 3 * 2**-8, np.inf, -np.inf, 0.0, 3.4e38]])
    x = x.astype(np.float32)
    wanted = torch.tensor(x).bfloat16().float().numpy()
    np.testing.assert_array_equal(precision.bfloat16(x), wanted)
    assert np.isnan(precision.bfloat16(np.array([np.nan], np.float32)))


def test_float16_flushes_what_is_small_and_overflows_at_65_520(rng):
    x = numbers(rng)
    np.testing.assert_array_equal(precision.float16(x), torch.tensor(x).half().float().numpy())
    with np.errstate(over="raise"):  # infinity is an answer, not an error
        found = precision.float16(np.array([2.0**-25, 1.1 * 2**-25, 65519.0, 65520.0]))
    np.testing.assert_array_equal(found, [0, 2.0**-24, 65504, np.inf])


def network_and_batch(rng):
    network = networks.init_network([6, 5, 3], rng, np.float32)
    x = rng.standard_normal((8, 6), np.float32)
    return network, x, np.eye(3, dtype=np.float32)[rng.integers(3, size=8)]


def test_without_rounding_the_gradient_is_torchs(rng):
    network, x, y = network_and_batch(rng)
    cost, grads = precision.gradient(network, x, y, precision.float32, scale=8.0)
    W1, b1, W2, b2 = (torch.tensor(p, requires_grad=True) for p in leaves(network))
    z = torch.relu(torch.tensor(x) @ W1.T + b1) @ W2.T + b2
    wanted = torch.nn.functional.cross_entropy(z, torch.tensor(y))
    wanted.backward()
    assert cost == pytest.approx(float(wanted.detach()), rel=1e-6)
    for found, tensor in zip(leaves(grads), (W1, b1, W2, b2), strict=True):
        np.testing.assert_allclose(found, 8 * tensor.grad.numpy(), rtol=1e-4, atol=1e-6)


def test_scaling_the_loss_saves_derivatives_that_float16_would_flush(rng):
    network, x, y = network_and_batch(rng)
    tiny = 1e-7 * x
    exact = precision.gradient(network, tiny, y, precision.float32)[1]
    lost = precision.flushed(exact, precision.gradient(network, tiny, y, precision.float16)[1])
    scaled = precision.gradient(network, tiny, y, precision.float16, 1024.0)[1]
    assert lost > 0.3 and precision.flushed(exact, scaled) < lost / 2
    assert precision.flushed(exact, exact) == 0


def test_a_master_copy_keeps_updates_that_rounding_would_lose(rng):
    network, x, y = network_and_batch(rng)
    batches, rate = [(x, y)] * 200, 2e-3
    moved = {
        master: precision.train(
            network, batches, rate, precision.Recipe(precision.bfloat16, 1.0, master)
        )
        for master in (False, True)
    }
    exact = precision.train(network, batches, rate, precision.Recipe(precision.float32))
    distance = {
        master: sum(np.abs(a - b).sum() for a, b in zip(leaves(m), leaves(exact), strict=True))
        for master, m in moved.items()
    }
    assert distance[True] < 0.5 * distance[False]


@pytest.mark.parametrize(
    ("rounding", "scale"), [(precision.float16, 1e9), (precision.float32, 1e40)]
)
def test_a_step_that_overflows_is_left_out_without_a_word(rng, rounding, scale):
    network, x, y = network_and_batch(rng)
    with np.errstate(over="raise", invalid="raise"):
        found = precision.train(network, [(x, y)], 0.1, precision.Recipe(rounding, scale))
    for a, b in zip(leaves(found), leaves(network), strict=True):
        np.testing.assert_array_equal(a, rounding(b))


def test_a_step_that_does_not_overflow_is_taken(rng):
    network, x, y = network_and_batch(rng)
    found = precision.train(network, [(x, y)], 0.1, precision.Recipe(precision.float16, scale=64.0))
    assert not np.array_equal(found[0].W, precision.float16(network[0].W))


def test_the_gradient_of_three_layers_is_torchs(rng):
    network = networks.init_network([5, 7, 6, 3], rng)
    x = rng.normal(size=(9, 5)).astype(np.float32)
    y = np.eye(3, dtype=np.float32)[rng.integers(0, 3, 9)]
    cost, grads = precision.gradient(network, x, y, precision.float32)
    tensors = [torch.tensor(w, requires_grad=True) for w in leaves(network)]
    a = torch.tensor(x)
    for W, b in zip(tensors[::2], tensors[1::2], strict=True):
        z = a @ W.T + b
        a = torch.relu(z)
    wanted = torch.nn.functional.cross_entropy(z, torch.tensor(y))
    wanted.backward()
    assert cost == pytest.approx(wanted.item(), rel=1e-5)
    for found, tensor in zip(leaves(grads), tensors, strict=True):
        np.testing.assert_allclose(found, tensor.grad.numpy(), rtol=1e-4, atol=1e-6)


def test_a_step_is_minus_the_rate_times_the_gradient_at_any_scale(rng):
    network, x, y = network_and_batch(rng)
    assert precision.Recipe(precision.float32)[1:] == (1.0, True)
    grads = leaves(precision.gradient(network, x, y, precision.float32)[1])
    for scale in (1.0, 64.0):
        recipe = precision.Recipe(precision.float32, scale)
        found = leaves(precision.train(network, [(x, y)], 0.1, recipe))
        for a, w, g in zip(found, leaves(network), grads, strict=True):
            np.testing.assert_allclose(a, w - 0.1 * g, rtol=1e-5, atol=1e-6)


def test_flushed_counts_what_was_there_and_is_gone():
    def layer(W, b):
        return networks.Layer(np.array(W, np.float32), np.array(b, np.float32))

    exact, rounded = layer([[1, 2], [0, 3]], [4, 0]), layer([[1, 0], [0, 0]], [4, 5])
    assert precision.flushed([exact], [rounded]) == 0.5
