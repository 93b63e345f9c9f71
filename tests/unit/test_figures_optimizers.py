"""The figures on optimisers show everyone who takes part, each in a colour of its own."""

import numpy as np
import pytest

from weighted_sums import landscapes
from weighted_sums.figures import optimizers as figures

NAMES = list(figures.COLOURS)
RATES = [0.01, 0.1, 1.0]
COSTS = np.linspace(0.2, 0.9, 9).reshape(3, 3)


def walk(name):
    return np.linspace([-3.0 - len(name), 1.0], [0.0, 0.0], 5)


@pytest.mark.parametrize("missing", NAMES)
def test_each_optimizer_has_its_colour_in_every_figure_of_the_race(missing):
    there = [name for name in NAMES if name != missing]
    svgs = [
        figures.ravine(landscapes.RAVINE.height, {name: walk(name) for name in there}).svg,
        figures.rates(RATES, {"one": dict.fromkeys(there, COSTS)}).svg,
        figures.curves(dict.fromkeys(there, COSTS)).svg,
    ]
    # the colour of plain descent is that of the axes' words too
    absent = [] if missing == "plain" else [figures.COLOURS[missing]]
    for svg in svgs:
        assert all(figures.COLOURS[name] in svg for name in there)
        assert not any(colour in svg for colour in absent)


def test_a_path_may_have_any_name():
    path = {"rate 0.1": walk("a"), "rate 0.2": walk("b")}
    assert figures.zigzag(landscapes.RAVINE.height, path).svg


@pytest.mark.parametrize("n", [2, 4])
def test_every_curve_gets_a_line(n):
    curves = {f"curve {i}": np.geomspace(1, 0.1 / (i + 1), 41) for i in range(n)}
    for draw in (figures.settling, figures.floors):
        assert sum(colour in draw(curves).svg for colour in figures.LINES) == n


def test_counted_steps_stand_as_dots_on_the_line_through_the_last():
    numbers = np.array([10, 100, 1000])
    more = figures.condition(numbers, {"plain": numbers}, {"plain": 1}).svg
    fewer = figures.condition(numbers[1:], {"plain": numbers[1:]}, {"plain": 1}).svg
    assert more.count("<use") > fewer.count("<use")
