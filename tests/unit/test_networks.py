"""Layers and networks agree with torch, example by example, and have the parameters counted."""

from itertools import pairwise

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from weighted_sums import neurons
from weighted_sums.networks import (
    Layer,
    activations,
    affine,
    count_parameters,
    feedforward,
    init_network,
    predict,
)

SIZES = [7, 5, 3, 2]  # all different, so that swapped axes cannot pass
EXAMPLES = 11

sizes = st.lists(st.integers(1, 9), min_size=2, max_size=5)
seeds = st.integers(0, 2**32 - 1)


@pytest.fixture
def rng():
    return np.random.default_rng(0)


@pytest.fixture
def network(rng):
    return init_network(SIZES, rng, dtype=np.float64)


@pytest.fixture
def x(rng):
    return rng.standard_normal((EXAMPLES, SIZES[0]))


def torch_twin(network):
    layers = []
    for W, b in network:
        linear = torch.nn.Linear(W.shape[1], W.shape[0], dtype=torch.float64)
        linear.weight.data, linear.bias.data = torch.from_numpy(W), torch.from_numpy(b)
        layers += [linear, torch.nn.Sigmoid()]
    return torch.nn.Sequential(*layers)


def test_a_network_agrees_with_torch(network, x):
    expected = torch_twin(network)(torch.from_numpy(x)).detach().numpy()
    np.testing.assert_allclose(feedforward(network, x), expected, atol=1e-14)


def test_affine_agrees_with_torch(network, x):
    W, b = network[0]
    expected = torch.nn.functional.linear(*map(torch.from_numpy, (x, W, b))).numpy()
    np.testing.assert_allclose(affine(x, W, b), expected, atol=1e-14)


def test_a_layer_is_its_neurons_side_by_side(network, x):
    W, b = network[0]
    one_by_one = [neurons.neuron(x, w, bias) for w, bias in zip(W, b, strict=True)]
    np.testing.assert_allclose(activations(network, x)[1], np.column_stack(one_by_one), atol=1e-14)


def test_the_column_of_mathematics_and_the_row_of_code_agree(network, x):
    W, b = network[0]
    np.testing.assert_allclose(affine(x[3], W, b), W @ x[3] + b, atol=1e-14)


@given(sizes, seeds)
def test_the_examples_of_a_batch_are_independent(sizes, seed):
    rng = np.random.default_rng(seed)
    network = init_network(sizes, rng, dtype=np.float64)
    x = rng.standard_normal((EXAMPLES, sizes[0]))
    together, alone = feedforward(network, x), [feedforward(network, row) for row in x]
    np.testing.assert_allclose(together, alone, atol=1e-13)


def test_each_layer_gets_the_activations_of_the_one_before(network, x):
    a = activations(network, x)
    assert a[0] is x
    for (W, b), before, after in zip(network, a[:-1], a[1:], strict=True):
        np.testing.assert_allclose(after, 1 / (1 + np.exp(-(before @ W.T + b))), atol=1e-14)


def test_activations_have_a_column_for_each_neuron(network, x):
    assert [a.shape for a in activations(network, x)] == [(EXAMPLES, n) for n in SIZES]
    assert [a.shape for a in activations(network, x[0])] == [(n,) for n in SIZES]


@given(arrays.arrays(np.float64, (4, 3), elements=st.floats(-1e6, 1e6)))
def test_outputs_stay_between_0_and_1_for_any_input(x):
    a = feedforward(init_network([3, 5, 2], np.random.default_rng(1), dtype=np.float64), x)
    assert np.isfinite(a).all()
    assert ((a >= 0) & (a <= 1)).all()


def test_predict_returns_the_index_of_the_largest_output(x):
    W = np.zeros((4, SIZES[0]))
    W[2] = x[5] * 10
    network = [Layer(W, np.zeros(4))]
    assert predict(network, x[5]) == 2
    assert predict(network, x).shape == (EXAMPLES,)
    np.testing.assert_array_equal(predict(network, x), feedforward(network, x).argmax(axis=1))


@given(sizes, seeds)
def test_layers_without_an_activation_function_collapse_into_one(sizes, seed):
    rng = np.random.default_rng(seed)
    network = init_network(sizes, rng, dtype=np.float64)
    x = rng.standard_normal((3, sizes[0]))
    W, b, through = np.eye(sizes[0]), np.zeros(sizes[0]), x
    for layer in network:
        through = affine(through, *layer)
        W, b = layer.W @ W, layer.W @ b + layer.b
    np.testing.assert_allclose(through, affine(x, W, b), atol=1e-12)


@given(sizes)
def test_the_parameters_counted_are_those_of_a_network(sizes):
    network = init_network(sizes, np.random.default_rng(0))
    count = count_parameters(sizes)
    assert count.weights == sum(W.size for W, _ in network)
    assert count.biases == sum(b.size for _, b in network)
    assert count.total == sum(p.numel() for p in torch_twin_of_sizes(sizes).parameters())


def torch_twin_of_sizes(sizes):
    return torch.nn.Sequential(*(torch.nn.Linear(m, n) for m, n in pairwise(sizes)))


def test_the_network_of_the_book_has_13_002_parameters():
    count = count_parameters([784, 16, 16, 10])
    assert (count.weights, count.biases, count.total) == (12_960, 42, 13_002)


@given(sizes)
def test_row_j_of_the_weights_belongs_to_neuron_j(sizes):
    network = init_network(sizes, np.random.default_rng(0))
    shapes = [(W.shape, b.shape) for W, b in network]
    assert shapes == [((n, m), (n,)) for m, n in pairwise(sizes)]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_dtype_of_the_parameters_is_that_of_the_outputs(rng, dtype):
    network = init_network(SIZES, rng, dtype=dtype)
    assert all(part.dtype == dtype for layer in network for part in layer)
    assert feedforward(network, np.ones(SIZES[0], dtype=dtype)).dtype == dtype


def test_equal_seeds_give_equal_networks_and_other_seeds_others():
    def first_weights(seed):
        return init_network(SIZES, np.random.default_rng(seed))[0].W

    np.testing.assert_array_equal(first_weights(3), first_weights(3))
    assert not np.array_equal(first_weights(3), first_weights(4))


@pytest.mark.parametrize("fan_in", [4, 100, 784])
def test_the_scale_of_weights_depends_on_fan_in_and_that_of_biases_does_not(rng, fan_in):
    ((W, b),) = init_network([fan_in, 5000], rng)
    assert W.std() * np.sqrt(fan_in) == pytest.approx(1, rel=0.03)
    assert b.std() == pytest.approx(1, rel=0.05)
    assert abs(W.mean()) * np.sqrt(fan_in) < 0.03


@pytest.mark.parametrize("bad", [[], [5], [3, 0], [3, -1, 2]])
def test_sizes_of_no_network_are_refused_by_name(rng, bad):
    with pytest.raises(ValueError, match=r"two or more positive layer sizes, not \["):
        init_network(bad, rng)
    with pytest.raises(ValueError, match=r"two or more positive layer sizes, not \["):
        count_parameters(bad)


def test_an_example_of_the_wrong_length_is_refused(network):
    with pytest.raises(Exception, match=r"(?s)affine.*fan_in|mismatch"):
        feedforward(network, np.ones(SIZES[0] + 1))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_weights_that_are_not_scaled_have_standard_deviation_one(rng, dtype):
    ((W, _),) = init_network([400, 500], rng, dtype, scale_init=False)
    assert W.std() == pytest.approx(1, rel=0.02) and W.dtype == dtype


def test_a_prediction_follows_the_hidden_activation(network, x):
    found = predict(network, x, np.sin)
    np.testing.assert_array_equal(found, feedforward(network, x, np.sin).argmax(axis=1))
    assert (found != predict(network, x)).any()


@pytest.mark.usefixtures("without_shape_checks")
def test_biases_that_fit_no_layer_are_refused():
    for b in (np.ones(3), np.ones((2, 1)), np.float64(1)):
        with pytest.raises(ValueError, match="do not fit weights"):
            affine(np.ones((4, 5)), np.ones((2, 5)), b)
