"""A nudge on its way: the last neuron of a chain and its slopes."""

from golden import case
from weighted_sums import chain

STATES = [
    {"w": 2.0, "b": -0.5, "before": 0.75, "y": 0.0},
    {"w": -6.0, "b": 6.0, "before": 1.0, "y": 1.0},
    {"w": 18.0, "b": 6.0, "before": 1.0, "y": 0.0},
    {"w": 0.0, "b": 0.0, "before": 0.0, "y": 0.5},
]


def numbers(state):
    neuron = [chain.Neuron(state["w"], state["b"])]
    (cache,) = chain.forward(neuron, state["before"])
    return [state["w"], cache.z, cache.a, chain.cost(neuron, state["before"], state["y"])]


def grads(state):
    """The slope of the cost by the weight, and of z by the weight."""
    neuron = [chain.Neuron(state["w"], state["b"])]
    caches = chain.forward(neuron, state["before"])
    (found,) = chain.backward(neuron, caches, state["y"])
    return [found.dw, state["before"]]


def cases():
    return {
        "lastNeuron": [case(state, numbers(state)) for state in STATES],
        "slopes": [case(state, grads(state)) for state in STATES],
    }
