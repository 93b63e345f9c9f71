"""The figures on descent show what their captions say."""

import numpy as np

from weighted_sums.figures import descent as figures
from weighted_sums.figures.style import GRADIENT, LINES, NEGATIVE, POSITIVE
from weighted_sums.landscapes import DOUBLE_WELL, RAVINE

STARTS = np.array([-1.5, -1.0, -0.5, 0.5, 1.0])


def test_each_start_has_the_colour_of_the_valley_it_ends_in():
    svg = figures.basins(DOUBLE_WELL, 1.6, STARTS, np.sign(STARTS)).svg
    dots = {colour: svg.count(f'style="fill: {colour}"') for colour in LINES[:2]}
    assert dots[LINES[0]] > dots[LINES[1]] > 0


def test_every_point_of_a_path_is_drawn():
    short, long = (
        figures.descents(
            np.square, {str(k): np.linspace(-3, 0, n) for k in range(4)}, reach=5.0
        ).svg
        for n in (3, 8)
    )
    assert long.count("<use") - short.count("<use") == 4 * 5


def test_entries_that_go_up_are_blue_and_those_that_go_down_red():
    up = np.geomspace(1, 1e-4, 50)
    blue = figures.gradient_entries(np.r_[up, -1e-5], most=20, below=1e-6).svg
    red = figures.gradient_entries(np.r_[-up, 1e-5], most=20, below=1e-6).svg
    assert blue.count(POSITIVE) == red.count(NEGATIVE) > 20
    assert blue.count(NEGATIVE) == red.count(POSITIVE) < 5


def test_an_arrow_starts_at_every_point_of_the_grid():
    svg = figures.arrows(RAVINE, reach=2.0).svg
    assert svg.count(GRADIENT) >= 11 * 11
