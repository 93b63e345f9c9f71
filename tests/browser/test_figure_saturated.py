"""The saturated neuron learns as Python's does, with both costs."""

from golden.saturated import LOSSES, outputs
from interactives import opened, press, slide, words

CUT = """plots => plots.flatMap((plot) => {
    const axes = plot.querySelector("clipPath rect").getBBox();
    return [...plot.querySelectorAll("circle")].map((dot) => dot.getBBox()).filter((dot) =>
        dot.x < axes.x || dot.x + dot.width > axes.x + axes.width ||
        dot.y < axes.y || dot.y + dot.height > axes.y + axes.height);
})"""


def test_the_first_step_is_pythons(page, base):
    figure = opened(page, base, "saturated", step=0)
    ends = [outputs(2.0, 2.0, cost, 0.3, 1) for cost in LOSSES]
    slow, fast = (before - after for before, after in ends)
    assert f"output is {ends[0][0]:.3f}" in words(figure)
    assert f"by {slow:.5f} with the squared error" in words(figure)
    assert f"by {fast:.3f} with cross-entropy, {fast / slow:.0f} times as much" in words(figure)


def test_any_start_and_rate_lead_where_python_gets(page, base):
    figure = opened(page, base, "saturated", w=0.6, b=1.1, learning_rate=0.7, step=30)
    squared, crossed = (outputs(0.6, 1.1, cost, 0.7, 30)[-1] for cost in LOSSES)
    assert f"After 30 steps the output is {squared:.3f} with the squared" in words(figure)
    assert f"and {crossed:.3f} with cross-entropy" in words(figure)
    slide(figure, "initial weight w", -3)
    assert f"{outputs(-3.0, 1.1, 'squared', 0.7, 30)[-1]:.3f} with the squared" in words(figure)


def test_worse_still_hardly_moves_in_a_hundred_steps(page, base):
    figure = opened(page, base, "saturated")
    press(figure, "worse still")  # which plays to the end
    squared, crossed = (outputs(4.0, 4.0, cost, 0.3, 100)[-1] for cost in LOSSES)
    assert squared > 0.99 and crossed < 0.1
    assert f"After 100 steps the output is {squared:.3f} with the squared" in words(figure)
    slide(figure, "step", 0)
    assert "The first step" in words(figure)


def test_a_neuron_that_is_sure_beyond_all_numbers_stands_still(page, base):
    figure = opened(page, base, "saturated", w=1000, b=1000, step=0)
    assert "by nothing with the squared error, by nothing with cross-entropy." in words(figure)


def test_the_dots_at_both_ends_are_seen_whole(page, base):
    for step in (0, 100):
        figure = opened(page, base, "saturated", step=step)
        cut = figure.locator(".ws-plot").evaluate_all(CUT)
        assert cut == []
