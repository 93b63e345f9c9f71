"""What the analyses measure, on images made so that the answer is known."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy.ndimage import shift as scipy_shift
from scipy.ndimage import uniform_filter
from sklearn.calibration import calibration_curve

from weighted_sums import analysis, data

MOVES = st.integers(-30, 30)
UNIT = st.floats(0, 1, width=32)


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


def test_confidence_is_the_largest_output():
    outputs = np.random.default_rng(0).random((7, data.CLASSES))
    np.testing.assert_array_equal(analysis.confidence(outputs), np.sort(outputs, axis=1)[:, -1])


CLAIMS = hnp.arrays(np.float64, st.integers(1, 60), elements=UNIT)


@given(CLAIMS, st.integers(0, 9))
def test_reliability_agrees_with_scikit_learn(claims, seed):
    correct = np.random.default_rng(seed).random(len(claims)) < claims
    ours = analysis.reliability(claims, correct, bins=8)  # eighths are exact in binary
    assert ours.counts.sum() == len(claims)
    filled = ours.counts > 0
    # scikit-learn counts a border to the bin below, we to the bin above
    if not np.isin(claims * 8, range(1, 8)).any():
        true, predicted = calibration_curve(correct, claims, n_bins=8)
        np.testing.assert_allclose(ours.accuracy[filled], true)
        np.testing.assert_allclose(ours.confidence[filled], predicted)
    assert np.isnan(ours.accuracy[~filled]).all()


def test_full_confidence_belongs_to_the_last_bin():
    found = analysis.reliability(np.ones(3), np.array([True, False, True]))
    assert found.counts.tolist() == [0] * 9 + [3]


def test_errors_of_opposite_sign_do_not_cancel():
    claims = np.repeat([0.05, 0.95], 10)
    assert analysis.calibration_error(claims, np.arange(20) < 10) == pytest.approx(0.95)


def test_the_example_of_the_chapter():
    claims, correct = np.array([0.8, 0.9, 0.3]), np.array([True, False, False])
    expected = (0.2 + 0.9 + 0.3) / 3
    assert analysis.calibration_error(claims, correct) == pytest.approx(expected)


def test_calibrated_confidences_have_an_error_that_vanishes_with_more_predictions():
    rng = np.random.default_rng(0)
    errors = []
    for size in (100, 100_000):
        claims = rng.random(size)
        errors.append(analysis.calibration_error(claims, rng.random(size) < claims))
    assert errors[1] < 0.01 < errors[0]


@given(CLAIMS, st.integers(1, 12))
def test_the_calibration_error_lies_between_the_overall_gap_and_one(claims, bins):
    correct = np.arange(len(claims)) % 3 == 0
    error = analysis.calibration_error(claims, correct, bins)
    assert abs(claims.mean() - correct.mean()) - 1e-12 <= error <= 1


@pytest.mark.usefixtures("without_shape_checks")
@pytest.mark.parametrize(
    ("confidence", "correct", "complaint"),
    [
        ([1.2, 0.3], [True, False], "between 0 and 1"), ([np.nan], [True], "between 0 and 1"),
        ([0.2], [3], "True or False for each"), ([0.2], [True, False], "equally many rows"),
        ([], [], "equally many rows, 1 or more"),
    ],
)  # fmt: skip
def test_confidences_without_a_prediction_each_are_refused(confidence, correct, complaint):
    for measure in (analysis.reliability, analysis.calibration_error):
        with pytest.raises(ValueError, match=complaint):
            measure(np.array(confidence), np.array(correct))
