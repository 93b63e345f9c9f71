"""The neuron: activation functions, their derivatives, and where the curve crosses one half."""

import numpy as np

from golden import case
from weighted_sums import neurons

Z = np.array([-1000.0, -30, -2.5, -1e-9, 0, 1e-9, 0.5, 3, 40, 1000])

HANDLES = [(3.0, 0.0, 1.0), (-4.0, 2.0, 1.5), (1.0, 1.0, -3.0)]


def handles(w, b, x):
    """The curve's middle dragged to x, and its point where z = 2: what the sums must then be."""
    return {"middle": 0.0, "shoulder": 2.0, "kept": -b / w}


def cases():
    return {
        "sigmoid": [case(Z, neurons.sigmoid(Z))],
        "sigmoidPrime": [case(Z, neurons.sigmoid_prime(Z))],
        "relu": [case(Z, neurons.relu(Z))],
        "handles": [case({"w": w, "b": b, "x": x}, handles(w, b, x)) for w, b, x in HANDLES],
        "threshold": [case({"w": 4.0, "b": -2.0}, 0.5), case({"w": 0.0, "b": 1.0}, None)],
    }
