"""The first page's figure shows what its caption says: blue adds, red takes away."""

import numpy as np
import pytest

from weighted_sums.figures.front import from_pixels_to_answer
from weighted_sums.figures.style import ACTIVATION, NEGATIVE, POSITIVE

IMAGE = np.zeros(784)
LAYERS = [np.full(3, 0.5), np.full(4, 0.5), np.linspace(0, 1, 10)]
TERMS = [np.ones((4, 3)), np.ones((10, 4))]


@pytest.mark.parametrize(
    ("sign", "shown", "absent"), [(1, POSITIVE, NEGATIVE), (-1, NEGATIVE, POSITIVE)]
)
def test_the_colour_of_a_line_is_the_sign_of_its_term(sign, shown, absent):
    svg = from_pixels_to_answer(IMAGE, LAYERS, [sign * term for term in TERMS]).svg
    assert shown in svg
    assert absent not in svg


def test_only_the_brightest_answer_is_highlighted():
    svg = from_pixels_to_answer(IMAGE, LAYERS, TERMS).svg
    assert svg.count(ACTIVATION) == 1


def test_small_terms_are_left_out():
    terms = [np.ones((4, 3)), np.where(np.arange(40).reshape(10, 4) == 0, 1.0, 0.01)]
    few, all_ = (from_pixels_to_answer(IMAGE, LAYERS, t).svg for t in (terms, TERMS))
    assert all_.count(POSITIVE) - few.count(POSITIVE) == 39
