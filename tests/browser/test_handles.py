"""The thing itself is dragged: by mouse, by finger, by keys."""

import numpy as np
import pytest
from interactives import opened, words

from weighted_sums import neurons

HANDLES = {
    "descent": "start of the path",
    "neuron": "input x",
    "chain-rule": "weight w",
    "noise": "noise level",
}

TOPMOST = """tag => {
    const { x, y, width, height } = tag.getBoundingClientRect();
    tag.style.pointerEvents = "auto";
    return document.elementFromPoint(x + width / 2, y + height / 2) === tag;
}"""


def handle(figure, label):
    return figure.locator(f".ws-handle[role=slider][aria-label='{label}']")


def middle(node):
    box = node.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


@pytest.mark.parametrize("name", HANDLES)
def test_a_mouse_drags_it(page, base, name):
    figure = opened(page, base, name)
    told = words(figure)
    node = handle(figure, HANDLES[name])
    x, y = middle(node)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 60, y + 5, steps=4)
    page.mouse.up()
    assert words(figure) != told
    assert abs(middle(node)[0] - x - 60) < 3  # it stays under the pointer


@pytest.mark.parametrize("name", HANDLES)
def test_keys_move_it(page, base, name):
    figure = opened(page, base, name)
    node = handle(figure, HANDLES[name])
    said = node.get_attribute("aria-valuetext")
    told = words(figure)
    node.focus()
    page.keyboard.press("ArrowRight")
    assert node.get_attribute("aria-valuetext") != said
    assert words(figure) != told


@pytest.mark.parametrize("name", ["descent", "noise"])
def test_a_finger_drags_it_and_the_page_stays(phone, base, name):
    figure = opened(phone, base, name)
    told = words(figure)
    node = handle(figure, HANDLES[name])
    x, y = middle(node)
    top = phone.evaluate("scrollY")
    touch = phone.context.new_cdp_session(phone)

    def send(kind, *points):
        given = [{"x": x, "y": y} for x, y in points]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": given})

    send("touchStart", (x, y))
    for step in range(1, 5):
        send("touchMove", (x + 12 * step, y + 8 * step))
    send("touchEnd")
    assert words(figure) != told
    assert phone.evaluate("scrollY") == top


def test_the_start_of_a_path_goes_where_it_is_dragged(page, base):
    figure = opened(page, base, "descent")
    node = handle(figure, HANDLES["descent"])
    node.focus()
    for key in ("ArrowLeft", "ArrowDown"):
        page.keyboard.press(key)
    assert figure.get_by_label("start x₁, exactly").input_value() == "-1.05"
    assert figure.get_by_label("start x₂, exactly").input_value() == "1.95"


def test_the_curve_of_a_neuron_is_shifted_and_made_steeper(page, base):
    figure = opened(page, base, "neuron", w=3, b=0, x=1)
    node = handle(figure, "middle of the curve: the bias")
    node.focus()
    for _ in range(10):
        page.keyboard.press("ArrowRight")
    assert f"activation {neurons.sigmoid(np.float64(3 - 1.5)):.3f}" in words(figure)
    assert "Above x = 0.50" in words(figure)
    node = handle(figure, "steepness of the curve: the weight")
    node.focus()
    page.keyboard.press("ArrowLeft")
    assert "Above x = 0.50" in words(figure)  # the middle stays
    assert float(figure.get_by_label("weight w, exactly").input_value()) > 3


def test_dragging_over_a_pattern_chooses_the_query(page, base):
    figure = opened(page, base, "attention")
    box = figure.locator(".ws-attention-grid").bounding_box()
    page.mouse.move(box["x"] + 60, box["y"] + box["height"] - 4)
    page.mouse.down()
    assert not words(figure).startswith("Position 16,")
    page.mouse.move(box["x"] + 60, box["y"] + box["height"] - 5)
    assert words(figure).startswith("Position 16,")
    page.mouse.move(box["x"] + 60, box["y"] + 30)
    assert words(figure).startswith("Position 1,")
    page.mouse.up()


@pytest.mark.parametrize("name", ["template", "staircase", "descent", "noise"])
def test_no_line_of_the_drawing_runs_through_its_words(page, base, name):
    tag = opened(page, base, name).locator(".ws-handle span").first
    assert tag.inner_text() == "drag me"
    assert "rgba" not in tag.evaluate("tag => getComputedStyle(tag).backgroundColor")
    assert page.evaluate(TOPMOST, tag.element_handle())
