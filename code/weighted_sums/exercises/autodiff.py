"""Checks for the exercises of the chapter on autodiff."""

from __future__ import annotations

import numpy as np

from weighted_sums.autodiff import Variable
from weighted_sums.exercises import (
    Wrong,
    call,
    called,
    diagnose,
    require,
    require_equal,
    require_shape,
)
from weighted_sums.operations import OPERATIONS, Operation

DOUBLED = "a number doubled thirty times"
READINGS = 50_000  # of inputs, for such a number; visiting each node once needs some dozens


def tanh(number_class) -> str:
    """`Number` has a method `tanh` with the right value and derivative."""
    require(isinstance(number_class, type), "give check the class itself, not a number")
    require(hasattr(number_class, "tanh"), "your Number has no method `tanh` yet")
    for x in (0.0, 0.5, -1.25, 3.0):
        v = number_class(x)
        y = call(number_class.tanh, f"at x = {x}", v)
        require(y is not v and v.data == x, f"at x = {x} you change the number itself")
        made = all(hasattr(y, name) for name in ("data", "inputs", "local_grads"))
        require(made, f"at x = {x} tanh should return a new Number, not {y!r}")
        _require_tanh(x, v, y)
    return "with its value and its local derivative, any formula may use it"


def _require_tanh(x, v, y) -> None:
    a, sigma = np.tanh(x), 1 / (1 + np.exp(-x))
    values = {": that is the sigmoid": sigma, ": 2σ(x) − 1 is tanh(x/2)": 2 * sigma - 1}
    words = f"at x = {x} your tanh is {y.data:.4f}, not {a:.4f}"
    require(np.isclose(y.data, a), words + diagnose(float(y.data), values))
    for name, part in (("input", y.inputs), ("derivative", y.local_grads)):
        words = f"at x = {x} give the {name} as a tuple, with a comma: (…,)"
        require(isinstance(part, tuple | list), words)
    require(tuple(y.inputs) == (v,), f"at x = {x} your tanh does not remember its input")
    require(np.shape(y.local_grads) == (1,), f"at x = {x} the derivative should be one number")
    found, want = float(y.local_grads[0]), 1 - a**2
    errors = {
        ": you squared the input instead of the result": 1 - x**2,
        ": that is the value, not the derivative": a,
        ": that is a(1 - a), the derivative of the sigmoid": a * (1 - a),
        ": the sign of a² is wrong": 1 + a**2,
        ": a is not squared": 1 - a,
        ": the 2 inside of σ(2z) gives a factor of 2 as well": want / 2,
    }
    words = f"at x = {x} your derivative is {found:.4f}, it should be {want:.4f}"
    require(np.isclose(found, want), words + diagnose(found, errors))


def largest(operation) -> str:
    """An `Operation` for the largest entry along the last axis, with its gradient."""
    require(isinstance(operation, Operation), "give an Operation(forward, backward)")
    require(len(operation.backward) == 1, "for one input, `backward` should hold one function")
    rng = np.random.default_rng(0)
    for shape in ((5,), (2, 3), (7, 2, 3)):
        a = rng.permutation(np.arange(1.0, 1 + np.prod(shape))).reshape(shape)
        where, want = f"for an array of shape {shape}", a.max(axis=-1)
        y = np.asarray(call(operation.forward, where, a.copy()))
        errors = {
            "; yours gives its index": a.argmax(axis=-1),
            "; yours gives the largest of the whole array": a.max(),
            "; yours gives the largest along the first axis": a.max(axis=0),
            "; yours keeps that axis": a.max(axis=-1, keepdims=True),
        }
        words = f"{where} `forward` should give the largest along the last axis"
        require(np.array_equal(y, want), words + diagnose(y, errors))
        dy = rng.standard_normal(shape[:-1])
        da = np.asarray(call(operation.backward[0], where, dy, y, a.copy()))
        require_shape(da, shape, where)
        chosen = np.arange(shape[-1]) == a.argmax(axis=-1)[..., None]
        words = f"{where} an entry that is not the largest gets a gradient"
        require(not da[~chosen].any(), f"{words}, but a small change of it changes nothing")
        hint = diagnose(da[chosen], {
            "; yours gives it 1, whatever `dy` is": np.ones(chosen.sum()),
            "; yours has the wrong sign": -dy.ravel(),
            "; yours gives it `y`": y.ravel(),
            "; only the largest of the whole array gets it": (dy * (y == a.max())).ravel(),
        })  # fmt: skip
        words = f"{where} the largest entry should get the gradient `dy` of its result"
        require(np.allclose(da[chosen], dy.ravel()), words + hint)
    where, a = "for [2, 1, 2] and dy = 6", np.array([2.0, 1.0, 2.0])
    tied = np.asarray(call(operation.backward[0], where, np.array(6.0), np.array(2.0), a))
    words = f"{where} your gradient {tied.tolist()} adds up to {tied.sum():g}, not 6"
    require(bool(np.isclose(tied.sum(), 6)), f"{words}: equals divide `dy`, or one takes all of it")
    return "the largest entry gets the gradient, the others get nothing"


def matmul(grads) -> str:
    """`grads(dy, a, b)` gives the gradients of `a @ b` for both matrices."""
    rng = np.random.default_rng(0)
    # the last pair is square, so that a forgotten transpose still gives the right shape
    for m, n, k in ((2, 3, 5), (7, 2, 3), (1, 5, 1), (3, 3, 3)):
        a, b, dy = (rng.standard_normal(shape) for shape in ((m, n), (n, k), (m, k)))
        where = f"for a {m} × {n} and b {n} × {k}"
        found = call(grads, where, dy.copy(), a.copy(), b.copy())
        pair = isinstance(found, tuple | list) and len(found) == 2
        require(pair, f"{where} return two gradients, da and db")
        da, db = (backward(dy, a @ b, a, b) for backward in OPERATIONS["matmul"].backward)
        for name, one, want, other in zip("ab", found, (da, db), (db, da), strict=True):
            errors = {"is transposed": want.T, "is exchanged with the other": other}
            errors |= {"has the wrong sign": -want, "is an average, add up": want / m}
            if m == n == k:
                errors["lacks a transposition"] = dy @ b if name == "a" else a @ dy
                errors["has its factors exchanged"] = b.T @ dy if name == "a" else dy @ a.T
            words = "has the right shape, but which entries of the product does one entry go into?"
            require_equal(one, want, f"{where}, d{name}", errors, words)
    return "each gradient is again a product of two matrices"


class _Node:
    """A node with a name for the messages, and with the inputs of a Number."""

    readings = 0
    shown = ("inputs",)  # to an answer in another process

    def __init__(self, name, *inputs):
        self.name, self.known = name, inputs

    @property
    def inputs(self):
        _Node.readings += 1
        if _Node.readings == READINGS:
            raise Wrong(f"for {DOUBLED} you visit the same numbers again and again; remember them")
        return self.known


def order(answer) -> str:
    """`order(end)` lists all that led to `end`, each number after all those that used it."""
    for graph, end in _graphs():
        where = f"for {graph}"
        _Node.readings = 0 if graph == DOUBLED else READINGS + 1
        found = list(call(answer, where, end))
        strange = [one for one in found if not isinstance(one, _Node)]
        require(not strange, f"{where} you list {strange[:1]}; list the numbers themselves")
        at = {node: i for i, node in enumerate(found)}
        twice = [node.name for i, node in enumerate(found) if at[node] != i]
        require(not twice, f"{where} you list {twice[:1]} twice; every number comes once")
        require(found[:1] == [end], f"{where} the list should begin with the end, {end.name}")
        for user in found:
            for node in user.known:
                require(node in at, f"{where}: {node.name} is missing")
                early = f"{where}: {node.name} comes before {user.name}, which was computed from it"
                require(at[user] < at[node], early)
    return "no number comes before the last that used it"


def _graphs():
    w = _Node("w = v²", _Node("v = 2u", u := _Node("u")))
    yield "a single number", u
    yield "d = v + w with v and w computed from u", _Node("d", _Node("v", u), _Node("w", u))
    yield "d = u + w, where u was used for v and v for w", _Node("d", u, w)
    yield "d = w + u, where u was used for v and v for w", _Node("d", w, u)
    rng = np.random.default_rng(0)
    nodes = [_Node("v0")]
    for i in range(1, 200):
        nodes.append(_Node(f"v{i}", *(nodes[k] for k in rng.integers(i, size=2))))
    yield "two hundred numbers with random inputs", _Node("the end", *nodes)
    for words, uses in ((DOUBLED, 2), ("a chain of 5000 numbers", 1)):
        end = _Node("v0")
        for i in range(1, 5001 if uses == 1 else 31):
            end = _Node(f"v{i}", *[end] * uses)
        yield words, end


def output(answer) -> str:
    """`output(params, point)` is the output of the network of two moons, as a Number."""
    number, function = _class_and(answer, "output")
    for hidden, seed in ((3, 0), (1, 1)):
        params, flat = _network(number, hidden, seed)
        point = (0.7, -1.2)
        where = f"for {hidden} hidden neuron{'s' if hidden > 1 else ''}"
        found = called(function, where, params, point)
        require(hasattr(found, "local_grads"), f"{where} expected a Number, not {found!r}")
        (W, b, v, c), x = _values(params), np.array(point)
        z = W @ x + b
        errors = {
            "the activation function and the biases are missing": c + v @ (W @ x),
            "the activation function is missing": c + v @ z,
            "the biases b are missing": c + v @ np.maximum(W @ x, 0),
            "the bias c of the output is missing": v @ np.maximum(z, 0),
            "the output has no activation function": max(c + v @ np.maximum(z, 0), 0),
            "the outgoing weights are missing": c + np.maximum(z, 0).sum(),
        }
        want = c + v @ np.maximum(z, 0)
        hint = diagnose(found.data, errors, "it is not c + Σ v relu(W x + b)")
        require(np.isclose(found.data, want), f"{where} the output should be {want:.4f}: {hint}")
        _require_gradient(
            found, flat, lambda p=params, w=where: called(function, w, p, (0.7, -1.2)), where
        )
    return "a network of Numbers knows its own derivatives"


def cost(answer) -> str:
    """`cost(params, points, targets)` is the mean squared error, as one Number."""
    number, function = _class_and(answer, "cost")
    params, flat = _network(number, 3, 2)
    rng = np.random.default_rng(3)
    points, targets = rng.normal(size=(5, 2)).tolist(), [1.0, -1.0, 1.0, 1.0, -1.0]
    where = "for five points"
    found = called(function, where, params, points, targets)
    require(hasattr(found, "local_grads"), f"{where} expected a Number, not {found!r}")
    (W, b, v, c), x = _values(params), np.array(points)
    squares = (c + np.maximum(x @ W.T + b, 0) @ v - targets) ** 2
    hint = diagnose(found.data, {
        "that is the sum; take the mean": squares.sum(),
        "that is the root of the cost": np.sqrt(squares.mean()),
        "the square is missing": (c + np.maximum(x @ W.T + b, 0) @ v - targets).mean(),
        "that is the cost of one point": squares[-1],
        "half of it: this book's cost has no ½": squares.mean() / 2,
    }, "it is not the mean of (output − y)²")  # fmt: skip
    require(np.isclose(found.data, squares.mean()), f"{where} the cost is {found.data:.4f}, it "
            f"should be {squares.mean():.4f}: {hint}")  # fmt: skip
    _require_gradient(found, flat, lambda: called(function, where, params, points, targets), where)
    return "the graph reaches from every parameter to the cost"


def update(answer) -> str:
    """`update(numbers, learning_rate)` makes a step and resets the gradients."""
    number, function = _class_and(answer, "update")
    for rate in (0.1, 0.5):
        numbers = [number(value) for value in (1.0, -2.0, 0.5)]
        for v, grad in zip(numbers, (2.0, -1.0, 0.0), strict=True):
            v.grad = grad
        where = f"for the values 1, −2, 0.5, the gradients 2, −1, 0 and the rate {rate}"
        function(list(numbers), rate)
        data = np.array([float(v.data) for v in numbers])
        steps = rate * np.array([2.0, -1.0, 0.0])
        before = np.array([1.0, -2.0, 0.5])
        hint = diagnose(data, {
            "that goes uphill": before + steps,
            "nothing has moved; change `data` of each Number": before,
            "the learning rate is missing": before - steps / rate,
            "only the first has moved": before - steps * [1, 0, 0],
        }, "it is not the old value minus the rate times the gradient")  # fmt: skip
        require(np.allclose(data, before - steps), f"{where} they become {data.tolist()}: {hint}")
        left = [v.grad for v in numbers]
        require(
            not any(left), f"{where} the gradients are still {left}: the next pass adds to them"
        )
    return "a step, and a clean sheet for the next one"


def train(answer) -> str:
    """`train(points, targets, rng)` learns to tell two moons apart."""
    rng = np.random.default_rng(0)
    points, targets = _moons(60, rng)
    classify = called(answer, "for sixty points", points.copy(), targets.copy(), rng)
    require(callable(classify), "train should return a function of one point")
    new, truth = _moons(400, np.random.default_rng(5))
    found = np.array([float(called(classify, "for a new point", (x, y))) for x, y in new.tolist()])
    require(bool(np.isfinite(found).all()), "the outputs are no numbers: the training diverged")
    right = float(((found > 0) == (truth > 0)).mean())
    hint = "train longer, or with more hidden neurons"
    if right < 0.3:
        hint = "positive and negative are exchanged"
    elif len({*(found > 0).tolist()}) == 1:
        hint = "all points get the same sign"
    elif right < 0.9:
        hint = "a straight line does as well"
    require(right >= 0.92, f"{right:.0%} of 400 new points are classified correctly, fewer than "
            f"92 %: {hint}")  # fmt: skip
    return f"{right:.0%} of new points, by an engine of some fifty lines"


def _moons(n, rng):
    turn = rng.uniform(0, np.pi, n)
    arc = np.stack([np.cos(turn), np.sin(turn)], axis=1)
    targets = np.where(np.arange(n) % 2, 1.0, -1.0)
    points = np.where(targets[:, None] > 0, arc, [1.0, 0.5] - arc)
    return points + rng.normal(0, 0.1, (n, 2)), targets


def _class_and(answer, name):
    pair = isinstance(answer, tuple | list) and len(answer) == 2 and isinstance(answer[0], type)
    require(pair and callable(answer[1]), f"give check a pair: your class Number, and {name}")
    return answer


def _network(number, hidden, seed):
    draw = np.random.default_rng(seed).normal
    W = [[number(float(draw())), number(float(draw()))] for _ in range(hidden)]
    b, v = ([number(float(draw())) for _ in range(hidden)] for _ in range(2))
    c = number(float(draw()))
    return (W, b, v, c), [*(w for pair in W for w in pair), *b, *v, c]


def _values(params):
    W, b, v, c = params
    rows = np.array([[w.data for w in pair] for pair in W])
    return rows, np.array([n.data for n in b]), np.array([n.data for n in v]), c.data


def _require_gradient(end, flat, again, where) -> None:
    # walk back through the reader's graph, and compare with differences of the reader's values
    grads, order, stack = {id(end): 1.0}, {}, [(end, False)]
    while stack:
        v, done = stack.pop()
        if done:
            order[id(v)] = v
        elif id(v) not in order:
            stack += [(v, True), *((u, False) for u in v.inputs)]
    for v in reversed(list(order.values())):
        for u, local in zip(v.inputs, v.local_grads, strict=True):
            grads[id(u)] = grads.get(id(u), 0.0) + local * grads.get(id(v), 0.0)
    for v in flat:
        kept, values = v.data, []
        for h in (1e-5, -1e-5):
            v.data = kept + h
            values.append(again().data)
        v.data = kept
        measured = (values[0] - values[1]) / 2e-5
        reached = grads.get(id(v), 0.0)
        words = "the value is right, but a parameter gets the wrong gradient"
        hint = "did a Number become a plain number on the way?"
        same = bool(np.isclose(reached, measured, atol=1e-6))
        require(same, f"{where} {words}: {hint}")


def curvature(answer) -> str:
    """`curvature(f, x, d)` is how fast the gradient of `f` changes from `x` along `d`."""
    rng = np.random.default_rng(0)
    A = np.array([[2.0, 1.0, 0.0], [1.0, 4.0, -1.0], [0.0, -1.0, 6.0]])
    # at 0 the sum of cubes has no curvature, but a one-sided difference finds some
    cases = (
        ("the sum of x**3 at x = 0", lambda x: (x**3).sum(), lambda x: 6 * np.diag(x), 0.0),
        ("x @ A @ x / 2", lambda x: x @ A @ x / 2, lambda x: A, 1.0),
        ("the sum of x**3", lambda x: (x**3).sum(), lambda x: 6 * np.diag(x), 1.0),
        ("the sum of exp(x)", lambda x: x.exp().sum(), lambda x: np.diag(np.exp(x)), 1.0),
    )
    for name, f, second, size in cases:
        x, d = size * rng.uniform(0.5, 1.5, 3), rng.standard_normal(3)
        where, want = f"for {name}", second(x) @ d
        found = np.asarray(call(answer, where, f, x.copy(), d.copy()))
        if found.shape == want.shape and np.allclose(found, want, rtol=1e-6, atol=1e-9):
            continue
        require(
            found.ndim > 0, f"{where} that is one number; keep one for each entry of the gradient"
        )
        require_shape(found, (3,), where)
        v = Variable(x)
        f(v).backward()
        words = f"{where} you give {_listed(found)}, it should be {_listed(want)}"
        raise Wrong(words + _why_not(found, want, d, v.grad))
    return "reverse mode gives the gradient, a difference its change"


def _listed(values) -> str:
    # four digits of each, since a tiny number is not zero
    return "[" + ", ".join(f"{value:.4g}" for value in values) + "]"


def _why_not(found, want, d, gradient) -> str:
    if not want.any():
        one_side = np.allclose(found / d**2, (found / d**2)[0], atol=0)
        return ": your difference is one-sided; go to both sides of x" if one_side else ""
    if np.allclose(found, want, rtol=1e-3):
        off = np.abs(found - want).max()
        return f": near, but up to {off:.1e} off; choose another h, smaller or larger"
    ratio, length = found / want, np.sqrt(d @ d)
    if not np.allclose(ratio, ratio[0], rtol=1e-3):
        return diagnose(found, {": that is the gradient itself": gradient})
    errors = {
        ": that is twice too large, the two points are 2h apart": 2.0,
        ": that has the wrong sign, which point comes first?": -1.0,
        ": that is for a d of length 1; use d as it is": 1 / length,
    }
    factor = f": that is {ratio[0]:.3g} times too large; which distance do you divide by?"
    return diagnose(ratio.mean().round(6), errors, factor)
