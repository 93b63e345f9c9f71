"""The exercises on autodiff accept what is right and point at what is wrong."""

import numpy as np
import pytest

from weighted_sums.autodiff import Variable
from weighted_sums.exercises import check, names
from weighted_sums.operations import Operation


class Number:
    def __init__(self, data, inputs=(), slopes=()):
        self.data, self.inputs, self.slopes, self.grad = data, inputs, slopes, 0.0


def with_tanh(value=np.tanh, slope=lambda x, a: 1 - a * a, inputs=lambda v: (v,), wrap=True):
    class WithTanh(Number):
        def tanh(self):
            a = value(self.data)
            made = WithTanh(a, inputs(self), (slope(self.data, a),))
            return made if wrap else a

    return WithTanh


def by_exponentials(x):
    return (np.exp(x) - np.exp(-x)) / (np.exp(x) + np.exp(-x))


def largest(slope, forward=lambda a: a.max(axis=-1)):
    return Operation(forward, (slope,))


def shared(dy, y, a):
    winners = a == y[..., None]
    return dy[..., None] * winners / winners.sum(axis=-1, keepdims=True)


def first_takes_all(dy, y, a):
    winner = np.arange(a.shape[-1]) == a.argmax(axis=-1)[..., None]
    return np.where(winner, dy[..., None], 0)


def by_counting(end):
    uses, stack = {end: 0}, [end]
    while stack:
        for u in stack.pop().inputs:
            if u not in uses:
                stack.append(u)
            uses[u] = uses.get(u, 0) + 1
    found = [end]
    for v in found:
        for u in v.inputs:
            uses[u] -= 1
            if uses[u] == 0:
                found.append(u)
    return found


def by_stack(end):
    found, stack = {}, [(end, False)]
    while stack:
        v, is_turn = stack.pop()
        if is_turn:
            found[v] = True
        elif v not in found:
            stack.append((v, True))
            stack.extend((u, False) for u in v.inputs)
    return list(found)[::-1]


def by_recursion(end, found=None):
    found = {} if found is None else found
    if end not in found:
        for u in end.inputs:
            by_recursion(u, found)
        found[end] = True
    return list(found)[::-1]


def by_distance(end):
    found = [end]
    for v in found:
        found.extend(u for u in v.inputs if u not in found)
    return found


def gradient(f, x):
    v = Variable(x)
    f(v).backward()
    return v.grad


def central(f, x, d, h=1e-5):
    return (gradient(f, x + h * d) - gradient(f, x - h * d)) / (2 * h)


def by_columns(f, x, d, h=1e-5):
    """The whole matrix of second slopes, then its product with the direction."""
    return np.array([central(f, x, e, h) for e in np.eye(len(x))]) @ d


def in_place(f, x, d, h=1e-5):
    x += h * d
    after = gradient(f, x)
    x -= 2 * h * d
    return (after - gradient(f, x)) / (2 * h)


RIGHT = {
    "tanh": ("tanh", with_tanh()),
    "tanh by exponentials": ("tanh", with_tanh(by_exponentials, lambda x, a: np.cosh(x) ** -2)),
    "largest, shared": ("largest", largest(shared)),
    "largest, first": ("largest", largest(first_takes_all)),
    "matmul": ("matmul", lambda dy, a, b: (dy @ b.T, a.T @ dy)),
    "matmul by einsum": (
        "matmul",
        lambda dy, a, b: [np.einsum("ij,kj->ik", dy, b), np.einsum("ik,ij->kj", a, dy)],
    ),
    "order by counting": ("order", by_counting),
    "order by a stack": ("order", by_stack),
    "curvature": ("curvature", central),
    "curvature by columns": ("curvature", by_columns),
}

WRONG = {
    "tanh of nothing": ("tanh", Number, "no method `tanh`"),
    "tanh of a number": ("tanh", Number(1.0), "the class itself"),
    "tanh with slope one": (
        "tanh",
        with_tanh(slope=lambda x, a: 1.0),
        "at x = 0.5 your slope is 1",
    ),
    "tanh of the input": (
        "tanh",
        with_tanh(slope=lambda x, a: 1 - x * x),
        "squared the input instead of the result",
    ),
    "tanh with its value": (
        "tanh",
        with_tanh(slope=lambda x, a: a),
        "should be 1.0000: that is the",
    ),
    "tanh with a sigmoid's slope": (
        "tanh",
        with_tanh(slope=lambda x, a: a * (1 - a) if x else 1.0),
        "the sigmoid's kind",
    ),
    "tanh that is none": ("tanh", with_tanh(np.sin), "at x = 0.5 your tanh is 0.4794, not 0.4621"),
    "tanh that forgets": ("tanh", with_tanh(inputs=lambda v: ()), "does not remember its input"),
    "tanh that is plain": ("tanh", with_tanh(wrap=False), "should return a new Number"),
    "tanh that fails": ("tanh", with_tanh(lambda x: x / None), "stops with TypeError"),
    "largest as a function": ("largest", shared, "give an Operation"),
    "largest with two slopes": (
        "largest",
        Operation(np.max, (shared, shared)),
        "should hold one function",
    ),
    "largest of all": ("largest", largest(shared, np.max), "along the last axis"),
    "largest to everybody": (
        "largest",
        largest(lambda dy, y, a: dy[..., None] * np.ones_like(a)),
        "not the largest has a slope of its own",
    ),
    "largest without dy": (
        "largest",
        largest(lambda dy, y, a: (a == y[..., None]) * 1.0),
        "yours gives it 1, whatever `dy` is",
    ),
    "largest twice": (
        "largest",
        largest(lambda dy, y, a: dy[..., None] * (a == y[..., None])),
        "add up to 12, not 6",
    ),
    "largest of the wrong shape": ("largest", largest(lambda dy, y, a: dy), "should be (5,)"),
    "largest doubled": (
        "largest",
        largest(lambda dy, y, a: 2 * shared(dy, y, a)),
        "should get the slope `dy`",
    ),
    "matmul as numbers": ("matmul", lambda dy, a, b: (dy @ b, a @ dy), "the rows left of @"),
    "matmul, turned over": (
        "matmul",
        lambda dy, a, b: ((dy @ b.T).T, a.T @ dy),
        "da: the shape is (3, 2)",
    ),
    "matmul that fits squares": (
        "matmul",
        lambda dy, a, b: (dy @ b if a.shape == b.shape else dy @ b.T, a.T @ dy),
        "the shape of da is right, but not the numbers",
    ),
    "matmul, one slope": ("matmul", lambda dy, a, b: dy @ b.T, "return two slopes"),
    "matmul of nothing": ("matmul", lambda dy, a, b: None, "did you forget `return`"),
    "order by distance": (
        "order",
        by_distance,
        "u speaks before v = 2u, which was computed from it",
    ),
    "order from the start": ("order", lambda end: by_stack(end)[::-1], "begin with the end, d"),
    "order by recursion": (
        "order",
        by_recursion,
        "a chain of a hundred thousand numbers your function stops with RecursionError",
    ),
    "order of every path": (
        "order",
        lambda end: [end, *end.inputs, *(u for v in end.inputs for u in v.inputs)],
        "twice; everybody speaks once",
    ),
    "order of the end": (
        "order",
        lambda end: [end],
        "computed from u: v is missing",
    ),
    "order of nothing": ("order", lambda end: None, "did you forget `return`"),
    "curvature to one side": (
        "curvature",
        lambda f, x, d: (gradient(f, x + 0.01 * d) - gradient(f, x)) / 0.01,
        "for the sum of x**3",
    ),
    "curvature without the two": (
        "curvature",
        lambda f, x, d: 2 * central(f, x, d),
        "the two points are 2h apart",
    ),
    "curvature as gradient": ("curvature", lambda f, x, d: gradient(f, x), "the gradient itself"),
    "curvature backwards": (
        "curvature",
        lambda f, x, d: -central(f, x, d),
        "the other way round",
    ),
    "curvature in place": ("curvature", in_place, "you changed x in place"),
    "curvature as a number": (
        "curvature",
        lambda f, x, d: d @ central(f, x, d),
        "the shape is (), should be (3,)",
    ),
}


@pytest.mark.parametrize(("exercise", "answer"), RIGHT.values(), ids=RIGHT.keys())
def test_a_right_answer_passes(exercise, answer):
    verdict = check(f"autodiff.{exercise}", answer)
    assert verdict.passed, verdict.message


@pytest.mark.parametrize(("exercise", "answer", "message"), WRONG.values(), ids=WRONG.keys())
def test_a_wrong_answer_fails_and_is_told_why(exercise, answer, message):
    verdict = check(f"autodiff.{exercise}", answer)
    assert not verdict.passed
    assert message in verdict.message


def test_every_exercise_is_tried_with_right_and_wrong_answers():
    known = {name.removeprefix("autodiff.") for name in names("autodiff")}
    assert {exercise for exercise, *_ in RIGHT.values()} == known
    assert {exercise for exercise, *_ in WRONG.values()} == known
