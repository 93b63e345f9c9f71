"""The network of the home page and what its board gets."""

import base64

import numpy as np
import pytest

from weighted_sums import data, networks
from weighted_sums.experiments import front


@pytest.fixture(scope="module")
def digits():
    """Some hundred digits, of which the network has seen none."""
    return data.load_digits().test


@pytest.fixture(scope="module")
def network():
    return networks.init_network([784, 16, 16, 10], np.random.default_rng(3))


def test_training_is_repeatable_and_reads_most_of_what_it_has_seen(digits):
    first, second = front.trained(digits), front.trained(digits)
    assert [layer.W.shape for layer in first] == [(16, 784), (16, 16), (10, 16)]
    for one, other in zip(first, second, strict=True):
        np.testing.assert_array_equal(one.W, other.W)
    untrained = networks.init_network([784, 16, 16, 10], np.random.default_rng(0))
    found = [
        (networks.predict(model, digits.images) == digits.labels).mean()
        for model in (untrained, first)
    ]
    assert found[0] < 0.3 and found[1] > 0.5


def test_the_terms_add_up_to_the_weighted_sums(network, digits):
    layers, terms = front.signals(network, digits.images[0])
    assert [a.shape for a in layers] == [(16,), (16,), (10,)]
    for layer, term, a in zip(network[1:], terms, layers[1:], strict=True):
        z = term.sum(axis=1) + layer.b
        np.testing.assert_allclose(1 / (1 + np.exp(-z)), a, rtol=1e-5)


def test_the_board_has_the_network_and_one_image_of_each_digit(network, digits):
    got = front.board(network, digits)
    raw = np.frombuffer(base64.b64decode(got["samples"]["base64"]), np.uint8).reshape(10, 784)
    for digit, image in enumerate(raw):
        same = np.abs(digits.images - image / 255).max(axis=1) < 1 / 255
        assert digits.labels[same][0] == digit
    weights = got["layers"][1]["W"]
    packed = np.frombuffer(base64.b64decode(weights["base64"]), "<f2").reshape(weights["shape"])
    np.testing.assert_allclose(packed, network[1].W, rtol=1e-3, atol=1e-6)
    assert set(got["presets"]["a triangle"]) == {"sample", "strokes"}
