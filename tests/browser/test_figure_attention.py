"""The attention viewer: stored rows at once, rows of the reader's own by the models themselves."""

import numpy as np
import pytest
from interactives import data_of, nonsense, opened, payload_of, transformer_of, words
from playwright.sync_api import expect

from weighted_sums import sampling, transformer


def model(name):
    return transformer_of(payload_of("attention")["models"][name], data_of("attention"))


def sentence(name, row, layer, position):
    m = model(name)
    weights = transformer.attention_patterns(m, row)[layer - 1][0, position - 1]
    p = sampling.probabilities(transformer.logits(m, row))[position - 1]
    return (
        f"weight is {100 * weights.max():.0f} %, on position {weights.argmax() + 1}",
        f"({100 * p.max():.0f} %)",
    )


def test_the_first_row_is_shown_without_fetching_anything(page, base):
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    figure = opened(page, base, "attention")
    assert "The model predicts “2”" in words(figure)
    assert not [url for url in asked if url.endswith(".bin")]


@pytest.mark.parametrize("position", [9, 12, 16])
def test_own_digits_are_reversed_by_the_model(page, base, position):
    digits = [2, 7, 1, 8, 2, 8, 1, 8]
    figure = opened(page, base, "attention", digits="27182818", position=position)
    expect(figure.locator(".ws-words")).to_contain_text(f"Position {position},")
    row = np.array([*digits, 10, *digits[:0:-1]])
    for part in sentence("reversal", row, 1, position):
        assert part in words(figure)


def test_own_letters_are_copied_by_the_second_layer(page, base):
    figure = opened(
        page, base, "attention", task="induction", letters="weights", layer=2, position=11
    )
    expect(figure.locator(".ws-words")).to_contain_text("Position 11,")
    row = np.resize([ord(c) - ord("a") for c in "weights"], 32)
    for part in sentence("induction", row, 2, 11):
        assert part in words(figure)
    assert "The model predicts “h”" in words(figure) and "the target is “h”" in words(figure)


def test_a_row_is_pressed_in_the_grid(page, base):
    figure = opened(page, base, "attention")
    box = figure.locator(".ws-attention-grid").bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] - 4)
    assert words(figure).startswith("Position 16,")


def test_typing_keeps_the_drawing_and_its_height(page, base):
    figure = opened(page, base, "attention")
    height = figure.locator(".ws-stage").bounding_box()["height"]
    figure.get_by_label("eight digits to reverse").fill("3141")
    assert "needs eight digits" in words(figure)
    assert figure.locator(".ws-stage").bounding_box()["height"] == height
    assert figure.locator(".ws-still .ws-attention-grid").is_visible()


def test_only_what_belongs_to_the_model_is_offered(page, base):
    figure = opened(page, base, "attention")
    digits, letters = figure.get_by_label("eight digits to reverse"), figure.get_by_label("letters")
    assert digits.is_visible() and not letters.is_visible()
    assert not figure.get_by_role("group", name="layer", exact=True).is_visible()
    figure.get_by_label("induction").check()
    assert letters.is_visible() and not digits.is_visible()
    assert figure.get_by_role("group", name="layer", exact=True).is_visible()


@pytest.mark.parametrize(
    ("state", "answer"),
    [
        ({"digits": "12"}, "needs eight digits"),
        ({"task": "induction", "letters": "42"}, "Type letters"),
    ],
)
def test_rows_that_are_none_are_refused_in_words(page, base, state, answer):
    figure = opened(page, base, "attention", **state)
    assert answer in words(figure)
    assert nonsense(figure) == []


def test_a_model_that_cannot_be_fetched_is_told(page, base):
    page.route("**/payloads/*.bin", lambda route: route.abort())
    figure = opened(page, base, "attention", digits="11112222")
    expect(figure.locator(".ws-words")).to_contain_text("could not be fetched")
