"""Draw a digit: the network's answers, the drawing, and the neurons that give them."""

import json

import numpy as np
import pytest
from interactives import opened, payload_of, press, script_of, unpacked, words
from playwright.sync_api import expect

from weighted_sums import data, drawing, networks

TRIANGLE = "gKK020gK"


def network():
    return [networks.Layer(**layer) for layer in unpacked(payload_of("digit")["layers"])]


def outputs_shown(figure):
    """The numbers in the ten output cells, from top to bottom."""
    return [float(t) for t in figure.locator(".ws-digit-cell text").all_text_contents()[-10:]]


def test_the_weights_stay_within_their_budget():
    assert len(json.dumps(payload_of("digit")["layers"])) <= 70_000
    assert "data-src" not in script_of("digit")[0]


@pytest.mark.parametrize("digit", [0, 3, 8])
def test_a_sample_gets_pythons_answer_in_every_layer(page, base, digit):
    figure = opened(page, base, "digit", sample=digit)
    image = unpacked(payload_of("digit")["samples"])[digit] / 255
    layers = networks.activations(network(), image)[1:]
    shown = [float(t) for t in figure.locator(".ws-digit-cell text").all_text_contents()]
    np.testing.assert_allclose(shown, np.concatenate(layers), atol=0.0051)
    best = layers[-1].argmax()
    assert f"The network predicts {best} (output {layers[-1][best]:.2f})" in words(figure)


def test_a_neurons_sum_is_pythons(page, base):
    figure = opened(page, base, "digit", sample=7, neuron="2.3")
    image = unpacked(payload_of("digit")["samples"])[7] / 255
    W, b = network()[1]
    before = networks.activations(network(), image)[1]
    total = W[3] @ before
    told = f"inputs is {total:.2f}, with the bias {b[3]:.2f} that gives z ="
    assert f"{told} {total + b[3]:.2f}".replace("-", "−") in words(figure)


def test_drawing_by_mouse_changes_the_answer_and_the_address(page, base):
    figure = opened(page, base, "digit", sample="drawn")
    assert "The board is empty" in words(figure)
    board = figure.locator(".ws-digit-pad")
    box = board.bounding_box()
    page.mouse.move(box["x"] + 96, box["y"] + 30)
    page.mouse.down()
    page.mouse.move(box["x"] + 96, box["y"] + 160, steps=12)
    page.mouse.up()
    drawn = words(figure)
    assert "The board is empty" not in drawn
    page.wait_for_function("() => location.search.includes('digit.strokes=')")
    page.goto(page.url.replace("#", "&again=#"))
    page.wait_for_selector(".ws-words")
    assert words(figure) == drawn
    press(figure, "Clear")
    assert "The board is empty" in words(figure)


def test_the_last_stroke_is_undone(page, base):
    figure = opened(page, base, "digit", sample="drawn", strokes="gggh.AABB")
    press(figure, "Undo")
    page.wait_for_function("() => location.search.includes('digit.strokes=gggh#') || "
                           "location.search.endsWith('digit.strokes=gggh')")  # fmt: skip
    press(figure, "Undo")
    assert "The board is empty" in words(figure)


def test_an_empty_board_asks_to_be_drawn_on_and_a_pen_shows_how(page, base):
    figure = opened(page, base, "digit")
    assert figure.locator(".ws-empty").count() == 1
    assert "predicts" not in words(figure)
    assert figure.locator("text[font-weight='700']").count() == 0  # of a predicted digit
    figure = opened(page, base, "digit", motion=True)
    answer = figure.locator(".ws-digit-answer")
    expect(answer).to_have_text("3")  # the pen has drawn a three
    figure.locator(".ws-digit-pad").click()  # whoever draws begins with an empty board
    assert "The board is empty" not in words(figure)
    assert figure.locator(".ws-empty").count() == 0


def test_drawing_by_finger(phone, base):
    figure = opened(phone, base, "digit", sample="drawn")
    figure.locator(".ws-digit-pad").tap()
    assert "The board is empty" not in words(figure)


def test_drawing_by_keys(page, base):
    figure = opened(page, base, "digit", sample="drawn")
    figure.locator(".ws-digit-pad").focus()
    for key in ["Space", *["ArrowDown"] * 15]:
        page.keyboard.press(key)
    assert "The board is empty" not in words(figure)


def test_a_pressed_neuron_shows_its_template(page, base):
    figure = opened(page, base, "digit")
    template = figure.locator(".ws-digit-picture").nth(1)
    assert not template.is_visible()
    figure.locator(".ws-digit-cell").nth(4).click()
    assert template.is_visible()
    assert "Neuron 5 of the first hidden layer" in words(figure)


def test_training_digits_are_centred_as_drawings_are():
    """The longer side is 20 pixels and the centre of mass (14, 14), in data and drawings alike."""
    images = data.load_digits().train.images[:500].reshape(-1, 28, 28)
    masses = np.array([drawing.centre_of_mass(image) for image in images])
    assert np.abs(masses - 14).max() <= 0.51  # MNIST moved its digits by whole pixels
    sides = [max(np.ptp(np.flatnonzero(i.any(axis=axis))) for axis in (0, 1)) + 1 for i in images]
    assert np.mean(np.array(sides) == 20) > 0.99
    again = np.array([drawing.normalise_drawing(image).reshape(28, 28) for image in images])
    assert np.abs([drawing.centre_of_mass(i) for i in again] - np.array(14)).max() < 0.2


def test_the_network_reads_centred_digits_as_well_as_the_originals():
    digits = data.load_digits().test
    boards = np.zeros((len(digits), 64, 64))
    boards[:, 5:33, 30:58] = digits.images.reshape(-1, 28, 28)  # anywhere on a larger board
    centred = np.array([drawing.normalise_drawing(board) for board in boards])
    right = [(networks.predict(network(), x) == digits.labels).mean()
             for x in (digits.images, centred)]  # fmt: skip
    assert abs(right[0] - right[1]) < 0.04
