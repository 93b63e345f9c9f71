"""Answers to the primer's exercises: what a reader would plausibly write, and what nobody would."""

import math

import numpy as np

from banks import Bank


def central(f, x, h=1e-5):
    return (f(x + h) - f(x - h)) / (2 * h)


def partial(f, x, i, h=1e-5):
    step = np.zeros(len(x))
    step[i] = h
    return (f(x + step) - f(x - step)) / (2 * h)


def partial_in_place(f, x, i):
    x[i] += 1e-5
    up = f(x)
    x[i] -= 2e-5
    return (up - f(x)) / 2e-5


def partial_by_copies(f, x, i):
    up, down = np.copy(x), np.copy(x)
    up[i] += 1e-4
    down[i] -= 1e-4
    return np.float64((f(up) - f(down)) / (up[i] - down[i]))


def second(f, x, h=1e-4):
    return (f(x + h) - 2 * f(x) + f(x - h)) / (h * h)


def by_richardson(f, x):
    return (4 * second(f, x, 1e-3) - second(f, x, 2e-3)) / 3


def by_complex_loop(W, a):
    out = np.zeros(len(W))
    for i in range(W.shape[0]):
        for j in range(W.shape[1]):
            out[i] += W[i, j] * a[j]
    return out


def scaled_in_place(x):
    x -= x.mean()
    x /= x.std()
    return x


BANK = {
    "second_derivative": Bank(
        wrong={
            "one side": (
                lambda f, x: (central(f, x + 0.1) - central(f, x)) / 0.1,
                "goes to one side only",
            ),
            "a large step": (lambda f, x: second(f, x, 0.1), "or is too large"),
            "a tiny step": (lambda f, x: second(f, x, 1e-7), "or far too small"),
            "once only": (lambda f, x: central(f, x), "that is the first derivative"),
            "squared": (lambda f, x: central(f, x) ** 2, "derivatives are not multiplied"),
            "f at f'": (lambda f, x: central(f, central(f, x)), "not f at f'(x)"),
            "divided by h": (lambda f, x: 2 * second(f, x), "divide by 2h"),
            "divided twice": (lambda f, x: second(f, x) / 2, "are h apart, not 2h"),
            "by 4h²": (lambda f, x: second(f, x) / 4, "the outer points are h away"),
            "the wrong order": (lambda f, x: -second(f, x), "you subtract in the wrong order"),
            "the value": (lambda f, x: f(x), "that is the value of f"),
            "the change alone": (
                lambda f, x: central(f, x + 1e-5) - central(f, x - 1e-5),
                "divide the change of f' by the change of x",
            ),
            "nothing": (lambda f, x: None, "did you forget `return`"),
            "a list": (lambda f, x: [second(f, x)], "one number is wanted"),
        },
        unusual={
            "three points": second,
            "extrapolated": by_richardson,
            "twice the default step": lambda f, x: central(lambda t: central(f, t), x),
            "single numbers of NumPy": lambda f, x: np.float64(second(f, x, 3e-4)),
        },
    ),
    "product": Bank(
        wrong={
            "both derivatives": (lambda f, df, g, dg, x: df(x) * dg(x), "multiply the two"),
            "their sum": (lambda f, df, g, dg, x: df(x) + dg(x), "you add the two derivatives"),
            "f' g only": (lambda f, df, g, dg, x: df(x) * g(x), "in which g changes is missing"),
            "f g' only": (lambda f, df, g, dg, x: f(x) * dg(x), "in which f changes is missing"),
            "a minus": (
                lambda f, df, g, dg, x: df(x) * g(x) - f(x) * dg(x),
                "the sign of the second term",
            ),
            "the product": (lambda f, df, g, dg, x: f(x) * g(x), "the product itself"),
            "paired wrongly": (
                lambda f, df, g, dg, x: df(x) * f(x) + g(x) * dg(x),
                "belongs beside the other function",
            ),
        },
        unusual={
            "by a small change": lambda f, df, g, dg, x: central(lambda t: f(t) * g(t), x, 1e-6),
            "by logarithms": lambda f, df, g, dg, x: f(x) * g(x) * (df(x) / f(x) + dg(x) / g(x)),
        },
    ),
    "chain": Bank(
        wrong={
            "f' at x": (lambda df, g, dg, x: df(x) * dg(x), "f sees g(x)"),
            "without g'": (lambda df, g, dg, x: df(g(x)), "the factor g'(x) is missing"),
            "both at g(x)": (lambda df, g, dg, x: df(g(x)) * dg(g(x)), "g itself sees x"),
            "added": (lambda df, g, dg, x: df(g(x)) + dg(x), "they multiply"),
            "f' at g'": (lambda df, g, dg, x: df(dg(x)) * dg(x), "f sees the value of g"),
            "times g": (lambda df, g, dg, x: df(g(x)) * g(x), "the derivative of g, not g"),
        },
        unusual={
            "g by a small change": lambda df, g, dg, x: df(g(x)) * central(g, x, 1e-6),
            "as an array": lambda df, g, dg, x: np.multiply(df(g(x)), dg(x)),
        },
    ),
    "quotient": Bank(
        wrong={
            "the starter": (lambda x: 0.5 / x if x else math.inf, "a rule of its own"),
            "the function": (lambda x: x / (1 + x * x), "the function itself"),
            "not squared": (lambda x: (1 - x * x) / (1 + x * x), "belongs squared"),
            "turned round": (lambda x: (x * x - 1) / (1 + x * x) ** 2, "f'g comes first"),
            "added": (lambda x: (1 + 3 * x * x) / (1 + x * x) ** 2, "is subtracted, not added"),
            "x for 2x": (lambda x: 1 / (1 + x * x) ** 2, "is 2x, not x"),
        },
        unusual={
            "in two parts": lambda x: 1 / (1 + x * x) - 2 * x * x / (1 + x * x) ** 2,
            "by a small change": lambda x: central(lambda t: t / (1 + t * t), x, 1e-6),
        },
    ),
    "partial": Bank(
        wrong={
            "all entries": (
                lambda f, x, i: (f(x + 1e-5) - f(x - 1e-5)) / 2e-5,
                "you change all entries at once",
            ),
            "always the first": (lambda f, x, i: partial(f, x, 0), "whatever i is"),
            "one before": (lambda f, x, i: partial(f, x, i - 1), "the entry before"),
            "wrong order": (lambda f, x, i: -partial(f, x, i), "in the wrong order"),
            "h for 2h": (lambda f, x, i: 2 * partial(f, x, i), "the distance of the two points"),
            "a large step to one side": (
                lambda f, x, i: (f(x + 0.1 * np.eye(3)[i]) - f(x)) / 0.1,
                "and the partial derivative is",
            ),
            "in place": (partial_in_place, "you change an input in place"),
            "the gradient": (
                lambda f, x, i: [partial(f, x, k) for k in range(3)],
                "one number is wanted",
            ),
        },
        unusual={
            "by copies": partial_by_copies,
            "along a row of the identity": lambda f, x, i: central(
                lambda t: f(x + t * np.eye(len(x))[i]), 0.0
            ),
        },
    ),
    "standardise": Bank(
        wrong={
            "scaled first": (lambda x: x / x.std() - x.mean(), "you scale first"),
            "not scaled": (lambda x: x - x.mean(), "you shift but do not scale"),
            "not shifted": (lambda x: x / x.std(), "you scale but do not shift"),
            "by the variance": (lambda x: (x - x.mean()) / x.var(), "by the variance"),
            "multiplied": (lambda x: (x - x.mean()) * x.std(), "you multiply by"),
            "n − 1": (lambda x: (x - x.mean()) / x.std(ddof=1), "not by n − 1"),
            "turned round": (lambda x: (x.mean() - x) / x.std(), "the signs are turned"),
            "to 0..1": (
                lambda x: (x - x.min()) / (x.max() - x.min()),
                "the first number should become",
            ),
            "in place": (scaled_in_place, "you change an input in place"),
        },
        unusual={
            "a list": lambda x: [(v - np.mean(x)) / np.std(x) for v in x],
            "shift after scale": lambda x: x / x.std() - (x / x.std()).mean(),
        },
    ),
    "standard_error": Bank(
        wrong={
            "by n": (lambda x: x.std() / len(x), "you divide by n"),
            "the deviation": (lambda x: x.std(), "it does not shrink with n"),
            "the mean": (lambda x: x.mean(), "that is the mean"),
            "the variance": (lambda x: x.var() / np.sqrt(len(x)), "you take the variance"),
            "no root": (lambda x: x.var() / len(x), "the variance of the mean"),
            "multiplied": (lambda x: x.std() * np.sqrt(len(x)), "you multiply by the root"),
            "another rule": (lambda x: x.std() / np.log(len(x)), "it should be"),
        },
        unusual={
            "n − 1": lambda x: x.std(ddof=1) / np.sqrt(len(x)),
            "by the variance": lambda x: math.sqrt(sum((x - x.mean()) ** 2)) / len(x),
        },
    ),
    "matvec": Bank(
        wrong={
            "columns": (
                lambda W, a: [sum(w * x for w, x in zip(c, a, strict=False)) for c in W.T],
                "you go down the columns",
            ),
            "not added": (lambda W, a: W * a, "multiply but do not add up"),
            "added twice": (lambda W, a: (W * a).sum(), "there is one for each row"),
            "the first row": (lambda W, a: [W[0] @ a], "after the first row"),
            "not weighed": (lambda W, a: W.sum(axis=1), "forget to weigh"),
            "one column short": (lambda W, a: W[:, :-1] @ a[:-1], "the last column is missing"),
            "twice": (lambda W, a: 2 * (W @ a), "row 0 should give"),
        },
        unusual={
            "two loops": by_complex_loop,
            "broadcast": lambda W, a: (W * a).sum(axis=1).tolist(),
            "einsum": lambda W, a: np.einsum("ij,j->i", W, a),
        },
    ),
    "shapes": Bank(
        wrong={
            "inner sizes kept": (
                [(3, 3), (2, 5), (2, 5), (5, 2), (5,), (2, 5)],
                "the outer ones stay",
            ),
            "b kept": ([(2, 5), (5,), (2, 5), (5, 2), (5,), (2, 5)], "stretched to the larger"),
            "not turned": ([(2, 5), (2, 5), (2, 5), (2, 5), (5,), (2, 5)], "are exchanged"),
            "the other axis": ([(2, 5), (2, 5), (2, 5), (5, 2), (3,), (2, 5)], "that disappears"),
            "no table": ([(2, 5), (2, 5), (2, 5), (5, 2), (5,), (5,)], "into a table"),
            "a number": ([(2, 5), (2, 5), (2, 5), (5, 2), 5, (2, 5)], "a shape is a tuple"),
            "too few": ([(2, 5), (2, 5)], "a list of 6 shapes is wanted"),
        },
        unusual={
            "lists": [[2, 5], [2, 5], [2, 5], [5, 2], [5], [2, 5]],
            "from NumPy": tuple(
                x.shape
                for x in (
                    np.ones((2, 5)),
                    np.ones((2, 5)) + np.ones(5),
                    np.ones((2, 5)) + np.ones((2, 1)),
                    np.ones((2, 5)).T,
                    np.ones((3, 5)).sum(axis=0),
                    np.ones(5) + np.ones((2, 1)),
                )
            ),
        },
    ),
}
