"""Answers to the project of a trainer of one's own."""

import numpy as np

from banks import Bank


def standardise(train, test):
    mean, std = train.mean(axis=0), train.std(axis=0)
    std = np.where(std == 0, 1, std)
    return (train - mean) / std, (test - mean) / std


def by_columns(train, test):
    for_train, for_test = [], []
    for column, other in zip(train.T, test.T, strict=True):
        std = column.std() or 1.0
        for_train.append((column - column.mean()) / std)
        for_test.append((other - column.mean()) / std)
    return np.transpose(for_train), np.transpose(for_test)


def leaking(train, test):
    both = np.concatenate([train, test])
    return tuple((one - both.mean(axis=0)) / both.std(axis=0) for one in (train, test))


def apart(train, test):
    return standardise(train, train)[0], standardise(test, test)[0]


def in_place(train, test):
    mean, std = train.mean(axis=0), train.std(axis=0)
    train -= mean
    train /= std
    return train, (test - mean) / std


def rows(train, test):
    return tuple(
        (one - one.mean(axis=1, keepdims=True)) / one.std(axis=1, keepdims=True)
        for one in (train, test)
    )


def lost(train, test):
    found = standardise(train, test)
    return found[0], np.where(train.std(axis=0) == 0, 0, found[1])


def gradient(W, b, x, y, decay, bias=0.0, half=True, mean=True, penalty=True, prime=True):
    a = 1 / (1 + np.exp(-(x @ W.T + b)))
    n = len(x) if mean else 1
    dz = 2 * (a - y) / n * (a * (1 - a) if prime else 1)
    decay = decay if penalty else 0.0
    cost = np.square(a - y).sum() / n + (decay / 2 if half else decay) * (W * W).sum()
    dW = dz.T @ x + (decay if half else 2 * decay) * W
    return cost, dW, dz.sum(axis=0) + bias * decay * b


def looped_gradient(W, b, x, y, decay):
    total = [decay / 2 * (W**2).sum(), decay * W, np.zeros_like(b)]
    for one, target in zip(x, y, strict=True):
        a = 1 / (1 + np.exp(-(W @ one + b)))
        dz = 2 * (a - target) * a * (1 - a) / len(x)
        parts = (np.square(a - target).sum() / len(x), np.outer(dz, one), dz)
        total = [old + new for old, new in zip(total, parts, strict=True)]
    return tuple(total)


def cost_alone_penalised(*given):
    _, dW, db = gradient(*given, penalty=False)
    return gradient(*given)[0], dW, db


def fit(x, y, test, rng, steps=2000, prepare=standardise, learning_rate=0.3):
    x, test = prepare(x, test)
    targets = np.eye(3)[y]
    W, b = rng.standard_normal((3, x.shape[1])) / np.sqrt(x.shape[1]), np.zeros(3)
    with np.errstate(over="ignore"):
        for _ in range(steps):
            some = rng.choice(len(x), 10, replace=False)
            _, dW, db = gradient(W, b, x[some], targets[some], 0.0)
            W, b = W - learning_rate * dW, b - learning_rate * db
    return (test @ W.T + b).argmax(axis=1)


def nearest_mean(x, y, test, rng):
    x, test = standardise(x, test)
    means = np.array([x[y == k].mean(axis=0) for k in range(3)])
    return np.square(test[:, None] - means).sum(axis=2).argmin(axis=1)


def unseeded(x, y, test, rng):
    return (fit(x, y, test, rng) + np.random.default_rng().integers(0, 2, len(test))) % 3


BANK = {
    "standardise": Bank(
        wrong={
            "all the data": (leaking, "you use the test data too"),
            "each by its own": (apart, "by its own mean"),
            "train only": (lambda a, b: (standardise(a, b)[0], b), "test is as it was"),
            "rows": (rows, "each column is one measurement"),
            "one mean": (
                lambda a, b: ((a - a.mean()) / a.std(), (b - a.mean()) / a.std()),
                "one mean for the whole table",
            ),
            "centred": (lambda a, b: (a - a.mean(0), b - a.mean(0)), "divide by the standard"),
            "variance": (
                lambda a, b: ((a - a.mean(0)) / a.var(0), (b - a.mean(0)) / a.var(0)),
                "not by the variance",
            ),
            "constant column": (
                lambda a, b: ((a - a.mean(0)) / a.std(0), (b - a.mean(0)) / a.std(0)),
                "you divide 0 by 0",
            ),
            "constant column lost": (lost, "constant in train is lost in test"),
            "in place": (in_place, "you change an input in place"),
            "one table": (lambda a, b: standardise(a, b)[0], "return two tables"),
            "no return": (lambda a, b: None, "forget `return`"),
        },
        unusual={"the plain way": standardise, "by columns": by_columns},
    ),
    "gradient": Bank(
        wrong={
            "sums": (lambda *g: gradient(*g, mean=False), "divide the sum by the number"),
            "no penalty": (lambda *g: gradient(*g, penalty=False), "the penalty is missing"),
            "no penalty in dW": (cost_alone_penalised, "the derivative of the penalty is missing"),
            "no half": (lambda *g: gradient(*g, half=False), "the penalty has a factor one half"),
            "a mean over the outputs": (
                lambda W, b, x, y, d: (
                    np.square(1 / (1 + np.exp(-(x @ W.T + b))) - y).mean() + d / 2 * (W * W).sum(),
                    *gradient(W, b, x, y, d)[1:],
                ),
                "average over the examples only",
            ),
            "biases too": (lambda *g: gradient(*g, bias=1.0), "the biases are not penalised"),
            "no derivative of the sigmoid": (
                lambda *g: gradient(*g, prime=False),
                "the sigmoid's derivative is missing",
            ),
            "uphill penalty": (
                lambda W, *g: (
                    gradient(W, *g)[0],
                    gradient(W, *g)[1] - 2 * g[-1] * W,
                    gradient(W, *g)[2],
                ),
                "the penalty's sign is wrong",
            ),
            "transposed": (
                lambda *g: (gradient(*g)[0], gradient(*g)[1].T, gradient(*g)[2]),
                "the shape is",
            ),
            "without the cost": (lambda *g: gradient(*g)[1:], "return three things"),
            "no return": (lambda *g: None, "forget `return`"),
        },
        unusual={"the plain way": gradient, "example by example": looped_gradient},
    ),
    "fit": Bank(
        wrong={
            "as they are": (
                lambda *g: fit(*g, prepare=lambda a, b: (a, b)),
                "Are the inputs standardised",
            ),
            "hardly any steps": (
                lambda *g: fit(*g, steps=10, learning_rate=0.001),
                "per cent of the held-out wines",
            ),
            "a tiny rate": (lambda *g: fit(*g, learning_rate=1e-5, steps=50), "per cent of the"),
            "the most frequent": (
                lambda x, y, test, rng: np.full(len(test), np.bincount(y).argmax()),
                "nothing was learned",
            ),
            "outputs": (lambda x, y, test, rng: np.zeros((len(test), 3)), "the shape is (58, 3)"),
            "growers from one": (lambda *g: fit(*g) + 1, "predict 0, 1 or 2"),
            "a random source of its own": (unseeded, "draw from rng alone"),
            "in place": (
                lambda x, y, test, rng: fit(*in_place(x, test)[:1], y, test, rng),
                "you change an input in place",
            ),
            "no return": (lambda *g: None, "forget `return`"),
        },
        unusual={
            "the plain way": fit,
            "not a network at all": nearest_mean,
            "a list": lambda *g: fit(*g).tolist(),
        },
    ),
}
