"""A painted template compares two groups of pixels, and travels in an address."""

import numpy as np
import pytest

from weighted_sums import neurons, templates


def test_it_compares_the_mean_brightness_of_two_groups():
    signs = np.array([[1, 0, -1], [1, -1, -1]])
    image = np.random.default_rng(0).random((2, 3))
    difference = image[signs == 1].mean() - image[signs == -1].mean()
    assert (templates.template(signs) * image).sum() == pytest.approx(difference)


@pytest.mark.parametrize("sign", [1, -1, 0])
def test_a_group_without_pixels_counts_as_black(sign):
    signs = np.array([sign, sign, 0])
    np.testing.assert_allclose(templates.template(signs), signs / 2)


def test_the_bar_filter_is_such_a_template():
    bar = neurons.bar_filter(slice(8, 10), slice(8, 20))
    np.testing.assert_allclose(templates.template(np.sign(bar)), bar)


@pytest.mark.parametrize(
    ("signs", "text"),
    [([0, 0, 0], ""), ([1, 0, 0], "J"), ([-1, -1, -1, 1], "aJ"), ([[0, 0], [0, 0], [0, -1]], "AC")],
)
def test_three_signs_are_a_letter(signs, text):
    assert templates.signs_as_text(np.array(signs)) == text


def test_a_single_pixel_counts_whole():
    signs = np.array([1, -1, 0])
    np.testing.assert_array_equal(templates.template(signs), signs)
