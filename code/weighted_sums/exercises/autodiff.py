"""Checks for the exercises of the chapter on autodiff."""

from __future__ import annotations

import numpy as np

from weighted_sums.autodiff import Variable
from weighted_sums.exercises import Wrong, require
from weighted_sums.operations import OPERATIONS, Operation


def tanh(number_class) -> str:
    """`Number` has a method `tanh` with the right value and slope, alone and inside a formula."""
    require(isinstance(number_class, type), "hand the class itself to check, not a number")
    require(hasattr(number_class, "tanh"), "your Number has no method `tanh` yet")
    for x in (0.0, 0.5, -1.25, 3.0):
        v = number_class(x)
        y = _call(number_class.tanh, f"at x = {x}", v)
        require(isinstance(y, number_class), f"at x = {x} tanh should return a new Number")
        want = np.tanh(x)
        found = y.data
        require(np.isclose(found, want), f"at x = {x} your tanh is {found:.4f}, not {want:.4f}")
        remembers = len(y.inputs) == 1 and y.inputs[0] is v
        require(remembers, f"at x = {x} your tanh does not remember its input")
        slope, right = y.slopes[0], 1 - want**2
        slips = {
            "you squared the input instead of the result": 1 - x**2,
            "that is the value, not the slope": want,
            "that is the slope of the sigmoid's kind, a(1 - a)": want * (1 - want),
        }
        require(np.isscalar(slope), f"at x = {x} the slope should be one number")
        hint = [words for words, slip in slips.items() if np.isclose(slope, slip)]
        words = f"at x = {x} your slope is {slope:.4f}, it should be {right:.4f}"
        require(np.isclose(slope, right), ": ".join([words, *hint[:1]]))
    return "one line for the value, one for the slope, and every formula may use it"


def largest(operation) -> str:
    """An `Operation` for the largest entry along the last axis, with the slope for its input."""
    require(isinstance(operation, Operation), "give an Operation(forward, slopes)")
    require(len(operation.slopes) == 1, "there is one input, so `slopes` should hold one function")
    rng = np.random.default_rng(0)
    for shape in ((5,), (2, 3), (7, 2, 3)):
        a = rng.permutation(np.arange(1.0, 1 + np.prod(shape))).reshape(shape)
        where = f"for an array of shape {shape}"
        y = np.asarray(_call(operation.forward, where, a.copy()))
        same = y.shape == shape[:-1] and np.array_equal(y, a.max(axis=-1))
        require(same, f"{where} `forward` should give the largest along the last axis")
        dy = rng.standard_normal(shape[:-1])
        da = np.asarray(_call(operation.slopes[0], where, dy, y, a.copy()))
        _require_shape(da, shape, where)
        chosen = np.arange(shape[-1]) == a.argmax(axis=-1)[..., None]
        losers = da[~chosen]
        require(
            not losers.any(), f"{where} an entry that is not the largest has a slope of its own"
        )
        words = f"{where} the largest entry should get the slope `dy` of its result"
        if np.array_equal(da[chosen], np.ones(chosen.sum())):
            words += "; yours gives it 1, whatever `dy` is"
        require(np.allclose(da[chosen], dy.ravel()), words)
    tied = np.asarray(operation.slopes[0](np.array(6.0), np.array(2.0), np.array([2.0, 1.0, 2.0])))
    words = f"for [2, 1, 2] and dy = 6 your slopes {tied.tolist()} add up to {tied.sum():g}, not 6"
    require(bool(np.isclose(tied.sum(), 6)), f"{words}: equals have to share, or one takes all")
    return "whoever wins gets the slope, the others get nothing"


def matmul(slopes) -> str:
    """`slopes(dy, a, b)` gives the slopes of `a @ b` by both matrices."""
    rng = np.random.default_rng(0)
    # the last pair is square, so that a forgotten transpose still gives the right shape
    for m, n, k in ((2, 3, 5), (7, 2, 3), (1, 5, 1), (3, 3, 3)):
        a, b, dy = (rng.standard_normal(shape) for shape in ((m, n), (n, k), (m, k)))
        where = f"for a {m} × {n} and b {n} × {k}"
        found = _call(slopes, where, dy.copy(), a.copy(), b.copy())
        pair = isinstance(found, tuple | list) and len(found) == 2
        require(pair, f"{where} return two slopes, da and db")
        for name, one, like, operation in zip("ab", found, (a, b), _MATMUL.slopes, strict=True):
            one, want = np.asarray(one), operation(dy, a @ b, a, b)
            _require_shape(one, like.shape, f"{where}, d{name}")
            words = f"{where} the shape of d{name} is right, but not the numbers"
            hint = "which entries of the product does one entry of it go into?"
            require(np.allclose(one, want), f"{words}: {hint}")
    return "each slope is again a product of two matrices"


_MATMUL = OPERATIONS["matmul"]


class _Box:
    """A node that has a name for the messages, and inputs as a Number has."""

    def __init__(self, name, *inputs):
        self.name, self.inputs = name, inputs


def order(answer) -> str:
    """`order(end)` lists all that led to `end`, each number after everybody who used it."""
    for graph, end in _graphs():
        where = f"for {graph}"
        found = list(_call(answer, where, end))
        place = {box: i for i, box in enumerate(found)}
        twice = [box.name for i, box in enumerate(found) if place[box] != i]
        require(not twice, f"{where} you list {twice[:1]} twice; everybody speaks once")
        require(found[:1] == [end], f"{where} the list should begin with the end, {end.name}")
        for user in found:
            for box in user.inputs:
                require(box in place, f"{where}: {box.name} is missing")
                early = f"{where}: {box.name} speaks before {user.name}, which was computed from it"
                require(place[user] < place[box], early)
    return "nobody speaks before the last of its users has spoken"


def _graphs():
    u = _Box("u")
    v = _Box("v = 2u", u)
    w = _Box("w = v²", v)
    yield "a single number", u
    yield "d = v + w with v and w computed from u", _Box("d", _Box("v", u), _Box("w", u))
    yield "d = u + w, where u was used for v and v for w", _Box("d", u, w)
    yield "d = w + u, where u was used for v and v for w", _Box("d", w, u)
    rng = np.random.default_rng(0)
    boxes = [_Box("v0")]
    for i in range(1, 200):
        boxes.append(_Box(f"v{i}", *(boxes[k] for k in rng.integers(i, size=2))))
    yield "two hundred numbers with random inputs", _Box("the end", *boxes)
    end = _Box("v0")
    for i in range(1, 61):
        end = _Box(f"v{i}", end, end)
    yield "a number that is doubled sixty times", end
    end = _Box("v0")
    for i in range(1, 100_001):
        end = _Box(f"v{i}", end)
    yield "a chain of a hundred thousand numbers", end


def curvature(answer) -> str:
    """`curvature(f, x, d)` is how fast the gradient of `f` changes from `x` along `d`."""
    rng = np.random.default_rng(0)
    matrix = np.array([[2.0, 1.0, 0.0], [1.0, 4.0, -1.0], [0.0, -1.0, 6.0]])
    functions = {
        "x @ A @ x / 2": (lambda x: x @ matrix @ x / 2, lambda x, d: matrix @ d),
        "the sum of x**3": (lambda x: (x**3).sum(), lambda x, d: 6 * x * d),
        "the sum of exp(x)": (lambda x: x.exp().sum(), lambda x, d: np.exp(x) * d),
    }
    for name, (f, second) in functions.items():
        x, d = rng.uniform(0.5, 1.5, 3), rng.standard_normal(3)
        where = f"for {name}"
        given = x.copy()
        found = np.asarray(_call(answer, where, f, given, d.copy()))
        require(np.array_equal(given, x), f"{where} you changed x in place")
        _require_shape(found, (3,), where)
        want = second(x, d)
        words = f"{where} you give {np.round(found, 4)}, it should be {np.round(want, 4)}"
        gradient = _gradient(f, x)
        slips = {
            "that is twice too much: the two points are 2h apart": 2 * want,
            "that is the gradient itself": gradient,
            "that is the other way round: which point comes first?": -want,
        }
        hint = [line for line, slip in slips.items() if np.allclose(found, slip, rtol=1e-3)]
        right = np.allclose(found, want, rtol=1e-6, atol=1e-7)
        require(right, ": ".join([words, *hint[:1]]))
    return "a gradient by reverse mode, its change by a difference"


def _gradient(f, x):
    v = Variable(x)
    f(v).backward()
    return v.grad


def _call(answer, where, *given):
    try:
        found = answer(*given)
    except Exception as error:
        reason = f"{where} your function stops with {type(error).__name__}: {error}"
        if "core dimension" in reason:  # NumPy's own words for this help nobody
            reason = f"{where}: the rows left of @ are not as long as the columns right of it"
        raise Wrong(reason) from error
    require(found is not None, f"{where} your function returns nothing; did you forget `return`?")
    return found


def _require_shape(found, shape, where) -> None:
    require(found.shape == shape, f"{where}: the shape is {found.shape}, should be {shape}")
