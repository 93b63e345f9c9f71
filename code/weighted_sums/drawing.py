"""A drawing in the form of the training data: as large as its digits, and centred like them."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float

from weighted_sums.data import PIXELS, SIDE
from weighted_sums.workshop.checks import as_float

BOX = 20  # pixels that the longer side of a digit fills
FINE = 4  # samples in each direction for a pixel
FAINT = 0.1  # what is darker does not count as drawn

Board = Float[np.ndarray, "side side"]


def centre_of_mass(board: Board) -> tuple[float, float]:
    """Row and column around which the brightness of a board balances."""
    places = np.arange(len(board))
    mass = board.sum()
    return float(board.sum(axis=1) @ places / mass), float(board.sum(axis=0) @ places / mass)


def normalise_drawing(board: Board) -> Float[np.ndarray, " pixel"]:
    """Return the pixels that a network trained on MNIST should see of a square board.

    What is drawn is scaled until its longer side fills 20 pixels, and laid with its centre of mass
    on the middle of the 28 by 28, at row and column 14. An empty board stays black. Source: LeCun,
    Cortes and Burges, who made the training data so. Raises ValueError for another board, and for
    brightness beyond 0 to 1.
    """
    board = as_float(board, "a board")
    if board.ndim != 2 or len(board) != board.shape[1] or not len(board):
        raise ValueError(f"a board is square, not of shape {board.shape}")
    if not (board.min() >= 0 and board.max() <= 1):
        raise ValueError(f"brightness lies in 0..1, found {board.min()} to {board.max()}")
    drawn = board > FAINT
    if not drawn.any():
        return np.zeros(PIXELS)
    step = max(_length(drawn.any(axis=0)), _length(drawn.any(axis=1))) / BOX
    row, column = centre_of_mass(board)
    inner = ((np.arange(FINE) + 0.5) / FINE - 0.5)[None, :]
    offsets = ((np.arange(SIDE) - SIDE / 2)[:, None] + inner).ravel() * step
    samples = _between(board, row + offsets, column + offsets)
    return samples.reshape(SIDE, FINE, SIDE, FINE).mean(axis=(1, 3)).ravel()


def _length(used: np.ndarray) -> int:
    found = np.flatnonzero(used)
    return int(found[-1] - found[0]) + 1


def _between(board: np.ndarray, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
    # the values between the places, weighed by nearness: first along columns, then along rows
    return _weights(rows, len(board)) @ board @ _weights(columns, len(board)).T


def _weights(at: np.ndarray, side: int) -> np.ndarray:
    return np.maximum(0, 1 - np.abs(at[:, None] - np.arange(side)))
