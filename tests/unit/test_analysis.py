"""What the analyses measure, on images made so that the answer is known."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.ndimage import shift as scipy_shift
from scipy.ndimage import uniform_filter

from weighted_sums import analysis, data

MOVES = st.integers(-30, 30)


def random_images(count, seed=0):
    return np.random.default_rng(seed).random((count, data.PIXELS))


@given(MOVES, MOVES)
def test_a_shift_agrees_with_scipy(dx, dy):
    images = random_images(2)
    grid = images.reshape(2, data.SIDE, data.SIDE)
    theirs = [scipy_shift(image, (dy, dx), order=0, prefilter=False) for image in grid]
    np.testing.assert_array_equal(analysis.shift(images, dx, dy), np.reshape(theirs, (2, -1)))


def test_a_positive_shift_goes_right_and_down():
    image = np.zeros((1, data.SIDE, data.SIDE))
    image[0, 5, 7] = 1
    moved = analysis.shift(image.reshape(1, -1), dx=3, dy=1).reshape(data.SIDE, data.SIDE)
    assert np.argwhere(moved).tolist() == [[6, 10]]


def test_shifting_leaves_the_given_images_alone():
    images = random_images(3)
    given_images = images.copy()
    analysis.shift(images, 2, -1)[:] = 7
    np.testing.assert_array_equal(images, given_images)


def test_shifted_copies_keep_each_label_with_its_image():
    digits = data.load_digits().train[:6]
    more = analysis.shifted_copies(digits, reach=2)
    assert len(more) == 5 * len(digits)
    for (dx, dy), block in zip(
        ((0, 0), (2, 0), (-2, 0), (0, 2), (0, -2)), np.split(np.arange(30), 5), strict=True
    ):
        np.testing.assert_array_equal(more.images[block], analysis.shift(digits.images, dx, dy))
        np.testing.assert_array_equal(more.labels[block], digits.labels)
    assert more.images.dtype == np.float32


def test_noise_is_as_rough_as_noise_and_a_chessboard_twice_as_rough():
    noise = np.random.default_rng(0).standard_normal((50, data.PIXELS))
    assert analysis.roughness(noise).mean() == pytest.approx(1, abs=0.02)
    chessboard = (np.indices((data.SIDE, data.SIDE)).sum(axis=0) % 2).reshape(1, -1).astype(float)
    assert analysis.roughness(chessboard)[0] == pytest.approx(2)


def test_averaging_nine_pixels_leaves_a_third_of_the_roughness():
    # neighbouring averages have six of their nine pixels in common: 1 - 6/9
    noise = np.random.default_rng(1).standard_normal((200, data.PIXELS))
    inner = analysis.blurred(noise)
    assert analysis.roughness(inner).mean() == pytest.approx(1 / 3, abs=0.02)


@given(st.floats(0.1, 10), st.floats(-5, 5))
def test_roughness_depends_on_neither_scale_nor_offset(scale, offset):
    templates = random_images(3)
    expected = analysis.roughness(templates)
    np.testing.assert_allclose(analysis.roughness(-scale * templates + offset), expected)


def test_roughness_is_that_of_each_template_whether_it_lies_or_stands():
    rows = np.indices((data.SIDE, data.SIDE))[0]
    grid = np.array([rows % 2, rows, rows**2 % 7], dtype=float)
    lying, standing = grid.reshape(3, -1), grid.swapaxes(1, 2).reshape(3, -1)
    found = analysis.roughness(lying)
    assert found[0] == pytest.approx(1)
    np.testing.assert_allclose(found, [analysis.roughness(w[None])[0] for w in lying])
    np.testing.assert_allclose(found, analysis.roughness(standing))


def test_a_flat_template_has_no_roughness():
    with pytest.raises(ValueError, match="all equal"):
        analysis.roughness(np.ones((2, data.PIXELS)))


def test_blurring_agrees_with_scipy():
    images = random_images(3)
    grid = images.reshape(3, data.SIDE, data.SIDE)
    theirs = uniform_filter(grid, size=(1, 3, 3), mode="constant")
    np.testing.assert_allclose(analysis.blurred(images), theirs.reshape(3, -1))


@pytest.fixture(scope="module")
def edges():
    return analysis.edge_templates()


def test_the_edges_are_different_sum_to_zero_and_have_norm_one(edges):
    assert len(np.unique(edges.round(9), axis=0)) == len(edges)
    np.testing.assert_allclose(edges.sum(axis=1), 0, atol=1e-12)
    np.testing.assert_allclose(np.square(edges).sum(axis=1), 1)


def test_templates_have_eight_directions_three_sizes_and_a_centre_every_three_pixels(edges):
    assert edges.shape == (8 * 8 * 8 * 3 * 2, data.PIXELS)
    strokes = edges.reshape(8, 8, 8, 3, 2, data.SIDE, data.SIDE)[0, :, :, :, 1]
    for number, radius in enumerate((3, 5, 7)):
        for i, row in enumerate(range(3, 25, 3)):
            rows = np.flatnonzero(strokes[i, 4, number].any(axis=1))
            columns = np.flatnonzero(strokes[4, i, number].any(axis=0))
            disc = np.arange(max(row - radius, 0), min(row + radius + 1, data.SIDE))
            np.testing.assert_array_equal(rows, disc)
            np.testing.assert_array_equal(columns, disc)
    turned = analysis.edge_template(np.pi / 8, 12, 15, 5, stroke=True)
    np.testing.assert_array_equal(edges.reshape(8, 8, 8, 3, 2, -1)[1, 3, 4, 1, 1], turned)


@pytest.mark.parametrize(("radius", "across"), [(3, 1), (5, 3), (7, 5)])
def test_a_stroke_is_less_than_two_thirds_of_the_radius_wide(radius, across):
    w = analysis.edge_template(0.0, 13, 13, radius, stroke=True).reshape(data.SIDE, data.SIDE)
    assert np.count_nonzero(w[13] > 0) == across


def test_a_rotated_edge_is_bright_below_on_the_right():
    w = analysis.edge_template(np.pi / 4, 13, 13, 5, stroke=False).reshape(data.SIDE, data.SIDE)
    assert np.sign([w[15, 15], w[11, 11], w[15, 11], w[11, 15]]).tolist() == [1, -1, 0, 0]


def test_each_template_has_a_best_edge_of_its_own(edges):
    templates = np.random.default_rng(0).standard_normal((3, data.PIXELS)) * [[1], [10], [100]]
    found = analysis.edge_fraction(templates, edges[::50])
    alone = [analysis.edge_fraction(w[None], edges[::50])[0] for w in templates]
    np.testing.assert_allclose(found, alone)


def test_an_edge_is_bright_on_one_side_and_a_stroke_in_the_middle():
    row = slice(data.SIDE * 13, data.SIDE * 14)
    edge = np.sign(analysis.edge_template(0.0, 13, 13, 5, stroke=False)[row])
    stroke = np.sign(analysis.edge_template(0.0, 13, 13, 5, stroke=True)[row])
    assert edge[8:19].tolist() == [-1] * 5 + [0] + [1] * 5
    assert stroke[8:19].tolist() == [-1] * 4 + [1] * 3 + [-1] * 4


@given(st.integers(0, 3071), st.floats(0.01, 100))
def test_an_edge_of_either_sign_and_any_size_scores_one(edges, number, size):
    score = analysis.edge_fraction(-size * edges[[number]], edges)
    assert score[0] == pytest.approx(1)


@given(st.floats(0, 1))
def test_edge_fraction_is_the_fraction_of_squares_that_the_edge_explains(fraction):
    edge, other = np.eye(2, 6)
    mixed = np.sqrt(fraction) * edge + np.sqrt(1 - fraction) * other
    score = analysis.edge_fraction(mixed[None], 3 * edge[None])[0]
    assert score == pytest.approx(fraction)
    residual = mixed - (mixed @ edge) * edge
    assert np.square(residual).sum() == pytest.approx(1 - fraction)


def test_the_blend_lies_between_the_image_and_the_noise():
    images, noise = random_images(3, 0), random_images(3, 1)
    np.testing.assert_array_equal(analysis.add_noise(images, noise, 0.0), images)
    np.testing.assert_array_equal(analysis.add_noise(images, noise, 1.0), noise)
    quarter = analysis.add_noise(images, noise, 0.25)
    np.testing.assert_allclose(quarter - images, (noise - images) / 4)


@pytest.mark.parametrize("level", [-0.1, 1.1, np.nan])
def test_a_noise_level_outside_zero_to_one_is_refused(level):
    with pytest.raises(ValueError, match="between 0 and 1"):
        analysis.add_noise(random_images(1), random_images(1), level)


def test_the_most_confident_mistake_comes_first_and_correct_predictions_never():
    outputs = np.zeros((5, data.CLASSES))
    outputs[[0, 1, 2, 3, 4], [3, 3, 4, 5, 6]] = [0.5, 0.99, 0.7, 0.9, 0.6]
    labels = np.array([3, 3, 0, 0, 0])
    assert analysis.worst_mistakes(outputs, labels, 2).tolist() == [3, 2]
    assert analysis.worst_mistakes(outputs, labels, 99).tolist() == [3, 2, 4]


def test_equally_confident_mistakes_keep_their_order():
    outputs = np.zeros((100, data.CLASSES))
    outputs[:, 1] = np.arange(100) % 2 + 1
    found = analysis.worst_mistakes(outputs, np.zeros(100, int), 100)
    np.testing.assert_array_equal(found, [*range(1, 100, 2), *range(0, 100, 2)])


def test_confidence_is_the_largest_output():
    outputs = np.random.default_rng(0).random((7, data.CLASSES))
    np.testing.assert_array_equal(analysis.confidence(outputs), np.sort(outputs, axis=1)[:, -1])
