"""Answers to the exercises of the chapter on cross-entropy, softmax and calibration."""

import numpy as np
import torch

from banks import Bank
from weighted_sums import softmax
from weighted_sums.cross_entropy import cross_entropy_from_logits
from weighted_sums.neurons import sigmoid, sigmoid_prime

RIGHT = np.array([-np.log(0.3), 0.6, -0.7, 0.1])

LOSS_AND_ERRORS = Bank(
    wrong={
        "uniform": ([np.log(3), 1 / 3, -2 / 3, 1 / 3], "this belongs to equal logits"),
        "y − p": (RIGHT * [1, -1, -1, -1], "the errors are p − y"),
        "the probabilities": (RIGHT + np.array([0, 0, 1, 0]), "subtract the target"),
        "a negative loss": (RIGHT * [-1, 1, 1, 1], "minus the logarithm"),
        "the probability": ([0.3, *RIGHT[1:]], "take minus its logarithm"),
        "bits": ([-np.log2(0.3), *RIGHT[1:]], "with the natural logarithm"),
        "one error": ([1.2, 0.6, -0.7, 0.2], "number 4 should not be 0.2"),
        "three numbers": (RIGHT[1:], "expected 4 numbers"),
    },
    unusual={"a tuple, rounded": (1.2, 0.6, -0.7, 0.1), "a torch tensor": torch.tensor(RIGHT)},
)


def by_way_of_the_quotient(z, y):
    a = sigmoid(z)
    with np.errstate(all="ignore"):
        return (a - y) / (a * (1 - a)) * (a * (1 - a)) / len(z)


def error_in_place(z, y):
    y -= sigmoid(z)
    return -y / len(z)


def error_by_torch(z, y):
    z, y = torch.tensor(z, requires_grad=True), torch.tensor(y)
    loss = torch.nn.functional.binary_cross_entropy_with_logits(z, y, reduction="sum") / len(z)
    loss.backward()
    return z.grad


def without_overflow(z):
    return (1 + np.tanh(z / 2)) / 2


ERROR = Bank(
    wrong={
        "σ′ and no average": (
            lambda z, y: (sigmoid(z) - y) * sigmoid_prime(z),
            "σ′ is still there",
        ),
        "the squared cost": (
            lambda z, y: 2 * (sigmoid(z) - y) * sigmoid_prime(z) / len(z),
            "σ′ is still there: it should have cancelled",
        ),
        "no average": (lambda z, y: sigmoid(z) - y, "4 times too large"),
        "an average over all outputs": (
            lambda z, y: (sigmoid(z) - y) / z.size,
            "not over the outputs too",
        ),
        "the wrong sign": (lambda z, y: (y - sigmoid(z)) / len(z), "the sign is wrong"),
        "a 2": (lambda z, y: 2 * (sigmoid(z) - y) / len(z), "there is no 2 here"),
        "z for a": (lambda z, y: (z - y) / len(z), "you use z instead of the output"),
        "∂C/∂a": (
            lambda z, y: (sigmoid(z) - y) / sigmoid_prime(z) / len(z),
            "that is ∂C/∂a, not yet times σ′(z)",
        ),
        "softmax": (
            lambda z, y: (softmax.softmax(z) - y) / len(z),
            "it is not (a − y) / n",
        ),
        "a mean row": (lambda z, y: (sigmoid(z) - y).mean(axis=0), "the shape is (3,), should be"),
        "by way of a quotient": (by_way_of_the_quotient, "at z = −800"),
        "in place": (error_in_place, "you change an input in place"),
        "no return": (lambda z, y: None, "did you forget `return`"),
    },
    unusual={
        "torch": error_by_torch,
        "by tanh, in lists": lambda z, y: ((without_overflow(z) - y) / len(z)).tolist(),
        "row by row": lambda z, y: np.stack(
            [(sigmoid(row) - target) / len(z) for row, target in zip(z, y, strict=True)]
        ),
    },
)


def unguarded(z):
    return np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)


def softmax_in_place(z):
    z -= z.max(axis=1, keepdims=True)
    return unguarded(z)


SOFTMAX = Bank(
    wrong={
        "no guard": (unguarded, "at logits [[1000.0, 999.0]]"),
        "one maximum for all": (lambda z: unguarded(z - z.max()), "[-1000.0, -999.0]]"),
        "the maximum of each column": (
            lambda z: unguarded(z - z.max(axis=0)),
            "the rows add up to 1, but",
        ),
        "the mean of each row": (
            lambda z: unguarded(z - z.mean(axis=1, keepdims=True)),
            "at logits [[2000.0, 0.0, 0.0]] your probabilities are [[nan, 0.0, 0.0]]",
        ),
        "clipped": (lambda z: unguarded(np.clip(z, -500, 500)), "your probabilities are [[0.5"),
        "nan replaced": (
            lambda z: np.nan_to_num(unguarded(z)),
            "at logits [[1000.0, 999.0]] your probabilities are [[0.0, 0.0]]",
        ),
        "the sum of the table": (lambda z: np.exp(z) / np.exp(z).sum(), "the sum of each row"),
        "the sums of columns": (
            lambda z: np.exp(z) / np.exp(z).sum(axis=0),
            "the sums of the columns, axis 0",
        ),
        "not divided": (np.exp, "you do not divide by the sum"),
        "the wrong sign": (lambda z: softmax.softmax(-z), "the sign of the exponent"),
        "logarithms": (lambda z: np.log(unguarded(z)), "the logarithm of the probabilities"),
        "no exponential": (
            lambda z: z / z.sum(axis=1, keepdims=True),
            "the exponential is missing",
        ),
        "sigmoids": (sigmoid, "that is the sigmoid of each logit"),
        "powers of two": (
            lambda z: 2**z / (2**z).sum(axis=1, keepdims=True),
            "but the probabilities are wrong",
        ),
        "the first row": (lambda z: softmax.softmax(z)[0], "the shape is (3,), should be"),
        "in place": (softmax_in_place, "you change an input in place"),
    },
    unusual={
        "by logarithms": lambda z: np.exp(z - np.logaddexp.reduce(z, axis=1)[:, None]),
        "torch": lambda z: torch.softmax(torch.tensor(z), dim=1),
        "by differences of logits": lambda z: [
            [1 / np.exp(np.minimum(row - one, 700)).sum() for one in row] for row in z
        ],
    },
)


def right_tanh(a, y):
    return -np.log(np.where(y > 0, 1 + a, 1 - a) / 2).sum() / len(a)


def both_terms(a, y):
    terms = (1 + y) * np.log1p(a) + (1 - y) * np.log1p(-a) - 2 * np.log(2)
    return -terms.sum() / 2 / len(a)


TANH_COST = Bank(
    wrong={
        "no average": (lambda a, y: len(a) * right_tanh(a, y), "over the rows is an average"),
        "a mean of all": (lambda a, y: right_tanh(a, y) / a.shape[1], "average over the rows only"),
        "no constant": (
            lambda a, y: right_tanh(a, y) - a.shape[1] * np.log(2),
            "a constant is missing",
        ),
        "the sign": (lambda a, y: -right_tanh(a, y), "the sign is wrong"),
        "one target": (
            lambda a, y: -np.log((1 + a) / 2).sum() / len(a),
            "a target of −1 is treated like one of 1",
        ),
        "twice": (lambda a, y: 2 * right_tanh(a, y), "the error of this cost is twice"),
        "squared": (lambda a, y: np.square(a - y).sum() / len(a), "that is the squared error"),
        "both terms whole": (lambda a, y: 1 + both_terms(a, y), "check both targets"),
        "a row": (lambda a, y: -np.log(np.where(y > 0, 1 + a, 1 - a)), "should be one number"),
        "no return": (lambda a, y: None, "did you forget `return`"),
    },
    unusual={
        "both terms": both_terms,
        "by the sigmoid": lambda a, y: -np.log(sigmoid(2 * np.arctanh(a) * y)).sum() / len(a),
        "torch": lambda a, y: (
            -torch.log((1 + torch.tensor(a) * torch.tensor(y)) / 2).sum(dim=1).mean()
        ),
    },
)


def calibration_error(confidence, correct):
    """A loop over answers; sums in a bin do not need its count."""
    gaps = [0.0] * 10
    for claim, right in zip(confidence.tolist(), correct.tolist(), strict=True):
        gaps[min(int(10 * claim), 9)] += right - claim
    return sum(map(abs, gaps)) / len(confidence)


def calibration_by_histograms(confidence, correct):
    sums = [np.histogram(confidence, 10, (0, 1), weights=w)[0] for w in (confidence, 1.0 * correct)]
    return np.float32(np.abs(sums[1] - sums[0]).sum() / confidence.size)


def binned(weigh, last=9, bins=10, middle=False, first=0):
    def error(confidence, correct):
        position = np.minimum((confidence * bins).astype(int), last)
        position = np.where((confidence == 0) & (first > 0), -1, position)
        inside = [(b, position == b) for b in range(bins) if (position == b).any()]
        claims = [(b + 0.5) / bins if middle else confidence[i].mean() for b, i in inside]
        gaps = [
            abs(correct[i].mean() - claim) for (_, i), claim in zip(inside, claims, strict=True)
        ]
        return weigh(gaps, [i.mean() for _, i in inside])

    return error


CALIBRATION = Bank(
    wrong={
        "one bin": (lambda c, r: abs(c.mean() - r.mean()), "opposite sign cancelled"),
        "not weighed": (binned(lambda g, n: np.mean(g)), "more answers should count"),
        "the largest gap": (binned(lambda g, n: max(g)), "that is the largest gap"),
        "the middle of the bin": (binned(np.dot, middle=True), "not its middle"),
        "squares": (
            binned(lambda g, n: np.square(g) @ n),
            "your error is 0.9025, it should be 0.9500",
        ),
        "five bins": (binned(np.dot, last=4, bins=5), "random answers your error is"),
        "certainty lost": (binned(np.dot, last=10), "exactly 1, one of them wrong your error"),
        "zero lost": (binned(np.dot, first=1), "exactly 0, one of them right your error"),
        "no bins": (lambda c, r: np.abs(c - r).mean(), "the gap of each answer alone"),
        "per cent": (lambda c, r: 100 * calibration_error(c, r), "your error is 95.0000"),
        "a gap for each bin": (binned(lambda g, n: np.array(g)), "should be one number"),
        "no return": (lambda c, r: None, "forget `return`"),
    },
    unusual={
        "a loop over answers": calibration_error,
        "histograms, float32": calibration_by_histograms,
        "weighed gaps": binned(np.dot),
    },
)


def costs_by_temperature(z, labels, grid):
    targets = np.eye(z.shape[1])[labels]
    return [cross_entropy_from_logits(z / T, targets) for T in grid]


GRID = np.arange(0.5, 5, 0.01)


def by_grid(z, labels):
    return GRID[np.argmin(costs_by_temperature(z, labels, GRID))]


def by_golden_section(z, labels, low=0.5, high=5.0):
    while high - low > 0.001:
        one, two = low + (high - low) * 0.382, low + (high - low) * 0.618
        first, second = costs_by_temperature(z, labels, [one, two])
        low, high = (low, two) if first < second else (one, high)
    return [(low + high) / 2]


def by_confidence(z, labels):
    right = (z.argmax(axis=1) == labels).mean()
    gaps = [abs(softmax.softmax(z / T).max(axis=1).mean() - right) for T in GRID]
    return GRID[np.argmin(gaps)]


def by_bisection(z, labels, low=0.2, high=2.0):
    """The root of the derivative with respect to 1/T, in which the cost is convex."""
    chosen = z[np.arange(len(z)), labels].mean()
    while high - low > 1e-4:
        beta = (low + high) / 2
        mean = (softmax.softmax(beta * z) * z).sum(axis=1).mean()
        low, high = (low, beta) if mean > chosen else (beta, high)
    return 1 / low


TEMPERATURE = Bank(
    wrong={
        "two": (lambda z, labels: 2.0, "classes that are 2.5 times too large you return 2.00"),
        "one": (lambda z, labels: 1.0, "the cross-entropy is lower elsewhere"),
        "the reciprocal": (lambda z, labels: 1 / by_bisection(z, labels), "that is 1/T"),
        "confidence": (by_confidence, "average confidence equal to the accuracy"),
        "the end": (lambda z, labels: 0.5, "that is the end of the range"),
        "the highest cost": (
            lambda z, labels: GRID[np.argmax(costs_by_temperature(z, labels, GRID))],
            "you return 0.50",
        ),
        "a coarse grid": (
            lambda z, labels: float(np.rint(by_grid(z, labels))) + 0.1,
            "the cross-entropy is lower elsewhere",
        ),
        "the costs": (
            lambda z, labels: costs_by_temperature(z, labels, GRID),
            "the temperature should be one number",
        ),
        "no return": (lambda z, labels: None, "did you forget `return`"),
    },
    unusual={"a golden section": by_golden_section, "bisection": by_bisection, "a grid": by_grid},
)

BANK = {
    "loss_and_errors": LOSS_AND_ERRORS,
    "error": ERROR,
    "softmax": SOFTMAX,
    "tanh_cost": TANH_COST,
    "calibration_error": CALIBRATION,
    "temperature": TEMPERATURE,
}
