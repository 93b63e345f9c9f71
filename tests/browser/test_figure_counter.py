"""The counter: GPT-3 to the last parameter, and any other size."""

import pytest
from interactives import opened, press, slide, words

from weighted_sums import counting


def test_gpt_3_is_counted_to_the_last_parameter(page, base):
    figure = opened(page, base, "counter")
    assert "175,181,291,520 parameters in 27,938 weight matrices" in words(figure)
    press(figure, "GPT-3, everything")
    assert "174,604,259,328 parameters" in words(figure)
    press(figure, "GPT-2 small, everything")
    assert "124,439,808 parameters" in words(figure)


@pytest.mark.parametrize("all_", [0, 1])
def test_any_size_is_counted_as_python_counts(page, base, all_):
    c = counting.Configuration(1000, 77, 60, n_heads=5, n_layers=3, tied=bool(all_))
    given = {"n_layers": 3, "n_heads": 5, "d_head": 12, "vocab_size": 1000, "context": 77}
    figure = opened(page, base, "counter", **given, biases=0, tied=all_, all=all_)
    wanted = counting.total(counting.parts(c) if all_ else counting.matrices(c))
    assert f"{wanted:,} parameters" in words(figure)


def test_a_box_counts_whenever_it_is_ticked(page, base):
    figure = opened(page, base, "counter")
    boxes = figure.get_by_role("checkbox")
    assert [box.is_checked() for box in boxes.all()] == [False] * 3  # as published
    published = counting.total(counting.matrices(counting.GPT_3))
    figure.get_by_label("tied embeddings").check()
    assert f"{published - 50_257 * 12_288:,} parameters, with one matrix as" in words(figure)
    figure.get_by_label("biases of attention").check()
    now = published - 50_257 * 12_288 + 96 * 4 * 12_288
    assert f"{now:,} parameters, with the biases of attention, and with" in words(figure)
    figure.get_by_label("positions, norms, biases of MLPs").check()
    assert f"{counting.total(counting.parts(counting.GPT_3)):,} parameters" in words(figure)
    assert figure.locator(".ws-chip[aria-pressed=true]").inner_text() == "GPT-3, everything"


def test_twice_the_layers(page, base):
    figure = opened(page, base, "counter")
    slide(figure, "layers", 192)
    c = counting.Configuration(50_257, 2048, 12_288, n_heads=96, n_layers=192)
    assert f"{counting.total(counting.matrices(c)):,}" in words(figure)


@pytest.mark.parametrize(("key", "layers"), [("ArrowRight", 97), ("ArrowLeft", 95)])
def test_a_key_changes_the_layers_however_fine_the_slider_is(page, base, key, layers):
    figure = opened(page, base, "counter")
    figure.get_by_role("slider", name="layers").press(key)
    c = counting.Configuration(50_257, 2048, 12_288, n_heads=96, n_layers=layers)
    assert f"{counting.total(counting.matrices(c)):,}" in words(figure)
