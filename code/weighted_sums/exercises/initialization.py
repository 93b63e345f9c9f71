"""Checks for the exercises of the chapter on initialisation and depth."""

from __future__ import annotations

import numpy as np

from weighted_sums import neurons
from weighted_sums.autodiff import Variable
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


def from_loss(answer) -> str:
    """`from_loss(p, y)` gives the gradients of cross-entropy with respect to p and z."""
    rng = np.random.default_rng(11)
    for n, classes in ((4, 3), (1, 5), (3, 3)):
        p, y = rng.dirichlet(np.ones(classes), n), np.eye(classes)[rng.integers(classes, size=n)]
        where = f"for {n} example{'s' if n > 1 else ''} and {classes} classes,"
        found = call(answer, where, p.copy(), y.copy())
        pair = isinstance(found, tuple | list) and len(found) == 2
        require(pair, f"{where} you should return two arrays, dp and dz")
        dp, dz = -y / p / n, (p - y) / n
        require_equal(found[0], dp, f"{where} dp:", {
            "the loss is an average over the rows": n * dp,
            "the sign is wrong: the loss has a minus": -dp,
            "the average is over the rows, not over all entries": -y / p / p.size,
            "that is dz already": dz,
            "that is the loss, not its derivative": -y * np.log(p),
        }, "it is not −y/p, averaged")  # fmt: skip
        require_equal(found[1], dz, f"{where} dz:", {
            "dp is right, but the Jacobian has a second term, −p_j p_k": p * dp,
            "dp is right, but the sum is over each row, not over the table": p * (
                dp - (dp * p).sum()
            ),
            "dp is right, but the last factor p is missing": dp - (dp * p).sum(1, keepdims=True),
            "dp is right, but p (1 − p) is the diagonal of the Jacobian only": p * (1 - p) * dp,
            "the average over the rows has been lost on the way": n * dz,
        }, "dp is right, the error is in the Jacobian of softmax")  # fmt: skip
    return "the Jacobian turns −y/p into p − y, as it should"


def through_matrix(answer) -> str:
    """`through_matrix(dz, h, W)` gives the gradients of h, W and b for z = h Wᵀ + b."""
    rng = np.random.default_rng(12)
    for n, fan_in, fan_out in ((4, 3, 2), (3, 3, 3), (1, 2, 5)):
        dz, h = rng.normal(size=(n, fan_out)), rng.normal(size=(n, fan_in))
        W = rng.normal(size=(fan_out, fan_in))
        where = f"for {n} example{'s' if n > 1 else ''}, {fan_in} inputs and {fan_out} outputs,"
        found = call(answer, where, dz.copy(), h.copy(), W.copy())
        three = isinstance(found, tuple | list) and len(found) == 3
        require(three, f"{where} you should return three arrays: dh, dW, db")
        want = {"dh": dz @ W, "dW": dz.T @ h, "db": dz.sum(axis=0)}
        errors = {
            "dh": {"W is not transposed on the way back": dz @ W.T if fan_in == fan_out else None},
            "dW": {
                "this is the transpose of dW": h.T @ dz,
                "the average over the examples is in dz already": dz.T @ h / n,
            },
            "db": {
                "the bias was repeated for every example, so add over them": dz,
                "add over the examples; the average is in dz already": dz.mean(axis=0),
                "add over the examples, not over the outputs": dz.sum(axis=1),
            },
        }
        for part, (name, right) in zip(found, want.items(), strict=True):
            known = {why: value for why, value in errors[name].items() if value is not None}
            require_equal(part, right, f"{where} {name}:", known, "its entries are wrong")
    return "these are BP2 without σ′, BP4 and BP3"


def by_hand(answer) -> str:
    """`by_hand(x, W, b, y)` gives the gradients of all arrays from the loss back to x, by name."""
    rng = np.random.default_rng(13)
    for n, fan_in, fan_out in ((5, 4, 3), (1, 3, 2), (3, 3, 3)):
        x, W, b = (rng.normal(size=s) for s in ((n, fan_in), (fan_out, fan_in), fan_out))
        y = np.eye(fan_out)[rng.integers(fan_out, size=n)]
        where = f"for {n} example{'s' if n > 1 else ''}, {fan_in} inputs and {fan_out} classes,"
        found = call(answer, where, x.copy(), W.copy(), b.copy(), y.copy())
        require(isinstance(found, dict), f"{where} you should return a dictionary, not a sequence")
        want = _gradients(x, W, b, y)
        errors = {
            "p": {"the loss is an average over the rows": n * want["p"]},
            "z": {"the average over the rows has been lost on the way": n * want["z"]},
            "W": {
                "the matrix multiplies h, not x": want["z"].T @ x,
                "this is the transpose of the gradient": want["W"].T,
            },
            "b": {"the bias was repeated for every example, so add over them": want["z"]},
            "x": {"the gradient of h must still pass the normalisation": want["h"]},
        }
        for name, right in want.items():
            require(name in found, f"{where} the gradient of {name} is missing")
            words = "this is the first array that differs from that of `Variable`"
            require_equal(found[name], right, f"{where} {name}:", errors.get(name, {}), words)
    return "six arrays, and the engine agrees with each"


def _gradients(x, W, b, y) -> dict:
    def normal(x):
        c = x - x.mean(axis=1, keepdims=True)
        return c / (c * c).mean(axis=1, keepdims=True) ** 0.5

    def probabilities(z):
        return z.exp() / z.exp().sum(axis=1, keepdims=True)

    def loss(p):
        return -(p.log() * y).sum() / len(y)

    h = normal(Variable(x)).data
    z = h @ W.T + b
    rest = {
        "p": (probabilities(Variable(z)).data, loss),
        "z": (z, lambda z: loss(probabilities(z))),
        "h": (h, lambda h: loss(probabilities(h @ W.T + b))),
        "W": (W, lambda W: loss(probabilities(h @ W.T + b))),
        "b": (b, lambda b: loss(probabilities(h @ W.T + b))),
        "x": (x, lambda x: loss(probabilities(normal(x) @ W.T + b))),
    }
    grads = {}
    for name, (array, cost) in rest.items():
        leaf = Variable(array)
        cost(leaf).backward()
        grads[name] = leaf.grad
    return grads


def layer_norm(answer) -> str:
    """`layer_norm(dy, x)` is the gradient of row-wise normalisation, compared with `Variable`."""
    rng = np.random.default_rng(8)
    for shape in ((1, 3), (4, 5), (3, 3)):
        x, dy = rng.normal(1, 2, size=shape), rng.normal(size=shape)
        where = f"for a table of shape {shape}"
        v = Variable(x)
        centred = v - v.mean(axis=1, keepdims=True)
        y = centred / (centred * centred).mean(axis=1, keepdims=True) ** 0.5
        y.backward(dy)
        s = x.std(axis=1, keepdims=True)
        n = (x - x.mean(axis=1, keepdims=True)) / s
        errors = {
            "that treats mean and deviation as constants; both depend on every x": dy / s,
            "the path through the deviation is missing": (dy - dy.mean(axis=1, keepdims=True)) / s,
            "the path through the mean is missing": (dy - n * (dy * n).mean(axis=1, keepdims=True))
            / s,
            "the division by the deviation is missing": v.grad * s,
            "the sign is wrong": -v.grad,
            "the means of the backward pass are over the row, too: axis 1": (
                dy - dy.mean(axis=0) - n * (dy * n).mean(axis=0)
            )
            / s,
        }
        found = call(answer, where, dy.copy(), x.copy())
        require_equal(found, v.grad, where, errors, "is not what `Variable` finds")
    return "all three paths, as `Variable` finds them"
