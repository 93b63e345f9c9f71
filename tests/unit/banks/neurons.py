"""Answers to the exercises on neurons: each error that a reader may make, and other right ways."""

import math

import numpy as np

from banks import Bank

LINES = np.arange(28)


def weights(left, right, rows=slice(0, 28), middle=14):
    w = np.zeros((28, 28))
    w[rows, middle - 4 : middle], w[rows, middle : middle + 4] = left, right
    return w


def stable(z):
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1 / (1 + e), e / (1 + e))


def naive(z):
    return 1 / (1 + np.exp(-z))


def growing(z):
    with np.errstate(all="ignore"):
        return np.exp(z) / (1 + np.exp(z))


def straightened(z):
    """Right where it is far from zero and at the few values one would try by hand."""
    return np.interp(z, [-9, -2, 0, 2, 9], [0, 0.119203, 0.5, 0.880797, 1])


def one_number(z):
    return 1 / (1 + np.exp(-z)) if z >= 0 else np.exp(z) / (1 + np.exp(z))


def like_the_input(z):
    found = np.zeros_like(z)
    found[z >= 0] = 1 / (1 + np.exp(-z[z >= 0]))
    found[z < 0] = np.exp(z[z < 0]) / (1 + np.exp(z[z < 0]))
    return found


def masked(z):
    found = np.empty(z.shape)
    found[z >= 0] = 1 / (1 + np.exp(-z[z >= 0]))
    found[z < 0] = np.exp(z[z < 0]) / (1 + np.exp(z[z < 0]))
    return found


def clips_the_input(z):
    if z.dtype.kind == "f":
        np.clip(z, -80, 80, out=z)
    return 1 / (1 + np.exp(-np.clip(z, -80, 80)))


@np.vectorize
def one_by_one(z):
    return 1 / (1 + math.exp(-z)) if z >= 0 else 1 - 1 / (1 + math.exp(z))


def odds(error):
    return np.log((1 - error) / error)


def by_halving(z, error):
    low, high = 0.0, 1e6
    for _ in range(100):
        c = (low + high) / 2
        low, high = (c, high) if math.exp(-min(c * abs(z), 700)) > error / (1 - error) else (low, c)
    return high


OR, NAND, AND = ([1, 1], -0.5), ([-1, -1], 1.5), ([1, 1], -1.5)

BANK = {
    "edge": Bank(
        wrong={
            "the starter: the right half only": (
                np.tile(LINES >= 14, 28).astype(float),
                "which pixels need negative weights",
            ),
            "nothing": (np.zeros(784), "gives 0.00; it should be positive"),
            "the edge the other way round": (
                weights(1, -1).ravel(),
                "it is positive for the image bright on the left, dark on the right",
            ),
            "a level edge: rows for columns": (
                weights(-1, 1).T.ravel(),
                "it is positive for the image dark above, bright below",
            ),
            "unequal sides": (weights(-1, 2).ravel(), "what should the weights add up to"),
            "bright weights only": (weights(0, 1).ravel(), "which pixels need negative weights"),
            "one column to the left": (
                weights(-1, 1, middle=13).ravel(),
                "an edge at column 13 gives 112.00, more than one in the middle",
            ),
            "a table": (weights(-1, 1), "784 weights in one list, not (28, 28)"),
            "a quarter of the image": (
                weights(-1, 1, slice(0, 14)).ravel() + np.repeat(LINES < 14, 28) * 0.2,
                "the image bright above, dark below gives",
            ),
        },
        unusual={
            "the chapter's": weights(-1, 1).ravel(),
            "short and strong": weights(-3, 3, slice(10, 18)).ravel(),
            "both halves": np.tile(np.where(LINES < 14, -1, 1), 28),
            "smooth": np.tile((LINES - 13.5) * np.exp(-((LINES - 13.5) ** 2) / 20), 28),
            "a list of whole numbers": weights(-1, 1).astype(int).ravel().tolist(),
        },
    ),
    "three_sums": Bank(
        wrong={
            "the starter": ([0, 0, 0], "for the input (1, 2, 0) the weighted sum is not 0"),
            "no bias": ([0, 2, 1], "the sum without the bias"),
            "the bias subtracted": ([1, 3, 2], "which is negative already"),
            "the sign of a weight": ([3, 3, 0], "you take the second weight as +1"),
            "a bias for each input": ([-2, 0, -1], "for each input that is not zero"),
            "activations": ([0.26894142, 0.73105858, 0.5], "the weighted sum is wanted"),
            "the last one wrong": ([-1, 1, 6], "for the input (2, 0, -1) the weighted sum is"),
            "two numbers": ([-1, 1], "give three numbers"),
        },
        unusual={
            "the chapter's": np.array([-1, 1, 0]),
            "floats": (-1.0, 1.0, 0.0),
            "float32": np.float32([-1, 1, 0]),
        },
    ),
    "majority": Bank(
        wrong={
            "the starter": (([1, 1, 1], -0.5), "it fires for one or more"),
            "all three": (([1, 1, 1], -2.5), "it fires only for all three"),
            "the signs exchanged": (([-1, -1, -1], 1.5), "it fires for a minority"),
            "no bias": (([1, 1, 1], 0), "it fires for one or more"),
            "on the threshold": (([1, 1, 1], -2), "it fires only for all three"),
            "always": (([0, 0, 0], 1), "it fires always"),
            "never": (([0, 0, 0], 0), "it never fires"),
            "one input decides": (([2, 1, 1], -1.5), "for the inputs 1, 0, 0 the output is 1"),
            "two weights": (([1, 1], -1.5), "needs 3 weights"),
            "one list": ([1, 1, 1, -1.5], "a neuron is a pair"),
        },
        unusual={
            "the chapter's": ([1, 1, 1], -1.5),
            "unequal weights": ([0.9, 1.0, 1.2], -1.4),
            "large and arrays": [np.array([10, 10, 10]), np.float32(-11)],
        },
    ),
    "changes": Bank(
        wrong={
            "the starter": ([0.4] * 4, "every product is half as large"),
            "the constant added": ([0.5, 0.2, -0.4, 1.2], "the weights add up to zero"),
            "one minus z": ([0.4, 0.2, 0.6, 1.2], "would need weights that add up to 1"),
            "no change of sign": ([0.4, 0.2, 0.4, 1.2], "the products change their sign"),
            "erased": ([0.4, 0.2, 0, 1.2], "inverted is not erased"),
            "three added": ([0.4, 0.2, -0.4, 3.4], "multiplied, not increased"),
            "twice": ([0.4, 0.8, -0.4, 1.2], "half as bright, not twice"),
            "784 constants": ([78.8, 0.2, -0.4, 1.2], "by 0.1, z is not 78.8"),
            "three numbers": ([0.4, 0.2, -0.4], "give four numbers"),
        },
        unusual={
            "the chapter's": [0.4, 0.2, -0.4, 1.2],
            "computed": 0.4 * np.array([1, 1 / 2, -1, 3]),
            "a tuple": (0.4, 0.4 / 2, -0.4, 3 * 0.4),
        },
    ),
    "with_sigmoid": Bank(
        wrong={
            "the starter": (lambda w, b, v, c: (2 * w, 2 * b, v, c), "must be doubled"),
            "no constant": (lambda w, b, v, c: (2 * w, 2 * b, 2 * v, c), "too high by v"),
            "one for v": (
                lambda w, b, v, c: (2 * w, 2 * b, 2 * v, c - 1),
                "-1 is multiplied by v too",
            ),
            "z for 2z": (lambda w, b, v, c: (w, b, 2 * v, c - v), "weight and bias double"),
            "the bias alone": (lambda w, b, v, c: (2 * w, b, 2 * v, c - v), "the bias doubles too"),
            "nothing done": (lambda w, b, v, c: (w, b, v, c), "the two outputs differ by"),
            "returns nothing": (lambda w, b, v, c: None, "did you forget `return`"),
        },
        unusual={
            "the chapter's": lambda w, b, v, c: (2 * w, 2 * b, 2 * v, c - v),
            "mirrored": lambda w, b, v, c: (-2 * w, -2 * b, -2 * v, c + v),
            "an array": lambda w, b, v, c: np.array([2 * w, 2 * b, 2 * v, c - v]),
        },
    ),
    "derivative": Bank(
        wrong={
            "the starter: one factor": (lambda a: 1 - a, "that is 1 - a, only one of two factors"),
            "the other factor": (lambda a: a, "the activation itself"),
            "sign": (lambda a: a * (a - 1), "that has the wrong sign"),
            "plus": (lambda a: a * (1 + a), "which sign does the chain rule give?"),
            "σ applied again": (lambda a: naive(a) * (1 - naive(a)), "that takes a for z"),
            "tanh": (lambda a: 1 - a**2, "the derivative of tanh"),
            "a parabola through three points": (
                lambda a: 0.25 - (a - 0.5) ** 4,
                "where the activation is 0.047 the derivative of σ is 0.0452",
            ),
            "returns nothing": (lambda a: None, "did you forget `return`"),
        },
        unusual={
            "the chapter's": lambda a: a * (1 - a),
            "by way of z": lambda a: 1 / (2 + 2 * math.cosh(math.log(a / (1 - a)))),
            "float32": lambda a: np.float32(a) - np.float32(a) ** 2,
            "around the middle": lambda a: 0.25 - (a - 0.5) ** 2,
        },
    ),
    "stable_sigmoid": Bank(
        wrong={
            "the starter": (naive, "at z = -1000 NumPy warns: overflow"),
            "both forms, chosen too late": (
                lambda z: np.where(z >= 0, naive(z), np.exp(z) / (1 + np.exp(z))),
                "`np.where` computes both alternatives",
            ),
            "clipped too soon": (
                lambda z: 1 / (1 + np.exp(-np.clip(z, -5, 5))),
                "at z = 1000 your sigmoid gives 0.9933",
            ),
            "the growing form for all": (growing, "infinity divided by infinity"),
            "mirrored": (lambda z: stable(-z), "that is σ(-z)"),
            "the positive form for all": (
                lambda z: 1 / (1 + np.exp(-np.abs(z))),
                "right for positive z only",
            ),
            "no division": (lambda z: np.exp(-np.abs(z)), "without the division"),
            "as whole as the input": (like_the_input, "as `zeros_like(z)` is here"),
            "changes its input": (clips_the_input, "changed the array z itself"),
            "straight lines": (straightened, "at z = 3.6160 your sigmoid gives"),
            "one number only": (one_number, "stopped with ValueError"),
            "one axis only": (lambda z: stable(z.ravel()), "an array of shape (3, 4) came out"),
            "a constant": (lambda z: 0.5, "two numbers went in"),
            "returns nothing": (lambda z: None, "did you forget `return`"),
        },
        unusual={
            "the chapter's": stable,
            "tanh": lambda z: (1 + np.tanh(z / 2)) / 2,
            "a logarithm of sums": lambda z: np.exp(-np.logaddexp(0, -z)),
            "masks": masked,
            "one by one": one_by_one,
            "lists": lambda z: stable(z).tolist(),
            "float32": lambda z: np.float32(stable(z)),
        },
    ),
    "hardness": Bank(
        wrong={
            "the starter": (lambda z, error: 1 / error, "1 / error is far more than"),
            "sign of z": (lambda z, error: odds(error) / z, "only the distance of z from 0"),
            "upside down": (lambda z, error: -odds(error) / abs(z), "is upside down"),
            "1 - error forgotten": (lambda z, error: -np.log(error) / abs(z), "not 1 / error"),
            "times |z|": (lambda z, error: odds(error) * abs(z), "divide by |z|"),
            "without z": (lambda z, error: odds(error), "c does not depend on z"),
            "the decimal logarithm": (
                lambda z, error: np.log10((1 - error) / error) / abs(z),
                "should be the natural one",
            ),
            "no logarithm": (
                lambda z, error: (1 - error) / error / abs(z),
                "the logarithm is missing",
            ),
            "a constant": (lambda z, error: 1.0, "still misses the step by 0.38"),
            "far too much": (lambda z, error: 1e6, "a smaller c than 1e+06 would do"),
            "returns nothing": (lambda z, error: None, "did you forget `return`"),
        },
        unusual={
            "the chapter's": lambda z, error: odds(error) / abs(z),
            "by halving": by_halving,
            "float32": lambda z, error: np.float32(odds(error) / abs(z)),
            "the inverse of tanh": lambda z, error: 2 * math.atanh(1 - 2 * error) / abs(z),
        },
    ),
    "xor": Bank(
        wrong={
            "the starter: OR at the output": (([OR, AND], OR), "together they compute OR"),
            "AND at the output": (([OR, AND], AND), "together they compute AND"),
            "NAND alone": (([NAND], ([1], -0.5)), "together they compute NAND"),
            "OR alone": (([OR], ([1], -0.5)), "for the inputs 1 and 1 the hidden neurons give [1]"),
            "signs exchanged": (([OR, AND], ([-1, 2], 0.5)), "together they compute NOT XOR"),
            "at the threshold": (
                ([OR, AND], ([1, -2], -1)),
                "for the inputs 0 and 1 the hidden neurons give [1, 0] and the output 0",
            ),
            "one weight at the output": (([OR, NAND], ([1], -0.5)), "needs 2 weights"),
            "the output sees the inputs": (([OR, AND, NAND], AND), "needs 3 weights"),
            "a layer's table": (
                (([[1, 1], [1, 1]], [-0.5, -1.5]), ([1, -2], -0.5)),
                "the bias of a neuron is one number",
            ),
            "weights without a bias": (([[1, 1, -0.5], AND], AND), "its weights and its bias"),
            "three neurons in a row": (
                [OR, AND, AND],
                "the list of hidden neurons, and",
            ),
        },
        unusual={
            "the chapter's": ([OR, AND], ([1, -2], -0.5)),
            "OR and NAND": ([OR, NAND], AND),
            "one input without the other": (
                [([1, -1], -0.5), ([-1, 1], -0.5)],
                ([1, 1], -0.5),
            ),
            "arrays and an idle neuron": [
                (
                    (np.array([2, 2]), np.float32(-1)),
                    (np.array([3, 3]), -4),
                    (np.zeros(2), 0),
                ),
                [np.array([1.0, -1.0, 5.0]), np.array(-0.5)],
            ],
        },
    ),
}
