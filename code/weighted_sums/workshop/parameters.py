"""All parameters of a network at once: as a list of arrays, or as one long vector.

A network is a list of layers, and a layer is a tuple of arrays. Gradients have the same structure,
so that these functions serve for both.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from jaxtyping import Float


def leaves(tree: Any) -> list[np.ndarray]:
    """List the arrays of nested lists and tuples in order: the arrays themselves, no copies."""
    if isinstance(tree, np.ndarray):
        return [tree]
    if not isinstance(tree, list | tuple):
        raise TypeError(f"parameters are arrays in lists or tuples, not {type(tree).__name__}")
    found: list[np.ndarray] = []
    for branch in tree:
        found += [branch] if isinstance(branch, np.ndarray) else leaves(branch)
    return found


def rebuild(arrays: Iterator[Any], like: Any) -> Any:
    """Put `arrays`, in the order of `leaves`, into the structure of `like`."""
    if isinstance(like, np.ndarray):
        return next(arrays)
    branches = [rebuild(arrays, branch) for branch in like]
    if isinstance(like, list):
        return branches
    return type(like)(*branches) if hasattr(like, "_fields") else tuple(branches)


def copy(tree: Any) -> Any:
    """Return the same structure with a copy of every array."""
    return rebuild((leaf.copy() for leaf in leaves(tree)), tree)


def flatten(tree: Any) -> Float[np.ndarray, " parameter"]:
    """Return all parameters as one vector, layer by layer, each W row by row and then its b."""
    return np.concatenate([leaf.ravel() for leaf in leaves(tree)])


def unflatten(vector: Float[np.ndarray, " parameter"], like: Any) -> Any:
    """Undo `flatten`: return the numbers of `vector` in the structure and shapes of `like`.

    Raises ValueError unless `vector` has as many numbers as `like` has parameters.
    """
    shapes = [leaf.shape for leaf in leaves(like)]
    ends = np.cumsum([leaf.size for leaf in leaves(like)])
    if len(vector) != ends[-1]:
        raise ValueError(f"{len(vector)} numbers cannot fill a structure of {ends[-1]} parameters")
    parts = np.split(vector, ends[:-1])
    return rebuild(
        (part.reshape(shape).copy() for part, shape in zip(parts, shapes, strict=True)), like
    )
