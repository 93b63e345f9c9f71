"""One weight of the last layer: cost, derivative and mistakes."""

import numpy as np

from golden import case
from weighted_sums import backprop, losses, networks


def measured(hidden, W, b, labels, j, i, w):
    """What the package finds when one weight is replaced."""
    changed = W.copy()
    changed[j, i] = w
    targets = np.eye(len(b))[labels]
    network = [networks.Layer(changed, b)]
    outputs = networks.feedforward(network, hidden)
    _, grads = backprop.cost_and_gradient(network, hidden, targets)
    return {
        "cost": losses.squared_error(outputs, targets),
        "derivative": grads[0].W[j, i],
        "mistakes": int((outputs.argmax(axis=1) != labels).sum()),
    }


def cases():
    rng = np.random.default_rng(0)
    hidden, labels = rng.uniform(size=(30, 5)), rng.integers(4, size=30)
    W, b = rng.normal(size=(4, 5)), rng.normal(size=4)
    found = []
    for j, i, w in ((0, 0, 0.3), (3, 4, -2.0), (1, 2, 10.0), (2, 0, W[2, 0])):
        given = {"hidden": hidden, "W": W, "b": b, "labels": labels, "j": j, "i": i, "w": w}
        found.append(case(given, measured(**given)))
    return {"measure": found}
