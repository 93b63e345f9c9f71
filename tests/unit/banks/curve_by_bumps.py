"""Answers to the project of drawing a curve to a given error."""

import itertools
import math

import numpy as np

from banks import Bank


def greedy(f, low, high, error, points=4001):
    x = np.linspace(low, high, points)
    y, edges, first = f(x), [low], 0
    for i in range(1, points):
        piece = y[first : i + 1]
        if piece.max() - piece.min() > 2 * error:
            edges.append(x[i - 1])
            first = i - 1
    return np.array([*edges, high])


def backwards(f, low, high, error):
    edges = greedy(lambda x: f(low + high - x), low, high, error)
    return (low + high - edges)[::-1]


def equal(f, low, high, error):
    x = np.linspace(low, high, 4001)
    steepest = np.abs(np.diff(f(x)) / np.diff(x)).max()
    return np.linspace(low, high, max(int(np.ceil(steepest * (high - low) / 2 / error)), 1) + 1)


def steepness(blur, rest):
    return math.log((1 - rest) / rest) / blur


def network(f, low, high, error, blur, stairs=0.95, cut=greedy, middle=0.5):
    edges = cut(f, low, high, stairs * error)
    pieces = [f(np.linspace(*pair, 200)) for pair in itertools.pairwise(edges)]
    heights = np.array([middle * y.max() + (1 - middle) * y.min() for y in pieces])
    return edges[1:-1], np.diff(heights), heights[0], steepness(blur, 0.01)


def left_ends(f, low, high, error, blur):
    edges, _, _, s = network(f, low, high, error, blur)
    heights = f(np.array([low, *edges]))
    return edges, np.diff(heights), heights[0], s


def absolute(f, low, high, error, blur):
    """Heights instead of their differences."""
    edges, weights, bias, s = network(f, low, high, error, blur)
    return edges, np.cumsum(weights) + bias, bias, s


def without_bias(f, low, high, error, blur):
    edges, weights, _, s = network(f, low, high, error, blur)
    return edges, weights, 0.0, s


def ends_too(f, low, high, error, blur):
    edges, weights, bias, s = network(f, low, high, error, blur)
    return [low, *edges, high], weights, bias, s


BANK = {
    "cut": Bank(
        wrong={
            "equal widths": (equal, "equal widths waste pieces"),
            "the error once": (
                lambda f, a, b, e: greedy(f, a, b, e / 2),
                "by twice the error before you cut",
            ),
            "the error twice": (lambda f, a, b, e: greedy(f, a, b, 2 * e), "the curve varies by"),
            "no cut": (lambda f, a, b, e: [a, b], "the curve varies by"),
            "the inner edges": (lambda f, a, b, e: greedy(f, a, b, e)[1:-1], "they should go from"),
            "falling": (lambda f, a, b, e: [a, b, a, b], "the edges do not rise"),
            "the number": (lambda f, a, b, e: len(greedy(f, a, b, e)), "at least two edges"),
            "no return": (lambda f, a, b, e: None, "forget `return`"),
        },
        unusual={
            "greedy": greedy,
            "from the right": backwards,
            "a list": lambda f, a, b, e: [float(x) for x in greedy(f, a, b, e, 8001)],
        },
    ),
    "steepness": Bank(
        wrong={
            "a guess": (lambda b, r: 1 / b, "a remainder of"),
            "half the strip": (lambda b, r: 2 * steepness(b, r), "its half is not meant"),
            "the whole strip": (lambda b, r: steepness(b, r) / 2, "from one end of the strip"),
            "multiplied": (lambda b, r: steepness(b, r) * b * b, "divide by the blur"),
            "sign": (lambda b, r: -steepness(b, r), "that neuron falls"),
            "no 1 - r": (lambda b, r: -math.log(r) / b, "only if it is tiny"),
            "log10": (lambda b, r: math.log10((1 - r) / r) / b, "use the natural logarithm"),
            "a pair": (lambda b, r: (1, 2), "give one number"),
            "no return": (lambda b, r: None, "forget `return`"),
        },
        unusual={
            "the plain way": steepness,
            "artanh": lambda b, r: 2 * math.atanh(1 - 2 * r) / b,
            "an array": lambda b, r: np.array([-math.log(r / (1 - r)) / b]),
        },
    ),
    "network": Bank(
        wrong={
            "the highest values": (
                lambda *given: network(*given, middle=1.0),
                "look at the heights of the stairs",
            ),
            "too soft": (
                lambda *given: (*network(*given)[:3], 0.002 / given[-1]),
                "and the steepness",
            ),
            "stairs too long": (
                lambda *given: network(*given, stairs=1.3),
                "a little too much: may a stair",
            ),
            "left ends": (left_ends, "look at the heights of the stairs"),
            "heights for weights": (absolute, "the network is off by"),
            "no bias": (without_bias, "the network is off by"),
            "equal widths": (
                lambda *given: network(*given, cut=equal),
                "cut where the curve asks for it",
            ),
            "ends as edges": (ends_too, "each neuron has one of both"),
            "three things": (lambda *given: network(*given)[:3], "return four things"),
            "no return": (lambda *given: None, "forget `return`"),
        },
        unusual={
            "the plain way": network,
            "from the right": lambda *given: network(*given, cut=backwards),
            "lists": lambda *given: [
                part.tolist() if isinstance(part, np.ndarray) else part for part in network(*given)
            ],
        },
    ),
}
