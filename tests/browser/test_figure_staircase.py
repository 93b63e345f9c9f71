"""One weight varies: what the figure tells is what the package computes from its payload."""

import re

import numpy as np
import pytest
from golden.staircase import measured
from interactives import opened, payload_of, press, unpacked, words


def told(figure):
    """The cost, its derivative, the number of mistakes, and the ends of the flat stretch."""
    pattern = (
        r"The cost is ([\d.]+), and its derivative (−?[\d.]+):.* lowers it. ([\d,]+) mistakes? on "
        r".* From (−?[\d.]+) to (−?[\d.]+)"
    )
    found = re.search(pattern, words(figure)).groups()
    return [float(text.replace("−", "-").replace(",", "")) for text in found]


def now(payload, output, hidden, w):
    parts = unpacked(payload["layer"])
    activations = unpacked(payload["hidden"])
    labels = np.array(payload["labels"])
    return measured(activations, parts["W"], parts["b"], labels, output, hidden, w)


@pytest.mark.parametrize(("output", "hidden", "w"), [(3, 5, 0.5), (0, 2, -9.5), (9, 15, 4.0)])
def test_it_tells_what_the_package_computes(page, base, output, hidden, w):
    payload = payload_of("staircase")
    figure = opened(page, base, "staircase", output=output, hidden=hidden, w=w, view="wide")
    cost, derivative, mistakes, low, high = told(figure)
    want = now(payload, output, hidden, w)
    assert cost == pytest.approx(want["cost"], abs=6e-5)
    assert derivative == pytest.approx(want["derivative"], abs=6e-5)
    assert mistakes == want["mistakes"]
    for end in (low, high):
        assert now(payload, output, hidden, end)["mistakes"] == mistakes


def test_close_up_the_trained_weight_has_a_derivative_for_the_cost_alone(page, base):
    figure = opened(page, base, "staircase")
    _, derivative, _, low, high = told(figure)
    assert high > low and derivative != 0
    press(figure, "the whole range")
    assert "20 wide" in figure.locator(".ws-live").inner_text()
