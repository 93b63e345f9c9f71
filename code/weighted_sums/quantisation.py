"""Quantisation: weights as small whole numbers, in blocks that share a step and a minimum.

Rounding has no useful derivative: it is 0 almost everywhere. Training through it takes the
gradient at the rounded weights and applies it to the exact ones (straight-through estimator).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from jaxtyping import Float, UInt8

from weighted_sums.workshop import parameters
from weighted_sums.workshop.checks import as_float, whole_number

BLOCK = 32  # weights that have a step and a minimum in common


class Quantised(NamedTuple):
    """Weights as numbers of steps above the minimum of their block."""

    steps: UInt8[np.ndarray, "block number"]
    step: Float[np.ndarray, "block 1"]
    minimum: Float[np.ndarray, "block 1"]
    shape: tuple[int, ...]


def quantise(weights: Float[np.ndarray, "..."], bits: int, block: int = BLOCK) -> Quantised:
    """Round blocks of weights to 2 ** `bits` equal steps between their minimum and maximum.

    Implements {eq}`quantise`. Step and minimum are in half precision, so that with four bits and
    blocks of 32 the levels are those of Q4_1. Raises ValueError for more than eight bits, and
    when the number of weights is no multiple of `block`.
    """
    weights = as_float(weights)
    if not 1 <= whole_number(bits, "bits") <= 8 or weights.size % block or not weights.size:
        raise ValueError(f"{weights.size} weights do not fill blocks of {block} with {bits} bits")
    blocks = weights.reshape(-1, block)
    minimum = _half(blocks.min(axis=1, keepdims=True))
    step = _half((blocks.max(axis=1, keepdims=True) - minimum) / (2**bits - 1))
    step = np.where(step > 0, step, np.float32(1))
    steps = np.clip(np.rint((blocks - minimum) / step), 0, 2**bits - 1).astype(np.uint8)
    return Quantised(steps, step, minimum, weights.shape)


def dequantise(quantised: Quantised) -> Float[np.ndarray, "..."]:
    """Return the weights that the numbers of steps stand for, {eq}`quantise`, in float32."""
    steps, step, minimum, shape = quantised
    return (steps * step + minimum).astype(np.float32).reshape(shape)


def bits_per_weight(bits: int, block: int = BLOCK) -> float:
    """Return what a weight costs with its part of step and minimum, 16 bits each."""
    return bits + 32 / block


def rounded(model: Any, bits: int, block: int = BLOCK) -> Any:
    """Return `model` with its matrices quantised; vectors, and odd sizes, stay exact.

    `block` of 0 takes each matrix as one block.
    """

    def round_one(W: np.ndarray) -> np.ndarray:
        if W.ndim < 2 or (block and W.size % block):
            return W
        return dequantise(quantise(W, bits, block or W.size)).astype(W.dtype)

    return parameters.rebuild((round_one(W) for W in parameters.leaves(model)), model)


def straight_through(
    gradient: Callable[..., tuple[float, Any]], bits: int, block: int = BLOCK
) -> Callable[..., tuple[float, Any]]:
    """Return a gradient function that is computed at the rounded weights of its model.

    Source: Bengio, Léonard and Courville (2013).
    """

    def at_rounded(model: Any, *batch: Any) -> tuple[float, Any]:
        return gradient(rounded(model, bits, block), *batch)

    return at_rounded


def _half(x: np.ndarray) -> np.ndarray:
    return x.astype(np.float16).astype(np.float32)
