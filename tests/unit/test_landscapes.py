"""The landscapes have the gradients they claim, and the minima that their names promise."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from weighted_sums import landscapes
from weighted_sums.descent import GradientDescent, descend
from weighted_sums.gradient_check import central_difference
from weighted_sums.landscapes import DOUBLE_WELL, RAVINE, SADDLE, TWO_MINIMA, bowl

ALL = {
    "bowl": (bowl(np.array([3.0, 0.5, -2.0])), 3),
    "ravine": (RAVINE, 2),
    "double well": (DOUBLE_WELL, 1),
    "saddle": (SADDLE, 2),
    "two minima": (TWO_MINIMA, 2),
}


def points(dim):
    return arrays(float, dim, elements=st.floats(-2.0, 2.0))


@pytest.mark.parametrize(("landscape", "dim"), ALL.values(), ids=ALL.keys())
@given(data=st.data())
def test_the_gradient_is_that_of_the_height(landscape, dim, data):
    x = data.draw(points(dim))
    numeric = central_difference(lambda x: float(landscape.height(x)), x)
    assert np.allclose(landscape.gradient(x), numeric, atol=1e-7)


@pytest.mark.parametrize(("landscape", "dim"), ALL.values(), ids=ALL.keys())
def test_the_heights_of_a_grid_are_those_of_its_points(landscape, dim):
    grid = np.random.default_rng(0).standard_normal((5, 7, dim))
    heights, gradients = landscape.height(grid), landscape.gradient(grid)
    assert heights.shape == (5, 7) and gradients.shape == (5, 7, dim)
    assert np.isclose(heights[4, 2], landscape.height(grid[4, 2]))
    assert np.allclose(gradients[4, 2], landscape.gradient(grid[4, 2]))


def end(landscape, initial):
    return descend(landscape.gradient, np.array(initial), GradientDescent(0.05), 500)[-1]


def test_the_double_well_has_its_deeper_minimum_on_the_left():
    left, right = end(DOUBLE_WELL, [-0.5]), end(DOUBLE_WELL, [0.5])
    assert left < 0 < right
    assert DOUBLE_WELL.height(left) < DOUBLE_WELL.height(right) - 0.3


def test_of_the_two_minima_the_right_one_is_deeper():
    left, right = end(TWO_MINIMA, [-1.0, -1.0]), end(TWO_MINIMA, [1.0, 1.0])
    assert np.allclose([left, right], landscapes.CENTRES, atol=0.3)
    assert TWO_MINIMA.height(right) < TWO_MINIMA.height(left) - 0.3


def test_the_saddle_is_flat_and_has_a_minimum_on_either_side():
    assert np.allclose(SADDLE.gradient(np.zeros(2)), 0)
    assert np.allclose(end(SADDLE, [1.0, 0.1]), [0, 1])
    assert np.allclose(end(SADDLE, [1.0, -0.1]), [0, -1])
    assert SADDLE.height(np.array([0.0, 1.0])) == -0.5


def test_the_ravine_is_twenty_times_as_steep_across_as_along():
    assert RAVINE.height(np.array([2.0, 0.0])) == 2
    assert RAVINE.height(np.array([0.0, 2.0])) == 40


def test_the_minima_and_their_heights_are_those_of_the_chapter():
    left, right = end(TWO_MINIMA, [-1.0, -1.0]), end(TWO_MINIMA, [1.0, 1.0])
    np.testing.assert_allclose([left, right], [[-0.95, -0.43], [1.1, 0.55]], atol=0.03)
    heights = [TWO_MINIMA.height(point) for point in (left, right)]
    np.testing.assert_allclose(heights, [-0.8, -1.36], atol=0.03)
