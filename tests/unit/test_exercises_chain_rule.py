"""The exercises on the chain rule accept what is right and point at what is wrong."""

from itertools import pairwise

import numpy as np
import pytest
import torch

from weighted_sums import chain
from weighted_sums.exercises import check, names


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def walk(w, a, y, *, arrive=None, squash=None, two=2.0, inputs=None, sign=1):
    """Six slopes, right unless a keyword plants a slip."""
    squash = squash or (lambda l: a[l + 1] * (1 - a[l + 1]))
    db = [0.0, 0.0, sign * two * (a[3] - y) * squash(2)]
    arrive = arrive or (lambda db, l: db[l + 1] * w[l + 1])
    for l in (1, 0):
        db[l] = arrive(db, l) * squash(l)
    inputs = inputs or a[:3]
    return [db[l] * inputs[l] for l in range(3)], db


def six(w1, w2, w3, a0, a1, a2, a3, y, **slip):
    return walk([w1, w2, w3], [a0, a1, a2, a3], y, **slip)


def six_written_out(w1, w2, w3, a0, a1, a2, a3, y):
    s1, s2, s3, c = a1 - a1 * a1, a2 - a2 * a2, a3 - a3 * a3, 2 * (a3 - y)
    return np.array([[a0 * s1 * w2 * s2 * w3 * s3 * c, a1 * s2 * w3 * s3 * c, a2 * s3 * c],
                     [s1 * w2 * s2 * w3 * s3 * c, s2 * w3 * s3 * c, s3 * c]])  # fmt: skip


def slip(**planted):
    """`six` with slips that need the numbers: each keyword makes one from (w, a, y)."""

    def answer(w1, w2, w3, a0, a1, a2, a3, y):
        w, a = [w1, w2, w3], [a0, a1, a2, a3]
        return walk(w, a, y, **{name: make(w, a, y) for name, make in planted.items()})

    return answer


def two_paths(x, w, b, v, u, c, y, combine=lambda through, direct: through + direct, dh=None):
    h = sigmoid(w * x + b)
    a = sigmoid(v * h + u * x + c)
    dz = 2 * (a - y) * a * (1 - a)
    return combine(dz * v * w * (h * (1 - h) if dh is None else dh), dz * u)


def two_paths_torch(*given):
    x, w, b, v, u, c, y = (torch.tensor(float(number), requires_grad=True) for number in given)
    a = torch.sigmoid(v * torch.sigmoid(w * x + b) + u * x + c)
    ((a - y) ** 2).backward()
    return x.grad.item()


def shared(x, w, b, y, combine=sum):
    twice = [chain.Neuron(w, b)] * 2
    return combine([part.dw for part in chain.backward(twice, chain.forward(twice, x), y)])


def shared_by_nudge(x, w, b, y, h=1e-6):
    up, down = (chain.cost([chain.Neuron(w + d, b)] * 2, x, y) for d in (h, -h))
    return np.array([(up - down) / (2 * h)])


def work(sizes):
    weights = [m * n for m, n in pairwise(sizes)]
    return sizes[-1] * sum(weights[:-1]), sizes[0] * sum(weights[1:])


def work_by_walking(sizes):
    back = sum(sizes[-1] * n * m for m, n in pairwise(sizes[:-1]))
    on = sum(sizes[0] * m * n for m, n in pairwise(sizes[1:]))
    return [back, on]


def all_weights(sizes):
    weights = sum(m * n for m, n in pairwise(sizes))
    return sizes[-1] * weights, sizes[0] * weights


RIGHT = {
    "six, walking": ("six", six),
    "six, written out": ("six", six_written_out),
    "two paths": ("two_paths", two_paths),
    "two paths by torch": ("two_paths", two_paths_torch),
    "shared": ("shared", shared),
    "shared, by a nudge": ("shared", shared_by_nudge),
    "work": ("work", work),
    "work, step by step": ("work", work_by_walking),
}

WRONG = {
    "six, each as if it were the last": (
        "six",
        slip(arrive=lambda w, a, y: lambda db, l: 2 * (a[l + 1] - y)),
        "only a3 meets the cost directly; what arrives at a2 comes through w3",
    ),
    "six without the two": ("six", lambda *g: six(*g, two=1.0), "the 2 of the square"),
    "six, upside down": ("six", lambda *g: six(*g, sign=-1), "the sign is wrong"),
    "six without any squash": ("six", lambda *g: six(*g, squash=lambda l: 1), "of the squash"),
    "six without the hidden squashes": (
        "six",
        slip(squash=lambda w, a, y: lambda l: a[3] * (1 - a[3]) if l == 2 else 1),
        "the slope of the squash of neuron 2 is missing",
    ),
    "six through their own weights": (
        "six",
        slip(arrive=lambda w, a, y: lambda db, l: db[l + 1] * w[l]),
        "leads through its own weight, w3",
    ),
    "six without weights": (
        "six",
        slip(arrive=lambda w, a, y: lambda db, l: db[l + 1]),
        "the weight w3 on the way back is missing",
    ),
    "six with the output for the input": (
        "six",
        slip(inputs=lambda w, a, y: a[1:]),
        "what comes in through w3 is a2, not a3",
    ),
    "six that forget the first": (
        "six",
        lambda *g: (np.array(six(*g)) * [0, 1, 1]).tolist(),
        "your slope by b1 is 0.00000, a nudge gives",
    ),
    "six in one row": ("six", lambda *g: np.ravel(six(*g)), "two lists of three"),
    "two paths, only one": (
        "two_paths",
        lambda *g: two_paths(*g, combine=lambda through, direct: through),
        "x also reaches the output itself",
    ),
    "two paths, only the other": (
        "two_paths",
        lambda *g: two_paths(*g, combine=lambda through, direct: direct),
        "x also reaches the output through h",
    ),
    "two paths multiplied": (
        "two_paths",
        lambda *g: two_paths(*g, combine=lambda through, direct: through * direct),
        "added, not multiplied",
    ),
    "two paths, no hidden squash": (
        "two_paths",
        lambda *g: two_paths(*g, dh=1.0),
        "the slope of the hidden neuron's squash",
    ),
    "two paths, subtracted": (
        "two_paths",
        lambda *g: two_paths(*g, combine=lambda through, direct: through - direct),
        "a nudge gives",
    ),
    "two paths, both of them": (
        "two_paths",
        lambda *g: two_paths(*g, combine=lambda *both: both),
        "one number",
    ),
    "shared, the second place": (
        "shared",
        lambda *g: shared(*g, combine=lambda dw: dw[1]),
        "what w does in the second neuron",
    ),
    "shared, the first place": (
        "shared",
        lambda *g: shared(*g, combine=lambda dw: dw[0]),
        "what w does in the first neuron",
    ),
    "shared, averaged": ("shared", lambda *g: shared(*g, combine=np.mean), "do not average"),
    "shared, forgotten return": ("shared", lambda *g: None, "did you forget `return`"),
    "shared that fails": ("shared", lambda x, w: w, "your function stops with TypeError"),
    "work of all Jacobians": (
        "work",
        all_weights,
        "starting at the output, your count is 12970, not 12960: the Jacobian one starts with",
    ),
    "work the other way": ("work", lambda sizes: work(sizes)[::-1], "have changed places"),
    "work of one side": ("work", lambda sizes: work(sizes)[0], "return two counts"),
    "work that forgets the width": (
        "work",
        lambda sizes: (work(sizes)[0], sum(m * n for m, n in pairwise(sizes[1:]))),
        "the matrix that travels has 784",
    ),
}


@pytest.mark.parametrize(("exercise", "answer"), RIGHT.values(), ids=RIGHT.keys())
def test_a_right_answer_passes(exercise, answer):
    verdict = check(f"chain_rule.{exercise}", answer)
    assert verdict.passed, verdict.message


@pytest.mark.parametrize(("exercise", "answer", "message"), WRONG.values(), ids=WRONG.keys())
def test_a_wrong_answer_fails_and_is_told_why(exercise, answer, message):
    verdict = check(f"chain_rule.{exercise}", answer)
    assert not verdict.passed
    assert message in verdict.message


def test_every_exercise_is_tried_with_right_and_wrong_answers():
    known = {name.removeprefix("chain_rule.") for name in names("chain_rule")}
    assert {exercise for exercise, *_ in RIGHT.values()} == known
    assert {exercise for exercise, *_ in WRONG.values()} == known
