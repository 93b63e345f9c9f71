"""The race shows where Python's optimisers stand."""

import numpy as np
import pytest
from golden import race
from interactives import opened, press, slide, words

from weighted_sums.descent import GradientDescent, descend
from weighted_sums.optimizers import RMSprop

STATES = [{}, {"angle": 45}, {"angle": 80}, {"condition_number": 100}, {"step": 7}]
OUTSIDE = """maps => maps.flatMap((map) => {
    const all = map.getBoundingClientRect();
    return [...map.querySelectorAll("text")].map((t) => t.getBoundingClientRect()).filter((t) =>
        t.left < all.left || t.right > all.right || t.top < all.top || t.bottom > all.bottom);
})"""


def stands(kind, step, *, steep=20.0, degrees=0, factor=1.0):
    """How far from the minimum an optimiser is, at its best learning rate or a multiple."""
    downhill, start = race.gradient(steep, degrees), race.turn(degrees) @ race.START
    rate = factor * race.best_rate(kind, downhill, start)
    return np.linalg.norm(descend(downhill, start, kind(rate, **race.KINDS[kind]), step)[-1])


def test_distances_are_pythons(page, base):
    figure = opened(page, base, "race", step=12)
    assert "After 12 steps" in words(figure)
    assert f"plain ({stands(GradientDescent, 12):.2f})" in words(figure)
    slide(figure, "step", 40)
    assert f"plain ({stands(GradientDescent, 40):.2f})" in words(figure)
    slide(figure, "rotated by (degrees)", 45)
    assert f"plain ({stands(GradientDescent, 40):.2f})" in words(figure)
    assert f"RMSprop ({stands(RMSprop, 40, degrees=45):.2f})" in words(figure)


def test_plain_descent_diverges_at_a_larger_rate(page, base):
    figure = opened(page, base, "race")
    press(figure, "half as large again")
    slide(figure, "step", 40)
    away = stands(GradientDescent, 40, factor=1.5)
    power = int(np.log10(away))
    assert words(figure).split("plain (")[1].startswith(f"{away / 10**power:.1f} × 10")


@pytest.mark.parametrize("state", STATES)
def test_no_curve_is_cut_and_every_name_is_inside(page, base, state):
    figure = opened(page, base, "race", **state)
    plot = figure.locator(".ws-plot").last
    floor = plot.locator("clipPath rect").evaluate(
        "r => r.y.baseVal.value + r.height.baseVal.value"
    )
    lines = plot.locator("polyline").evaluate_all("all => all.map(l => l.getAttribute('points'))")
    heights = [float(point.split(",")[1]) for line in lines for point in line.split()]
    assert max(heights) < floor - 1 and min(heights) > 10
    maps = figure.locator(".ws-lanes .ws-plot")
    assert maps.count() == 4 and maps.evaluate_all(OUTSIDE) == []


def test_steps_count_and_return(page, base):
    figure = opened(page, base, "race", step=0)
    press(figure, "Step")
    assert "After 1 step," in words(figure)
    slide(figure, "step", 0)
    assert "All start 9.12" in words(figure)


def test_play_runs_to_the_end_at_once_without_motion(page, base):
    figure = opened(page, base, "race", condition_number=100, step=0)
    press(figure, "Play")
    assert "After 40 steps" in words(figure)
    assert figure.get_by_role("button", name="Step", exact=True).is_disabled()
