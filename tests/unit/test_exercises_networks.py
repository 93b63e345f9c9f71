"""The exercises on networks accept what is right and point at what is wrong."""

from itertools import pairwise

import numpy as np
import pytest

from weighted_sums.exercises import check, names
from weighted_sums.networks import Layer
from weighted_sums.neurons import relu, sigmoid


def loops(x, W, b):
    z = [[sum(w * v for w, v in zip(row, example, strict=True)) for row in W] for example in x]
    return sigmoid(np.array(z) + b)


def collapse(network):
    W, b = network[0]
    for next_W, next_b in network[1:]:
        W, b = next_W @ W, next_W @ b + next_b
    return Layer(W, b)


def probe(network):
    """Find W and b by asking the layers about zeros and about single ones."""

    def through(x):
        for W, b in network:
            x = x @ W.T + b
        return x

    n = network[0].W.shape[1]
    b = through(np.zeros(n))
    return (through(np.eye(n)) - b).T, b


def permute(network, order, columns=True, bias=True):
    first, second, *others = network
    moved = Layer(first.W[order], first.b[order] if bias else first.b)
    return [moved, Layer(second.W[:, order] if columns else second.W, second.b), *others]


def inverse(network, order):
    return permute(network, np.argsort(order))


def permute_in_place(network, order):
    network[0].W[:] = network[0].W[order]
    network[0].b[:] = network[0].b[order]
    network[1].W[:] = network[1].W[:, order]
    return network


def one_of_three(W1, b1, W2, b2):
    return [Layer(np.array(W1), np.array(b1)), Layer(np.array(W2), np.array(b2))]


ROWS = [[20.0] * 3] * 2
LISTENS = [[20.0, 0.0, 0.0], [0.0, 20.0, 0.0], [0.0, 0.0, 20.0]]

RIGHT = {
    "count, sum": ("count", lambda s: sum(n * (m + 1) for m, n in pairwise(s))),
    "count, arrays": ("count", lambda s: np.dot(s[:-1], s[1:]) + sum(s[1:])),
    "layer, one product": ("layer", lambda x, W, b: sigmoid(x @ W.T + b)),
    "layer, loops": ("layer", loops),
    "layer, columns turned back": ("layer", lambda x, W, b: sigmoid((W @ x.T).T + b)),
    "layer, lists": ("layer", lambda x, W, b: sigmoid(x @ W.T + b).tolist()),
    "collapse": ("collapse", collapse),
    "collapse by asking": ("collapse", probe),
    "permute": ("permute", permute),
    "exactly one": (
        "exactly_one",
        one_of_three(ROWS, [-10.0, -30.0], [[20.0, -20.0]], [-10.0]),
    ),
    "exactly one, each alone": (
        "exactly_one",
        one_of_three(np.array(LISTENS) * 2 - 20.0, [-10.0] * 3, [[20.0] * 3], [-10.0]),
    ),
}

WRONG = {
    "count without biases": (
        "count",
        lambda s: sum(m * n for m, n in pairwise(s)),
        "the weights alone",
    ),
    "count with biased inputs": (
        "count",
        lambda s: sum(m * n for m, n in pairwise(s)) + sum(s),
        "the inputs biases too",
    ),
    "count that fails": ("count", lambda s: s[9], "your function stops with IndexError"),
    "count of neurons": ("count", sum, "the number of neurons"),
    "count of ends": (
        "count",
        lambda s: s[0] * s[-1] + s[-1],
        "for sizes [2, 5, 1] your count is 3",
    ),
    "count of nothing": ("count", lambda s: None, "did you forget `return`"),
    "count by layer": ("count", lambda s: s, "should be one number"),
    "layer on a column": ("layer", lambda x, W, b: sigmoid(W @ x + b), "rows on the left of @"),
    "layer turned over": ("layer", lambda x, W, b: sigmoid(W @ x.T), "(2, 4), should be (4, 2)"),
    "layer that fits squares": (
        "layer",
        lambda x, W, b: sigmoid((W @ x if len(x) == len(W) == len(W.T) else x @ W.T) + b),
        "for x of shape (3, 3)",
    ),
    "layer without squash": ("layer", lambda x, W, b: x @ W.T + b, "the σ is missing"),
    "layer without biases": ("layer", lambda x, W, b: sigmoid(x @ W.T), "biases are missing"),
    "layer with another squash": ("layer", lambda x, W, b: relu(x @ W.T + b), "it should be σ("),
    "layer of the first example": ("layer", lambda x, W, b: sigmoid(W @ x[0] + b), "the shape is"),
    "collapse keeps the last": ("collapse", lambda n: n[-1], "should be (2, 3)"),
    "collapse adds the biases": (
        "collapse",
        lambda n: (
            (collapse(n).W, sum(b for _, b in n)) if len(n[0].b) == len(n[-1].b) else collapse(n)
        ),
        "which weights does an early bias still pass through",
    ),
    "collapse in the wrong order": (
        "collapse",
        lambda n: (n[0].W @ n[1].W if n[0].W.shape == (4, 4) else collapse(n).W, collapse(n).b),
        "in which order do the matrices act",
    ),
    "collapse without biases": ("collapse", lambda n: collapse(n).W, "expected a Layer"),
    "collapse with a column": (
        "collapse",
        lambda n: (collapse(n).W, collapse(n).b[:, None]),
        "do not fit",
    ),
    "permute without the listeners": (
        "permute",
        lambda n, order: permute(n, order, columns=False),
        "who else has to know",
    ),
    "permute without the biases": (
        "permute",
        lambda n, order: permute(n, order, bias=False),
        "move together",
    ),
    "permute the other way": ("permute", inverse, "should be the old neuron"),
    "permute nothing": ("permute", lambda n, order: n, "should be the old neuron"),
    "permute in place": ("permute", permute_in_place, "you changed the network you were given"),
    "permute two layers only": (
        "permute",
        lambda n, o: permute(n, o)[:2],
        "should return 3 layers",
    ),
    "exactly one: at least one": (
        "exactly_one",
        one_of_three(ROWS[:1], [-10.0], [[20.0]], [-10.0]),
        "for pixels (0, 1, 1) your network says 1.000; it should be below 0.1",
    ),
    "exactly one: never": (
        "exactly_one",
        one_of_three(ROWS[:1], [-10.0], [[0.0]], [-10.0]),
        "for pixels (0, 0, 1) your network says 0.000; it should be above 0.9",
    ),
    "exactly one: too timid": (
        "exactly_one",
        one_of_three(ROWS, [-10.0, -30.0], [[2.0, -2.0]], [-1.0]),
        "for pixels (0, 0, 0)",
    ),
    "exactly one: a single layer": (
        "exactly_one",
        [Layer(np.ones((1, 3)), np.zeros(1))],
        "one layer cannot do it",
    ),
    "exactly one: two outputs": (
        "exactly_one",
        one_of_three(ROWS, [-10.0, -30.0], [[20.0, -20.0]] * 2, [-10.0] * 2),
        "should have one neuron",
    ),
}


@pytest.mark.parametrize(("exercise", "answer"), RIGHT.values(), ids=RIGHT.keys())
def test_a_right_answer_passes(exercise, answer):
    verdict = check(f"networks.{exercise}", answer)
    assert verdict.passed, verdict.message


@pytest.mark.parametrize(("exercise", "answer", "message"), WRONG.values(), ids=WRONG.keys())
def test_a_wrong_answer_fails_and_is_told_why(exercise, answer, message):
    verdict = check(f"networks.{exercise}", answer)
    assert not verdict.passed
    assert message in verdict.message


def test_every_exercise_is_tried_with_right_and_wrong_answers():
    known = {name.removeprefix("networks.") for name in names("networks")}
    assert {exercise for exercise, *_ in RIGHT.values()} == known
    assert {exercise for exercise, *_ in WRONG.values()} == known
