"""Initial weights with the right gain keep the mean square of activations through many layers."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from weighted_sums import networks, neurons
from weighted_sums.initialization import init_with_gain


@given(st.floats(0.1, 10), st.integers(0, 5))
def test_the_weights_are_those_of_init_network_times_the_root_of_the_gain(gain, seed):
    sizes = [7, 5, 3]
    found = init_with_gain(sizes, np.random.default_rng(seed), gain, np.float64)
    drawn = networks.init_network(sizes, np.random.default_rng(seed), np.float64)
    for layer, plain in zip(found, drawn, strict=True):
        np.testing.assert_allclose(layer.W, plain.W * gain**0.5, rtol=1e-12)


def test_biases_are_zero_and_have_the_shape_of_the_layer():
    for layer, size in zip(
        init_with_gain([7, 5, 3], np.random.default_rng(0)), (5, 3), strict=True
    ):
        np.testing.assert_array_equal(layer.b, np.zeros(size))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_network_has_the_dtype_asked_for(dtype):
    for layer in init_with_gain([7, 5, 3], np.random.default_rng(0), dtype=dtype):
        assert layer.W.dtype == layer.b.dtype == dtype


@pytest.mark.parametrize(("gain", "ratio"), [(1.0, 0.5), (2.0, 1.0), (4.0, 2.0)])
def test_each_relu_layer_multiplies_the_mean_square_by_half_the_gain(gain, ratio):
    rng = np.random.default_rng(0)
    network = init_with_gain([400] * 7, rng, gain, np.float64)
    a = networks.activations(network, rng.normal(size=(50, 400)), neurons.relu, neurons.relu)
    mean_square = [np.square(layer).mean() for layer in a]
    assert (mean_square[-1] / mean_square[0]) ** (1 / 6) == pytest.approx(ratio, rel=0.1)


@pytest.mark.parametrize("gain", [0, -2.0, float("nan")])
def test_a_gain_that_is_not_positive_is_refused(gain):
    with pytest.raises(ValueError, match="gain"):
        init_with_gain([3, 2], np.random.default_rng(0), float(gain))


def test_the_gain_is_that_of_a_relu_unless_another_is_given():
    plain, doubled = (
        init_with_gain([7, 5], np.random.default_rng(0), *gain)[0].W for gain in ((), (2.0,))
    )
    np.testing.assert_array_equal(plain, doubled)
