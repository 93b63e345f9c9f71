"""A correct gradient passes the check, and a wrong one does not."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from weighted_sums import gradient_check

A, D = np.array([2.0, -1.0, 0.5]), np.array([0.3, 0.4, -1.0])


def cubic(x):
    return float((A * x * x * x).sum())


@given(st.integers(0, 2**32 - 1))
def test_central_differences_are_the_gradient_of_a_cubic(seed):
    a, b, x = np.random.default_rng(seed).normal(size=(3, 4))
    found = gradient_check.central_difference(lambda x: float((a * x * x * x + b * x).sum()), x)
    np.testing.assert_allclose(found, 3 * a * x * x + b, rtol=1e-6, atol=1e-7)


def test_central_differences_of_float32_take_a_larger_nudge():
    x = np.array([0.5, 2.0], np.float32)
    found = gradient_check.central_difference(lambda x: float((x * x * x).sum()), x)
    np.testing.assert_allclose(found, 3 * x * x, rtol=1e-3)


def test_the_derivative_along_a_direction_is_the_weighted_sum_of_the_gradient():
    x = np.array([1.0, -2.0, 0.5])
    found = gradient_check.directional_difference(cubic, x, D)
    assert found == pytest.approx((3 * A * x * x) @ D, rel=1e-9)


def test_a_direction_that_is_twice_as_long_has_twice_the_derivative():
    x = np.array([1.0, -2.0, 0.5])
    once, twice = (gradient_check.directional_difference(cubic, x, d) for d in (D, 2 * D))
    assert twice == pytest.approx(2 * once, rel=1e-8)


def test_the_relative_error_ignores_the_scale_and_notices_the_sign():
    g = np.array([1e-6, 2e-6])
    assert gradient_check.relative_error(g, g) == 0
    assert gradient_check.relative_error(g, -g) == 1
    assert gradient_check.relative_error(g, 1.01 * g) == pytest.approx(0.01 / 2.01)
    assert gradient_check.relative_error(np.zeros(2), np.zeros(2)) == 0


@pytest.mark.parametrize("size", [1e-8, 1.0, 1e6, 1e12])
def test_a_direction_is_stepped_along_relative_to_the_point(size):
    x = size * np.array([1.0, -2.0, 0.5])
    found = gradient_check.directional_difference(lambda x: float(x @ x), x, D)
    assert found == pytest.approx(2 * x @ D, rel=1e-6, abs=1e-9)


@pytest.mark.parametrize("size", [1e-320, 1e-200, 1.0, 1e200])
def test_the_relative_error_neither_underflows_nor_overflows(size):
    g = size * np.array([3.0, 4.0])
    assert gradient_check.relative_error(g, 3 * g) == pytest.approx(0.5, rel=1e-2)
    large = np.full(3, 1e30, np.float32)
    assert gradient_check.relative_error(large, -large) == 1


@pytest.mark.usefixtures("without_shape_checks")
def test_other_shapes_and_what_is_no_function_are_refused():
    with pytest.raises(ValueError, match="must have the same shape"):
        gradient_check.relative_error(np.ones(3), np.ones((3, 1)))
    with pytest.raises(ValueError, match="must have the same shape"):
        gradient_check.directional_difference(cubic, np.ones(3), np.ones(1))
    with pytest.raises(TypeError, match="f must be a function, not float 3.0"):
        gradient_check.directional_difference(3.0, np.ones(3), np.ones(3))


def nudges(x, **given):
    seen = []
    gradient_check.central_difference(lambda x: seen.append(x.copy()) or 0.0, x, **given)
    return (np.array(seen[::2]) - np.array(seen[1::2])).max(axis=1) / 2


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_nudge_is_the_cube_root_of_the_precision_and_grows_with_large_entries(dtype):
    x = np.array([0.5, -8.0, 0.0], dtype)
    wanted = np.finfo(dtype).eps ** (1 / 3) * np.array([1, 8, 1])
    np.testing.assert_allclose(nudges(x), wanted, rtol=0.02)
    np.testing.assert_allclose(nudges(x, h=0.25), 0.25)


@pytest.mark.parametrize("h", [0.0, -1.0, np.inf, np.nan])
def test_a_nudge_that_is_none_is_refused(h):
    with pytest.raises(ValueError, match="a positive step, not shape"):
        gradient_check.central_difference(cubic, np.ones(3), h)


@pytest.mark.usefixtures("without_shape_checks")
def test_a_table_of_parameters_is_no_vector():
    with pytest.raises(ValueError, match=r"expected a vector .* not shape \(2, 3\)"):
        gradient_check.central_difference(cubic, np.ones((2, 3)))


def test_a_nudge_along_a_direction_is_the_length_of_the_step():
    seen = []
    x, h = np.array([30.0, -40.0]), 0.5
    gradient_check.directional_difference(
        lambda x: seen.append(x.copy()) or 0.0, x, np.array([0.6, 0.8]), h
    )
    np.testing.assert_allclose(seen[0] - seen[1], 2 * h * np.array([0.6, 0.8]))


def test_the_derivative_along_a_direction_of_zeros_is_0():
    assert gradient_check.directional_difference(cubic, np.ones(3), np.zeros(3)) == 0
    nothing = np.ones(0)
    assert gradient_check.directional_difference(lambda x: 1.0, nothing, nothing) == 0
    assert gradient_check.relative_error(nothing, nothing) == 0


@pytest.mark.parametrize(
    ("x", "d", "scale"),
    [([30.0, -40.0], [0.6, 0.8], 50), ([0.5], [0.001], 500), ([0.1], [2.0], 1), ([0.0], [0.5], 1)],
)
def test_the_nudge_along_a_direction_grows_with_the_point_and_not_with_the_direction(x, d, scale):
    seen = []
    x, d = np.array(x), np.array(d)
    gradient_check.directional_difference(lambda x: seen.append(x.copy()) or 0.0, x, d)
    h = np.finfo(float).eps ** (1 / 3)
    np.testing.assert_allclose(seen[0] - seen[1], 2 * h * scale * d, rtol=1e-3)
