"""Drawings normalised like the training data: scaled to the same size and centred."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float

from weighted_sums.data import PIXELS, SIDE
from weighted_sums.workshop.checks import as_float

BOX = 20  # pixels along the longer side of a digit
SAMPLES = 4  # per pixel in each direction
THRESHOLD = 0.1  # darker pixels do not count as drawn

Board = Float[np.ndarray, "side side"]


def centre_of_mass(board: Board) -> tuple[float, float]:
    """Return the row and column of a board's centre of mass, its pixels being the masses."""
    index = np.arange(len(board))
    mass = board.sum()
    return float(board.sum(axis=1) @ index / mass), float(board.sum(axis=0) @ index / mass)


def normalise_drawing(board: Board) -> Float[np.ndarray, " pixel"]:
    """Return a square drawing as an image that looks like the digits of MNIST.

    The drawing is scaled until its longer side fills 20 pixels, and placed with its centre of mass
    at row and column 14 of the 28 by 28. An empty board stays black. Source: LeCun, Cortes and
    Burges, who made the training data in this way. Raises ValueError for a board that is not
    square, and for pixels outside 0 to 1.
    """
    board = as_float(board, "a board")
    if board.ndim != 2 or len(board) != board.shape[1] or not len(board):
        raise ValueError(f"a board must be square, not of shape {board.shape}")
    if not (board.min() >= 0 and board.max() <= 1):
        raise ValueError(f"pixels must lie in 0..1, found {board.min()} to {board.max()}")
    drawn = board > THRESHOLD
    if not drawn.any():
        return np.zeros(PIXELS)
    step = max(_length(np.any(drawn, axis=axis)) for axis in (0, 1)) / BOX
    row, column = centre_of_mass(board)
    inner = ((np.arange(SAMPLES) + 0.5) / SAMPLES - 0.5)[None, :]
    offsets = ((np.arange(SIDE) - SIDE / 2)[:, None] + inner).ravel() * step
    samples = _interpolate(board, row + offsets, column + offsets)
    return samples.reshape(SIDE, SAMPLES, SIDE, SAMPLES).mean(axis=(1, 3)).ravel()


def _length(drawn: np.ndarray) -> int:
    found = np.flatnonzero(drawn)
    return int(found[-1] - found[0]) + 1


def _interpolate(board: np.ndarray, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
    # bilinear: a matrix of weights for the rows, and one for the columns
    return _weights(rows, len(board)) @ board @ _weights(columns, len(board)).T


def _weights(at: np.ndarray, side: int) -> np.ndarray:
    return np.maximum(0, 1 - np.abs(at[:, None] - np.arange(side)))
