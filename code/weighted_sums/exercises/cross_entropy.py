"""Checks for the exercises of the chapter on cross-entropy, softmax and calibration."""

from __future__ import annotations

import numpy as np

from weighted_sums import analysis, neurons
from weighted_sums.cross_entropy import cross_entropy_from_logits
from weighted_sums.exercises import Wrong, call, diagnose, require, require_shape
from weighted_sums.softmax import softmax as right_softmax


def loss_and_errors(answer) -> str:
    """The loss and the errors of the logits ln 6, ln 3, 0 when the second class is right."""
    p, y = np.array([0.6, 0.3, 0.1]), np.array([0, 1, 0])
    found = np.asarray(answer, dtype=float)
    require(found.shape == (4,), f"expected 4 numbers, found shape {found.shape}")
    want = np.array([-np.log(0.3), *(p - y)])
    errors = {
        "the errors are p − y, not y − p": [want[0], *(y - p)],
        "those are the probabilities; subtract the target": [want[0], *p],
        "a loss is positive: minus the logarithm": [-want[0], *(p - y)],
        "that is the probability of the right class; take minus its logarithm": [0.3, *(p - y)],
        "the loss is in nats, with the natural logarithm": [-np.log2(0.3), *(p - y)],
        "this belongs to equal logits: take the exponential of each": [np.log(3), 1 / 3, -2 / 3,
                                                                       1 / 3],
    }  # fmt: skip
    if not np.allclose(found, want, atol=0.006):
        wrong = int(np.argmax(abs(found - want) > 0.006))
        other = f"number {wrong + 1} should not be {found[wrong]:.3g}"
        raise Wrong(diagnose(found, errors, other))
    return "the errors add up to zero: what one logit should gain, the others should lose"


def error(answer) -> str:
    """`error(z, y)` is the error of sigmoid outputs under the cross-entropy of a batch."""
    rng = np.random.default_rng(0)
    for n, fan_out in ((4, 3), (1, 2), (3, 1)):
        z, y = 3 * rng.normal(size=(n, fan_out)), rng.integers(2, size=(n, fan_out)).astype(float)
        where = f"for {n} example{'s' if n > 1 else ''} and {fan_out} output(s)"
        found = np.asarray(call(answer, where, z.copy(), y.copy()))
        require_shape(found, (n, fan_out), where)
        a = neurons.sigmoid(z)
        want, derivative = (a - y) / n, a * (1 - a)
        if np.allclose(found, want):
            continue
        errors = {
            f"it is {n} times too large: the cost is an average over the rows": n * want,
            "the cost is an average over the rows, not over the outputs too": want / fan_out,
            "the sign is wrong: it is a − y": -want,
            "there is no 2 here: the cost is not a square": 2 * want,
            "you use z instead of the output a = σ(z)": (z - y) / n,
            "that is ∂C/∂a, not yet times σ′(z)": want / derivative,
        }
        with_derivative = [k for k in (1, n, 2, 2 * n) if np.allclose(found, k * want * derivative)]
        require(not with_derivative, f"{where} σ′ is still there: it should have cancelled")
        raise Wrong(f"{where} {diagnose(found, errors, 'it is not (a − y) / n')}")
    with np.errstate(all="ignore"):
        far = answer(np.array([[-800.0, 800.0]]), np.array([[1.0, 0.0]]))
    require(
        np.allclose(far, [[-1, 1]]),
        f"at z = −800 and 800, both wrong, the errors should be −1 and 1, not {far}",
    )
    return "output minus target, however saturated the neuron"


def softmax(answer) -> str:
    """`stable_softmax(z)` gives the probabilities of each row for logits of any size."""
    rng = np.random.default_rng(1)
    for z in (rng.normal(size=(4, 3)), np.array([[2.0, 1.0, 0.0]]), 5 * rng.normal(size=(2, 5))):
        where = f"for logits of shape {z.shape}"
        found = np.asarray(call(answer, where, z.copy()))
        require_shape(found, z.shape, where)
        e, want = np.exp(z), right_softmax(z)
        if np.allclose(found, want):
            continue
        errors = {
            "you divide by the sum of the whole array; take the sum of each row": e / e.sum(),
            "you divide by the sums of the columns, axis 0; take axis 1": e / e.sum(axis=0),
            "you do not divide by the sum": e,
            "the sign of the exponent is wrong": right_softmax(-z),
            "that is the logarithm of the probabilities": np.log(want),
            "the exponential is missing": z / z.sum(axis=1, keepdims=True),
            "that is the sigmoid of each logit": neurons.sigmoid(z),
        }
        other = "the probabilities of a row do not add up to 1"
        if np.allclose(found.sum(axis=1), 1):
            other = "the rows add up to 1, but the probabilities are wrong"
        raise Wrong(f"{where} {diagnose(found, errors, other)}")
    for z in (
        [[1000.0, 999.0]],
        [[-1000.0, -999.0]],
        [[1000.0, 999.0], [-1000.0, -999.0]],
        [[2000.0, 0.0, 0.0]],
    ):
        with np.errstate(all="ignore"):
            found = np.asarray(call(answer, f"at logits {z}", np.array(z)))
        want = right_softmax(np.array(z))
        same = found.shape == want.shape and np.allclose(found, want)
        words = f"at logits {z} your probabilities are {found.round(3).tolist()}, they should be"
        require(same, f"{words} {want.round(3).tolist()}")
    return "only differences of logits count, so subtract the largest of each row"


def tanh_cost(answer) -> str:
    """`tanh_cost(a, y)` is the cost of tanh outputs whose error is a − y."""
    rng = np.random.default_rng(2)
    for n, fan_out in ((5, 3), (1, 2), (4, 1)):
        a = np.tanh(rng.normal(size=(n, fan_out)))
        y = rng.choice([-1.0, 1.0], size=(n, fan_out))
        where = f"for {n} example{'s' if n > 1 else ''} and {fan_out} output(s)"
        found = np.asarray(call(answer, where, a.copy(), y.copy()))
        require(np.size(found) == 1, f"{where} the cost should be one number")
        found = float(np.ravel(found)[0])
        p = np.where(y > 0, 1 + a, 1 - a) / 2
        want = -np.log(p).sum() / n
        errors = {
            "the sum over the rows is an average": n * want,
            "sum over the outputs of a row, and average over the rows only": want / fan_out,
            "a correct output, a = y, should cost zero: a constant is missing": (
                want - fan_out * np.log(2)
            ),
            "the sign is wrong": -want,
            "a target of −1 is treated like one of 1": -np.log((1 + a) / 2).sum() / n,
            "the error of this cost is twice a − y": 2 * want,
            "that is the squared error": np.square(a - y).sum() / n,
        }
        other = "its derivative with respect to z is not a − y; check both targets, 1 and −1"
        require(np.isclose(found, want), f"{where} {diagnose(found, errors, other)}")
    return "cross-entropy again: (1 + a)/2 is the probability of the first answer"


def calibration_error(answer) -> str:
    """`calibration_error(confidence, correct)` is the expected calibration error of ten bins."""
    rng = np.random.default_rng(0)
    few, many = np.repeat([0.05, 0.95], 10), np.repeat([0.05, 0.95], [10, 30])
    cases = {
        "for ten answers at 0.05 that are right, and ten at 0.95 that are wrong": (few, few < 0.5),
        "for ten at 0.05, one of them right, and thirty right at 0.95": (many, np.arange(40) > 8),
        "for four answers at exactly 1, one of them wrong": (np.ones(4), np.arange(4) > 0),
        "for four answers at exactly 0, one of them right": (np.zeros(4), np.arange(4) < 1),
    }
    for size in (300, 51):
        claims = rng.beta(4, 1.5, size)
        cases[f"for {size} random answers"] = claims, rng.random(size) < claims**1.5
    for where, (claims, correct) in cases.items():
        found = call(answer, where, claims.copy(), correct.copy())
        require(np.ndim(found) == 0, f"{where} your error should be one number")
        right = analysis.calibration_error(claims, correct)
        require(
            bool(np.isclose(found, right, atol=1e-6)),
            f"{where} your error is {found:.4f}, it should be {right:.4f}"
            + _calibration_slip(found, claims, correct),
        )
    return "every bin counts as much as it has answers"


def temperature(answer) -> str:
    """`temperature(z, labels)` minimises the cross-entropy of softmax(z/T)."""
    for seed, (true, classes) in enumerate(((2.5, 10), (1.0, 3), (3.0, 4), (0.7, 10))):
        z, labels = _claims(np.random.default_rng(seed), true, classes)
        want, grid = _coolest(z, labels)
        where = f"for logits of {classes} classes that are {true:g} times too large"
        found = np.asarray(call(answer, where, z.copy(), labels.copy()))
        require(np.size(found) == 1, f"{where} the temperature should be one number")
        found = float(np.ravel(found)[0])
        right = z.argmax(axis=1) == labels
        gaps = [abs(right_softmax(z / T).max(axis=1).mean() - right.mean()) for T in grid]
        errors = {
            "that is 1/T; divide the logits by it": 1 / want,
            "that makes the average confidence equal to the accuracy; minimise the cross-entropy": (
                grid[int(np.argmin(gaps))]
            ),
            "that is the end of the range; look inside it": grid[0],
            "that is the index of the temperature, not the temperature": np.searchsorted(
                grid, want
            ),
        }
        near = [why for why, value in errors.items() if np.isclose(found, value, atol=0.006)]
        other = "the cross-entropy is lower elsewhere"
        words = f"{where} you return {found:.2f}, it should be near {want:.2f}"
        require(abs(found - want) < 0.03, f"{words}: {[*near, other][0]}")
    return "one number, fitted on a few hundred labels, and no prediction changes"


def _claims(rng, true, classes):
    z = 2 * rng.normal(size=(400, classes))
    labels = (z + rng.gumbel(size=z.shape)).argmax(axis=1)  # drawn from softmax(z)
    return true * z, labels


def _coolest(z, labels):
    grid, targets = np.arange(0.5, 5, 0.005), np.eye(z.shape[1])[labels]
    costs = [cross_entropy_from_logits(z / T, targets) for T in grid]
    return grid[int(np.argmin(costs))], grid


def _calibration_slip(found, claims, correct) -> str:
    bins = analysis.reliability(claims, correct)
    full = bins.counts > 0
    gaps = (bins.accuracy - bins.confidence)[full]
    middles = np.abs(bins.accuracy - (np.arange(10) + 0.5) / 10)[full]
    return diagnose(found, {
        ": gaps of opposite sign cancelled": abs(correct.mean() - claims.mean()),
        ": bins with more answers should count for more": abs(gaps).mean(),
        ": that is the largest gap; the average is asked for": abs(gaps).max(),
        ": that is the gap of each answer alone; take the means of a bin first":
            np.abs(correct - claims).mean(),
        ": a bin's confidence is the mean of its answers, not its middle":
            middles @ bins.counts[full] / len(claims),
        ": these confidences are in no bin of yours": 0.0,
    })  # fmt: skip
