"""One walk through nested parameters, and one vector for all of them."""

import numpy as np
import pytest

from weighted_sums import networks
from weighted_sums.networks import Layer
from weighted_sums.workshop import parameters


def network():
    return networks.init_network([5, 3, 2], np.random.default_rng(0))


def test_leaves_are_the_arrays_themselves_in_order():
    net = network()
    assert [id(leaf) for leaf in parameters.leaves(net)] == [
        id(net[0].W),
        id(net[0].b),
        id(net[1].W),
        id(net[1].b),
    ]


def test_a_vector_holds_each_row_of_weights_and_then_the_biases():
    net = [Layer(np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([5.0, 6.0]))]
    assert parameters.flatten(net).tolist() == [1, 2, 3, 4, 5, 6]


def test_unflatten_undoes_flatten_and_keeps_the_structure():
    net = network()
    again = parameters.unflatten(parameters.flatten(net), like=net)
    assert isinstance(again, list)
    assert all(isinstance(layer, Layer) for layer in again)
    for old, new in zip(parameters.leaves(net), parameters.leaves(again), strict=True):
        assert np.array_equal(old, new)
        assert old.dtype == new.dtype
        assert not np.shares_memory(old, new)


def test_tuples_and_lists_may_be_nested():
    tree = ([np.zeros(2)], (np.ones((1, 2)), [np.ones(3)]))
    again = parameters.unflatten(np.arange(7.0), like=tree)
    assert type(again) is tuple
    assert type(again[1]) is tuple
    assert again[1][0].tolist() == [[2, 3]]


def test_a_vector_of_the_wrong_length_is_refused():
    with pytest.raises(ValueError, match="25 numbers cannot fill a structure of 26"):
        parameters.unflatten(np.zeros(25), like=network())


def test_what_is_no_parameter_is_refused():
    with pytest.raises(TypeError, match="not str"):
        parameters.leaves([np.zeros(2), "bias"])


def test_a_copy_can_be_changed_without_changing_the_original():
    net = network()
    twin = parameters.copy(net)
    twin[0].W[0, 0] = 99
    assert net[0].W[0, 0] != 99
