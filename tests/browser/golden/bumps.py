"""Bumps: staircases of neurons, what they compute, and how far they are off."""

import numpy as np

from golden import case
from weighted_sums import universality

X = np.linspace(0, 1, 41)
SETTINGS = [
    (np.array([0.2, 0.9, 0.4]), 60.0),
    (np.array([0.5]), 20.0),
    (np.linspace(0, 1, 60), 1e9),
    (np.array([1.0, 0.0]), 0.01),
]


def layers(heights, steepness):
    """The package's staircase through these heights."""

    def f(middles):
        return heights

    return universality.staircase(f, 0.0, 1.0, len(heights), steepness)


def as_neurons(heights, steepness):
    hidden, output = layers(heights, steepness)
    return {
        "hidden": [{"w": w, "b": b} for w, b in zip(hidden.W[:, 0], hidden.b, strict=True)],
        "output": {"weights": output.W[0], "bias": output.b[0]},
    }


def each(part, **more):
    return [case({"heights": h, "steepness": s, **more}, part(h, s)) for h, s in SETTINGS]


def cases():
    points = np.c_[X, X * X]

    def worst(h, s):
        return np.abs(universality.evaluate(layers(h, s), X) - X * X).max()

    free, own = {"pieces": 3, "own": ""}, {"pieces": 3, "own": ".zAQ"}
    return {
        "staircase": each(as_neurons),
        "evaluate": each(lambda h, s: universality.evaluate(layers(h, s), X), x=X),
        "middles": [case(4, [0.125, 0.375, 0.625, 0.875])],
        "largestError": each(worst, points=points),
        "heightsOf": [
            case({"state": free, "points": points}, np.interp([1 / 6, 0.5, 5 / 6], X, X * X)),
            case({"state": own, "points": points}, [np.interp(1 / 6, X, X * X), 1, 0]),
        ],
        "withHeight": [
            case({"state": free, "i": 1, "height": 5.0}, ".z."),
            case({"state": own, "i": 0, "height": -1.0}, "AzA"),
        ],
    }
