"""One step of backpropagation: what a row, and then a column, makes of its numbers."""

import pytest
from golden.backprop import W, errors_before, sums_forward
from interactives import opened, payload_of, press, slide, words


def told(value, digits):
    return f"{value:.{digits}f}".replace("-", "−")


def test_the_page_walks_through_the_matrix_of_its_text():
    assert payload_of("backprop")["W"] == W.tolist()


@pytest.mark.parametrize("column", [1, 2, 3])
def test_a_column_gives_the_error_that_python_finds(page, base, column):
    figure = opened(
        page, base, "backprop", step=2 + column, d1=0.3, d2=-0.7, a1=0.4, a2=0.9, a3=0.1
    )
    error = errors_before(W, [0.3, -0.7], [0.4, 0.9, 0.1])[column - 1]
    assert f"column {column} of W meets the errors" in words(figure)
    assert f"the error of neuron {column} is {told(error, 4)}." in words(figure)


@pytest.mark.parametrize("row", [1, 2])
def test_a_row_gives_the_weighted_sum_that_python_finds(page, base, row):
    figure = opened(page, base, "backprop", step=row, a1=0.4, a2=0.9, a3=0.1)
    z = sums_forward(W, [0.4, 0.9, 0.1])[row - 1]
    assert f"= {told(z, 3)}, the weighted sum of neuron {row}." in words(figure)


def test_what_is_not_reached_yet_is_a_question_mark(page, base):
    figure = opened(page, base, "backprop", step=0)
    drawn = figure.locator(".ws-stage")
    assert drawn.text_content().count("?") == 2 + 9  # two sums forward, three results a column
    slide(figure, "step", 5)
    assert "?" not in drawn.text_content()


def test_a_saturated_neuron_passes_nothing_on(page, base):
    figure = opened(page, base, "backprop")
    press(figure, "a saturated neuron")
    slide(figure, "step", 4)
    assert "the error of neuron 2 is 0.0000." in words(figure)
