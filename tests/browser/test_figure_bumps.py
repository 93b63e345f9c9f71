"""Bumps: their number, steepness and heights, and the error that is left."""

import numpy as np
import pytest
from interactives import opened, payload_of, press, slide, words

from weighted_sums import universality


def largest_error(curve, pieces, sharpness):
    x, y = np.array(payload_of("bumps")["curves"][curve]).T
    layers = universality.staircase(
        lambda m: np.interp(m, x, y), 0.0, 1.0, pieces, float(sharpness * pieces)
    )
    return np.abs(universality.evaluate(layers, x) - y).max()


@pytest.mark.parametrize(
    ("curve", "pieces", "sharpness"), [("wave", 8, 20), ("wave", 40, 1), ("jump", 1, 20)]
)
def test_the_error_is_pythons(page, base, curve, pieces, sharpness):
    figure = opened(page, base, "bumps", curve=curve, pieces=pieces, steepness=sharpness)
    assert f"largest error is {largest_error(curve, pieces, sharpness):.3f}" in words(figure)


def test_more_bumps_come_closer(page, base):
    figure = opened(page, base, "bumps")
    slide(figure, "bumps", 40)
    assert f"{largest_error('wave', 40, 20):.3f}" in words(figure)
    assert "39 neurons" in words(figure)


def test_a_bump_is_dragged_and_nudged(page, base):
    figure = opened(page, base, "bumps")
    box = figure.locator(".ws-plot").bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2 + 30, box["y"] + 20)
    dragged = words(figure)
    assert "Bump 5 of 8 is 0.9" in dragged or "Bump 5 of 8 is 1.00" in dragged
    press(figure, "Lower")
    assert words(figure) != dragged
    press(figure, "All as high as the curve")
    assert f"{largest_error('wave', 8, 20):.3f}" in words(figure)
