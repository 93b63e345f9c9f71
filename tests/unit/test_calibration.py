"""Confidence and accuracy in bins, beside scikit-learn, and the calibration error."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from sklearn.calibration import calibration_curve

from weighted_sums import analysis

CLAIMS = hnp.arrays(np.float64, st.integers(1, 60), elements=st.floats(0, 1, width=32))


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


def test_empty_bins_are_no_error_of_floats():
    with np.errstate(invalid="raise"):
        assert np.isnan(analysis.reliability(np.ones(3), np.ones(3, bool)).accuracy[:9]).all()


def test_there_are_ten_bins_unless_others_are_asked_for():
    claims = np.random.default_rng(0).random(500)
    correct = claims**2 > 0.3
    found = [analysis.calibration_error(claims, correct, bins) for bins in (10, 11)]
    assert analysis.calibration_error(claims, correct) == found[0] != found[1]


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
