"""A change on its way: what the derivatives predict, and what the cost really does."""

import pytest
from interactives import opened, press, words

from weighted_sums import chain


def told(number):
    text = f"{number:.4f}".replace("-", "−")
    return text.removeprefix("−") if float(f"{number:.4f}") == 0 else text


@pytest.mark.parametrize(
    ("w", "b", "a_prev", "y", "nudge"),
    [(2, -0.5, 0.75, 0, 0.5), (-4, 1, 0.3, 1, -2), (6, 6, 1, 0, 12)],
)
def test_prediction_and_measurement_are_pythons(page, base, w, b, a_prev, y, nudge):
    figure = opened(page, base, "chain-rule", w=w, b=b, a_prev=a_prev, y=y, nudge=nudge)
    here, there = ([chain.Neuron(float(v), float(b))] for v in (w, w + nudge))

    def cost(neuron):
        return chain.cost(neuron, float(a_prev), float(y))

    derivative = chain.backward(here, chain.forward(here, float(a_prev)), float(y))[0].dw
    moved = cost(there) - cost(here)
    assert f"derivatives, is {told(derivative)}, which predicts" in words(figure)
    assert f"a change of C by {told(derivative * nudge)}." in words(figure)
    assert f"C changes by {told(moved)}." in words(figure)


def test_an_input_of_zero_passes_nothing_on(page, base):
    figure = opened(page, base, "chain-rule")
    press(figure, "an input of zero")
    assert "C changes by 0.0000" in words(figure)
