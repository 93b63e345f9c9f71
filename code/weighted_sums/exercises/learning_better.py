"""Checks for the exercises of the chapter on learning better."""

from __future__ import annotations

import numpy as np

from weighted_sums import cross_entropy, neurons
from weighted_sums.exercises import require


def error(answer) -> str:
    """`error(z, y)` is the error of sigmoid outputs under the cross-entropy of a batch."""
    rng = np.random.default_rng(0)
    for n, fan_out in ((1, 2), (4, 3), (3, 1)):
        z, y = 3 * rng.normal(size=(n, fan_out)), rng.integers(2, size=(n, fan_out)).astype(float)
        a = neurons.sigmoid(z)
        where = f"for {n} example{'s' if n > 1 else ''} and {fan_out} output(s)"
        found = _array(answer(z.copy(), y.copy()), (n, fan_out), where)
        want, slope = (a - y) / n, a * (1 - a)
        muted = any(np.allclose(found, k * want * slope) for k in (1, n, 2, 2 * n))
        require(not muted, f"{where} σ′ is still there: it should have cancelled")
        require(
            n == 1 or not np.allclose(found, n * want),
            f"{where} it is {n} times too large: the cost is an average over the rows",
        )
        require(not np.allclose(found, -want), f"{where} the sign is turned: answer less wish")
        require(np.allclose(found, want), f"{where} it is not the answer less the wish, over n")
    far = answer(np.array([[-800.0, 800.0]]), np.array([[1.0, 0.0]]))
    require(
        np.allclose(far, [[-1, 1]]),
        f"at z = −800 and 800, both wrong, the errors should be −1 and 1, not {far}",
    )
    return "the answer less the wish, however saturated the neuron"


def softmax(answer) -> str:
    """`softmax(z)` gives shares by row for scores of any size."""
    rng = np.random.default_rng(1)
    for z in (rng.normal(size=(4, 3)), np.array([[2.0, 1.0, 0.0]]), 5 * rng.normal(size=(2, 5))):
        where = f"for scores of shape {z.shape}"
        found = _array(answer(z.copy()), z.shape, where)
        require(
            np.allclose(found.sum(axis=1), 1), f"{where} the shares of a row do not add up to 1"
        )
        require(np.allclose(found, cross_entropy.softmax(z)), f"{where} the shares are wrong")
    for z in ([[1000.0, 999.0]], [[-1000.0, -999.0]], [[1000.0, 999.0], [-1000.0, -999.0]]):
        with np.errstate(all="ignore"):
            found = _array(answer(np.array(z)), np.shape(z), f"at scores {z}")
        want = cross_entropy.softmax(np.array(z))
        require(
            np.allclose(found, want),
            f"at scores {z} your shares are {found.round(3).tolist()}, they should be "
            f"{want.round(3).tolist()}",
        )
    return "only differences of scores count, so take the largest of each row away"


def gain(answer) -> str:
    """`gain(squash, rng)` keeps the mean square of a squash that respects positive factors."""
    squashes = {
        "ReLU": (neurons.relu, 2.0),
        "a squash that does nothing": (lambda z: z, 1.0),
        "a ReLU that lets a tenth of the negative through": (
            lambda z: np.maximum(z, z / 10),
            2 / 1.01,
        ),
        "half a ReLU": (lambda z: np.maximum(z, 0) / 2, 8.0),
    }
    for seed, (name, (squash, want)) in enumerate(squashes.items()):
        found = float(answer(squash, np.random.default_rng(seed)))
        at = f"for {name} your gain is {found:.3g}; it should be near {want:.3g}"
        require(
            want == 1 or not np.isclose(found, 1 / want, rtol=0.05),
            f"{at}: you measured what the squash leaves over, and the gain must make up for it",
        )
        require(
            want == 1 or not np.isclose(found, want**0.5, rtol=0.05),
            f"{at}: that is a standard deviation; the gain belongs to the variance",
        )
        require(np.isclose(found, want, rtol=0.05), at)
    return "half is lost in a ReLU, so twice the variance"


def dropout(answer) -> str:
    """`dropout(a, rate, rng)` silences at random and leaves every mean where it was."""
    a = np.linspace(0.5, 2, 4)[None].repeat(50_000, axis=0)
    for rate in (0.5, 0.2, 0.0):
        where = f"at rate {rate}"
        found = _array(answer(a.copy(), rate, np.random.default_rng(3)), a.shape, where)
        silent = float((found == 0).mean())
        require(
            abs(silent - rate) < 0.02,
            f"{where} you silence a share of {silent:.2f} of the neurons; it should be {rate}",
        )
        together = ((found == 0).mean(axis=1) % 1 == 0).mean()
        require(
            rate == 0 or together < 0.9,
            f"{where} you silence all neurons of an example together; each should be drawn alone",
        )
        mean = found.mean(axis=0)
        require(
            np.allclose(mean, a[0], rtol=0.05),
            f"{where} activations of {a[0].round(2).tolist()} come out as "
            f"{mean.round(2).tolist()} on average",
        )
        louder = (found / a)[found != 0]
        require(np.ptp(louder) < 1e-6, f"{where} those who speak are not all amplified alike")
    return "whoever speaks is louder by just what the silent leave out"


def best_epoch(answer) -> str:
    """`best_epoch(costs, patience)` stops in time and never looks ahead."""
    cases = (
        ([3.0, 2.0, 1.0], 2, 2),
        ([3.0, 2.0, 2.5, 2.6, 1.0], 2, 1),
        ([3.0, 2.0, 2.5, 1.5, 2.0, 1.0], 2, 5),
        ([1.0, 2.0, 0.5], 1, 0),
        ([2.0, 2.0, 2.0, 2.0, 1.0], 3, 0),
        ([5.0, 4.0, 4.5, 4.2, 3.0, 3.5], 3, 4),
        ([1.0], 4, 0),
    )
    for costs, patience, want in cases:
        found = answer(np.array(costs), patience)
        where = f"for costs {costs} and patience {patience} you return {found}, expected {want}"
        ahead = found == int(np.argmin(costs)) > want
        require(not ahead, f"{where}: training had stopped before, you look into the future")
        require(found == want, where)
    return "as long as there is hope, and no longer"


def _array(found, shape, where) -> np.ndarray:
    found = np.asarray(found)
    require(found.shape == shape, f"{where}: the shape is {found.shape}, should be {shape}")
    return found
