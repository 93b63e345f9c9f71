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


def test_feature_maps_are_those_of_the_forward_pass():
    rng = np.random.default_rng(3)
    network = convnets.init_convnet(rng, kernels=(2, 3), dtype=np.float64)
    x = rng.random((5, 784))
    first, second = convnets.feature_maps(network, x)
    assert first.shape == (2, 12, 12) and second.shape == (3, 4, 4)
    _, (_, _, features) = convnets.forward(network, x)
    np.testing.assert_array_equal(second.ravel(), features[0])


@pytest.mark.parametrize("size", [1, 25])
def test_occlusion_is_the_probability_with_a_grey_square_over_the_image(size):
    rng = np.random.default_rng(4)
    network = convnets.init_convnet(rng, kernels=(1, 1), dtype=np.float64)
    image = rng.random(784)
    found = convnets.occlusion(network, image, 7, size)
    assert found.shape == (29 - size, 29 - size)
    for i, j in ((0, 0), (2, 3), (28 - size, 28 - size)):
        covered = image.reshape(28, 28).copy()
        covered[i : i + size, j : j + size] = 0.5
        z = convnets.logits(network, covered.reshape(1, -1))[0]
        assert found[i, j] == pytest.approx(np.exp(z[7]) / np.exp(z).sum(), rel=1e-12)


def test_weights_have_the_variance_that_suits_relu():
    network = convnets.init_convnet(np.random.default_rng(5), kernels=(64, 64))
    for W in (network.conv_1.W, network.conv_2.W, network.output.W):
        assert W.std() == pytest.approx(np.sqrt(2 / W[0].size), rel=0.05)


def test_one_kernel_of_one_pixel_and_one_pixel_that_is_left_are_enough():
    for kernels, size, features in (((1, 1), 1, 49), ((1, 1), 9, 1), ((2, 3), 4, 48)):
        network = convnets.init_convnet(np.random.default_rng(6), kernels, size)
        assert network.output.W.shape == (10, features)
        assert convnets.logits(network, np.ones((2, 784), np.float32)).shape == (2, 10)


def test_a_neuron_at_zero_passes_no_gradient():
    network = convnets.init_convnet(np.random.default_rng(7), (2, 3), dtype=np.float64)
    _, gradient = convnets.cost_and_gradient(network, np.zeros((1, 784)), np.eye(10)[:1])
    # all weighted sums are 0 on a black image: what is after the ReLU learns nothing
    assert not gradient.conv_1.b.any() and not gradient.conv_2.b.any()
    assert gradient.output.b.any()
