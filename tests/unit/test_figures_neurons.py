"""The figures on neurons show what their captions say."""

import numpy as np
import pytest

from weighted_sums.figures import neurons as figures
from weighted_sums.figures.style import LINES, NEGATIVE, POSITIVE


@pytest.mark.parametrize(
    ("sign", "shown", "absent"), [(1, POSITIVE, NEGATIVE), (-1, NEGATIVE, POSITIVE)]
)
def test_a_connection_has_the_colour_of_the_sign_of_its_weight(sign, shown, absent):
    svg = figures.neuron_diagram(np.ones(3), sign * np.array([1.0, 2.0, 3.0]), 0.0, 0.0, 0.5).svg
    assert shown in svg
    assert absent not in svg


def test_each_activation_function_gets_a_curve():
    weights = np.linspace(-1, 1, 5)
    errors = {"step function": weights > 0, "sigmoid": weights**2}
    both = figures.smooth_or_not(weights, errors).svg
    one = figures.smooth_or_not(weights, {"step function": errors["step function"]}).svg
    assert LINES[1] in both
    assert LINES[1] not in one
