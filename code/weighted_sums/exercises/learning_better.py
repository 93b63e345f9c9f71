"""Checks for the exercises of the chapter on learning better."""

from __future__ import annotations

import numpy as np

from weighted_sums import neurons
from weighted_sums.exercises import call, diagnose, require, require_equal, require_shape


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


def dropout(answer) -> str:
    """`dropout(a, drop_rate, rng)` drops activations at random and keeps every mean."""
    a = np.linspace(0.5, 2, 4)[None].repeat(10_000, axis=0)
    for drop_rate in (0.5, 0.2, 0.0):
        where = f"at drop_rate {drop_rate}"
        found = np.asarray(call(answer, where, a.copy(), drop_rate, np.random.default_rng(3)))
        require_shape(found, a.shape, where)
        zero, mean = found == 0, found.mean(axis=0)
        same_mask = drop_rate > 0 and (zero == zero[0]).all() and zero.any()
        require(not same_mask, f"{where} all examples have the same mask; draw one for each entry")
        words = f"{where} you drop a fraction of {zero.mean():.2f} of the activations"
        require(abs(zero.mean() - drop_rate) < 0.02, f"{words}; it should be {drop_rate}")
        together = (zero.mean(axis=1) % 1 == 0).mean()
        words = f"{where} you drop all neurons of an example together; draw each on its own"
        require(drop_rate == 0 or together < 0.9, words)
        errors = {
            ": scale up the activations that are left": (1 - drop_rate) * a[0],
            ": divide by 1 − drop_rate, do not multiply": (1 - drop_rate) ** 2 * a[0],
            ": divide by 1 − drop_rate, not by drop_rate": (1 - drop_rate)
            / max(drop_rate, 1e-9)
            * a[0],
        }
        why = [why for why, value in errors.items() if np.allclose(mean, value, rtol=0.05)]
        words = f"{where} activations of {a[0].tolist()} come out as {mean.round(2).tolist()}"
        require(np.allclose(mean, a[0], rtol=0.05), f"{words} on average{''.join(why[:1])}")
        factors = (found / a)[~zero]
        require(
            np.ptp(factors) < 1e-6, f"{where} not all activations that are left get the same factor"
        )
    first, again, other = (answer(a[:50], 0.5, np.random.default_rng(i)) for i in (5, 5, 6))
    require(np.array_equal(first, again), "draw from the `rng` that you are given")
    require(not np.array_equal(first, other), "you drop the same neurons in every call")
    return "scaling up those that are left makes up for the dropped ones"


def best_epoch(answer) -> str:
    """`best_epoch(costs, patience)` stops in time and never looks ahead."""
    cases = (
        ([3.0, 2.0, 1.0], 2, 2),
        ([3.0, 2.0, 2.5, 2.6, 1.0], 2, 1),
        ([3.0, 2.0, 2.5, 1.5, 2.0, 1.0], 2, 5),
        ([1.0, 2.0, 0.5], 1, 0),
        ([2.0, 2.0, 2.0, 2.0, 1.0], 3, 0),
        ([5.0, 4.0, 4.5, 4.2, 3.0, 3.5], 3, 4),
        ([3.0, 2.0, 4.0, 3.5, 3.2, 1.0], 3, 1),
        ([1.0], 4, 0),
    )
    for costs, patience, want in cases:
        where = f"for costs {costs} and patience {patience}"
        found = call(answer, where, np.array(costs), patience)
        require(np.size(found) == 1, f"{where} you should return the number of one epoch")
        found = np.ravel(found)[0]
        errors = {
            "that counts from 1": want + 1,
            "compare with the lowest cost until then, not with the previous epoch": (
                _patient(costs, patience, previous=True)
            ),
            "training has stopped before that: you look into the future": int(np.argmin(costs)),
            "that is the epoch at which you stop, not the best": want + patience,
            "you give up an epoch too early": _patient(costs, patience - 1),
            "you give up an epoch too late": _patient(costs, patience + 1),
            "that is the lowest cost, not its epoch": costs[want],
        }
        words = f"{where} you return {found}, expected {want}"
        require(bool(found == want), ": ".join(filter(None, (words, diagnose(found, errors)))))
    return "it stops when the patience runs out, and returns the best epoch so far"


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


def _patient(costs, patience, previous=False) -> int:
    best = 0
    for epoch, cost in enumerate(costs):
        if cost < costs[max(epoch - 1, 0) if previous else best]:
            best = epoch
        if epoch - best >= patience:
            break
    return best
