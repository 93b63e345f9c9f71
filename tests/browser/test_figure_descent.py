"""Descent: Python's path, a start chosen on the map, and rates that are far too large."""

import numpy as np
import pytest
from interactives import nonsense, opened, press, slide, words

from weighted_sums.descent import GradientDescent, descend
from weighted_sums.landscapes import TWO_MINIMA


def told(number, digits=2):
    return f"{number:.{digits}f}".replace("-", "−")


@pytest.mark.parametrize("rate", [0.02, 0.2, 0.8])
def test_forty_steps_are_pythons(page, base, rate):
    figure = opened(page, base, "descent", learning_rate=rate, steps=40)
    x, y = descend(TWO_MINIMA.gradient, np.array([-1.0, 2.0]), GradientDescent(rate), 40)[-1]
    value = TWO_MINIMA.height(np.array([x, y]))
    assert f"f = {told(value)} at ({told(x)}, {told(y)})" in words(figure)


def test_it_says_where_it_converged(page, base):
    figure = opened(page, base, "descent")
    press(figure, "settle")
    assert "converged to the deeper minimum" in words(figure)
    press(figure, "another start")
    assert "converged to the shallower minimum" in words(figure)


@pytest.mark.parametrize("rate", [20, 1e6])
def test_a_rate_far_too_large_ends_in_words(page, base, rate):
    figure = opened(page, base, "descent", learning_rate=rate, steps=200)
    assert "left all bounds" in words(figure)
    assert nonsense(figure) == []


def test_a_start_is_pressed_on_the_map_and_steps_are_taken(page, base):
    figure = opened(page, base, "descent", steps=0)
    press(figure, "Step")
    assert words(figure).startswith("After 1 step ")
    press(figure, "Play")
    assert words(figure).startswith("After 40 steps")  # at once, without motion
    assert "shallower minimum" in pressed_on_the_map(page, figure)


def pressed_on_the_map(page, figure):
    box = figure.locator(".ws-stage .ws-plot").bounding_box()
    page.mouse.click(box["x"] + 0.3 * box["width"], box["y"] + 0.7 * box["height"])
    return words(figure)


def test_a_start_pressed_after_a_divergence_gets_a_rate_that_converges(page, base):
    figure = opened(page, base, "descent")
    press(figure, "divergence")
    assert "A click on the map starts again with η = 0.2." in words(figure)
    assert "with η = 0.2 from" in (now := pressed_on_the_map(page, figure))
    assert "converged to the shallower minimum" in now


def test_a_start_pressed_on_the_map_keeps_a_rate_that_stays_in_bounds(page, base):
    figure = opened(page, base, "descent")
    press(figure, "bounce")
    assert "with η = 0.8 from" in pressed_on_the_map(page, figure)


def test_the_last_path_stays_pale_beside_the_new_one(page, base):
    figure = opened(page, base, "descent")
    pale = figure.locator(".ws-stage polyline[stroke-dasharray]")
    assert pale.count() == 0
    slide(figure, "learning rate η", 0.8)
    assert pale.count() == 1
