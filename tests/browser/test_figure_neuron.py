"""The neuron of one input answers with Python's numbers."""

import numpy as np
from interactives import opened, press, slide, words

from weighted_sums import neurons


def test_the_sliders_give_pythons_activation(page, base):
    figure = opened(page, base, "neuron", w=3, b=-1, x=0.5)
    assert f"activation {neurons.sigmoid(np.float64(0.5)):.3f}" in words(figure)
    slide(figure, "weight w", -2.5)
    a = neurons.sigmoid(np.float64(-2.5 * 0.5 - 1))
    assert f"activation {a:.3f}" in words(figure)
    assert "Below x = −0.40, where wx + b = 0, the activation is above one half" in words(figure)


def test_a_neuron_without_weight_has_no_threshold(page, base):
    figure = opened(page, base, "neuron")
    press(figure, "weight zero")
    assert "does not depend on the input" in words(figure)


def test_text_that_is_no_number_leaves_the_old_value(page, base):
    figure = opened(page, base, "neuron", w="three", b="")
    assert figure.get_by_label("weight w, exactly").input_value() == "3"
    assert figure.get_by_label("bias b, exactly").input_value() == "0"
