"""A query among the keys of a head: numbers as the package has them, by slider and by dragging."""

import numpy as np
import pytest
from interactives import nonsense, opened, payload_of, press, slide, words

from weighted_sums.dot_product import attention_scores, attention_weights


def expected(q):
    payload = payload_of("head")
    q, k, v = np.array([q]), np.array(payload["keys"]), np.array(payload["values"])
    weights = attention_weights(q, k, causal=False)
    return attention_scores(q, k)[0], weights[0], (weights @ v)[0]


def written(x):
    return f"{x:.2f}".replace("-", "−")


@pytest.mark.parametrize("q", [(3.0, 0.0), (0.0, 3.0), (-3.0, 0.0), (0.7, -1.2)])
def test_the_numbers_are_pythons(page, base, q):
    figure = opened(page, base, "head", qx=q[0], qy=q[1])
    scores, weights, total = expected(q)
    for score in scores:
        assert written(score + 0.0) in words(figure)
    assert f"{100 * weights[0]:.0f} %" in words(figure)
    assert f"({', '.join(written(x) for x in total)})" in words(figure)
    assert nonsense(figure) == []


def test_shapes_are_written_below_the_matrices(page, base):
    figure = opened(page, base, "head")
    shapes = figure.locator(".ws-shape").all_inner_texts()
    assert shapes == ["1 × 2", "2 × 3", "1 × 3", "1 × 3", "3 × 2", "1 × 2"]


def test_a_longer_query_is_more_certain_and_the_root_less(page, base):
    figure = opened(page, base, "head", qx=1, qy=0)
    first = words(figure)
    slide(figure, "query, first number", 4)
    assert words(figure) != first and "50 %, 50 % and 0 %" in words(figure)
    slide(figure, "query, first number", 1)
    figure.get_by_label("divide by the square root").uncheck()
    assert "not divided by the square root" in words(figure)


def test_the_query_is_moved_by_keys(page, base):
    figure = opened(page, base, "head")
    figure.get_by_role("slider", name="the query", exact=True).focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowUp")
    assert "The query (2.90, 0.10)" in words(figure)


def test_a_preset_asks_an_adjectives_question(page, base):
    figure = opened(page, base, "head")
    press(figure, "an adjective asks")
    assert "33 %, 33 % and 33 %" in words(figure)
