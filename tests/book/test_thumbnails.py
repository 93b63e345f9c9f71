"""A thumbnail is a figure without its words, cut out around one of its axes."""

import pytest
from matplotlib.figure import Figure

from bookbuild.thumbnails import thumbnail


def drawn(tmp_path, words="loss"):
    figure = Figure(figsize=(4, 2))
    left, right = figure.subplots(1, 2)
    left.plot([0, 1, 2], [3, 1, 2], color="#d95f02")
    right.plot([0, 1], [1, 0], color="#333333")
    left.set_xlabel(words)
    left.text(1, 2, words)
    left.legend(["a line"])
    path = tmp_path / "figure.svg"
    figure.savefig(path)
    return path.read_text("utf-8")


def box(svg):
    return [float(number) for number in svg.split('viewBox="')[1].split('"')[0].split()]


def test_words_ticks_and_legends_are_gone_and_lines_stay(tmp_path):
    small = thumbnail(drawn(tmp_path))
    for gone in ("text_", "xtick_", "ytick_", "legend_", "DejaVu", "metadata", "#ffffff"):
        assert gone not in small
    assert "#d95f02" in small
    assert len(small) < len(drawn(tmp_path)) / 4


def test_the_axes_are_chosen_by_their_number(tmp_path):
    svg = drawn(tmp_path)
    first, second = thumbnail(svg, 1), thumbnail(svg, 2)
    assert "#d95f02" not in second
    assert box(first)[0] < box(second)[0]
    assert box(first)[2] < 288 / 2  # points: half of the figure
    with pytest.raises(LookupError, match="axes_3"):
        thumbnail(svg, 3)


def test_ink_becomes_a_grey_that_is_seen_on_light_and_dark(tmp_path):
    assert "#333333" in drawn(tmp_path)
    small = thumbnail(drawn(tmp_path), 2)
    assert "#333333" not in small
    assert "#88837a" in small


def test_the_same_figure_gives_the_same_picture(tmp_path):
    svg = drawn(tmp_path)
    assert thumbnail(svg) == thumbnail(svg)
