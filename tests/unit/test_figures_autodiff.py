"""The figures on autodiff show what their captions say."""

import numpy as np
import pytest

from weighted_sums.figures import autodiff as figures
from weighted_sums.figures.style import GRADIENT, INPUT, LINES


class Number:
    def __init__(self, data, *inputs):
        self.data, self.inputs, self.local_grads = data, inputs, (1.0,) * len(inputs)
        self.grad = 1.0


@pytest.fixture
def neuron():
    found = {"x": Number(3.0), "w": Number(2.0), "b": Number(-4.0)}
    found["m"] = Number(6.0, found["w"], found["x"])
    found["z"] = Number(2.0, found["m"], found["b"])
    for name, before in ("az", "da", "Cd"):
        found[name] = Number(2.0, found[before])
    return found


def test_derivatives_are_drawn_only_when_asked_for(neuron):
    assert GRADIENT not in figures.graph(neuron).svg
    # one for each of eight nodes and seven arrows
    assert figures.graph(neuron, grads=True).svg.count(f"fill: {GRADIENT}") == 15


def test_leaves_of_the_graph_have_the_colour_of_inputs(neuron):
    # each node has a frame and a number
    assert figures.graph(neuron).svg.count(INPUT) == 6


def test_every_program_has_a_line_of_its_own():
    rows = [
        {"program": name, "parameters": 10**k, "seconds": 0.1 * k}
        for name in ("by hand", "autodiff", "PyTorch", "differences")
        for k in (3, 4, 5)
    ]
    svg = figures.programs(rows).svg
    assert all(colour in svg for colour in LINES[:4])
    assert LINES[4] not in svg


def test_both_modes_appear_in_both_panels():
    found = {"forward": np.array([1.0, 2.0]), "reverse": np.array([2.0, 1.0])}
    svg = figures.modes([2, 8], found, found).svg
    assert svg.count(f"stroke: {LINES[0]}") == svg.count(f"stroke: {LINES[1]}") > 0
