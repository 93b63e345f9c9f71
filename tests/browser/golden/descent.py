"""Gradient descent on the landscape with two hollows."""

import numpy as np

from golden import case
from weighted_sums.descent import GradientDescent, descend
from weighted_sums.landscapes import CENTRES, TWO_MINIMA

PLACES = np.array([[0.0, 0.0], [1.2, 0.6], [-1.1, -0.5], [2.4, -2.4], [1e3, -1e3]])


def walks():
    for start, learning_rate, steps in (
        ([-1.0, 2.0], 0.2, 40),
        ([-1.0, 2.0], 0.8, 40),
        ([2.0, 0.0], 0.001, 3),
    ):
        path = descend(TWO_MINIMA.gradient, np.array(start), GradientDescent(learning_rate), steps)
        yield case({"start": start, "rate": learning_rate, "steps": steps}, path, 1e-6)


def cases():
    wild = [
        {"start": [-1.0, 2.0], "rate": learning_rate, "steps": 200}
        for learning_rate in (1e6, 7.0, 1.2)
    ]
    return {
        "height": [case(PLACES, TWO_MINIMA.height(PLACES))],
        "gradient": [case(PLACES, TWO_MINIMA.gradient(PLACES))],
        "walk": list(walks()),
        "bounded": [case(given, True) for given in wild],
        "hollowOf": [case(place, i) for i, place in enumerate(CENTRES)] + [case([0.0, 2.0], -1)],
        "levelLines": [case({"level": level}, [True, True]) for level in (0.0, 1.3, -2.1)],
        "noLine": [case({"level": 99.0}, [])],
    }
