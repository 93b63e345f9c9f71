"""The figures on networks show what their captions say."""

import numpy as np
import pytest

from weighted_sums.figures import networks as figures
from weighted_sums.figures.style import INPUT, NEGATIVE, POSITIVE
from weighted_sums.networks import init_network

IMAGE = np.zeros(784)
LAYERS = [np.full(6, 0.5), np.full(4, 0.5), np.linspace(0, 1, 10)]


@pytest.mark.parametrize(
    ("sign", "shown", "absent"), [(1, POSITIVE, NEGATIVE), (-1, NEGATIVE, POSITIVE)]
)
def test_a_line_that_adds_is_blue_and_one_that_takes_away_is_red(sign, shown, absent):
    svg = figures.flow(IMAGE, LAYERS, sign * np.ones(4), 3).svg
    assert svg.count(shown) == 4
    assert absent not in svg


def test_only_the_pixels_have_the_colour_of_inputs_in_the_strip_of_shapes():
    network = init_network([784, 16, 12, 10], np.random.default_rng(0))
    assert figures.shapes(network).svg.count(INPUT) == 1


def test_each_row_of_the_weights_gets_an_image():
    weights = np.random.default_rng(0).standard_normal((9, 784))
    assert figures.templates(weights, limit=2.0).svg.count("<image") == 9


def test_each_network_gets_a_dot():
    few, many = (
        figures.accuracies(np.full(n, 0.1), np.full(3, 0.9), chance=0.1).svg for n in (5, 9)
    )
    assert many.count("<use") - few.count("<use") == 4


def test_each_seed_joins_a_control_to_a_network():
    few, many = (
        figures.control(np.linspace(0.88, 0.89, n), np.linspace(0.89, 0.9, n)).svg for n in (3, 6)
    )
    assert many.count("<use") - few.count("<use") == 2 * 3
