"""Softmax at every temperature, of the recorded logits of a real model."""

import numpy as np
import pytest
from interactives import nonsense, opened, payload_of, press, slide, words

from weighted_sums import sampling


def probabilities(prompt, temperature):
    part = payload_of("softmax")["prompts"][prompt]
    return sampling.with_tail(np.array(part["logits"]), part["tail"], float(temperature))


@pytest.mark.parametrize("prompt", ["0", "2"])
@pytest.mark.parametrize("temperature", [0, 0.3, 1, 2.5, 1000])
def test_probabilities_are_pythons(page, base, prompt, temperature):
    figure = opened(page, base, "softmax", prompt=prompt, temperature=temperature)
    found = probabilities(prompt, temperature)
    assert f"has {100 * found[0]:.1f} %" in words(figure)
    assert f"All other tokens have {100 * found[8:].sum():.1f} %" in words(figure)
    assert nonsense(figure) == []


def test_drawn_tokens_are_counted(page, base):
    figure = opened(page, base, "softmax", prompt="0", temperature=0)
    press(figure, "Draw a token")
    press(figure, "Draw a hundred")
    assert "Drawn 101 times, last “␣Paris”." in words(figure)
    assert figure.locator(".ws-bars span").first.inner_text().startswith("101×")
    slide(figure, "temperature T", 1)
    assert "Drawn" not in words(figure)


def test_at_zero_the_most_probable_takes_all(page, base):
    figure = opened(page, base, "softmax")
    slide(figure, "temperature T", 0)
    assert "has 100.0 %" in words(figure)
