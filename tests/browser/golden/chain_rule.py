"""A change on its way: the last neuron of a chain and its derivatives."""

from golden import case
from weighted_sums import chain

STATES = [
    {"w": 2.0, "b": -0.5, "a_prev": 0.75, "y": 0.0},
    {"w": -6.0, "b": 6.0, "a_prev": 1.0, "y": 1.0},
    {"w": 18.0, "b": 6.0, "a_prev": 1.0, "y": 0.0},
    {"w": 0.0, "b": 0.0, "a_prev": 0.0, "y": 0.5},
]


def numbers(state):
    neuron = [chain.Neuron(state["w"], state["b"])]
    (cache,) = chain.forward(neuron, state["a_prev"])
    return [state["w"], cache.z, cache.a, chain.cost(neuron, state["a_prev"], state["y"])]


def derivatives(state):
    """The derivatives of the cost and of z with respect to the weight."""
    neuron = [chain.Neuron(state["w"], state["b"])]
    caches = chain.forward(neuron, state["a_prev"])
    (found,) = chain.backward(neuron, caches, state["y"])
    return [found.dw, state["a_prev"]]


def cases():
    return {
        "lastNeuron": [case(state, numbers(state)) for state in STATES],
        "derivatives": [case(state, derivatives(state)) for state in STATES],
    }
