"""Answers to the exercises on descent."""

from fractions import Fraction

import numpy as np

from banks import Bank
from weighted_sums.gradient_check import central_difference


def directions(degrees):
    return np.stack([np.cos(np.radians(degrees)), np.sin(np.radians(degrees))], axis=-1)


def grad(p, factor=1.0):
    x, y = p
    return np.array([2 * x * y - 4, x * x + 6 * factor * y])


def grad_by_complex_steps(p):
    def f(x, y):
        return x * x * y + 3 * y * y - 4 * x

    x, y = p.tolist()
    return [f(x + 1e-30j, y).imag / 1e-30, f(x, y + 1e-30j).imag / 1e-30]


def steepest_index(dC):
    return int(np.abs(dC).argmax())


def most_sensitive_in_a_loop(dC):
    best = 0
    for index, derivative in enumerate(dC):
        if derivative**2 > dC[best] ** 2:
            best = index
    return np.array([best, -1 if dC[best] > 0 else 1])


def steepest(f, point, degrees=range(360), h=1e-5):
    return degrees[int(np.argmax([f(point + h * directions(d)) for d in degrees]))]


def steepest_by_gradient(f, point):
    across, along = central_difference(lambda p: float(f(p)), point)
    return np.degrees(np.arctan2(along, across)) % 360


def steepest_by_halves(f, point, low=0, high=360):
    """Try thirty-six directions, then the degrees around the best of them."""
    rough = steepest(f, point, range(0, 360, 10))
    return steepest(f, point, [d % 360 for d in range(rough - 10, rough + 11)])


def converges(gradient, start, learning_rate):
    x = start
    for _ in range(200):
        x = x - learning_rate * gradient(x)
        if np.abs(x).max() > 1e3:
            return False
    return np.abs(x).max() < np.abs(start).max()


def by_doubling(gradient, start):
    learning_rate = 0.001
    while converges(gradient, start, learning_rate):
        learning_rate = 2 * learning_rate
    return learning_rate


def by_halving(gradient, start, times=8):
    low, high = 0.0, 1.0
    while converges(gradient, start, high):
        low, high = high, 2 * high
    for _ in range(times):
        middle = (low + high) / 2
        low, high = (middle, high) if converges(gradient, start, middle) else (low, middle)
    return low


def curvatures(gradient, start):
    return np.linalg.eigvalsh([gradient(e) for e in np.eye(len(start))])


def by_powers(gradient, start):
    """The largest curvature by power iteration: the gradient of a bowl is a matrix product."""
    x = start
    for _ in range(100):
        x = gradient(x) / np.linalg.norm(gradient(x))
    return np.float32(2 / (x @ gradient(x)))


def kind(f, point, degrees=range(360)):
    rises = [f(point + 0.01 * directions(d)) - f(point) for d in degrees]
    if min(rises) > 0:
        return "minimum"
    return "maximum" if max(rises) < 0 else "saddle"


def hessian(f, point):
    return np.array(
        [central_difference(f, point + e) - central_difference(f, point - e) for e in np.eye(2)]
    )


def kind_by_curvatures(f, point):
    positive = int((np.linalg.eigvalsh(hessian(f, point)) > 0).sum())
    return ("maximum", "saddle", "minimum")[positive]


def kind_by_determinant(f, point):
    (a, b), (c, d) = hessian(f, point)
    if a * d - b * c < 0:
        return "saddle"
    return np.array(["maximum", "minimum"])[int(a > 0)]


BANK = {
    "gradient": Bank(
        wrong={
            "the factor forgotten": (
                lambda p: np.array([2 * p[0] - 4, p[0] ** 2 + 6 * p[1]]),
                "at (x, y) = (1.5, -2) with respect to x, y is held fixed",
            ),
            "a wrong y": (lambda p: grad(p, 0.5), "the derivative of 3y² is 6y"),
            "no 4x": (lambda p: grad(p) + np.array([4, 0]), "lacks that of −4x"),
            "no x²y": (lambda p: [2 * p[0] * p[1] - 4, 6 * p[1]], "lacks that of x²y"),
            "x not held fixed": (
                lambda p: [2 * p[0] * p[1] - 4, 2 * p[0] + 6 * p[1]],
                "x is held fixed",
            ),
            "downhill": (lambda p: -grad(p), "points downhill"),
            "swapped": (lambda p: grad(p)[::-1], "are swapped; x comes first"),
            "the value of f": (lambda p: p[0] ** 2 * p[1] - 4 * p[0], "expected 2 numbers"),
            "one number": (lambda p: grad(p)[0], "expected 2 numbers"),
            "a column": (lambda p: grad(p)[:, None], "expected 2 numbers, found shape (2, 1)"),
            "whole numbers": (lambda p: grad(p).round(), "your derivative along y is -10;"),
            "one point only": (lambda p: np.array([-10, -9.75]), "at (x, y) = (0, 0)"),
            "crash": (lambda p: p[7], "stops with IndexError"),
            "no return": (lambda p: None, "forget `return`"),
        },
        unusual={
            "the plain way": grad,
            "a list": lambda p: grad(p).tolist(),
            "central differences": lambda p: central_difference(
                lambda q: float(q[0] ** 2 * q[1] + 3 * q[1] ** 2 - 4 * q[0]), p
            ),
            "complex steps": grad_by_complex_steps,
            "float32": lambda p: grad(p).astype(np.float32),
        },
    ),
    "three_steps": Bank(
        wrong={
            "one derivative for all": ([1, 2, 3], "compute it anew at each point"),
            "uphill": ([-1, -2.5, -4.75], "uphill; subtract it"),
            "the steps": ([1, 0.5, 0.25], "those are the steps; give the points"),
            "the derivatives": ([-8, -4, -2], "those are the derivatives"),
            "no learning rate": ([8, -16, 56], "the learning rate is missing"),
            "with the initial point": ([0, 1, 1.5, 1.75], "leave out the initial point"),
            "a slip in the last": ([1, 1.5, 1.8], "step 3 leads to another point than 1.8"),
            "the last only": (1.75, "expected 3 numbers, found shape ()"),
        },
        unusual={
            "a tuple of fractions": (Fraction(1), Fraction(3, 2), Fraction(7, 4)),
            "computed, float32": np.float32([2 - 2 * 0.5**t for t in (1, 2, 3)]),
        },
    ),
    "most_sensitive": Bank(
        wrong={
            "the largest, up": (lambda dC: (int(dC.argmax()), 1), "choose the largest; a negative"),
            "the lowest": (lambda dC: (int(dC.argmin()), 1), "choose the lowest; a positive"),
            "the last": (lambda dC: (len(dC) - 1, 1), "index 1 has -2.000, which is steeper"),
            "uphill": (
                lambda dC: (steepest_index(dC), np.sign(dC[steepest_index(dC)])),
                "your direction -1.0 makes the cost larger",
            ),
            "always up": (
                lambda dC: (steepest_index(dC), 1),
                "for dC = [0.5, 2.0, -1.0] index 1 is right, but",
            ),
            "the derivative itself": (
                lambda dC: (steepest_index(dC), -dC[steepest_index(dC)]),
                "should be 1 or -1, not 2.0",
            ),
            "all directions": (lambda dC: (steepest_index(dC), -np.sign(dC)), "be 1 or -1, not ["),
            "a index only": (lambda dC: dC.argmax(), "return two things"),
            "a word": (lambda dC: ("first", 1), "a whole number from 0 to 4"),
            "counted from one": (lambda dC: (1 + steepest_index(dC), 1), "index counts from 1"),
            "counted from one, at the end": (lambda dC: (len(dC), 1), "whole number from 0 to 4"),
            "no return": (lambda dC: None, "forget `return`"),
        },
        unusual={
            "NumPy's numbers": lambda dC: (
                np.abs(dC).argmax(),
                -np.sign(dC[np.abs(dC).argmax()]),
            ),
            "sorted": lambda dC: max(
                ((i, -int(np.sign(d))) for i, d in enumerate(dC)), key=lambda k: abs(dC[k[0]])
            ),
            "a loop, an array": most_sensitive_in_a_loop,
        },
    ),
    "steepest": Bank(
        wrong={
            "the axes only": (
                lambda f, point: steepest(f, point, range(0, 360, 90)),
                "you say 90 degrees: the derivative in that direction is 10.000, another",
            ),
            "ten degrees apart": (
                lambda f, point: steepest(f, point, range(0, 360, 10)),
                "the derivative in that direction is",
            ),
            "downhill": (lambda f, point: steepest(lambda p: -f(p), point), "opposite direction"),
            "contour": (lambda f, point: (steepest(f, point) + 90) % 360, "a contour line"),
            "giant steps": (lambda f, point: steepest(f, point, h=3.0), "another direction has"),
            "from the second axis": (
                lambda f, point: (90 - steepest(f, point)) % 360,
                "zero degrees is along the first axis",
            ),
            "in radians": (lambda f, point: np.radians(steepest(f, point)), "is that in radians?"),
            "counted from one": (lambda f, point: steepest(f, point) + 1, "one degree too far"),
            "the index in 1 … 359": (
                lambda f, point: range(1, 360).index(steepest(f, point)),
                "one degree short",
            ),
            "below zero": (
                lambda f, point: (steepest(f, point) + 180) % 360 - 180,
                "give a degree from 0 to 359",
            ),
            "at the origin": (lambda f, point: steepest(f, 0 * point), "another direction has"),
            "half the circle": (
                lambda f, point: steepest(f, point, range(180)),
                "on the ravine at (-0.4, -0.8)",
            ),
            "a vector": (
                lambda f, point: directions(steepest(f, point)),
                "expected one number",
            ),
            "no return": (lambda f, point: None, "forget `return`"),
        },
        unusual={
            "the plain way": steepest,
            "by the gradient": steepest_by_gradient,
            "rough, then fine": steepest_by_halves,
            "longer steps": lambda f, point: np.float32(steepest(f, point, h=1e-3)),
        },
    ),
    "largest_rate": Bank(
        wrong={
            "doubling": (by_doubling, "you say 1.024: there descent diverges; the limit"),
            "doubling, one back": (
                lambda g, s: by_doubling(g, s) / 2,
                "you say 0.512: larger rates still converge",
            ),
            "three halvings": (lambda g, s: by_halving(g, s, 3), "larger rates still converge"),
            "of the parabola": (lambda g, s: 1.0, "curvatures [0.5] you say 1: larger rates"),
            "one over the curvature": (
                lambda g, s: 1 / curvatures(g, s).max(),
                "half the limit: larger rates",
            ),
            "the flattest direction": (
                lambda g, s: 2 / curvatures(g, s).min(),
                "the limit of the flattest direction",
            ),
            "the average": (lambda g, s: 2 / curvatures(g, s).mean(), "the average curvature"),
            "one gradient": (
                lambda g, s: 2 * np.linalg.norm(s) / np.linalg.norm(g(s)),
                "for a bowl of curvatures [1.0, 4.0]",
            ),
            "below zero": (lambda g, s: -1.0, "should be positive"),
            "not a number": (lambda g, s: np.nan, "should be positive"),
            "both ends": (lambda g, s: np.array([0.9, 1.1]), "expected one number"),
            "doubling a guess": (
                lambda g, s: 1.024 * 2 if converges(g, s, 1.024) else 1.024,
                "you say 1.024: there descent diverges",
            ),
            "no return": (lambda g, s: None, "forget `return`"),
        },
        unusual={
            "halving": by_halving,
            "from curvatures": lambda g, s: 2 / curvatures(g, s).max(),
            "power iteration, float32": by_powers,
        },
    ),
    "kind": Bank(
        wrong={
            "the axes": (
                lambda f, point: kind(f, point, range(0, 360, 90)),
                "for x² + 4xy + y², moved to (0, 0), you say minimum; it is a saddle: look in more",
            ),
            "eight directions": (
                lambda f, point: kind(f, point, range(0, 360, 45)),
                "for (x − 2y)² − 0.01x², moved to (0, 0), you say minimum",
            ),
            "one direction": (
                lambda f, point: (
                    "minimum" if f(point + 0.01 * directions(45)) > f(point) else "maximum"
                ),
                "for one in which it falls",
            ),
            "at the origin": (lambda f, point: kind(f, 0 * point), "moved to (3, -1), you say"),
            "a saddle, always": (lambda f, point: "saddle", "minimum: no direction disagrees"),
            "swapped": (lambda f, point: kind(lambda p: -f(p), point), "did you swap the two?"),
            "by the sum of the curvatures": (
                lambda f, point: "minimum" if np.trace(hessian(f, point)) > 0 else "maximum",
                "it is a saddle: look in more directions",
            ),
            "by the determinant alone": (
                lambda f, point: "saddle" if np.linalg.det(hessian(f, point)) < 0 else "minimum",
                "for −x² − 2y², moved to (0, 0), you say minimum; it is a maximum",
            ),
            "other words": (lambda f, point: "pass", "say minimum, maximum or saddle"),
            "capitals": (lambda f, point: kind(f, point).title(), "saddle, not Minimum"),
            "no return": (lambda f, point: None, "forget `return`"),
        },
        unusual={
            "all round": kind,
            "by curvatures": kind_by_curvatures,
            "by the determinant, NumPy's string": kind_by_determinant,
        },
    ),
}
