"""A nudge on its way: the slopes' promise, and what the cost really does."""

import pytest
from interactives import opened, press, words

from weighted_sums import chain


def told(number):
    text = f"{number:.4f}".replace("-", "−")
    return text.removeprefix("−") if float(f"{number:.4f}") == 0 else text


@pytest.mark.parametrize(
    ("w", "b", "before", "y", "nudge"),
    [(2, -0.5, 0.75, 0, 0.5), (-4, 1, 0.3, 1, -2), (6, 6, 1, 0, 12)],
)
def test_promise_and_measurement_are_pythons(page, base, w, b, before, y, nudge):
    figure = opened(page, base, "chain-rule", w=w, b=b, before=before, y=y, nudge=nudge)
    here, there = ([chain.Neuron(float(v), float(b))] for v in (w, w + nudge))

    def cost(neuron):
        return chain.cost(neuron, float(before), float(y))

    slope = chain.backward(here, chain.forward(here, float(before)), float(y))[0].dw
    moved = cost(there) - cost(here)
    assert f"slopes is {told(slope)}, so C should move by {told(slope * nudge)}." in words(figure)
    assert f"It moves by {told(moved)}." in words(figure)


def test_a_deaf_input_lets_nothing_through(page, base):
    figure = opened(page, base, "chain-rule")
    press(figure, "a deaf input")
    assert "It moves by 0.0000" in words(figure)
