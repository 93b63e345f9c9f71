"""Checks for the exercises of the chapter on neurons."""

from __future__ import annotations

import warnings
from collections.abc import Callable

import numpy as np

from weighted_sums.data import PIXELS, SIDE
from weighted_sums.exercises import Wrong, require
from weighted_sums.neurons import neuron, sigmoid, step


def edge(weights: np.ndarray) -> str:
    """784 weights that answer to an edge, dark on its left and bright on its right."""
    w = np.asarray(weights, dtype=float)
    require(w.shape == (PIXELS,), f"there should be {PIXELS} weights in one list, not {w.shape}")
    right = np.zeros((SIDE, SIDE))
    right[:, SIDE // 2 :] = 1
    images = {
        "dark on the left, bright on the right": right,
        "bright on the left, dark on the right": right[:, ::-1],
        "bright above, dark below": right.T[::-1],
        "dark above, bright below": right.T,
        "white all over": np.ones((SIDE, SIDE)),
    }
    z = {name: float(image.ravel() @ w) for name, image in images.items()}
    wanted, *others = z
    require(z[wanted] > 0, f"the image {wanted} gives {z[wanted]:.2f}; it should be positive")
    for name in others:
        limit = 0.1 * z[wanted]
        require(
            z[name] <= limit,
            f"the image {name} gives {z[name]:.2f}, almost as much as the edge itself "
            f"({z[wanted]:.2f}): which pixels should vote against it?",
        )
    return "it answers to its edge and to nothing else here"


def slope(answer: Callable) -> str:
    """`slope(a)` is the sigmoid's slope where the activation is `a`."""
    for z in (-3.0, -0.7, 0.0, 0.7, 2.0):
        a, h = float(sigmoid(np.float64(z))), 1e-5
        wanted = float(sigmoid(np.float64(z + h)) - sigmoid(np.float64(z - h))) / (2 * h)
        found = answer(a)
        require(
            abs(found - wanted) < 1e-6,
            f"where the activation is {a:.3f} the curve rises by {wanted:.4f} per unit, "
            f"your formula says {found:.4f}",
        )
    return "the slope can be read off the activation"


def stable_sigmoid(answer: Callable) -> str:
    """`stable_sigmoid(z)` works for every z, without a warning, for arrays of any shape."""
    for kind in (np.float64, np.float32):
        for value, wanted in ((0, 0.5), (1000, 1.0), (-1000, 0.0), (2, 0.880797), (-2, 0.119203)):
            z = np.array([value, 0], dtype=kind)
            with warnings.catch_warnings(record=True) as noise:
                warnings.simplefilter("always")
                found = np.asarray(answer(z))
            require(found.shape == z.shape, f"two numbers went in, {found.shape} came out")
            require(
                bool(np.isclose(found[0], wanted, atol=1e-5)),
                f"at z = {value} your sigmoid gives {found[0]}; it should give {wanted}",
            )
            if noise:
                raise Wrong(f"at z = {value} NumPy warns: {noise[0].message}")
    _agrees_everywhere(answer)
    return "no number is too large for it"


def _agrees_everywhere(answer: Callable) -> None:
    z = np.random.default_rng(0).normal(scale=10, size=(3, 4))
    found = np.asarray(answer(z))
    require(found.shape == z.shape, f"an array of shape {z.shape} came out as {found.shape}")
    off = np.abs(found - sigmoid(z))
    worst = np.unravel_index(off.argmax(), off.shape)
    require(
        bool(off[worst] < 1e-6),
        f"at z = {z[worst]:.4f} your sigmoid gives {found[worst]:.6f}; "
        f"it should give {sigmoid(z)[worst]:.6f}",
    )


def hardness(answer: Callable) -> str:
    """`hardness(z, error)`: the c from which sigmoid(c z) is within `error` of the step."""
    for z, error in ((1.0, 0.01), (0.1, 0.01), (-0.5, 0.001), (3.0, 0.2)):
        c = float(answer(z, error))
        require(c > 0, f"for z = {z} and error {error} your c is {c:g}; it should be positive")
        off = abs(float(sigmoid(np.float64(c * z))) - float(step(np.float64(z))))
        require(
            off <= error * (1 + 1e-9),
            f"for z = {z} and c = {c:.3g} the neuron still misses the step by {off:.2g}, "
            f"more than {error}",
        )
        require(
            off > error * 0.98,
            f"for z = {z} a smaller c than {c:.3g} would do: it misses the step by {off:.2g} only",
        )
    return "the closer z is to zero, the larger c must be"


def xor(answer) -> str:
    """`(hidden, output)`: perceptrons as pairs (w, b) that together compute exclusive or."""
    hidden, output = answer
    for x in ([0, 0], [0, 1], [1, 0], [1, 1]):
        a = np.array(x, dtype=float)
        h = np.array([float(_fires(a, *each)) for each in hidden])
        found, wanted = int(_fires(h, *output)), x[0] ^ x[1]
        require(
            found == wanted,
            f"for the inputs {x[0]} and {x[1]} the hidden neurons say "
            f"{[int(v) for v in h]} and the output {found}; it should be {wanted}",
        )
    return "two lines do what one cannot"


def _fires(x: np.ndarray, w, b) -> np.floating:
    weights = np.asarray(w, dtype=float)
    require(
        weights.shape == x.shape,
        f"a neuron with {x.size} inputs needs {x.size} weights, not {list(weights.shape)}",
    )
    return neuron(x, weights, float(b), squash=step)
