"""Descent follows the gradient downhill, and records its path."""

import numpy as np
import pytest

from weighted_sums.descent import GradientDescent, descend


def test_descent_on_a_parabola_multiplies_the_distance_by_one_minus_learning_rate_times_curvature():
    path = descend(lambda x: 3.0 * x, np.array([2.0]), GradientDescent(0.1), steps=4)
    np.testing.assert_allclose(path[:, 0], 2 * 0.7 ** np.arange(5), rtol=1e-15)


def test_descend_leaves_the_initial_point_alone():
    initial = np.array([1.0, 2.0])
    descend(lambda x: x, initial, GradientDescent(0.5), steps=3)
    assert np.array_equal(initial, [1.0, 2.0])


def test_a_schedule_sets_the_learning_rate_of_each_step():
    path = descend(
        lambda x: np.ones_like(x), np.array([0.0]), GradientDescent(lambda step: 1 / step), steps=3
    )
    np.testing.assert_allclose(path[:, 0], [0, -1, -3 / 2, -11 / 6])


@pytest.mark.usefixtures("without_shape_checks")
def test_a_gradient_that_is_no_function_is_refused():
    with pytest.raises(TypeError, match="gradient must be a function"):
        descend(np.ones(1), np.ones(1), GradientDescent(0.1), steps=1)


def test_each_step_is_counted():
    optimizer = GradientDescent(0.1)
    assert descend(lambda x: x, np.ones(2), optimizer, steps=3).shape == (4, 2)
    assert optimizer.steps == 3
