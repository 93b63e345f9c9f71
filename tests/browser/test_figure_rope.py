"""Rotary position embedding in the page: both move and the score stays, or one moves."""

import re

import numpy as np
import pytest
from interactives import nonsense, opened, payload_of, press, slide, words

from weighted_sums.dot_product import attention_scores
from weighted_sums.positions import apply_rope


def score(query, key):
    payload = payload_of("rope")
    at_query, at_key = (
        apply_rope(np.array([payload[name]]), np.array([at]), payload["base"])
        for name, at in (("q", query), ("k", key))
    )
    return attention_scores(at_query, at_key).item()


def told(figure):
    found = re.search(r"Their score is (−?[\d.]+)", words(figure))
    return float(found[1].replace("−", "-"))


@pytest.mark.parametrize(("position", "distance"), [(3, 2), (50, 2), (0, 0), (7, 31)])
def test_the_score_is_pythons(page, base, position, distance):
    figure = opened(page, base, "rope", position=position, distance=distance)
    assert f"the query at {position + distance}" in words(figure)
    assert told(figure) == pytest.approx(score(position + distance, position), abs=0.006)
    assert nonsense(figure) == []


def test_moving_both_keeps_the_score_and_moving_one_changes_it(page, base):
    figure = opened(page, base, "rope", position=3, distance=2)
    before = told(figure)
    slide(figure, "move both: position of the key", 41)
    assert "position 41" in words(figure) and told(figure) == before
    slide(figure, "move the query: distance", 9)
    assert told(figure) != before


@pytest.mark.parametrize("distance", [0, 1, 2, 20, 40])
def test_the_names_of_query_and_key_never_touch(page, base, distance):
    figure = opened(page, base, "rope", position=3, distance=distance)
    boxes = figure.locator("text[font-style=italic]").evaluate_all(
        "all => all.map(t => t.getBoundingClientRect()).map(b => [b.x, b.y, b.width, b.height])"
    )
    assert len(boxes) == 8
    for k, q in zip(boxes[::2], boxes[1::2], strict=True):
        middles = [(x + width / 2, y + height / 2) for x, y, width, height in (k, q)]
        assert np.linalg.norm(np.subtract(*middles)) > 13


def test_both_go_one_further(page, base):
    figure = opened(page, base, "rope", position=3, distance=2)
    press(figure, "Both one further")
    assert "The key is at position 4 and the query at 6" in words(figure)


def test_the_dot_is_dragged_along_the_distances(page, base):
    figure = opened(page, base, "rope", position=3, distance=2)
    dot = figure.get_by_role("slider", name="distance of query and key")
    dot.focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    assert "5 positions apart" in words(figure)
    dot.scroll_into_view_if_needed()
    box = dot.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2 + 60, box["y"], steps=4)
    page.mouse.up()
    assert "5 positions apart" not in words(figure)
