"""Figures come out the same twice, as vectors, in the size they are asked for."""

import base64
import re

import matplotlib as mpl
import numpy as np
import pytest

from weighted_sums.figures import backprop, style, wishes


@style.drawing(height=2.0)
def line(fig, values):
    fig.subplots().plot(values)


def test_two_drawings_of_the_same_numbers_are_the_same_bytes():
    assert line([1, 2, 4])._repr_mimebundle_() == line([1, 2, 4])._repr_mimebundle_()
    assert line([1, 2, 4]) != line([1, 2, 5])


def test_a_drawing_is_svg_for_screens_and_pdf_for_print():
    bundle = line([1, 2])._repr_mimebundle_()
    size = re.search(r'width="([\d.]+)pt" height="([\d.]+)pt"', bundle["image/svg+xml"])
    width, height = size.groups()
    assert (float(width), float(height)) == pytest.approx((72 * style.WIDTH, 72 * 2.0))
    assert base64.b64decode(bundle["application/pdf"]).startswith(b"%PDF")


def test_drawing_leaves_the_reader_s_own_settings_alone():
    before = mpl.rcParams["font.size"]
    line([1])
    assert mpl.rcParams["font.size"] == before


def test_black_is_zero_and_white_is_one():
    seen = {}

    @style.drawing(height=1)
    def grey(fig):
        ax = fig.subplots()
        style.show_image(ax, np.full(784, 0.5))
        seen["limits"] = ax.images[0].get_clim()
        seen["colour"] = ax.images[0].to_rgba(np.array([[0.0, 1.0]]))[0, :, :3].tolist()

    grey()
    assert seen == {"limits": (0, 1), "colour": [[0, 0, 0], [1, 1, 1]]}


def test_paths_are_written_to_a_hundredth_of_a_point_and_nothing_else_is_shortened():
    svg = line([0.123456, 1.0])._repr_mimebundle_()["image/svg+xml"]
    paths = re.findall(r' d="([^"]*)"', svg)
    assert paths
    assert not any(re.search(r"\.\d{3}", path) for path in paths)
    assert re.search(r'transform="[^"]*\.\d{3}', svg)


def test_each_pixel_of_an_image_is_kept_once_and_drawn_sharp():
    @style.drawing(height=1)
    def digit(fig):
        style.show_image(fig.subplots(), np.zeros(784))

    (image,) = re.findall(r"<image[^>]*>", digit()._repr_mimebundle_()["image/svg+xml"])
    assert 'width="28" height="28"' in image
    assert "image-rendering:pixelated" in image


def test_names_that_would_overlap_are_pushed_up_in_their_order():
    np.testing.assert_allclose(style.apart([3.0, 1.0, 1.2], 0.5), [3.0, 1.0, 1.5])
    np.testing.assert_allclose(style.apart([0.1, 0.0, 0.2], 0.5), [0.5, 0.0, 1.0])
    # on a logarithmic axis distances are factors
    np.testing.assert_allclose(style.apart([100, 51, 310], 2, factor=True), [102, 51, 310])


@pytest.mark.parametrize("colour", [wishes.UP, backprop.HIGHER])
def test_what_captions_call_purple_is_purple(colour):
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    assert green < min(red, blue) - 20 and abs(red - blue) < 20
