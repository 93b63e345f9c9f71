"""Functions built from step neurons keep the bounds that the chapter proves."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from weighted_sums import universality
from weighted_sums.universality import bump_layers, evaluate, staircase, step_layer, tower


def wave(steepest, phase):
    return lambda x: np.sin(steepest * x + phase)  # nowhere steeper than steepest


@given(
    steepest=st.floats(0.1, 8),
    phase=st.floats(0, 6),
    low=st.floats(-3, 0),
    length=st.floats(0.5, 3),
    pieces=st.integers(1, 60),
)
def test_a_staircase_of_steep_steps_keeps_the_error_bound(steepest, phase, low, length, pieces):
    f, high = wave(steepest, phase), low + length
    x = np.linspace(low, high, 777)
    edges = np.linspace(low, high, pieces + 1)
    x = x[np.abs(x[:, None] - edges).min(axis=1) > 1e-4]  # a sigmoid is half way up at an edge
    y = evaluate(staircase(f, low, high, pieces, steepness=1e6), x)
    assert np.abs(y - f(x)).max() <= steepest * length / (2 * pieces) + 1e-9


def test_a_bump_is_high_inside_and_zero_outside():
    inside, outside = np.linspace(0.35, 0.55), np.r_[np.linspace(-1, 0.25), np.linspace(0.65, 2)]
    layers = bump_layers(0.3, 0.6, 2.0, steepness=300.0)
    np.testing.assert_allclose(evaluate(layers, inside), 2, atol=1e-5)
    np.testing.assert_allclose(evaluate(layers, outside), 0, atol=1e-5)


def test_a_step_is_half_way_up_at_its_edge():
    edges = np.array([-0.5, 0.25, 3.0])
    W, b = step_layer(edges, steepness=7.0)
    np.testing.assert_allclose(W[:, 0] * edges + b, 0)


def test_one_stair_is_a_constant():
    y = evaluate(staircase(np.square, 0.0, 1.0, 1, 50.0), np.linspace(0, 1, 5))
    np.testing.assert_allclose(y, 0.25)


def test_a_tower_stands_on_its_rectangle_only():
    grid = np.array([[x, y] for x in (0.1, 0.4, 0.9) for y in (0.2, 0.7)])
    found = tower(grid, (0.2, 0.5), (0.4, 0.4), steepness=100.0).round()
    np.testing.assert_array_equal(found, [0, 0, 0, 1, 0, 0])
    on_its_wall = tower(np.array([[0.2, 0.7]]), (0.2, 0.5), (0.4, 0.4), steepness=100.0)
    np.testing.assert_allclose(on_its_wall, 0.5, atol=1e-5)


@pytest.mark.parametrize(("low", "high", "pieces"), [(1.0, 1.0, 3), (1.0, 0.0, 3), (0.0, 1.0, 0)])
def test_an_impossible_staircase_is_refused(low, high, pieces):
    with pytest.raises(ValueError, match=f"cannot build {pieces} stairs from {low} to {high}"):
        universality.staircase(np.sin, low, high, pieces, 10.0)


@pytest.mark.usefixtures("without_shape_checks")
@pytest.mark.parametrize("f", [lambda x: 1.0, lambda x: x[:1], lambda x: x * np.nan])
def test_a_curve_without_a_finite_height_at_each_point_is_refused(f):
    with pytest.raises(ValueError, match="f must give 5 finite heights at once"):
        universality.staircase(f, 0.0, 1.0, 5, 100.0)
