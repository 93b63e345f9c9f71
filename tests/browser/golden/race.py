"""The race: a rotated ravine, four optimisers in it, and the best of several rates."""

import numpy as np

from golden import case
from weighted_sums import landscapes, optimizers
from weighted_sums.descent import GradientDescent, descend

KINDS = {
    GradientDescent: {},
    optimizers.Momentum: {"momentum": 0.6},
    optimizers.RMSprop: {"decay": 0.9},
    optimizers.Adam: {"beta1": 0.6},
}
START = np.array([-9.0, 1.5])
RATES = np.geomspace(0.01, 3, 40)


def turn(degrees):
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    return np.array([[c, -s], [s, c]])


def gradient(steep, degrees):
    upright, turning = landscapes.bowl(np.array([1.0, steep])).gradient, turn(degrees)
    return lambda point: turning @ upright(turning.T @ point)


def runner(kind):
    return {"name": kind.__name__, "kind": kind.__name__, **KINDS[kind]}


def cases():
    return {
        "rotate": [case({"point": START, "degrees": d}, turn(d) @ START) for d in (0, 45, -90)],
        "ravineGradient": [
            case({"curvature": k, "degrees": d, "point": START}, gradient(k, d)(START))
            for k, d in ((20.0, 0), (20.0, 45), (1.0, 30), (1e6, 90))
        ],
        # whole powers of ten around all distances, but not beyond what is drawn
        "limits": [
            case([9.1, 5.5e-5, 0.2], [1e-5, 10]),
            case([9.1, 2e9, 0.0], [1e-6, 1e3]),
            case([9.1], [1, 10]),
        ],
        "distance": [case(point, np.linalg.norm(point)) for point in (START, [0.0, 0.0])],
        "path": list(walks()),
        "upTo": [
            case({"path": [[0, 0], [2, 4]], "step": 0.5}, [[0, 0], [1, 2]]),
            case({"path": [[0, 0], [2, 4]], "step": 1}, [[0, 0], [2, 4], [2, 4]]),
        ],
        "bestRate": [best(kind, steep) for kind in KINDS for steep in (2.0, 20.0, 100.0)],
        "paths": [ends(20.0, 0, 1.0), ends(20.0, 45, 1.0), ends(100.0, 10, 0.5)],
    }


def walks():
    # the last two learning rates diverge: numbers as far as they go
    for kind, memory in KINDS.items():
        for rate, steep, degrees in ((0.05, 20.0, 0), (0.2, 20.0, 45), (300.0, 100.0, 0)):
            given = {"learning_rate": rate, "curvature": steep, "degrees": degrees, "start": START,
                     "steps": 40}  # fmt: skip
            wanted = descend(gradient(steep, degrees), START, kind(rate, **memory), 40)
            yield case({"runner": runner(kind), **given}, wanted, 1e-7)


def best_rate(kind, downhill, start):
    ends = [
        descend(downhill, start, kind(learning_rate, **KINDS[kind]), 40)[-1]
        for learning_rate in RATES
    ]
    return RATES[np.linalg.norm(ends, axis=1).argmin()]


def best(kind, steep):
    given = {"runner": runner(kind), "learning_rates": RATES, "curvature": steep, "start": START,
             "steps": 40}  # fmt: skip
    return case(given, best_rate(kind, gradient(steep, 0), START))


def ends(steep, degrees, factor):
    downhill, turning, points = gradient(steep, degrees), turn(degrees), []
    for kind, memory in KINDS.items():
        rate = factor * best_rate(kind, downhill, turning @ START)
        path = descend(downhill, turning @ START, kind(rate, **memory), 40)
        points.append(turning.T @ path[-1])
    payload = {
        "runners": [runner(kind) for kind in KINDS],
        "start": START,
        "learning_rates": RATES,
        "steps": 40,
    }
    state = {"condition_number": steep, "angle": degrees, "factor": factor}
    return case({"payload": payload, "state": state}, points, 1e-7)
