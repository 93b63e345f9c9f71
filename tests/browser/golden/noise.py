"""A digit fades into noise."""

import numpy as np

from golden import case
from weighted_sums import analysis


def cases():
    rng = np.random.default_rng(0)
    x, u = rng.random((2, 1, 9))
    points = np.array([[0.0, 0.9], [0.25, 0.7], [1.0, 0.1]])
    at = np.array([-1.0, 0, 0.1, 0.25, 0.6, 1, 3])
    return {
        "addNoise": [
            case({"x": x[0], "u": u[0], "s": s}, analysis.add_noise(x, u, s)[0])
            for s in (0.0, 0.3, 1.0)
        ],
        "interpolate": [case({"points": points, "at": at}, np.interp(at, *points.T))],
    }
