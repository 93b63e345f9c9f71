"""A painted template: the weights of a neuron whose pixels are positive, negative or zero."""

from __future__ import annotations

import string

import numpy as np
from jaxtyping import Float, Num

LETTERS = string.ascii_uppercase + "a"  # three signs in a letter


def template(signs: Num[np.ndarray, "..."]) -> Float[np.ndarray, "..."]:
    """Return weights that compare the pixels with a positive sign and those with a negative one.

    As in {eq}`bar-filter`, the weighted sum is the mean brightness of the first group minus that
    of the second. A group without pixels counts as black.
    """
    above, below = signs > 0, signs < 0
    return above / max(above.sum(), 1) - below / max(below.sum(), 1)


def signs_as_text(signs: Num[np.ndarray, "..."]) -> str:
    """Return signs (−1, 0 or 1), row by row, as text that the address of a page can hold."""
    flat = signs.ravel().astype(int) % 3  # 2 stands for −1
    trits = np.pad(flat, (0, -len(flat) % 3)).reshape(-1, 3)
    return "".join(LETTERS[value] for value in trits @ (9, 3, 1)).rstrip(LETTERS[0])
