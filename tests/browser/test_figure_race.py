"""The race shows where Python's optimisers stand."""

import numpy as np
from golden import race
from interactives import opened, press, slide, words

from weighted_sums.descent import GradientDescent, descend
from weighted_sums.optimizers import RMSprop


def stands(kind, step, *, steep=20.0, degrees=0, boldness=1.0):
    """How far an optimiser is from the bottom after some steps, at its best rate or a multiple."""
    downhill, start = race.gradient(steep, degrees), race.turn(degrees) @ race.START
    learning_rate = boldness * race.best_rate(kind, downhill, start)
    return np.linalg.norm(
        descend(downhill, start, kind(learning_rate, **race.KINDS[kind]), step)[-1]
    )


def test_distances_are_pythons(page, base):
    figure = opened(page, base, "race", step=12)
    assert "After 12 steps" in words(figure)
    assert f"plain ({stands(GradientDescent, 12):.2f})" in words(figure)
    slide(figure, "step", 40)
    assert f"plain ({stands(GradientDescent, 40):.2f})" in words(figure)
    slide(figure, "turned by (degrees)", 45)
    assert f"plain ({stands(GradientDescent, 40):.2f})" in words(figure)
    assert f"RMSprop ({stands(RMSprop, 40, degrees=45):.2f})" in words(figure)


def test_a_bold_rate_throws_plain_descent_out(page, base):
    figure = opened(page, base, "race")
    press(figure, "bolder by half")
    slide(figure, "step", 40)
    away = stands(GradientDescent, 40, boldness=1.5)
    power = int(np.log10(away))
    assert words(figure).split("plain (")[1].startswith(f"{away / 10**power:.1f} × 10")


def test_steps_count_and_return(page, base):
    figure = opened(page, base, "race")
    press(figure, "Step")
    assert "After 1 step," in words(figure)
    press(figure, "Back to the start")
    assert "All stand 9.12" in words(figure)


def test_play_runs_to_the_end_at_once_without_motion(page, base):
    page.emulate_media(reduced_motion="reduce")
    figure = opened(page, base, "race", kappa=100)
    press(figure, "Play")
    assert "After 40 steps" in words(figure)
    assert figure.get_by_role("button", name="Step", exact=True).is_disabled()
