"""A token's journey: every step shows the numbers of the model that the page has trained."""

import numpy as np
import pytest
from interactives import nonsense, opened, payload_of, press, transformer_of, words

from weighted_sums import sampling, transformer

LAST = 20


def model():
    return transformer_of(payload_of("journey")["model"], None)


def row(text):
    return np.array([0 if c == " " else ord(c) - 96 for c in text])


def test_the_end_of_the_journey_is_the_models_own_prediction(page, base):
    figure = opened(page, base, "journey", text="the statemen", step=LAST)
    p = sampling.probabilities(transformer.logits(model(), row("the statemen"))[-1])
    best = chr(96 + int(p.argmax()))
    assert f"the next letter would be “{best}” ({100 * p.max():.0f} %)" in words(figure)
    assert words(figure).startswith(f"Step {LAST} of {LAST}, unembedding and softmax")


@pytest.mark.parametrize(("layer", "head"), [(1, 1), (2, 2)])
def test_the_weights_of_a_head_are_those_of_the_package(page, base, layer, head):
    step = 9 * (layer - 1) + 3
    figure = opened(page, base, "journey", text="a function", step=step, head=head)
    weights = transformer.attention_patterns(model(), row("a function"))[layer - 1][head - 1, -1]
    at = int(weights.argmax())
    assert f"{100 * weights.max():.0f} %, on " in words(figure)
    assert f"at position {at + 1}." in words(figure)


def test_it_rests_where_the_stream_and_its_prediction_are_seen(page, base):
    figure = opened(page, base, "journey")
    assert "the MLP is added" in words(figure) and "“t”" in words(figure)
    cells = figure.locator(".ws-journey-panel svg rect").evaluate_all(
        "all => all.filter(r => parseFloat(r.getAttribute('fill-opacity')) > 0.3).length"
    )
    assert cells > 16  # of three rows of sixteen numbers


def test_one_steps_forward_and_back(page, base):
    figure = opened(page, base, "journey", step=0)
    assert words(figure).startswith("Step 0 of 20, embedding and position")
    press(figure, "Next step")
    assert words(figure).startswith("Step 1 of 20, layer 1: layer norm")
    press(figure, "Back")
    assert words(figure).startswith("Step 0 of 20")


def test_every_step_shows_its_matrices_with_their_shapes(page, base):
    figure = opened(page, base, "journey", step=2)
    shown = figure.locator(".ws-journey-panels").inner_text()
    for name in ("W_Q 8 × 16", "W_K 8 × 16", "W_V 8 × 16", "query 1 × 8"):
        assert name in shown.replace("\n", " ")
    for step in range(LAST + 1):
        figure = opened(page, base, "journey", step=step, text="x")
        assert not nonsense(figure)
        assert figure.locator(".ws-journey-panel").count() >= 1


def test_a_text_without_letters_is_one_space(page, base):
    figure = opened(page, base, "journey", text="123", step=LAST)
    assert not nonsense(figure)
    assert figure.locator(".ws-sequence span").count() == 1
