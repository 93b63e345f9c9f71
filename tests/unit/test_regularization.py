"""Dropout keeps the mean and its gradient is torch's; shifted mini-batches keep their targets."""

from functools import partial

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from weighted_sums import analysis, backprop, minibatches, networks, regularization
from weighted_sums.cross_entropy import SOFTMAX_CROSS_ENTROPY
from weighted_sums.neurons import ACTIVATIONS
from weighted_sums.regularization import ShiftedMinibatches, dropout
from weighted_sums.workshop import parameters


@given(st.floats(0, 0.9), st.integers(0, 9))
def test_activations_are_multiplied_by_the_mask_and_those_left_are_scaled_up(drop_rate, seed):
    a = np.random.default_rng(seed).normal(size=(3, 5))
    dropped, mask = dropout(a, drop_rate, np.random.default_rng(seed))
    np.testing.assert_array_equal(dropped, a * mask)
    np.testing.assert_allclose(mask[mask > 0], 1 / (1 - drop_rate))


@pytest.mark.parametrize("drop_rate", [0.1, 0.5, 0.8])
def test_dropout_keeps_the_mean_activation(drop_rate):
    a = np.linspace(1, 2, 5)[None].repeat(40_000, axis=0)
    dropped, mask = dropout(a, drop_rate, np.random.default_rng(0))
    np.testing.assert_allclose(dropped.mean(axis=0), a[0], rtol=0.04)
    assert (mask == 0).mean() == pytest.approx(drop_rate, abs=0.01)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_dropout_keeps_the_dtype(dtype):
    dropped, mask = dropout(np.ones((3, 5), dtype), 0.5, np.random.default_rng(0))
    assert dropped.dtype == mask.dtype == dtype


@pytest.mark.parametrize("drop_rate", [-0.1, 1.1, float("nan")])
def test_a_drop_rate_outside_zero_to_one_is_refused(drop_rate):
    with pytest.raises(ValueError, match="drop_rate must lie"):
        dropout(np.ones((3, 5)), drop_rate, np.random.default_rng(0))


def recorded_masks(monkeypatch):
    """Record every mask that is drawn, so that torch can use the same ones."""
    drawn = []

    def recorder(a, drop_rate, rng):
        dropped, mask = dropout(a, drop_rate, rng)
        drawn.append(mask)
        return dropped, mask

    monkeypatch.setattr(regularization, "dropout", recorder)
    return drawn


def torch_cost(network, x, y, masks):
    a = torch.tensor(x)
    for (W, b), mask in zip(network[:-1], masks, strict=True):
        a = torch.relu(a @ W.T + b) * torch.tensor(mask)
    z = a @ network[-1][0].T + network[-1][1]
    return -(torch.tensor(y) * torch.log_softmax(z, dim=1)).sum() / len(x)


@pytest.mark.parametrize("sizes", [[7, 5, 3], [7, 6, 5, 4, 3], [7, 3]])
def test_the_gradient_with_dropout_agrees_with_torch(sizes, monkeypatch):
    rng = np.random.default_rng(1)
    masks = recorded_masks(monkeypatch)
    network = networks.init_network(sizes, rng, np.float64)
    x, y = rng.normal(size=(11, 7)), np.eye(3)[rng.integers(3, size=11)]
    cost, grads = regularization.cost_and_gradient_with_dropout(
        network,
        x,
        y,
        drop_rate=0.4,
        rng=rng,
        activation=ACTIVATIONS["relu"],
        loss=SOFTMAX_CROSS_ENTROPY,
    )
    twin = [[torch.tensor(p, requires_grad=True) for p in layer] for layer in network]
    expected = torch_cost(twin, x, y, masks)
    expected.backward()
    leaves = [p for layer in twin for p in layer]
    assert cost == pytest.approx(expected.item(), rel=1e-12)
    for found, leaf in zip(parameters.leaves(grads), leaves, strict=True):
        np.testing.assert_allclose(found, leaf.grad, atol=1e-12)


@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "relu"])
def test_without_dropout_it_is_the_plain_gradient(activation):
    rng = np.random.default_rng(2)
    network = networks.init_network([7, 5, 4, 3], rng, np.float64)
    x, y = rng.normal(size=(11, 7)), rng.random((11, 3))
    both = (
        partial(regularization.cost_and_gradient_with_dropout, drop_rate=0.0, rng=rng),
        backprop.cost_and_gradient,
    )
    (c1, g1), (c2, g2) = (f(network, x, y, activation=ACTIVATIONS[activation]) for f in both)
    assert c1 == c2
    np.testing.assert_array_equal(parameters.flatten(g1), parameters.flatten(g2))


def one_pixel_images(count):
    images = np.zeros((count, 28, 28), np.float32)
    images[np.arange(count), 14, 5 + np.arange(count)] = 1
    return images.reshape(count, 784)


def test_a_shifted_mini_batch_keeps_its_targets_and_shifts_as_a_whole():
    x, y = one_pixel_images(11), np.eye(11, dtype=np.float32)
    shifts = set()
    for seed in range(40):
        for found, targets in ShiftedMinibatches(x, y, 4, reach=1).epoch(
            np.random.default_rng(seed)
        ):
            original = x[targets.argmax(axis=1)]
            fits = {
                (dx, dy)
                for dx in (-1, 0, 1)
                for dy in (-1, 0, 1)
                if np.array_equal(analysis.shift(original, dx, dy), found)
            }
            assert len(fits) == 1
            shifts |= fits
    assert len(shifts) == 9  # every shift occurs


def test_a_reach_of_zero_gives_ordinary_mini_batches():
    x, y = one_pixel_images(11), np.eye(11, dtype=np.float32)
    shifted = ShiftedMinibatches(x, y, 4, reach=0).epoch(np.random.default_rng(0))
    plain = minibatches.Minibatches(x, y, 4).epoch(np.random.default_rng(0))
    for (x1, y1), (x2, y2) in zip(shifted, plain, strict=True):
        np.testing.assert_array_equal(x1, x2)
        np.testing.assert_array_equal(y1, y2)


def test_a_drop_rate_of_one_drops_everything_as_in_torch():
    a = np.ones((3, 5))
    found, mask = dropout(a, 1.0, np.random.default_rng(0))
    assert (found == 0).all() and (mask == 0).all()
    assert (torch.nn.functional.dropout(torch.tensor(a), 1.0) == 0).all()


class Zeros(np.random.Generator):
    """A generator that draws the smallest number there is."""

    def random(self, shape, dtype):
        return np.zeros(shape, dtype)


def test_at_rate_zero_no_draw_drops_a_neuron():
    a = np.ones((3, 5))
    np.testing.assert_array_equal(dropout(a, 0.0, Zeros(np.random.PCG64()))[0], a)


@pytest.mark.usefixtures("without_shape_checks")
def test_a_mask_of_another_shape_is_refused():
    with pytest.raises(ValueError, match="must have the same shape"):
        regularization.dropout_backward(np.ones((3, 5)), np.ones((3, 1)))


def test_images_move_by_one_pixel_unless_told_otherwise():
    x, y = one_pixel_images(11), np.eye(11, dtype=np.float32)
    assert ShiftedMinibatches(x, y, 4).reach == 1
    with pytest.raises(ValueError, match="reach must be a whole number of at least 0"):
        ShiftedMinibatches(x, y, 4, reach=-1)
