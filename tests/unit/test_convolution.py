"""Convolution and pooling are PyTorch's, forward and backward, and refuse what does not fit."""

import inspect
import itertools

import numpy as np
import pytest
import torch
from torch.nn import functional

from weighted_sums.convolution import convolve, convolve_backward, max_pool, max_pool_backward
from weighted_sums.gradient_check import directional_difference
from weighted_sums.workshop.parameters import flatten, unflatten

RNG = np.random.default_rng(0)
CASES = [
    (stride, padding, kernel, size)
    for stride, padding, kernel, size in itertools.product(
        (1, 2, 3), (0, 1, 2), ((1, 1), (3, 3), (2, 5), (5, 4)), ((5, 7), (8, 8))
    )
    if all(k <= s + 2 * padding for k, s in zip(kernel, size, strict=True))
]


@pytest.mark.parametrize(("stride", "padding", "kernel", "size"), CASES)
def test_results_and_gradients_are_pytorchs(stride, padding, kernel, size):
    x, W, b = RNG.normal(size=(2, 3, *size)), RNG.normal(size=(4, 3, *kernel)), RNG.normal(size=4)
    z, cache = convolve(x, W, b, stride, padding)
    tensors = [torch.tensor(array, requires_grad=True) for array in (x, W, b)]
    expected = functional.conv2d(*tensors, stride=stride, padding=padding)
    np.testing.assert_allclose(z, expected.detach().numpy(), rtol=1e-10, atol=1e-12)
    dz = RNG.normal(size=z.shape)
    expected.backward(torch.tensor(dz))
    for found, tensor in zip(convolve_backward(dz, cache), tensors, strict=True):
        np.testing.assert_allclose(found, tensor.grad.numpy(), rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize(("stride", "padding"), [(1, 0), (2, 1), (3, 2)])
def test_gradients_predict_a_step_in_a_random_direction(stride, padding):
    like = [RNG.normal(size=s) for s in ((2, 3, 7, 9), (4, 3, 3, 2), (4,))]
    z, cache = convolve(*like, stride, padding)
    y, pooled = max_pool(z, 2)
    dy = RNG.normal(size=y.shape)

    def cost(theta):
        z, _ = convolve(*unflatten(theta, like), stride, padding)
        return float((max_pool(z, 2)[0] * dy).sum())

    grads = flatten(list(convolve_backward(max_pool_backward(dy, pooled), cache)))
    direction = RNG.normal(size=grads.shape)
    measured = directional_difference(cost, flatten(like), direction)
    assert grads @ direction == pytest.approx(measured, rel=1e-6)


def test_a_kernel_is_a_template_that_slides():
    x = np.zeros((1, 1, 4, 4))
    x[0, 0, 1, 2] = 1.0
    W = np.arange(4.0).reshape(1, 1, 2, 2)
    z, _ = convolve(x, W, np.zeros(1))
    np.testing.assert_array_equal(z[0, 0], [[0, 3, 2], [0, 1, 0], [0, 0, 0]])


@pytest.mark.parametrize(("size", "shape"), [(1, (4, 4)), (2, (4, 6)), (2, (5, 7)), (3, (9, 10))])
def test_pooling_and_its_gradient_are_pytorchs(size, shape):
    x = RNG.normal(size=(2, 3, *shape))
    y, cache = max_pool(x, size)
    tensor = torch.tensor(x, requires_grad=True)
    expected = functional.max_pool2d(tensor, size)
    np.testing.assert_array_equal(y, expected.detach().numpy())
    dy = RNG.normal(size=y.shape)
    expected.backward(torch.tensor(dy))
    np.testing.assert_array_equal(max_pool_backward(dy, cache), tensor.grad.numpy())


def test_of_equal_entries_one_gets_the_gradient():
    y, cache = max_pool(np.ones((1, 1, 2, 2)), 2)
    assert y.tolist() == [[[[1.0]]]]
    assert sorted(max_pool_backward(np.ones((1, 1, 1, 1)), cache).ravel()) == [0, 0, 0, 1]


def test_the_dtype_stays():
    x, W, b = (RNG.normal(size=s).astype(np.float32) for s in ((1, 1, 5, 5), (2, 1, 3, 3), (2,)))
    z, cache = convolve(x, W, b, padding=1)
    y, pooled = max_pool(z, 2)
    dx, dW, db = convolve_backward(max_pool_backward(np.ones_like(y), pooled), cache)
    assert {a.dtype for a in (z, y, dx, dW, db)} == {np.dtype(np.float32)}


@pytest.mark.parametrize(
    ("x", "W", "b", "options", "told"),
    [
        ((1, 2, 5, 5), (4, 3, 3, 3), 4, {}, r"do not fit images \(1, 2, 5, 5\)|channel="),
        ((1, 3, 5, 5), (4, 3, 3, 3), 3, {}, r"biases \(3,\) do not fit|kernel="),
        ((1, 3, 5, 5), (4, 3, 6, 6), 4, {}, r"kernel of \(6, 6\) is larger than .* \(5, 5\)"),
        ((1, 3, 5, 5), (4, 3, 3, 3), 4, {"stride": 0}, "the stride must be a whole number"),
        ((1, 3, 5, 5), (4, 3, 3, 3), 4, {"padding": -1}, "padding must be a whole number"),
    ],
)
def test_what_does_not_fit_is_refused_by_name(x, W, b, options, told):
    # in the tests, shapes that contradict each other are refused by their annotations first
    with pytest.raises((ValueError, TypeError), match=told):
        convolve(np.ones(x), np.ones(W), np.ones(b), **options)


def test_a_window_that_does_not_fit_and_gradients_of_another_shape_are_refused():
    with pytest.raises(ValueError, match="a window of 6 does not fit"):
        max_pool(np.ones((1, 1, 5, 5)), 6)
    _, cache = max_pool(np.ones((1, 1, 4, 4)), 2)
    with pytest.raises(ValueError, match="must have the same shape"):
        max_pool_backward(np.ones((1, 1, 2, 1)), cache)
    _, cache = convolve(np.ones((1, 1, 4, 4)), np.ones((2, 1, 2, 2)), np.zeros(2))
    with pytest.raises(ValueError, match="must have the same shape"):
        convolve_backward(np.ones((1, 2, 2, 2)), cache)


def test_one_kernel_of_one_weight_scales_an_image():
    x = np.arange(12.0).reshape(1, 1, 3, 4)
    z, cache = convolve(x, np.full((1, 1, 1, 1), 2.0), np.zeros(1))
    np.testing.assert_array_equal(z, 2 * x)
    dx, dW, db = convolve_backward(np.ones_like(z), cache)
    assert dW.item() == x.sum() and db.item() == 12
    np.testing.assert_array_equal(dx, np.full_like(x, 2))


def test_the_first_of_equal_entries_is_the_largest_and_is_named_by_its_number():
    _, cache = max_pool(np.ones((1, 1, 2, 4)), 2)
    assert cache.largest.dtype.kind == "i"
    np.testing.assert_array_equal(cache.largest, 0)


@pytest.mark.parametrize("shape", [(1, 9), (9, 1)])
def test_a_window_must_fit_both_ways(shape):
    with pytest.raises(ValueError, match="a window of 2 does not fit"):
        max_pool(np.ones((1, 1, *shape)), 2)


@pytest.mark.parametrize(
    ("W", "b", "options", "told"),
    [
        ((2, 1, 3, 3), 3, {}, "biases"),
        ((2, 1, 7, 7), 2, {"padding": 1}, r"larger than the padded image, \(6, 6\)"),
    ],
)
def test_each_misfit_is_refused_by_itself(W, b, options, told):
    # without the annotations, as a reader runs it
    with pytest.raises(ValueError, match=told):
        inspect.unwrap(convolve)(np.ones((1, 1, 4, 4)), np.ones(W), np.zeros(b), **options)
