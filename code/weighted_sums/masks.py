"""Masks: which keys a query may attend to."""

from __future__ import annotations

import numpy as np
from jaxtyping import Bool, Float

from weighted_sums.workshop.checks import as_float

Mask = Bool[np.ndarray, "... query key"]
"""True where a query may attend to a key; leading axes broadcast over heads and batches."""


def causal_mask(
    scores: Float[np.ndarray, "*batch query key"],
) -> Float[np.ndarray, "*batch query key"]:
    r"""Replace the scores of keys after the query's position by −∞, {eq}`causal-mask`.

    With fewer queries than keys, the queries are the last positions of the sequence. Raises
    ValueError for more queries than keys, of which the first would see nothing.
    """
    scores = as_float(scores, "scores")
    return np.where(visible(scores.shape, True, None), scores, scores.dtype.type(-np.inf))


def visible(shape: tuple[int, ...], causal: bool, mask: Mask | None) -> Mask:
    """Return where a query may attend, as an array that broadcasts to the `shape` of the scores.

    Raises ValueError for a mask of another shape, or one that leaves a query without any key.
    """
    queries, keys = shape[-2:]
    if causal:
        check_last(queries, keys)
    seen = np.tri(queries, keys, keys - queries if causal else keys, dtype=bool)
    if mask is None:
        return seen
    mask = np.asarray(mask)
    axes = zip(mask.shape[::-1], shape[::-1], strict=False)
    fits = 2 <= mask.ndim <= len(shape) and all(own in (1, n) for own, n in axes)
    if mask.dtype != bool or not fits:
        raise ValueError(
            f"a mask must be boolean and broadcast to {shape}, but this one is {mask.dtype} of "
            f"shape {mask.shape}"
        )
    seen = seen & mask
    if not seen.any(axis=-1).all():
        query = np.argwhere(~seen.any(axis=-1))[0].tolist()
        raise ValueError(f"the mask lets query {query} attend to no key")
    return seen


def check_last(queries: int, keys: int) -> None:
    """Raise ValueError unless so many queries can be the last positions of so many keys."""
    if queries > keys:
        raise ValueError(f"{queries} queries cannot be the last positions of {keys} keys")
