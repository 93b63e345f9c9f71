"""Diagrams show the numbers, signs and shapes that they are given."""

import numpy as np
import pytest
from matplotlib.figure import Figure

from weighted_sums.figures import attention, backprop
from weighted_sums.figures.diagrams import number
from weighted_sums.figures.style import NEGATIVE, POSITIVE


def drawn(draw, *args):
    """The words of a diagram, and the colours of its lines."""
    fig = Figure(figsize=(4.8, 3))
    draw.__wrapped__(fig, *args)
    (ax,) = fig.axes
    return [text.get_text() for text in ax.texts], [line.get_color() for line in ax.lines]


def discs(draw, *args):
    """How dark each disc of a diagram is, in the order in which it was drawn."""
    fig = Figure(figsize=(4.8, 3))
    draw.__wrapped__(fig, *args)
    return [patch.get_alpha() for patch in fig.axes[0].patches if patch.get_alpha() is not None]


@pytest.mark.parametrize(
    ("value", "words"), [(1.0, "1"), (-0.5, "−0.5"), (0.731, "0.73"), (-0.004, "0")]
)
def test_numbers_are_short(value, words):
    assert number(value) == words


def test_the_errors_and_the_matrices_of_each_layer_are_named():
    rng = np.random.default_rng(0)
    weights = [rng.normal(size=(4, 3)), rng.normal(size=(2, 4))]
    errors = [np.full((1, n), 0.1 * n) for n in (3, 4, 2)]
    words, lines = drawn(backprop.deltas_back, weights, errors)
    assert [words.count(number(0.1 * n)) for n in (3, 4, 2)] == [3, 4, 2]
    assert any("3 × 4" in text for text in words) and any("4 × 2" in text for text in words)
    positive = sum(int((W >= 0).sum()) for W in weights)
    assert (lines.count(POSITIVE), lines.count(NEGATIVE)) == (positive, 20 - positive)


def test_larger_errors_are_darker():
    found = discs(
        backprop.deltas_back, [np.ones((2, 1))], [np.array([[0.1]]), np.array([[0.2, -0.4]])]
    )
    assert found[0] < found[1] < found[2]


def test_the_matrices_of_a_head_have_their_shapes():
    words, _ = drawn(attention.shapes, 6, 32, 8)
    assert [words.count(shape) for shape in ("6 × 32", "8 × 32", "6 × 8", "6 × 6")] == [1, 3, 4, 1]
