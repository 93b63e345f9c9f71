"""The computation graph: values and gradients as the package's autodiff finds them."""

import numpy as np

from golden import case
from weighted_sums.autodiff import Variable

NEURON = [
    ["w", "input"], ["x", "input"], ["m", "mul", "w", "x"], ["b", "input"],
    ["z", "add", "m", "b"], ["a", "relu", "z"], ["d", "less1", "a"], ["C", "square", "d"],
]  # fmt: skip
TWICE = [
    ["x", "input"], ["w", "input"], ["s", "mul", "w", "w"], ["m", "mul", "w", "x"],
    ["b", "input"], ["p", "add", "s", "m"], ["q", "mul", "p", "b"], ["C", "square", "q"],
]  # fmt: skip
DO = {
    "add": lambda u, v: u + v,
    "mul": lambda u, v: u * v,
    "relu": lambda u: u.relu(),
    "less1": lambda u: u - 1.0,
    "square": lambda u: u * u,
}
GIVEN = [{"w": 2.0, "x": 3.0, "b": -4.0}, {"w": -1.5, "x": 0.5, "b": 100.0}]


def run(recipe, given):
    nodes = {}
    for name, operation, *inputs in recipe:
        if operation == "input":
            nodes[name] = Variable(np.array(given[name]))
        else:
            nodes[name] = DO[operation](*(nodes[i] for i in inputs))
    nodes["C"].backward()
    return nodes


def each(part, names=None):
    return [
        case({"recipe": r, "given": g, "names": names}, part(run(r, g), names))
        for r in (NEURON, TWICE)
        for g in GIVEN
    ]


def values(nodes, names):
    return {name: node.data for name, node in nodes.items()}


def gradients(nodes, names):
    return {name: nodes[name].grad for name in names}


def cases():
    neuron, twice = ({"recipe": r, "given": GIVEN[0]} for r in (NEURON, TWICE))
    return {
        "forward": each(values),
        "backward": each(gradients, ["w", "x", "b"]),
        "gradientsInside": [case(neuron, [1, 2, 2, 2, 2, 2, 4, 6])],
        "numberOf": [case(["", " ", "-7,5", "−2", "1e2"], [None, None, -7.5, -2, 100])],
        "usersOf": [
            case({**neuron, "name": "z"}, [["a", 1]]),
            case({**twice, "name": "w"}, [["s", 2], ["s", 2], ["m", 3]]),
            case({**neuron, "name": "C"}, []),
        ],
        "revealed": [
            case({**neuron, "step": 0}, [["C"], "d"]),
            case({**neuron, "step": 2}, [["C", "d", "a"], "z"]),
            case({**neuron, "step": 99}, [["C", "d", "a", "z", "b", "m", "x", "w"], None]),
        ],
    }
