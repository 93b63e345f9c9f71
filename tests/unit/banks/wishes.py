"""Answers to the exercises of the chapter on wishes."""

import math
from fractions import Fraction

import numpy as np
import torch

from banks import Bank
from weighted_sums.neurons import sigmoid, sigmoid_grad_from_output, sigmoid_prime


def case_by_case(a, y):
    return np.where(y > a, 1, np.where(y < a, -1, 0))


def signs_in_place(a, y):
    a -= y
    return -np.sign(a)


BIAS_SIGNS = Bank(
    wrong={
        "the gradient's signs": (lambda a, y: np.sign(a - y), "all your signs are reversed"),
        "from the labels alone": (lambda a, y: 2 * y - 1, "it costs nothing: 0"),
        "only the right output": (
            lambda a, y: np.where(y == 1, 1, 0),
            "its bias should fall: -1; yours is 0",
        ),
        "True and False": (lambda a, y: y > a, "its bias should fall: -1; yours is False"),
        "the differences": (lambda a, y: y - a, "you return the differences y − a"),
        "the gradient's differences": (lambda a, y: a - y, "only the signs of y − a"),
        "of rounded outputs": (lambda a, y: np.sign(y - a.round()), "you round the outputs first"),
        "of the largest output only": (
            lambda a, y: np.sign(y - np.eye(10)[a.argmax()]),
            "so its bias should",
        ),
        "one number": (lambda a, y: 1, "the shape is ()"),
        "two signs, with a column axis": (
            lambda a, y: np.sign(y[:, None] - a[:, None]),
            "the shape is (10, 1), should be (10,)",
        ),
        "no return": (lambda a, y: None, "did you forget `return`"),
        "a crash": (lambda a, y: a[10], "stops with IndexError"),
        "in place": (signs_in_place, "you change an input in place"),
    },
    unusual={
        "case by case": case_by_case,
        "a list of floats": lambda a, y: [float(np.sign(q - p)) for p, q in zip(a, y, strict=True)],
        "a difference of comparisons": lambda a, y: (y > a).astype(np.int8) - (y < a),
        "copysign": lambda a, y: [math.copysign(1, d) if d else 0 for d in y - a],
    },
)


def loops(images):
    return np.array([not any(image[i] for image in images) for i in range(images.shape[1])])


LEFT_ALONE = Bank(
    wrong={
        "the first image": (lambda i: i[0] == 0, "you look at the first image only"),
        "the last image": (lambda i: i[-1] == 0, "you look at the last image only"),
        "black in any image": (lambda i: (i == 0).any(axis=0), "in every image, not in one"),
        "nearly black on average": (lambda i: i.mean(axis=0) < 0.01, "however faintly"),
        "rounded": (lambda i: (i.round() == 0).all(axis=0), "however faintly"),
        "the negation": (lambda i: (i > 0).any(axis=0), "True and False are exchanged"),
        "only the first black pixel": (
            lambda i: np.arange(i.shape[1]) == (i == 0).all(axis=0).argmax(),
            "the inputs of its weights are all 0",
        ),
        "by image": (lambda i: (i == 0).all(axis=1), "one value for each image"),
        "all pixels at once": (lambda i: (i == 0).all(), "one value for all pixels together"),
        "the indices of the pixels": (
            lambda i: np.flatnonzero((i == 0).all(axis=0)),
            "those are the indices of the pixels",
        ),
        "sums": (lambda i: i.sum(axis=0), "True or False for each pixel"),
        "zeros and ones": (lambda i: (i == 0).all(axis=0) * 1, "True or False for each pixel"),
        "a table": (lambda i: i == 0, "the shape is (1, 6), should be (6,)"),
    },
    unusual={
        "the brightest is black": lambda images: images.max(axis=0) == 0,
        "loops, into a list": lambda images: loops(images).tolist(),
        "by counting": lambda images: np.count_nonzero(images, axis=0) < 1,
        "not any": lambda images: ~images.any(axis=0),
        "by a product": lambda images: ~np.any(images.T @ np.eye(len(images)), axis=1),
    },
)


def layer_wishes(change, W, b, a_prev):
    push = change * sigmoid_grad_from_output(sigmoid(W @ a_prev + b))
    return np.outer(push, a_prev), push, push @ W


def pushed(factor):
    """`layer_wishes`, with another factor than σ′(z)."""

    def answer(change, W, b, a_prev):
        push = change * factor(change, W @ a_prev + b, b)
        return np.outer(push, a_prev), push, push @ W

    return answer


def changed(*parts):
    """`layer_wishes`, with a part replaced by what a function makes of it and of the inputs."""

    def answer(*given):
        found = layer_wishes(*given)
        return tuple(
            change(part, *given) if change else part
            for change, part in zip(parts, found, strict=True)
        )

    return answer


def by_differences(change, W, b, a_prev, h=1e-6):
    """The same from central differences of change · a."""

    def score(W, b, a_prev):
        return float(change @ sigmoid(W @ a_prev + b))

    def gradient(which):
        given = [W, b, a_prev]
        found = np.empty_like(given[which])
        for at in np.ndindex(found.shape):
            up, down = ([part.copy() for part in given] for _ in range(2))
            up[which][at] += h
            down[which][at] -= h
            found[at] = (score(*up) - score(*down)) / (2 * h)
        return found

    return [gradient(which) for which in range(3)]


def by_torch(change, W, b, a_prev):
    given = [torch.tensor(part, requires_grad=True) for part in (W, b, a_prev)]
    a = torch.sigmoid(given[0] @ given[2] + given[1])
    return torch.autograd.grad(a, given, torch.tensor(change))


def in_place(change, W, b, a_prev):
    change *= sigmoid_prime(W @ a_prev + b)
    return np.outer(change, a_prev), change, change @ W


LAYER_WISHES = Bank(
    wrong={
        "no σ′": (pushed(lambda change, z, b: 1), "the wishes for the weights lack σ′(z)"),
        "gradients": (
            lambda *given: [-part for part in layer_wishes(*given)],
            "wishes are minus the gradient",
        ),
        "σ′ of the change": (
            pushed(lambda change, z, b: sigmoid_prime(change)),
            "take σ′ at the change",
        ),
        "σ′ of the activation": (
            pushed(lambda change, z, b: sigmoid_prime(sigmoid(z))),
            "take σ′ at the activation",
        ),
        "σ for σ′": (pushed(lambda change, z, b: sigmoid(z)), "in place of its derivative"),
        "no bias": (pushed(lambda change, z, b: sigmoid_prime(z - b)), "a z without the bias"),
        "σ′ twice for the activations": (
            changed(
                None,
                None,
                lambda part, change, W, b, a_prev: part * sigmoid_grad_from_output(a_prev),
            ),
            "the wishes for the activations include σ′ of the layer before",
        ),
        "no σ′ for the activations": (
            changed(None, None, lambda part, change, W, b, a_prev: change @ W),
            "the wishes for the activations lack σ′(z)",
        ),
        "no σ′ for the biases": (
            changed(None, lambda part, change, W, b, a_prev: change, None),
            "the wishes for the biases lack σ′(z)",
        ),
        "transposed": (
            changed(lambda part, *given: part.T, None, None),
            "the wishes for the weights are transposed",
        ),
        "by rows": (
            changed(None, None, lambda part, change, W, b, a_prev: W @ change),
            "the rows left of @ are not as long as the columns right of it",
        ),
        "activations by their weight's size": (
            changed(None, None, lambda part, change, W, b, a_prev: part * a_prev),
            "Through the activation function of which layer",
        ),
        "biases first": (
            lambda *given: [layer_wishes(*given)[i] for i in (1, 0, 2)],
            "the wishes for the weights: the shape is (2,), should be (2, 3)",
        ),
        "two arrays": (lambda *given: layer_wishes(*given)[:2], "should return three arrays"),
        "in place": (in_place, "you change an input in place"),
    },
    unusual={
        "by finite differences": by_differences,
        "by torch": by_torch,
        "einsum": lambda change, W, b, a_prev: (
            np.einsum("j,i->ji", push := change * sigmoid_prime(W @ a_prev + b), a_prev),
            push,
            np.einsum("j,ji->i", push, W),
        ),
    },
)

OUTVOTED = Bank(
    wrong={
        "a fair majority": ([-0.2, -0.1, -0.3, 0.1], "which examples could outvote them"),
        "a minority": ([-0.1, 0.1, 0.5, 0.5], "more than half"),
        "exactly half": ([-0.1, -0.1, 0.5, 0.5], "more than half"),
        "wishes in place of derivatives": ([0.1, 0.1, 0.1, -0.5], "are yours wishes?"),
        "a draw": ([-1.0, -1.0, 2.0], "the average is 0"),
        "a draw that rounding hides": ([-0.7, -0.1, 0.8], "the average is 0"),
        "two only": ([-1.0, 2.0], "at least three"),
        "one number": (0.5, "a list of at least three"),
        "infinite": ([-1.0, -1.0, np.inf], "should be finite"),
        "words": (["up", "up", "down"], "expected a list of numbers"),
        "a function": (lambda: [-1, -1, 3], "expected a list of numbers"),
    },
    unusual={
        "some are zero": np.array([-1, -1, -1, 0, 4]),
        "a tuple of fractions": (Fraction(-1, 3), Fraction(-1, 3), Fraction(7, 10)),
        "single precision": np.array([-1e-4] * 99 + [1], dtype=np.float32),
        "torch": torch.tensor([-0.1, -0.1, 0.9]),
    },
)


def right_number(c, g, s):
    return (s / g) ** 2 * c**2 / (1 - c**2)


def by_bisection(c, g, s):
    low, high = 0.0, 1e6
    for _ in range(200):
        m = (low + high) / 2
        low, high = (m, high) if 1 / math.sqrt(1 + s**2 / g**2 / m) < c else (low, m)
    return m


ENOUGH = Bank(
    wrong={
        "in proportion": (
            lambda c, g, s: c * (s / g) ** 2,
            "they agree to 0.5774: twice the agreement takes more",
        ),
        "no squares": (lambda c, g, s: s / g * c / (1 - c), "your answer is 10 examples"),
        "the agreement not squared": (
            lambda c, g, s: (s / g) ** 2 * c / (1 - c),
            "square the agreement",
        ),
        "the ratio not squared": (
            lambda c, g, s: s / g * c**2 / (1 - c**2),
            "square std / norm",
        ),
        "exchanged": (lambda c, g, s: right_number(c, s, g), "std and norm are exchanged"),
        "upside down": (lambda c, g, s: (s / g) ** 2 * (1 / c**2 - 1), "is upside down"),
        "the denominator only": (lambda c, g, s: (s / g) ** 2 / (1 - c**2), "only the denominator"),
        "rounded down": (lambda c, g, s: int(right_number(c, g, s)), "you round down"),
        "rounded to the nearest": (lambda c, g, s: round(right_number(c, g, s)), "you round down"),
        "one too many": (lambda c, g, s: int(right_number(c, g, s)) + 2, "by the formula"),
        "negative": (lambda c, g, s: -((s / g) ** 2), "some examples are needed"),
        "a table": (lambda c, g, s: [c, g], "should be one number"),
        "hard-coded": (lambda c, g, s: 100 / 3, "your answer is 33.33 examples; by the formula"),
    },
    unusual={
        "solved differently": lambda c, g, s: s * s / g / g / (1 / c**2 - 1),
        "rounded up": lambda c, g, s: math.ceil(right_number(c, g, s)),
        "by bisection": by_bisection,
        "by the tangent of an angle": lambda c, g, s: np.array(
            [(s / g * math.tan(math.asin(c))) ** 2]
        ),
    },
)

FIVE_WISHES = Bank(
    wrong={
        "derivatives": ([-0.25, -0.2, -0.125, -0.5, 0.25], "wishes have the opposite sign"),
        "no 2": ([0.125, 0.1, 0.0625, 0.25, -0.125], "the derivative of (a − y)² has a 2"),
        "no σ′": ([1, 0.8, 0.5, 2, -1], "σ′ is missing"),
        "σ for σ′": ([0.5, 0.4, 0.25, 1, -0.5], "its derivative there is a quarter"),
        "exchanged": ([0.25, 0.5, -0.25, 0.2, 0.125], "for a weight multiply by its activation"),
        "three": ([0.25, 0.2, 0.125], "expected five numbers"),
        "one sign": ([0.25, 0.2, 0.125, 0.5, 0.25], "your number for activation 2 cannot be 0.25"),
    },
    unusual={
        "a tuple": (0.25, 0.2, 0.125, 0.5, -0.25),
        "a product": 0.25 * np.array([1, 0.8, 0.5, 2, -1]),
    },
)

BANK = {
    "five_wishes": FIVE_WISHES,
    "bias_signs": BIAS_SIGNS,
    "left_alone": LEFT_ALONE,
    "layer_wishes": LAYER_WISHES,
    "outvoted": OUTVOTED,
    "enough": ENOUGH,
}
