"""The noise of a mini-batch: the clouds are as wide as the standard error says."""

import re

import numpy as np
import pytest
from interactives import opened, payload_of, press, unpacked, words


def told(figure):
    """Mean and standard deviation of the draws, the formula's value, the true mean, the signs."""
    found = re.findall(r"(?:mean|deviation|gives|digits is|and) (−?\d[\d.]*)", words(figure))
    return [float(text.rstrip(".").replace("−", "-")) for text in found]


@pytest.mark.parametrize("size", [1, 30, 1000])
def test_the_draws_are_scattered_as_the_formula_says(page, base, size):
    values = unpacked(payload_of("minibatch")["derivatives"])
    n = len(values)
    figure = opened(page, base, "minibatch", size=size)
    mean, std, formula, true, wrong = told(figure)
    error = values.std() * np.sqrt((n - size) / (n - 1) / size)
    assert formula == pytest.approx(error, abs=6e-4) and true == pytest.approx(
        values.mean(), abs=6e-4
    )
    assert abs(mean - true) < 4 * error / 10 + 1e-3  # a hundred draws
    assert 0.6 * error - 1e-3 < std < 1.5 * error + 1e-3
    if size == 1:
        assert abs(wrong - 100 * np.mean(values * values.mean() < 0)) < 15
    else:
        assert wrong < 40


def test_all_digits_leave_no_noise_and_another_draw_is_another(page, base):
    n = payload_of("minibatch")["derivatives"]["shape"][0]
    figure = opened(page, base, "minibatch", size=n)
    assert told(figure)[1:3] == [0, 0] and told(figure)[4] == 0
    figure = opened(page, base, "minibatch", size=10)
    before = words(figure)
    press(figure, "Draw again")
    assert words(figure) != before


@pytest.mark.parametrize("size", [1, 30])
def test_the_top_row_says_what_it_is_and_its_band_is_seen_whole(page, base, size):
    figure = opened(page, base, "minibatch", size=size)
    rows = figure.locator(".ws-plot text").all_text_contents()
    assert str(size) in rows and "your size (band: ± standard error)" in rows
    band, axes = (
        figure.locator(f".ws-plot {part}").bounding_box() for part in ("polygon", "clipPath + g")
    )
    assert axes["x"] < band["x"] and band["x"] + band["width"] < axes["x"] + axes["width"]
