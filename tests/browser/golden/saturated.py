"""The saturated neuron: the error of its output, and its outputs while it learns."""

import numpy as np

from golden import case
from weighted_sums import backprop, cross_entropy, descent, networks

LOSSES = {
    "squared": backprop.SQUARED_ERROR,
    "crossEntropy": cross_entropy.BINARY_CROSS_ENTROPY,
}
A = np.array([0.0, 1e-300, 1e-9, 0.25, 0.5, 0.75, 1 - 1e-12, 1.0])
STARTS = [(2.0, 2.0, 0.3), (0.6, 0.6, 0.3), (-7.0, 3.0, 10.0), (1000.0, 1000.0, 100.0)]


def outputs(w, b, cost, learning_rate, steps, x=1.0, y=0.0):
    """The outputs of a neuron before every step and after the last one."""
    neuron = [networks.Layer(np.array([[w]]), np.array([b]))]
    x, y, loss = np.array([[x]]), np.array([[y]]), LOSSES[cost]
    optimizer = descent.GradientDescent(learning_rate)
    found = [networks.feedforward(neuron, x).item()]
    for _ in range(steps):
        _, grads = backprop.cost_and_gradient(neuron, x, y, loss=loss)
        optimizer.step(list(neuron[0]), list(grads[0]))
        found.append(networks.feedforward(neuron, x).item())
    return found


def cases():
    return {
        "delta": [
            case({"cost": cost, "a": A, "y": y}, loss.delta(A[None], np.full((1, len(A)), y))[0])
            for cost, loss in LOSSES.items()
            for y in (0.0, 1.0)
        ],
        "trainOutputs": [
            learned(cost, *start, x=x, y=y)
            for cost in LOSSES
            for start in STARTS
            for x, y in ((1.0, 0.0), (-0.5, 1.0))
        ],
        "outputAt": [
            case({"outputs": [1, 0.5, 0.25], "step": s}, np.interp(s, [0, 1, 2], [1, 0.5, 0.25]))
            for s in (0, 0.5, 1, 1.75, 2)
        ],
        "runs": [both(*start) for start in STARTS],
    }


def learned(cost, w, b, learning_rate, **example):
    given = {"start": {"w": w, "b": b}, "example": example, "cost": cost}
    wanted = outputs(w, b, cost, learning_rate, 30, **example)
    return case({**given, "learning_rate": learning_rate, "steps": 30}, wanted)


def both(w, b, learning_rate):
    costs = [{"name": cost, "cost": cost} for cost in LOSSES]
    payload = {"costs": costs, "example": {"x": 1, "y": 0}, "steps": 100}
    wanted = [outputs(w, b, cost, learning_rate, 101) for cost in LOSSES]
    return case(
        {"payload": payload, "state": {"w": w, "b": b, "learning_rate": learning_rate}}, wanted
    )
