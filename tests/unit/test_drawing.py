"""A drawing gets the size and the position of MNIST's digits, wherever and however large it was."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from weighted_sums import drawing


def board(side=64, top=10, left=20, height=30, width=12):
    found = np.zeros((side, side))
    found[top : top + height, left : left + width] = 1
    found[top, left : left + 2 * width] = 1
    return found


def test_an_empty_board_stays_black():
    assert not drawing.normalise_drawing(np.zeros((64, 64))).any()


@given(st.integers(0, 30), st.integers(0, 30))
def test_where_it_was_drawn_does_not_matter(top, left):
    np.testing.assert_allclose(
        drawing.normalise_drawing(board(top=top, left=left)),
        drawing.normalise_drawing(board()),
        atol=1e-12,
    )


def test_a_drawing_of_the_right_size_keeps_its_ink_and_is_neither_turned_nor_mirrored():
    drawn = board(height=20, width=6)
    drawn[10:16, 26:36] = 1
    pixels = drawing.normalise_drawing(drawn).reshape(28, 28)
    assert pixels.sum() == pytest.approx(drawn.sum())
    np.testing.assert_allclose(drawing.centre_of_mass(pixels), (14, 14))
    row, column = (round(at) - 14 for at in drawing.centre_of_mass(drawn))
    around = drawn[row : row + 28, column : column + 28]
    flips = around, around[:, ::-1], around[::-1], around.T
    assert np.argmin([np.abs(pixels - flipped).mean() for flipped in flips]) == 0


def test_faint_pixels_alone_are_no_drawing():
    assert not drawing.normalise_drawing(np.full((9, 9), 0.1)).any()
    assert drawing.normalise_drawing(np.full((9, 9), 0.15)).any()


@pytest.mark.parametrize("times", [2, 3])
def test_how_large_it_was_drawn_hardly_matters(times):
    small = drawing.normalise_drawing(board())
    large = drawing.normalise_drawing(np.kron(board(), np.ones((times, times))))
    assert np.abs(small - large).mean() < 0.02


@given(st.integers(3, 30), st.integers(3, 15))
def test_the_longer_side_is_twenty_pixels_and_the_mass_in_the_middle(height, width):
    pixels = drawing.normalise_drawing(board(height=height, width=width)).reshape(28, 28)
    seen = pixels > 0.3
    sides = [np.ptp(np.flatnonzero(seen.any(axis=axis))) + 1 for axis in (0, 1)]
    assert 18 <= max(sides) <= 22
    np.testing.assert_allclose(drawing.centre_of_mass(pixels), (14, 14), atol=0.25)


def test_pixels_stay_within_their_range():
    pixels = drawing.normalise_drawing(np.random.default_rng(0).random((40, 40)))
    assert pixels.min() >= 0 and pixels.max() <= 1


@pytest.mark.usefixtures("without_shape_checks")
@pytest.mark.parametrize(
    "board",
    [
        np.full((9, 9), 200, np.uint8),
        np.full((9, 9), 1.01),
        np.full((9, 9), -0.01),
        np.ones((3, 4)),
        np.ones(9),
    ],
)
def test_a_board_out_of_range_or_of_another_shape_is_refused(board):
    with pytest.raises(ValueError, match="pixels must lie in 0..1|must be square"):
        drawing.normalise_drawing(board)
