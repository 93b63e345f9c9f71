"""Checks for the exercises of the primer."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from weighted_sums.exercises import Wrong, call, diagnose, require, require_equal

POINTS = (0.7, 1.3, 2.1)
Function = Callable[[float], float]
# functions and their derivatives
CURVES: dict[str, tuple[Function, Function]] = {
    "x²": (lambda x: x * x, lambda x: 2 * x),
    "x³": (lambda x: x * x * x, lambda x: 3 * x * x),
    "sin x": (np.sin, np.cos),
    "exp(x)": (np.exp, np.exp),
    "1/x": (lambda x: 1 / x, lambda x: -1 / (x * x)),
}
# their second derivatives, in the same order
SECOND: tuple[Function, ...] = (
    lambda x: 2.0,
    lambda x: 6 * x,
    lambda x: -np.sin(x),
    np.exp,
    lambda x: 2 / (x * x * x),
)


def _number(answer: Callable, where: str, *given) -> float:
    found = call(answer, where, *given)
    numeric = not isinstance(found, str | bool) and np.ndim(found) == 0
    require(numeric, f"{where} one number is wanted, not {found!r:.60}")
    return float(found)


def second_derivative(answer: Callable) -> str:
    """`second_derivative(f, x)` is the derivative of the derivative, to four digits."""
    for (name, (f, df)), d2f in zip(CURVES.items(), SECOND, strict=True):
        for x in POINTS:
            where = f"for {name} at x = {x}"
            found, want = _number(answer, where, f, x), float(d2f(x))
            if abs(found - want) <= 1e-4 * max(1, abs(want)):
                continue
            raise Wrong(
                f"{where} "
                + diagnose(
                    found,
                    {
                        "that is the first derivative; differentiate once more": df(x),
                        "that is the value of f": f(x),
                        "the two derivatives are not multiplied": df(x) ** 2,
                        "differentiate f' at x, not f at f'(x)": df(df(x)),
                        "you subtract in the wrong order": -want,
                        "the two points are 2h apart: divide by 2h": 2 * want,
                        "the two points are h apart, not 2h": want / 2,
                        "the outer points are h away from x, not 2h": want / 4,
                    },
                    f"you say {found:.6g}, and the second derivative is {want:.6g}; "
                    + (
                        "the step goes to one side only, or is too large, or far too small"
                        if abs(found - want) < 0.5 * max(1, abs(want))
                        else "divide the change of f' by the change of x"
                    ),
                )
            )
    return "the same idea, used twice"


def product(answer: Callable) -> str:
    """`product(f, df, g, dg, x)` is the derivative of f(x) g(x)."""
    for (f_name, (f, df)), (g_name, (g, dg)) in _pairs():
        for x in POINTS:
            where = f"for ({f_name}) · ({g_name}) at x = {x}"
            want = df(x) * g(x) + f(x) * dg(x)
            require_equal(
                _number(answer, where, f, df, g, dg, x), want, where,
                {
                    "you multiply the two derivatives; each factor changes while the other stays":
                        df(x) * dg(x),
                    "you add the two derivatives": df(x) + dg(x),
                    "the term in which g changes is missing": df(x) * g(x),
                    "the term in which f changes is missing": f(x) * dg(x),
                    "the sign of the second term is wrong": df(x) * g(x) - f(x) * dg(x),
                    "that is the product itself": f(x) * g(x),
                    "a derivative belongs beside the other function": df(x) * f(x) + g(x) * dg(x),
                },
                f"the derivative should be {want:.6g}",
            )  # fmt: skip
    return "each factor changes while the other stays"


def chain(answer: Callable) -> str:
    """`chain(df, g, dg, x)` is the derivative of f(g(x))."""
    for (f_name, (_, df)), (g_name, (g, dg)) in _pairs():
        for x in POINTS:
            where = f"for f = {f_name} and g = {g_name} at x = {x}"
            want = df(g(x)) * dg(x)
            require_equal(
                _number(answer, where, df, g, dg, x), want, where,
                {
                    "you take f' at x; f sees g(x)": df(x) * dg(x),
                    "the factor g'(x) is missing": df(g(x)),
                    "you take both derivatives at g(x); g itself sees x": df(g(x)) * dg(g(x)),
                    "you add the factors; they multiply": df(g(x)) + dg(x),
                    "you take f' at g'(x); f sees the value of g": df(dg(x)) * dg(x),
                    "the second factor is the derivative of g, not g": df(g(x)) * g(x),
                },
                f"the derivative should be {want:.6g}",
            )  # fmt: skip
    return "each factor at the value that it sees"


def _pairs():
    curves = list(CURVES.items())
    return list(zip(curves, curves[1:] + curves[:1], strict=True))


def quotient(answer: Callable) -> str:
    """`derivative(x)` is the derivative of x / (1 + x²)."""
    for x in (-1.7, 0.0, 0.4, 1.0, 2.5):
        where, below = f"at x = {x}", 1 + x * x
        require_equal(
            _number(answer, where, x), (1 - x * x) / below**2, where,
            {
                "you divide the derivatives; a quotient has a rule of its own": 0.5 / (x or np.inf),
                "that is the function itself": x / below,
                "the denominator belongs squared": (1 - x * x) / below,
                "the sign is turned round: f'g comes first": (x * x - 1) / below**2,
                "f g' is subtracted, not added": (1 + 3 * x * x) / below**2,
                "the derivative of 1 + x² is 2x, not x": 1 / below**2,
            },
            f"the derivative should be {(1 - x * x) / below**2:.6g}",
        )  # fmt: skip
    return "flat at 1 and at −1, where the numerator is zero"


def partial(answer: Callable) -> str:
    """`partial(f, x, i)` is the derivative of f with respect to entry i of an array."""
    weights = np.array([2.0, -3.0, 0.5])

    def f(x: np.ndarray) -> float:
        return float(weights @ (x * x) + x[0] * x[1])

    for x in (np.array([1.0, 2.0, -1.5]), np.array([0.3, -0.7, 2.0])):
        grad = 2 * weights * x + np.array([x[1], x[0], 0.0])
        for i in range(3):
            where = f"at x = {x.tolist()} for entry {i}"
            found = _number(answer, where, f, x.copy(), i)
            if abs(found - grad[i]) < 1e-4:
                continue
            raise Wrong(
                f"{where} "
                + diagnose(
                    np.round(found, 4),
                    {
                        "you change all entries at once": np.round(grad.sum(), 4),
                        "you change entry 0 whatever i is": np.round(grad[0], 4),
                        "you change the entry before the one asked for": np.round(grad[i - 1], 4),
                        "you subtract in the wrong order": np.round(-grad[i], 4),
                        "divide by the distance of the two points": np.round(2 * grad[i], 4),
                    },
                    f"you say {found:.6g}, and the partial derivative is {grad[i]:.6g}",
                )
            )
    return "one entry moves, the others stay"


def standardise(answer: Callable) -> str:
    """`standardise(x)` has mean 0 and standard deviation 1."""
    rng = np.random.default_rng(0)
    for n, mean, deviation in ((6, 3.0, 2.0), (20, -40.0, 0.3)):
        x = mean + deviation * rng.standard_normal(n)
        where = f"for {n} numbers around {mean:g}"
        z = (x - x.mean()) / x.std()
        require_equal(
            call(answer, where, x.copy()), z, where,
            {
                "you scale first; then the mean is no longer the old one": x / x.std() - x.mean(),
                "you shift but do not scale": x - x.mean(),
                "you scale but do not shift": x / x.std(),
                "you divide by the variance; its root is the standard deviation":
                    (x - x.mean()) / x.var(),
                "you multiply by the standard deviation": (x - x.mean()) * x.std(),
                "divide by n inside the root, as `std` does, not by n − 1":
                    (x - x.mean()) / x.std(ddof=1),
                "the signs are turned round": -z,
            },
            f"the first number should become {z[0]:.4f}",
        )  # fmt: skip
    return "shift first, then scale"


def standard_error(answer: Callable) -> str:
    """`standard_error(x)` estimates how far the mean of x deviates."""
    rng = np.random.default_rng(1)
    for n in (9, 25, 100):
        x = 5 + 3 * rng.standard_normal(n)
        where, s = f"for {n} numbers", x.std()
        found = _number(answer, where, x.copy())
        if np.isclose(found, s / np.sqrt(n)) or np.isclose(found, x.std(ddof=1) / np.sqrt(n)):
            continue
        errors = {
            "you divide by n; the rule has its root": s / n,
            "that is the standard deviation: it does not shrink with n": s,
            "that is the mean": x.mean(),
            "you take the variance; the rule has its root": s * s / np.sqrt(n),
            "that is the variance of the mean; take its root": s * s / n,
            "you multiply by the root of n": s * np.sqrt(n),
        }
        words = diagnose(found, errors, f"it should be {s / np.sqrt(n):.5g}, not {found:.5g}")
        raise Wrong(f"{where} {words}")
    return "four times the numbers, half the error"


def matvec(answer: Callable) -> str:
    """`matvec(W, a)` is the product, one weighted sum for each row."""
    rng = np.random.default_rng(2)
    for rows, columns in ((2, 3), (4, 4), (3, 1)):
        W, a = (rng.integers(-3, 4, size).astype(float) for size in ((rows, columns), columns))
        W[0, 0], a[0] = 2.0, 3.0
        where = f"for a matrix of shape {W.shape}"
        turned = [sum(w * x for w, x in zip(c, a, strict=False)) for c in W.T]
        require_equal(
            call(answer, where, W.copy(), a.copy()), W @ a, where,
            {
                "you go down the columns; a weighted sum runs along a row": turned,
                "you multiply but do not add up": W * a,
                "that is the sum of all of them; there is one for each row": (W @ a).sum(),
                "you return after the first row": (W @ a)[:1],
                "you add up the rows and forget to weigh": W.sum(axis=1),
                "the last column is missing": W[:, :-1] @ a[:-1],
            },
            f"row 0 should give {(W @ a)[0]:g}",
        )  # fmt: skip
    return "one weighted sum for each row"


SHAPES = {
    "W @ A": (2, 5),
    "W @ A + b": (2, 5),
    "W @ A + c": (2, 5),
    "(W @ A).T": (5, 2),
    "A.sum(axis=0)": (5,),
    "b + c": (2, 5),
}


def shapes(answer) -> str:
    """The shapes of six expressions, as a list of tuples."""
    listed = isinstance(answer, list | tuple) and len(answer) == len(SHAPES)
    require(listed, f"a list of {len(SHAPES)} shapes is wanted")
    for found, (expression, want) in zip(answer, SHAPES.items(), strict=True):
        if isinstance(found, int):
            raise Wrong(f"`{expression}`: a shape is a tuple, as (5,), even with one axis")
        found = tuple(found)
        if found == want:
            continue
        words = {
            "b + c": "a row and a column stretch each other into a table",
            "A.sum(axis=0)": "axis 0 is the one that disappears",
            "(W @ A).T": "rows and columns are exchanged",
            "W @ A": "the inner sizes disappear, the outer ones stay",
        }.get(expression, "the smaller shape is stretched to the larger one")
        raise Wrong(f"`{expression}` does not have the shape {found}: {words}")
    return "lined up from the right, and a one stretches"
