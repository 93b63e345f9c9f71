"""The backward pass through a graph: gradients are hidden until they are asked for."""

import numpy as np
from interactives import opened, press, words

from weighted_sums.autodiff import Variable


def test_the_gradients_of_the_inputs_are_pythons(page, base):
    w, x, b = (Variable(np.array(v)) for v in (1.5, -2.0, 8.0))
    d = (w * x + b).relu() - 1.0
    (d * d).backward()
    figure = opened(page, base, "autodiff", w=1.5, x=-2, b=8, step=7)
    assert f"{float(w.grad):g}".replace("-", "−") in words(figure)
    assert "All gradients are known" in words(figure)
    shown = figure.locator(".ws-stage text").all_text_contents()
    for gradient in (w.grad, x.grad, b.grad):
        assert f"{float(gradient):g}".replace("-", "−") in shown


def test_a_number_used_three_times_adds_up(page, base):
    w, x, b = (Variable(np.array(v)) for v in (1.0, 3.0, 1.0))
    q = (w * w + w * x) * b
    (q * q).backward()
    figure = opened(page, base, "autodiff", graph="twice", w=1, x=3, b=1, step=6)
    assert f" + {8} × 3 = {float(w.grad):g}" in words(figure)


def test_a_prediction_is_judged_when_the_gradient_is_revealed(page, base):
    figure = opened(page, base, "autodiff")
    guess = figure.get_by_label("your prediction (Enter reveals)")
    guess.fill("2")
    press(figure, "Reveal")
    assert "Your prediction was correct" in words(figure)
    guess.fill("-7,5")
    press(figure, "Reveal")
    assert "You predicted −7.50" in words(figure)
    press(figure, "Reveal")
    assert "predict" not in words(figure)  # nothing was predicted for this one
    guess.fill("what?")
    told = words(figure)
    assert "Your prediction is not a number" in told
    press(figure, "Reveal")
    assert words(figure) == told  # the gradient stays hidden
    guess.fill("2")
    guess.press("Enter")
    assert words(figure) != told


def test_another_graph_begins_hidden(page, base):
    figure = opened(page, base, "autodiff", step=7)
    figure.get_by_label("w used three times").check()
    assert "∂C/∂C = 1" in words(figure)
