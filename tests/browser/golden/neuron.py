"""The neuron: activation functions, their derivatives, and where the curve crosses one half."""

import numpy as np

from golden import case
from weighted_sums import neurons

Z = np.array([-1000.0, -30, -2.5, -1e-9, 0, 1e-9, 0.5, 3, 40, 1000])


def cases():
    return {
        "sigmoid": [case(Z, neurons.sigmoid(Z))],
        "sigmoidPrime": [case(Z, neurons.sigmoid_prime(Z))],
        "relu": [case(Z, neurons.relu(Z))],
        "threshold": [case({"w": 4.0, "b": -2.0}, 0.5), case({"w": 0.0, "b": 1.0}, None)],
    }
