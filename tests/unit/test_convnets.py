"""The convolutional network: its gradient is PyTorch's, its parameters are counted, it learns."""

import numpy as np
import pytest
import torch
from torch.nn import functional

from weighted_sums import convnets, training
from weighted_sums.minibatches import Minibatches
from weighted_sums.optimizers import Adam
from weighted_sums.workshop.parameters import leaves


def test_it_has_5994_parameters():
    network = convnets.init_convnet(np.random.default_rng(0))
    assert sum(p.size for p in leaves(network)) == 5994


def test_cost_and_gradient_are_pytorchs():
    rng = np.random.default_rng(1)
    network = convnets.init_convnet(rng, kernels=(2, 3), dtype=np.float64)
    x, y = rng.random((4, 784)), np.eye(10)[[3, 1, 4, 1]]
    cost, gradient = convnets.cost_and_gradient(network, x, y)
    tensors = [torch.tensor(p, requires_grad=True) for p in leaves(network)]
    W1, b1, W2, b2, W3, b3 = tensors
    z = functional.conv2d(torch.tensor(x).reshape(4, 1, 28, 28), W1, b1)
    z = functional.conv2d(functional.max_pool2d(torch.relu(z), 2), W2, b2)
    z = functional.max_pool2d(torch.relu(z), 2).reshape(4, -1) @ W3.T + b3
    expected = functional.cross_entropy(z, torch.tensor([3, 1, 4, 1]))
    expected.backward()
    assert cost == pytest.approx(expected.item(), rel=1e-12)
    for found, tensor in zip(leaves(gradient), tensors, strict=True):
        np.testing.assert_allclose(found, tensor.grad.numpy(), rtol=1e-10, atol=1e-13)


def test_it_memorises_ten_images():
    rng = np.random.default_rng(2)
    x, labels = rng.random((10, 784), np.float32), np.arange(10)
    batches = Minibatches(x, np.eye(10, dtype=np.float32)[labels], 10)
    network = training.train(
        convnets.init_convnet(rng), convnets.cost_and_gradient, batches,
        optimizer=Adam(0.01), epochs=60, rng=rng,
    )  # fmt: skip
    assert (convnets.predict(network, x, size=3) == labels).all()


def test_kernels_that_leave_no_image_are_refused():
    with pytest.raises(ValueError, match="leave no image"):
        convnets.init_convnet(np.random.default_rng(0), size=20)


def one_pixel_images(count):
    images = np.zeros((count, 28, 28), np.float32)
    images[np.arange(count), 14, 5 + np.arange(count)] = 1
    return images.reshape(count, 784)


def test_shifted_images_keep_their_targets_and_shift_independently():
    x, y = one_pixel_images(11), np.eye(11, dtype=np.float32)
    shifts, together = set(), 0
    for seed in range(40):
        for found, targets in convnets.ShiftedImages(x, y, 4).epoch(np.random.default_rng(seed)):
            rows, columns = np.divmod(found.argmax(axis=1), 28)
            moved = list(zip(columns - 5 - targets.argmax(axis=1), rows - 14, strict=True))
            assert (found.sum(axis=1) == 1).all()
            together += len(moved) > 1 and len(set(moved)) == 1
            shifts |= set(moved)
    assert shifts == {(dx, dy) for dx in (-1, 0, 1) for dy in (-1, 0, 1)}
    assert together < 12  # of 120 batches


def test_a_reach_of_zero_shifts_nothing():
    x, y = one_pixel_images(11), np.eye(11, dtype=np.float32)
    shifted = convnets.ShiftedImages(x, y, 4, reach=0).epoch(np.random.default_rng(0))
    plain = Minibatches(x, y, 4).epoch(np.random.default_rng(0))
    for both in zip(shifted, plain, strict=True):
        for found, expected in zip(*both, strict=True):
            np.testing.assert_array_equal(found, expected)
