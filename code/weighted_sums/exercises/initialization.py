"""Checks for the exercises of the chapter on initialisation and depth."""

from __future__ import annotations

import numpy as np

from weighted_sums import neurons
from weighted_sums.exercises import call, diagnose, require, require_equal


def deviations_and_factor(answer) -> str:
    """Three standard deviations for a ReLU layer from 50 to 200 neurons, and a factor."""
    found = np.asarray(answer, dtype=float)
    require(found.shape == (4,), f"expected 4 numbers, found shape {found.shape}")
    want = np.array([0.2, 0.1, 0.008**0.5, 4])
    names = ("He by fan-in", "He by fan-out", "the compromise", "the factor of the errors")
    for name, value, right in zip(names, found, want, strict=True):
        errors = {
            "that is the variance; take its root": right**2,
            "fan-in is the number of inputs, fan-out that of outputs": {0.2: 0.1, 0.1: 0.2}.get(
                right, 1 / right
            ),
            "the gain 2 of a ReLU is missing": right / 2**0.5,
            "ReLU halves the errors, too": 2 * right,
            "that is the factor of the activations; the errors meet 200 outputs": 1.0,
        }
        if right == 4:
            errors = {k: v for k, v in errors.items() if "root" not in k and "gain" not in k}
        hint = diagnose(value, errors, f"it should not be {value:.3g}")
        require(np.isclose(value, right, rtol=0.01), f"{name}: {hint}")
    return "fan-in keeps the activations, and here the errors grow fourfold in each such layer"


def gain(answer) -> str:
    """`gain(activation, rng)` keeps the mean square for an activation with s(cz) = c s(z)."""
    activations = {
        "ReLU": neurons.relu,
        "an activation function that does nothing": lambda z: z,
        "a ReLU that lets a tenth of the negative through": lambda z: np.maximum(z, z / 10),
        "half a ReLU": lambda z: np.maximum(z, 0) / 2,
    }
    z = np.linspace(-8, 8, 4001)

    def mean(values):
        return np.average(values, weights=np.exp(-z * z / 2))

    for seed, (name, activation) in enumerate(activations.items()):
        where, s = f"for {name}", activation(z)
        found = call(answer, where, activation, np.random.default_rng(seed))
        require(np.size(found) == 1, f"{where} the gain should be one number")
        found, want = float(np.ravel(found)[0]), 1 / mean(s**2)
        errors = {
            "that is the mean square after the activation function; the gain is its reciprocal": (
                1 / want
            ),
            "that is a standard deviation; the gain belongs to the variance": want**0.5,
            "you take the variance; the mean square also counts the mean": 1
            / (mean(s**2) - mean(s) ** 2),
            "you take the mean absolute value; take the mean square": 1 / mean(np.abs(s)),
        }
        near = [why for why, value in errors.items() if np.isclose(found, value, rtol=0.05)]
        other = "measure with many numbers: a tenth is allowed for noise"
        require(
            np.isclose(found, want, rtol=0.1),
            f"{where} your gain is {found:.3g}; it should be near {want:.3g}: {[*near, other][0]}",
        )
    return "a ReLU halves the mean square, so its gain is 2"


def clip(answer) -> str:
    """`clip(grads, limit)` scales all arrays by one factor where their common norm is too large."""
    rng = np.random.default_rng(4)
    grads = [rng.normal(size=(2, 3)), rng.normal(size=4)]
    norm = float(np.sqrt(sum(np.square(g).sum() for g in grads)))
    for limit in (norm / 4, 0.9 * norm, 1.5 * norm):
        where = f"for a gradient of norm {norm:.2f} and the limit {limit:.2f}"
        found = call(answer, where, [g.copy() for g in grads], limit)
        right_kind = isinstance(found, list | tuple) and len(found) == len(grads)
        require(right_kind, f"{where} you should return a list of {len(grads)} arrays")
        for i, g in enumerate(grads):
            each = np.linalg.norm(g)
            errors = {
                "each entry is clipped, so the direction changes": np.clip(g, -limit, limit),
                "each array has a norm of its own; one norm is that of all arrays together": (
                    g * min(1.0, limit / each)
                ),
                "a gradient that is short enough stays as it is": g * limit / norm,
                "the gradient is too long and you leave it as it is": g,
                "you divide by the squared norm": g * limit / norm**2,
            }
            want = g * min(1.0, limit / norm)
            require_equal(found[i], want, f"{where}, array {i},", errors, "is not the old array "
                          "times the common factor")  # fmt: skip
    return "the direction stays, and the norm is at most the limit"


def batch_norm(answer) -> str:
    """`batch_norm(x, eps)` normalises each column over the examples."""
    rng = np.random.default_rng(5)
    for shape, eps in (((6, 3), 1e-5), ((4, 4), 0.1), ((1, 3), 1e-5)):
        x = rng.normal(2, 3, size=shape)
        where = f"for a table of shape {shape} and ε = {eps:g}"
        centred, variance = x - x.mean(axis=0), x.var(axis=0)
        rows = x - x.mean(axis=1, keepdims=True)
        errors = {
            "that normalises rows, which is layer normalisation; examples are rows": (
                rows / np.sqrt(x.var(axis=1, keepdims=True) + eps)
            ),
            "the mean and variance are those of the whole table": (
                (x - x.mean()) / np.sqrt(x.var() + eps)
            ),
            "the root of the variance is missing": centred / (variance + eps),
            "the mean is not subtracted": x / np.sqrt(variance + eps),
            "the columns are not divided by anything": centred,
            "ε belongs under the root": centred / (np.sqrt(variance) + eps),
        }
        want = centred / np.sqrt(variance + eps)
        require_equal(call(answer, where, x.copy(), eps), want, where, errors, "is not normalised "
                      "over the examples")  # fmt: skip
    return "each column has mean 0 over the examples"


def residual_backward(answer) -> str:
    """`residual_backward(da_out, a, W, b)` goes back through a + relu(W a + b)."""
    rng = np.random.default_rng(6)
    for n, width in ((4, 3), (1, 5)):
        a, da = rng.normal(size=(2, n, width))
        W, b = rng.normal(size=(width, width)), rng.normal(size=width)
        where = f"for {n} example{'s' if n > 1 else ''} and {width} neurons"
        found = call(answer, where, da.copy(), a.copy(), W.copy(), b.copy())
        z = a @ W.T + b
        through = (da * (z > 0)) @ W
        errors = {
            "the direct path is missing": through,
            "that is the direct path alone": da,
            "W must not be transposed here: examples are rows": da + (da * (z > 0)) @ W.T,
            "the derivative of ReLU is missing": da + da @ W,
            "the derivative of ReLU belongs before W, at z of this layer": da + (da @ W) * (a > 0),
            "the paths add; you multiply them": da * through,
            "the direct path has no ReLU on it": (da * (z > 0)) + through,
        }
        require_equal(found, da + through, where, errors, "is not the sum over the two paths")
    return "one of the two paths changes nothing, however deep the network"
