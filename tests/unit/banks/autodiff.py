"""Answers to the exercises of the chapter on autodiff."""

from collections import Counter
from graphlib import TopologicalSorter

import numpy as np
import torch

from banks import Bank
from weighted_sums.autodiff import Variable
from weighted_sums.operations import Operation


class Number:
    """As the chapter writes it."""

    def __init__(self, data, inputs=(), local_grads=()):
        self.data, self.inputs, self.local_grads, self.grad = data, inputs, local_grads, 0.0


def with_tanh(
    value=np.tanh,
    derivative=lambda x, a: 1 - a * a,
    inputs=lambda v: (v,),
    local_grads=lambda one: (one,),
    made=None,
):
    class WithTanh(Number):
        def tanh(self):
            a = value(self.data)
            return (made or WithTanh)(a, inputs(self), local_grads(derivative(self.data, a)))

    return WithTanh


class InPlace(Number):
    def tanh(self):
        self.data = np.tanh(self.data)
        self.inputs, self.local_grads = (self,), (1 - self.data**2,)
        return self


class Slotted:
    """Not derived from the chapter's Number; only its names are the same."""

    __slots__ = ("data", "grad", "inputs", "local_grads")

    def __init__(self, data, inputs=None, local_grads=None):
        self.data, self.inputs, self.grad = data, inputs or [], None
        self.local_grads = local_grads or []

    def tanh(self):
        grow = np.exp(self.data)
        a = (grow - 1 / grow) / (grow + 1 / grow)
        return Slotted(a, [self], [np.array(np.cosh(self.data) ** -2)])


TANH = Bank(
    wrong={
        "no method": (Number, "no method `tanh`"),
        "a number": (Number(1.0), "the class itself"),
        "a derivative of 1": (
            with_tanh(derivative=lambda x, a: 1.0),
            "at x = 0.5 your derivative is 1",
        ),
        "the input squared": (
            with_tanh(derivative=lambda x, a: 1 - x * x),
            "you squared the input instead of the result",
        ),
        "the value": (with_tanh(derivative=lambda x, a: a), "should be 1.0000: that is the value"),
        "the sigmoid's derivative": (
            with_tanh(derivative=lambda x, a: a * (1 - a) if x else 1.0),
            "the derivative of the sigmoid",
        ),
        "plus": (with_tanh(derivative=lambda x, a: 1 + a * a), "the sign of a² is wrong"),
        "not squared": (with_tanh(derivative=lambda x, a: 1 - a), "a is not squared"),
        "half": (with_tanh(derivative=lambda x, a: (1 - a * a) / 2), "gives a factor of 2 as well"),
        "a sine": (with_tanh(np.sin), "at x = 0.5 your tanh is 0.4794, not 0.4621"),
        "a sigmoid": (with_tanh(lambda x: 1 / (1 + np.exp(-x))), "that is the sigmoid"),
        "a sigmoid of the same z": (
            with_tanh(lambda x: 2 / (1 + np.exp(-x)) - 1),
            "2σ(x) − 1 is tanh(x/2)",
        ),
        "input forgotten": (with_tanh(inputs=lambda v: ()), "does not remember its input"),
        "a copy of the input": (
            with_tanh(inputs=lambda v: (Number(v.data),)),
            "does not remember its input",
        ),
        "no comma after the input": (
            with_tanh(inputs=lambda v: v),
            "give the input as a tuple, with a comma",
        ),
        "no comma after the derivative": (
            with_tanh(local_grads=lambda one: one),
            "give the derivative as a tuple, with a comma",
        ),
        "no derivative": (
            with_tanh(local_grads=lambda one: ()),
            "the derivative should be one number",
        ),
        "an array": (
            with_tanh(local_grads=lambda one: (np.array([one, one]),)),
            "the derivative should be one number",
        ),
        "a plain float": (
            with_tanh(made=lambda a, inputs, grads: a),
            "tanh should return a new Number",
        ),
        "in place": (InPlace, "you change the number itself"),
        "a crash": (with_tanh(lambda x: x / None), "stops with TypeError"),
    },
    unusual={
        "the definition": with_tanh(
            lambda x: (np.exp(x) - np.exp(-x)) / (np.exp(x) + np.exp(-x)),
            lambda x, a: np.cosh(x) ** -2,
        ),
        "a plain Number": with_tanh(made=Number),
        "a class of its own, with lists": Slotted,
        "torch": with_tanh(lambda x: torch.tanh(torch.tensor(x, dtype=torch.float64)).item()),
    },
)


def last_axis(a):
    return a.max(axis=-1)


def divided(dy, y, a):
    winners = a == y[..., None]
    return dy[..., None] * winners / winners.sum(axis=-1, keepdims=True)


def first_takes_all(dy, y, a):
    winner = np.arange(a.shape[-1]) == a.argmax(axis=-1)[..., None]
    return np.where(winner, dy[..., None], 0)


def put_along(dy, y, a):
    da = np.zeros_like(a)
    last = a.shape[-1] - 1 - a[..., ::-1].argmax(axis=-1, keepdims=True)
    np.put_along_axis(da, last, np.asarray(dy)[..., None], axis=-1)
    return da.tolist()


def sort_in_place(a):
    a.sort(axis=-1)
    return a[..., -1]


def largest(gradient, forward=last_axis):
    return Operation(forward, (gradient,))


LARGEST = Bank(
    wrong={
        "a function": (divided, "give an Operation"),
        "two gradients": (Operation(last_axis, (divided, divided)), "should hold one function"),
        "of the whole array": (largest(divided, np.max), "the largest of the whole array"),
        "along the first axis": (
            largest(divided, lambda a: a.max(axis=0)),
            "`forward` should give the largest along the last axis",
        ),
        "an index": (largest(divided, lambda a: a.argmax(axis=-1)), "yours gives its index"),
        "an axis kept": (
            largest(divided, lambda a: a.max(axis=-1, keepdims=True)),
            "yours keeps that axis",
        ),
        "the smallest": (
            largest(divided, lambda a: a.min(axis=-1)),
            "the largest along the last axis",
        ),
        "sorted in place": (largest(divided, sort_in_place), "you change an input in place"),
        "to every entry": (
            largest(lambda dy, y, a: dy[..., None] * np.ones_like(a)),
            "an entry that is not the largest gets a gradient",
        ),
        "no dy": (
            largest(lambda dy, y, a: (a == y[..., None]) * 1.0),
            "yours gives it 1, whatever `dy` is",
        ),
        "the value": (largest(lambda dy, y, a: np.where(a == y[..., None], a, 0)), "gives it `y`"),
        "the wrong sign": (largest(lambda dy, y, a: -divided(dy, y, a)), "has the wrong sign"),
        "the winner of all": (
            largest(lambda dy, y, a: dy[..., None] * (a == a.max())),
            "only the largest of the whole array gets it",
        ),
        "doubled": (largest(lambda dy, y, a: 2 * divided(dy, y, a)), "should get the gradient"),
        "all of it to each of two equals": (
            largest(lambda dy, y, a: dy[..., None] * (a == y[..., None])),
            "adds up to 12, not 6",
        ),
        "nothing for equals": (
            largest(lambda dy, y, a: divided(dy, y, a) * ((a == y[..., None]).sum() == y.size)),
            "adds up to 0, not 6",
        ),
        "the shape of the result": (largest(lambda dy, y, a: dy), "should be (5,)"),
    },
    unusual={
        "equals divide it": largest(divided),
        "the first takes all": largest(first_takes_all),
        "the last takes all, in lists": largest(put_along, lambda a: np.sort(a)[..., -1]),
    },
)


def fits_squares(dy, a, b):
    return dy @ b if a.shape == b.shape else dy @ b.T, a.T @ dy


def fits_squares_too(dy, a, b):
    return dy @ b.T, a @ dy if a.shape == b.shape else a.T @ dy


def in_place(dy, a, b):
    da = dy @ b.T
    dy *= 2
    return da, a.T @ dy / 2


def by_torch(dy, a, b):
    a, b = (torch.tensor(part, requires_grad=True) for part in (a, b))
    return torch.autograd.grad(a @ b, (a, b), torch.tensor(dy))


def by_entries(dy, a, b):
    da, db = np.zeros_like(a), np.zeros_like(b)
    for i, j in np.ndindex(dy.shape):
        da[i] += dy[i, j] * b[:, j]
        db[:, j] += dy[i, j] * a[i]
    return da, db


MATMUL = Bank(
    wrong={
        "as numbers": (lambda dy, a, b: (dy @ b, a @ dy), "the rows left of @"),
        "da transposed": (lambda dy, a, b: ((dy @ b.T).T, a.T @ dy), "da is transposed"),
        "db transposed": (lambda dy, a, b: (dy @ b.T, dy.T @ a), "db is transposed"),
        "b not transposed, where it is square": (fits_squares, "da lacks a transposition"),
        "a not transposed, where it is square": (fits_squares_too, "db lacks a transposition"),
        "the wrong sign": (lambda dy, a, b: (-dy @ b.T, a.T @ dy), "da has the wrong sign"),
        "averaged": (lambda dy, a, b: (dy @ b.T, a.T @ dy / len(a)), "db is an average, add up"),
        "exchanged": (lambda dy, a, b: (a.T @ dy, dy @ b.T), "da is exchanged with the other"),
        "no dy": (
            lambda dy, a, b: (np.ones_like(dy) @ b.T, a.T @ np.ones_like(dy)),
            "da has the right shape, but which entries",
        ),
        "one gradient": (lambda dy, a, b: dy @ b.T, "return two gradients"),
        "sums": (lambda dy, a, b: (dy.sum(axis=1), a.T @ dy), "da: the shape is (2,), should be"),
        "no return": (lambda dy, a, b: None, "did you forget `return`"),
        "in place": (in_place, "you change an input in place"),
    },
    unusual={
        "einsum": lambda dy, a, b: [
            np.einsum("ij,kj->ik", dy, b),
            np.einsum("ik,ij->kj", a, dy),
        ],
        "torch": by_torch,
        "entry by entry": by_entries,
    },
)


def all_of(end):
    found = {end: None}
    for v in (stack := [end]):
        for u in v.inputs:
            if u not in found:
                found[u] = None
                stack.append(u)
    return list(found)


def by_counting(end):
    uses = Counter(u for v in all_of(end) for u in v.inputs)
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


def by_every_path(end):
    """Follow all paths, and sort the numbers by their last visit."""
    last, met, level = {}, 0, [end]
    while level:
        for v in level:
            met += 1
            last[v] = met
        level = [u for v in level for u in v.inputs]
    return sorted(last, key=last.get)


def by_visits(end, seen=None):
    """Depth first, in the order of the first visits."""
    seen = {} if seen is None else seen
    if end not in seen:
        seen[end] = None
        for u in end.inputs:
            by_visits(u, seen)
    return list(seen)


def forgets_the_inputs(end):
    return [v for v in by_counting(end) if v.inputs or v is end]


ORDER = Bank(
    wrong={
        "by distance": (by_distance, "u comes before v = 2u, which was computed from it"),
        "in the order of first visits": (by_visits, "u comes before w, which was computed from it"),
        "from the inputs on": (lambda end: by_stack(end)[::-1], "begin with the end, d"),
        "recursion": (
            by_recursion,
            "a chain of 5000 numbers your function stops with RecursionError",
        ),
        "every path": (by_every_path, "thirty times you visit the same numbers again and again"),
        "twice": (
            lambda end: [end, *end.inputs, *(u for v in end.inputs for u in v.inputs)],
            "twice; every number comes once",
        ),
        "the end": (lambda end: [end], "computed from u: v is missing"),
        "no numbers without inputs": (forgets_the_inputs, "u is missing"),
        "without the end": (lambda end: by_counting(end)[1:], "begin with the end, u"),
        "names": (lambda end: [v.name for v in by_counting(end)], "list the numbers themselves"),
        "no return": (lambda end: None, "did you forget `return`"),
    },
    unusual={
        "by counting": by_counting,
        "by a stack": by_stack,
        "a generator": lambda end: (v for v in by_stack(end)),
        "the standard library": lambda end: list(
            TopologicalSorter({v: v.inputs for v in all_of(end)}).static_order()
        )[::-1],
    },
)


def gradient(f, x):
    v = Variable(x)
    f(v).backward()
    return v.grad


def central(f, x, d, h=1e-5):
    return (gradient(f, x + h * d) - gradient(f, x - h * d)) / (2 * h)


def one_sided(h):
    return lambda f, x, d: (gradient(f, x + h * d) - gradient(f, x)) / h


def moves_x(f, x, d, h=1e-5):
    x += h * d
    after = gradient(f, x)
    x -= 2 * h * d
    return (after - gradient(f, x)) / (2 * h)


CURVATURE = Bank(
    wrong={
        "to one side": (one_sided(1e-2), "at x = 0 you give"),
        "to one side, with a small h": (one_sided(1e-6), "your difference is one-sided"),
        "to the other side": (one_sided(-1e-5), "your difference is one-sided"),
        "h too large": (lambda *g: central(*g, h=1e-2), "off; choose another h"),
        "h too small": (lambda *g: central(*g, h=1e-12), "off; choose another h"),
        "no 2": (lambda *g: 2 * central(*g), "the two points are 2h apart"),
        "not divided": (lambda *g: 2e-5 * central(*g), "2e-05 times too large; which distance"),
        "the wrong sign": (lambda *g: -central(*g), "which point comes first?"),
        "a direction of length 1": (
            lambda f, x, d: central(f, x, d / np.linalg.norm(d)),
            "use d as it is",
        ),
        "the gradient": (lambda f, x, d: gradient(f, x), "that is the gradient itself"),
        "a number": (lambda f, x, d: d @ central(f, x, d), "keep one for each entry"),
        "no d": (lambda f, x, d: central(f, x, np.ones(3)), "for x @ A @ x / 2 you give"),
        "in place": (moves_x, "you change an input in place"),
        "values for gradients": (
            lambda f, x, d: (f(Variable(x + d)).data - f(Variable(x - d)).data) / 2,
            "keep one for each entry",
        ),
        "f of an array": (lambda f, x, d: f(x + d).backward(), "your function stops with"),
    },
    unusual={
        "by columns": lambda f, x, d: np.array([central(f, x, e) for e in np.eye(len(x))]) @ d,
        "Richardson": lambda f, x, d: (4 * central(f, x, d, 1e-3) - central(f, x, d, 2e-3)) / 3,
        "a list": lambda f, x, d: central(f, x, d, 1e-4).tolist(),
    },
)


class Engine(Number):
    """The chapter's Number with its operations."""

    def __add__(self, other):
        other = other if isinstance(other, Engine) else Engine(other)
        return Engine(self.data + other.data, (self, other), (1.0, 1.0))

    def __mul__(self, other):
        other = other if isinstance(other, Engine) else Engine(other)
        return Engine(self.data * other.data, (self, other), (other.data, self.data))

    def __sub__(self, other):
        return self + (other * -1.0)

    def __pow__(self, k):
        return Engine(self.data**k, (self,), (k * self.data ** (k - 1),))

    def relu(self):
        return Engine(max(self.data, 0.0), (self,), (float(self.data > 0),))

    __radd__, __rmul__ = __add__, __mul__


def moons_output(params, point, *, bias=True, active=True, last=True, out=True):
    W, b, v, c = params
    total = c if last else Engine(0.0)
    for (w1, w2), one, weight in zip(W, b, v, strict=True):
        z = w1 * point[0] + w2 * point[1]
        z = z + one if bias else z
        z = z.relu() if active else z
        total = total + (weight * z if out else z)
    return total


def changed(**how):
    return Engine, lambda params, point: moons_output(params, point, **how)


def one_formula(params, point):
    W, b, v, c = params
    values = [max(w1.data * point[0] + w2.data * point[1] + one.data, 0.0)
              for (w1, w2), one in zip(W, b, strict=True)]  # fmt: skip
    inputs, grads = [c], [1.0]
    for (w1, w2), one, weight, a in zip(W, b, v, values, strict=True):
        passed = weight.data if a > 0 else 0.0
        inputs += [w1, w2, one, weight]
        grads += [passed * point[0], passed * point[1], passed, a]
    value = c.data + sum(weight.data * a for weight, a in zip(v, values, strict=True))
    return Engine(value, tuple(inputs), tuple(grads))


OUTPUT = Bank(
    wrong={
        "neither": (changed(bias=False, active=False), "activation function and the biases"),
        "no ReLU": (changed(active=False), "the activation function is missing"),
        "no bias": (changed(bias=False), "the biases b are missing"),
        "no last bias": (changed(last=False), "the bias c of the output is missing"),
        "no outgoing weights": (changed(out=False), "the outgoing weights are missing"),
        "a plain number": (
            (Engine, lambda params, point: moons_output(params, point).data),
            "expected a Number",
        ),
        "out of the graph": (
            (Engine, lambda params, point: Engine(moons_output(params, point).data)),
            "did a Number become a plain number",
        ),
        "no class": (moons_output, "give check a pair"),
        "no return": ((Engine, lambda params, point: None), "did you forget `return`"),
    },
    unusual={
        "as the chapter": (Engine, moons_output),
        "one node": (Engine, one_formula),
        "a sum": (
            Engine,
            lambda params, point: sum(
                (
                    weight * (w1 * point[0] + one + point[1] * w2).relu()
                    for (w1, w2), one, weight in zip(*params[:3], strict=True)
                ),
                params[3],
            ),
        ),
    },
)


def moons_cost(params, points, targets, *, mean=True, power=2, scale=1.0, start=0):
    total = Engine(0.0)
    for point, y in list(zip(points, targets, strict=True))[start:]:
        total = total + (moons_output(params, point) - y) ** power
    return total * (scale / len(points) if mean else scale)


def costed(**how):
    return Engine, lambda *given: moons_cost(*given, **how)


MOONS_COST = Bank(
    wrong={
        "a sum": (costed(mean=False), "that is the sum; take the mean"),
        "no square": (costed(power=1), "the square is missing"),
        "half": (costed(scale=0.5), "this book's cost has no ½"),
        "one point": (costed(mean=False, start=4), "that is the cost of one point"),
        "a root": (
            (Engine, lambda *given: moons_cost(*given) ** 0.5),
            "that is the root of the cost",
        ),
        "out of the graph": (
            (Engine, lambda *given: Engine(moons_cost(*given).data)),
            "did a Number become a plain number",
        ),
        "a plain number": ((Engine, lambda *given: moons_cost(*given).data), "expected a Number"),
        "no return": ((Engine, lambda *given: None), "did you forget `return`"),
    },
    unusual={
        "as the chapter": (Engine, moons_cost),
        "squares as products": (
            Engine,
            lambda params, points, targets: sum(
                (d := moons_output(params, point) - y) * d * 0.2
                for point, y in zip(points, targets, strict=True)
            ),
        ),
    },
)


def step(numbers, rate, *, sign=-1, reset=True, only=None):
    for v in numbers[:only]:
        v.data = v.data + sign * rate * v.grad
    for v in numbers:
        v.grad = 0.0 if reset else v.grad


def stepped(**how):
    return Engine, lambda numbers, rate: step(numbers, rate, **how)


def rebind(numbers, rate):
    numbers[:] = [Engine(v.data - rate * v.grad) for v in numbers]


def reset_first(numbers, rate):
    for v in numbers:
        v.grad = 0.0
        v.data -= rate * v.grad


UPDATE = Bank(
    wrong={
        "no reset": (stepped(reset=False), "the next pass adds to them"),
        "uphill": (stepped(sign=1), "that goes uphill"),
        "no rate": ((Engine, lambda numbers, rate: step(numbers, 1.0)), "the learning rate is"),
        "the first": (stepped(only=1), "only the first has moved"),
        "new Numbers": ((Engine, rebind), "change `data` of each Number"),
        "reset first": ((Engine, reset_first), "change `data` of each Number"),
        "twice": (stepped(sign=-2), "minus the rate times the gradient"),
        "no class": (step, "give check a pair"),
    },
    unusual={
        "two loops": (Engine, step),
        "in one line": (
            Engine,
            lambda numbers, rate: [
                (setattr(v, "data", v.data - rate * v.grad), setattr(v, "grad", 0)) for v in numbers
            ],
        ),
    },
)


def trained(steps=1500, rate=0.05, hidden=16, sign=1, linear=False):
    def train(points, targets, rng):
        W, b = rng.normal(size=(hidden, 2)), np.zeros(hidden)
        v, c = 0.5 * rng.normal(size=hidden), 0.0
        for _ in range(steps):
            some = rng.permutation(len(points))[:10]
            x, y = points[some], targets[some]
            z = x @ W.T + b
            a = z if linear else np.maximum(z, 0)
            d = 2 * (a @ v + c - y) / len(x)
            dz = np.outer(d, v) * (1 if linear else z > 0)
            v, c, b = v - rate * a.T @ d, c - rate * d.sum(), b - rate * dz.sum(axis=0)
            W = W - rate * dz.T @ x

        def classify(point):
            z = W @ np.array(point) + b
            return sign * float((z if linear else np.maximum(z, 0)) @ v + c)

        return classify

    return train


def nearest(points, targets, rng):
    def classify(point):
        return targets[((points - point) ** 2).sum(axis=1).argmin()]

    return classify


TRAIN = Bank(
    wrong={
        "a line": (lambda points, targets, rng: lambda point: point[1] - 0.25, "a straight line"),
        "one sign": (lambda points, targets, rng: lambda point: 1.0, "all points get the same"),
        "exchanged": (trained(sign=-1), "positive and negative are exchanged"),
        "a linear network": (trained(linear=True), "a straight line does as well"),
        "no steps": (trained(steps=0), "of 400 new points are classified correctly"),
        "no number": (
            lambda points, targets, rng: lambda point: float("nan"),
            "the training diverged",
        ),
        "the parameters": (lambda points, targets, rng: points, "a function of one point"),
        "no return": (lambda points, targets, rng: None, "did you forget `return`"),
    },
    unusual={"by arrays": trained(), "the nearest neighbour": nearest},
)

BANK = {
    "tanh": TANH,
    "largest": LARGEST,
    "matmul": MATMUL,
    "order": ORDER,
    "curvature": CURVATURE,
    "output": OUTPUT,
    "cost": MOONS_COST,
    "update": UPDATE,
    "train": TRAIN,
}
