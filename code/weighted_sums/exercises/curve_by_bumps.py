"""Checks for the project of drawing a curve to a given error."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable

import numpy as np
from jaxtyping import Float

from weighted_sums.exercises import Wrong, called, diagnose, require
from weighted_sums.neurons import sigmoid

Curve = Callable[[np.ndarray], np.ndarray]
POINTS = 4001
SPARE = 1.25  # times the neurons of the check's own solution

CURVES: dict[str, tuple[Curve, float, float, float]] = {
    "a cliff": (lambda x: np.tanh(20 * (x - 0.6)), 0.0, 1.0, 0.05),
    "a wave from -1 to 2": (lambda x: np.sin(3 * x), -1.0, 2.0, 0.1),
    "a parabola": (lambda x: x * x, 0.0, 3.0, 0.3),
    "a constant": (lambda x: 0 * x + 2.5, 0.0, 1.0, 0.1),
}


def cut(answer) -> str:
    """`cut(f, low, high, error)`: edges of as few pieces as possible, each of small variation."""
    for name, (f, low, high, error) in CURVES.items():
        where = f"for {name} and an error of {error}"
        edges = _edges(called(answer, where, f, low, high, error), where, low, high)
        for left, right in itertools.pairwise(edges):
            y = f(np.linspace(left, right, 400))
            varies = float(y.max() - y.min())
            require(varies <= 2 * error * 1.02, f"{where} the curve varies by {varies:.3f} between "
                    f"{left:.3f} and {right:.3f}; {2 * error} is allowed")  # fmt: skip
        fewest, count = len(_fewest(f, low, high, error)) - 1, len(edges) - 1
        if count > fewest + 1:
            step = np.diff(edges)
            even = count > 1 and np.allclose(step, step[0])
            why = "equal widths waste pieces where the curve is flat" if even else (
                "let each piece vary by twice the error before you cut")  # fmt: skip
            raise Wrong(f"{where} you make {count} pieces and {fewest} are enough: {why}")
    return "wide where the curve is flat, narrow where it is steep"


def steepness(answer) -> str:
    """`steepness(blur, remainder)`: how steep a neuron must be."""
    for blur, rest in ((0.1, 0.01), (0.02, 0.05), (1.5, 0.2)):
        where = f"for a blur of {blur} and a remainder of {rest}"
        found = called(answer, where, blur, rest)
        require(np.size(found) == 1, f"{where} give one number")
        found, want = float(np.squeeze(found)), math.log((1 - rest) / rest) / blur
        if not np.isclose(found, want):
            left = float(sigmoid(np.array(-found * blur)))
            raise Wrong(f"{where} " + diagnose(found, {
                "the blur is on both sides of the edge, so its half is not meant": 2 * want,
                "you measure from one end of the strip to the other": want / 2,
                "divide by the blur, do not multiply": want * blur**2,
                "the sign is wrong: that neuron falls": -want,
                "drop the remainder in the numerator only if it is tiny": -math.log(rest) / blur,
                "use the natural logarithm": want / math.log(10),
                "that is the derivative's condition, not the value's": 1 / (4 * blur * rest),
            }, f"with s = {found:.4g} a remainder of {left:.4f} is left"))  # fmt: skip
    return "half the blur needs twice the steepness"


def network(answer) -> str:
    """`network(f, low, high, error, blur)`: edges, weights, bias and steepness."""
    for name, (f, low, high, error) in CURVES.items():
        blur = (high - low) / 1000
        where = f"for {name}, an error of {error} and a blur of {blur}"
        parts = called(answer, where, f, low, high, error, blur)
        four = isinstance(parts, tuple | list) and len(parts) == 4
        require(four, f"{where} return four things: edges, weights, bias, steepness")
        edges, weights = (np.asarray(part, dtype=float).reshape(-1) for part in parts[:2])
        require(len(edges) == len(weights), f"{where} you give {len(edges)} edges and "
                f"{len(weights)} weights; each neuron has one of both")  # fmt: skip
        x = np.linspace(low, high, 20_001)
        off = np.abs(_output(edges, weights, *parts[2:], x) - f(x))
        if len(edges):
            off[np.abs(x[:, None] - edges).min(axis=1) < blur] = 0
        worst = int(off.argmax())
        require(off[worst] <= error, f"{where} the network is off by {off[worst]:.4f} at "
                f"{x[worst]:.3f}{_reason(off[worst], error)}")  # fmt: skip
        allowed = math.ceil(SPARE * len(_fewest(f, low, high, 0.95 * error)))
        require(len(edges) <= allowed, f"{where} you use {len(edges)} neurons; {allowed} are "
                "allowed: cut where the curve asks for it")  # fmt: skip
    return "the error is kept, and no neuron is wasted"


def _reason(off: float, error: float) -> str:
    if off < 1.5 * error:
        return ", a little too much: may a stair use up all of the error?"
    if off < 2.1 * error:
        return ", twice what is allowed: look at the heights of the stairs"
    return ": look at the weights, the bias and the steepness"


def _output(edges, weights, bias, s, x: np.ndarray) -> Float[np.ndarray, " point"]:
    return float(np.squeeze(bias)) + sigmoid(float(s) * (x[:, None] - edges)) @ weights


def _edges(found, where: str, low: float, high: float) -> np.ndarray:
    edges = np.asarray(found, dtype=float)
    require(edges.ndim == 1 and len(edges) > 1, f"{where} give at least two edges, low and high")
    ends = np.isclose(edges[0], low) and np.isclose(edges[-1], high)
    require(bool(ends), f"{where} the edges go from {edges[0]:g} to {edges[-1]:g}; they should go "
            f"from {low:g} to {high:g}")  # fmt: skip
    require(bool((np.diff(edges) > 0).all()), f"{where} the edges do not rise")
    return edges


def _fewest(f: Curve, low: float, high: float, error: float) -> list[float]:
    x = np.linspace(low, high, POINTS)
    y, edges, first = f(x), [low], 0
    for i in range(1, POINTS):
        piece = y[first : i + 1]
        if piece.max() - piece.min() > 2 * error:
            edges.append(float(x[i - 1]))
            first = i - 1
    return [*edges, high]
