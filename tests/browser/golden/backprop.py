"""One step of backpropagation: weighted sums forward, and the errors of the layer before."""

import numpy as np

from golden import case
from weighted_sums import backprop, networks
from weighted_sums.neurons import ACTIVATIONS

W = np.array([[2.0, -1.0, 0.5], [0.0, 1.0, 1.0]])
ACTIVE = [{}, {"row": 0}, {"row": 1}, {"column": 0}, {"column": 1}, {"column": 2}]


def errors_before(W, delta, a):
    """The errors that BP2 gives the layer with the activations a, by the package."""
    sigmoid = ACTIVATIONS["sigmoid"]
    return backprop.previous_delta(np.array([delta]), W, np.array([a]), sigmoid)[0]


def sums_forward(W, a):
    return networks.affine(np.array([a]), W, np.zeros(len(W)))[0]


def cases():
    rng = np.random.default_rng(0)
    drawn = [(rng.normal(size=(m, n)), rng.normal(size=m), rng.random(n)) for m, n in ((2, 3),) * 3]
    drawn += [(W, np.array([0.1, -0.2]), np.array([0.5, 0.8, 0.2])), (W, np.zeros(2), np.ones(3))]
    return {
        "rowSums": [case({"W": W, "a": a}, sums_forward(W, a)) for W, _, a in drawn],
        "stepBack": [
            case(
                {"W": W, "delta": delta, "a": a},
                {
                    "sums": W.T @ delta,
                    "derivatives": a * (1 - a),
                    "errors": errors_before(W, delta, a),
                },
            )
            for W, delta, a in drawn
        ],
        "walked": [walk(step) for step in (0, 1, 2, 2.9, 3, 4, 5)],
    }


def walk(step):
    a, delta = np.array([0.5, 0.8, 0.2]), np.array([0.1, -0.2])
    names = ("a1", "a2", "a3", "d1", "d2")
    state = {"step": step, **dict(zip(names, [*a, *delta], strict=True))}
    wanted = {"z": sums_forward(W, a), "errors": errors_before(W, delta, a)}
    return case({"W": W, "state": state}, {**wanted, "active": ACTIVE[int(step)]})
