"""Random directions satisfy what is claimed about nearly perpendicular directions."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from weighted_sums import superposition
from weighted_sums.gradient_check import central_difference
from weighted_sums.superposition import cosines, degrees, push_apart, random_directions


@given(st.integers(2, 40), st.integers(1, 30), st.integers(0, 2**32))
def test_no_directions_are_below_the_welch_bound(count, dim, seed):
    found = cosines(random_directions(count, dim, np.random.default_rng(seed)))
    assert len(found) == count * (count - 1) // 2
    assert np.abs(found).max() >= superposition.welch_bound(count, dim) - 1e-6


def test_three_directions_in_a_plane_reach_the_welch_bound():
    angles = 2 * np.pi * np.arange(3) / 3
    mercedes = np.column_stack([np.cos(angles), np.sin(angles)])
    assert np.abs(cosines(mercedes)).max() == pytest.approx(superposition.welch_bound(3, 2))


def test_a_basis_needs_no_tolerance():
    assert superposition.welch_bound(7, 7) == 0
    np.testing.assert_allclose(degrees(cosines(np.eye(7))), 90)


def test_ten_thousand_directions_cannot_be_within_a_degree_of_a_right_angle():
    assert degrees(superposition.welch_bound(10_000, 100)) < 85


def test_cosines_of_random_directions_deviate_by_one_over_the_root_of_the_dimension():
    rng = np.random.default_rng(0)
    for dim in (3, 50, 1000):
        deviation = cosines(random_directions(300, dim, rng)).std()
        assert deviation * np.sqrt(dim) == pytest.approx(1, abs=0.05)


def test_pushing_apart_keeps_the_lengths_and_widens_the_smallest_angle():
    for seed in range(3):
        drawn = random_directions(200, 20, np.random.default_rng(seed))
        end = push_apart(drawn, steps=40)
        np.testing.assert_allclose(np.linalg.norm(end, axis=1), 1, atol=1e-5)
        assert np.abs(cosines(end)).max() < 0.75 * np.abs(cosines(drawn)).max()


def test_pushing_apart_two_directions_in_a_plane_makes_them_perpendicular():
    start = np.array([[1.0, 0.0], [np.cos(0.5), np.sin(0.5)]])
    assert degrees(cosines(push_apart(start, steps=200)))[0] == pytest.approx(90, abs=1)


def test_pushing_apart_does_not_change_its_argument():
    drawn = random_directions(20, 5, np.random.default_rng(1))
    before = drawn.copy()
    push_apart(drawn, steps=3)
    np.testing.assert_array_equal(drawn, before)


@pytest.mark.parametrize("tolerance", [5.0, 10.0, 20.0])
def test_pairs_beyond_the_tolerance_are_as_rare_as_the_proof_needs(tolerance):
    dim, rng = 60, np.random.default_rng(2)
    found = cosines(random_directions(1500, dim, rng))
    cosine = np.sin(np.radians(tolerance))
    bad = np.mean(np.abs(found) > cosine)
    assert bad <= 2 * (1 - cosine**2) ** (dim / 2)


def test_as_many_directions_fit_as_the_proof_says():
    # the proof itself: draw 1/p, throw one of each bad pair away
    dim, tolerance = 60, 25.0
    wanted = 10 ** superposition.log10_capacity(dim, tolerance)
    cosine = np.sin(np.radians(tolerance))
    n = int(np.ceil((1 - cosine**2) ** (-dim / 2) / 2))
    drawn = random_directions(n, dim, np.random.default_rng(3))
    bad = np.triu(np.abs(drawn @ drawn.T) > cosine, k=1)
    kept = drawn[~bad.any(axis=0)]
    assert np.abs(cosines(kept)).max() <= cosine
    assert len(kept) >= wanted > 50


def test_a_basis_always_fits():
    assert superposition.log10_capacity(100, 0.5) == pytest.approx(2)


@pytest.mark.parametrize("tolerance", [0.0, -1.0, 46.0, float("nan")])
def test_a_tolerance_that_the_proof_does_not_cover_is_refused(tolerance):
    with pytest.raises(ValueError, match="between 0 and 45 degrees"):
        superposition.log10_capacity(10, tolerance)


def test_directions_at_right_angles_stay_as_they_are():
    right = np.eye(3, 4, dtype=np.float32)
    np.testing.assert_array_equal(push_apart(right, steps=5), right)


def test_rounding_beyond_one_is_still_an_angle():
    np.testing.assert_array_equal(degrees(np.array([1 + 1e-7, -1 - 1e-7])), [0, 180])


def test_one_direction_has_no_bound():
    with pytest.raises(ValueError, match="count must be a whole number of at least 2"):
        superposition.welch_bound(1, 3)
    assert superposition.welch_bound(2, 3) == 0


@pytest.mark.parametrize("tolerance", [10.0, 45.0])
def test_a_quarter_of_the_inverse_chance_of_a_bad_pair_fits(tolerance):
    # 1 - sin² = cos², so that a cosine to the power of the dimension is left
    wanted = -1000 * np.log10(np.cos(np.radians(tolerance))) - np.log10(4)
    assert superposition.log10_capacity(1000, tolerance) == pytest.approx(wanted)


def test_a_step_follows_the_negative_gradient_with_the_given_length():
    x = random_directions(6, 4, np.random.default_rng(4)).astype(float)

    def crowding(flat):
        cosine = flat.reshape(x.shape) @ flat.reshape(x.shape).T
        return float((cosine[~np.eye(6, dtype=bool)] ** 18).sum())

    gradient = central_difference(crowding, x.ravel()).reshape(x.shape)
    scale = np.abs(cosines(x)).max() / np.linalg.norm(gradient, axis=1).max()
    moved = x - 0.01 * scale * gradient
    wanted = moved / np.linalg.norm(moved, axis=1, keepdims=True)
    np.testing.assert_allclose(push_apart(x, steps=1, learning_rate=0.01), wanted, atol=1e-6)
    np.testing.assert_array_equal(push_apart(x, 2), push_apart(x, 2, learning_rate=0.3))
