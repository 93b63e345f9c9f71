"""Gradient descent on the landscape with two minima."""

import numpy as np

from golden import case
from weighted_sums.descent import GradientDescent, descend
from weighted_sums.landscapes import CENTRES, TWO_MINIMA

POINTS = np.array([[0.0, 0.0], [1.2, 0.6], [-1.1, -0.5], [2.4, -2.4], [1e3, -1e3]])


def paths():
    for start, rate, steps in (
        ([-1.0, 2.0], 0.2, 40),
        ([-1.0, 2.0], 0.8, 40),
        ([2.0, 0.0], 0.001, 3),
    ):
        path = descend(TWO_MINIMA.gradient, np.array(start), GradientDescent(rate), steps)
        yield case({"start": start, "learning_rate": rate, "steps": steps}, path, 1e-6)


def cases():
    wild = [{"start": [-1.0, 2.0], "learning_rate": rate, "steps": 200} for rate in (1e6, 7.0, 1.2)]
    return {
        "value": [case(POINTS, TWO_MINIMA.height(POINTS))],
        "gradient": [case(POINTS, TWO_MINIMA.gradient(POINTS))],
        "path": list(paths()),
        "bounded": [case(given, True) for given in wild],
        "minimumOf": [case(point, i) for i, point in enumerate(CENTRES)] + [case([0.0, 2.0], -1)],
        "contour": [case({"level": level}, [True, True]) for level in (0.0, 1.3, -2.1)],
        "joined": [case({"level": level}, True) for level in (-1.2, -0.6, 0.15)],
        "pathUpTo": [
            case({"path": [[0, 0], [1, 2], [3, 2]], "steps": steps}, wanted)
            for steps, wanted in (
                (0, [[0, 0]]),
                (0.5, [[0, 0], [0.5, 1]]),
                (2, [[0, 0], [1, 2], [3, 2]]),
                (9, [[0, 0], [1, 2], [3, 2]]),
            )
        ],
        "noContour": [case({"level": 99.0}, [])],
    }
