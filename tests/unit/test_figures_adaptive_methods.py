"""The figures on optimisers show everyone who takes part, each in a colour of its own."""

import numpy as np
import pytest
from matplotlib.colors import to_hex

from weighted_sums import landscapes
from weighted_sums.figures import adaptive_methods as figures
from weighted_sums.figures import momentum, style

NAMES = list(momentum.COLOURS)
RATES = [0.01, 0.1, 1.0]
COSTS = np.linspace(0.2, 0.9, 9).reshape(3, 3)


def walk(name):
    return np.linspace([-3.0 - len(name), 1.0], [0.0, 0.0], 5)


@pytest.fixture
def colours_of(monkeypatch):
    """The colours of what a figure shows, not written out: that takes most of a second."""
    figures_made = []

    def keep(figure):
        figures_made.append(figure)
        return style.Drawing("", b"")

    def found(draw, *arguments):
        draw(*arguments)
        return colours(figures_made.pop())

    monkeypatch.setattr(style, "_render", keep)
    return found


def colours(figure):
    """The colours of all that a figure shows."""
    seen = [artist for artist in figure.findobj() if artist.get_visible()]
    getters = ("get_color", "get_edgecolor", "get_facecolor")
    found = [
        getattr(artist, name)() for artist in seen for name in getters if hasattr(artist, name)
    ]
    return {to_hex(colour) for value in found for colour in _each(value)}


def _each(value):
    return [value] if isinstance(value, str | tuple) else np.atleast_2d(value)


@pytest.mark.parametrize("missing", NAMES)
def test_each_optimizer_has_its_colour_in_every_figure_of_the_race(colours_of, missing):
    there = [name for name in NAMES if name != missing]
    paths = {name: walk(name) for name in there}
    shown = [
        colours_of(figures.ravine, landscapes.RAVINE.height, paths),
        colours_of(figures.rates, RATES, {"one": dict.fromkeys(there, COSTS)}),
        colours_of(figures.curves, dict.fromkeys(there, COSTS)),
    ]
    # the colour of plain descent is that of the axes' words too
    absent = set() if missing == "plain" else {momentum.COLOURS[missing]}
    for seen in shown:
        assert {momentum.COLOURS[name] for name in there} <= seen
        assert not absent & seen


def test_a_path_may_have_any_name():
    path = {"rate 0.1": walk("a"), "rate 0.2": walk("b")}
    assert momentum.zigzag(landscapes.RAVINE.height, path).svg


@pytest.mark.parametrize("n", [2, 4])
def test_every_curve_gets_a_line(colours_of, n):
    curves = {f"curve {i}": np.geomspace(1, 0.1 / (i + 1), 41) for i in range(n)}
    for draw in (momentum.convergence, figures.noise_floors):
        assert len(colours_of(draw, curves) & set(figures.LINES)) == n


def test_counted_steps_stand_as_dots_on_the_line_through_the_last():
    numbers = np.array([10, 100, 1000])
    more = momentum.condition(numbers, {"plain": numbers}, {"plain": 1}).svg
    fewer = momentum.condition(numbers[1:], {"plain": numbers[1:]}, {"plain": 1}).svg
    assert more.count("<use") > fewer.count("<use")
