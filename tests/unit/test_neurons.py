"""A neuron computes its equations for every number, and agrees with torch."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from weighted_sums import neurons

NUMBERS = hnp.arrays(np.float64, (3, 5), elements=st.floats(-40, 40))
TORCH = {"sigmoid": torch.sigmoid, "tanh": torch.tanh, "relu": torch.relu}


def test_a_weighted_sum_is_products_added_up():
    x, w = np.array([1.0, 0.5, 0.0]), np.array([2.0, -4.0, 7.0])
    assert neurons.weighted_sum(x, w, 0.25) == 2.0 - 2.0 + 0.25


def test_examples_are_rows():
    x, w = np.arange(12.0).reshape(4, 3), np.array([1.0, 0.0, -1.0])
    np.testing.assert_array_equal(neurons.weighted_sum(x, w, 5.0), [3.0, 3.0, 3.0, 3.0])


@pytest.mark.parametrize("name", TORCH)
@given(z=NUMBERS)
def test_activation_functions_and_their_derivatives_agree_with_torch(name, z):
    ours, leaf = neurons.ACTIVATIONS[name], torch.tensor(z, requires_grad=True)
    theirs = TORCH[name](leaf)
    theirs.sum().backward()
    np.testing.assert_allclose(ours.function(z), theirs.detach(), rtol=1e-12, atol=1e-15)
    np.testing.assert_allclose(ours.derivative(z), leaf.grad, rtol=1e-10, atol=1e-14)
    np.testing.assert_allclose(
        ours.grad_from_output(ours.function(z)), leaf.grad, rtol=1e-10, atol=1e-14
    )


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_sigmoid_never_overflows_and_keeps_the_dtype(dtype):
    z = np.array([-1e30, -1000, 0, 1000, 1e30], dtype=dtype)
    with np.errstate(all="raise", under="ignore"):
        a = neurons.sigmoid(z)
    assert a.dtype == dtype
    np.testing.assert_array_equal(a, [0, 0, 0.5, 1, 1])


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_every_activation_function_and_derivative_keeps_the_dtype(dtype):
    z = np.array([-2, 0, 3], dtype=dtype)
    for name, activation in neurons.ACTIVATIONS.items():
        assert activation.function(z).dtype == activation.derivative(z).dtype == dtype, name
    assert neurons.heaviside(z).dtype == dtype


@given(z=NUMBERS)
def test_the_sigmoid_is_steepest_at_zero(z):
    assert neurons.sigmoid_prime(z).max() <= neurons.sigmoid_prime(np.float64(0)) == 0.25


@given(z=hnp.arrays(np.float64, 5, elements=st.floats(1e-3, 30)), sign=st.sampled_from([-1, 1]))
def test_a_sigmoid_with_huge_weights_is_a_perceptron(z, sign):
    np.testing.assert_allclose(
        neurons.sigmoid(1e6 * sign * z), neurons.heaviside(sign * z), atol=1e-12
    )


@given(z=st.floats(-30, 30))
def test_tanh_is_a_stretched_sigmoid(z):
    z = np.float64(z)
    assert neurons.tanh(z) == pytest.approx(2 * neurons.sigmoid(2 * z) - 1, abs=1e-12)


@given(z=st.floats(-30, 30))
def test_a_sigmoid_and_its_mirror_add_up_to_one(z):
    z = np.float64(z)
    assert neurons.sigmoid(z) + neurons.sigmoid(-z) == pytest.approx(1)


def test_a_perceptron_fires_only_above_zero():
    np.testing.assert_array_equal(neurons.heaviside(np.array([-1.0, 0.0, 1e-9])), [0, 0, 1])


def test_a_neuron_applies_its_activation_function_to_its_weighted_sum():
    x, w = np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([0.5, -0.5])
    np.testing.assert_allclose(neurons.neuron(x, w, 1.0), neurons.sigmoid(np.array([0.5, 0.5])))
    assert neurons.neuron(x[0], w, 1.0, activation=neurons.heaviside) == 1


def test_a_bar_filter_compares_the_bar_with_the_frame_around_it():
    w = neurons.bar_filter(slice(5, 7), slice(8, 20)).reshape(28, 28)
    image = np.random.default_rng(0).random((28, 28))
    frame = np.zeros((28, 28), bool)
    frame[3:9, 6:22] = True
    frame[5:7, 8:20] = False
    expected = image[5:7, 8:20].mean() - image[frame].mean()
    assert neurons.weighted_sum(image.ravel(), w.ravel(), 0.0) == pytest.approx(expected)
    assert w.sum() == pytest.approx(0)


def test_a_bar_filter_is_cut_off_at_the_border():
    w = neurons.bar_filter(slice(0, 2), slice(0, 28)).reshape(28, 28)
    assert w[:2].min() > 0 > w[2:4].max()
    assert (w[4:] == 0).all()


def test_an_impossible_bar_filter_is_refused():
    with pytest.raises(ValueError, match="hold no pixel"):
        neurons.bar_filter(slice(30, 32), slice(0, 5))
    with pytest.raises(ValueError, match="fills the image"):
        neurons.bar_filter(slice(0, 28), slice(0, 28))


def test_the_bar_and_its_surround_have_equal_weights_each_also_at_the_border():
    w = neurons.bar_filter(slice(0, 2), slice(0, 5), margin=1, side=6).reshape(6, 6)
    expected = np.zeros((6, 6))
    expected[:3] = -1 / 8
    expected[:2, :5] = 1 / 10
    np.testing.assert_allclose(w, expected)
