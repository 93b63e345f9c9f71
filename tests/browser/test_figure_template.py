"""Paint a template: what the figure tells is what the package computes from its payload."""

import re

import numpy as np
import pytest
from interactives import opened, payload_of, press, slide, unpacked, words
from playwright.sync_api import expect

from weighted_sums import data, neurons, templates

CELL = 210 / 14  # pixels of a cell on a wide page


def told(figure):
    """The best and second digit with their medians, and how many the neuron is active for."""
    pattern = (
        r"for the digit (\d) \((−?[\d.]+)\), then for (\d) \((−?[\d.]+)\).* for (\d+) of (\d+) "
        r"images of a (\d), and for (\d+) of (\d+)"
    )
    found = re.search(pattern, words(figure)).groups()
    return [float(text.replace("−", "-")) for text in found]


def wanted(signs, digit, threshold):
    payload = payload_of("template")
    labels = np.array(payload["labels"])
    z = neurons.weighted_sum(
        unpacked(payload["images"]) / 255, templates.template(signs).ravel(), 0.0
    )
    middles = np.array([np.median(z[labels == d]) for d in range(10)])
    first, second = np.argsort(-middles, kind="stable")[:2]
    own, active = labels == digit, z > threshold
    counts = [(own & active).sum(), own.sum(), digit, (~own & active).sum(), (~own).sum()]
    return [first, middles[first], second, middles[second], *counts]


@pytest.mark.parametrize(("digit", "threshold"), [(7, 0.25), (0, -0.1), (3, 1)])
def test_it_tells_what_the_package_computes(page, base, digit, threshold):
    signs = np.random.default_rng(digit).integers(-1, 2, (14, 14))
    state = {"cells": templates.signs_as_text(signs), "digit": digit, "threshold": threshold}
    figure = opened(page, base, "template", **state)
    assert told(figure) == pytest.approx(wanted(signs, digit, threshold), abs=0.0051)


def test_its_cells_give_the_sums_of_all_pixels():
    """A template of whole cells has the same weighted sum on 14×14 means as on 28×28 pixels."""
    payload = payload_of("template")
    images, labels = unpacked(payload["images"]) / 255, np.array(payload["labels"])
    test = data.load_digits().test
    bar = neurons.bar_filter(slice(8, 10), slice(8, 20))
    signs = np.sign(bar).reshape(28, 28)[::2, ::2]
    assert templates.signs_as_text(signs) == payload["start"]["cells"]
    for digit in range(10):
        few = test.images[test.labels == digit][:40]
        pooled = images[labels == digit] @ templates.template(signs).ravel()
        np.testing.assert_allclose(pooled, few @ bar, atol=0.005)


def test_painting_by_mouse_changes_the_sums_and_the_address(page, base):
    figure = opened(page, base, "template", cells="A")
    assert "every weighted sum is 0" in words(figure)
    box = figure.locator(".ws-template-board").bounding_box()
    page.mouse.move(box["x"] + 4.5 * CELL, box["y"] + 4.5 * CELL)
    page.mouse.down()
    page.mouse.move(box["x"] + 9.5 * CELL, box["y"] + 4.5 * CELL)  # one jump: no cell is left out
    page.mouse.up()
    assert "6 positive cells, 0 negative" in words(figure)
    page.wait_for_function("() => location.search.includes('template.cells=AAA')")
    figure.get_by_label("negative (red)").check()
    page.mouse.click(box["x"] + 4.5 * CELL, box["y"] + 6.5 * CELL)
    assert "6 positive cells, 1 negative" in words(figure)
    figure.get_by_label("zero (erase)").check()
    page.mouse.click(box["x"] + 4.5 * CELL, box["y"] + 4.5 * CELL)
    assert "5 positive cells, 1 negative" in words(figure)
    press(figure, "Clear")
    assert "every weighted sum is 0" in words(figure)


def test_painting_by_keys_and_by_finger(page, phone, base):
    figure = opened(page, base, "template", cells="A")
    figure.locator(".ws-template-board").focus()
    for key in ("Space", "ArrowRight", "Space", "ArrowDown"):
        page.keyboard.press(key)
    assert "2 positive cells" in words(figure)
    figure = opened(phone, base, "template", cells="A")
    figure.locator(".ws-template-board").tap()
    assert "1 positive cell," in words(figure)


def test_a_higher_threshold_is_exceeded_by_fewer_images(page, base):
    figure = opened(page, base, "template")
    counts = []
    for threshold in (-1, 0.1, 0.3, 1):
        slide(figure, "threshold −b", threshold)
        counts.append(told(figure)[4])
    assert counts[0] == 40 and counts[-1] == 0
    assert counts == sorted(counts, reverse=True) and len(set(counts)) == 4


def test_on_arrival_the_bar_is_painted(page, base):
    figure = opened(page, base, "template", motion=True)
    expect(figure.locator(".ws-words")).to_contain_text("6 positive cells, 18 negative")
