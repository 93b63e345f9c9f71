"""Checks for the project of a trainer of one's own."""

from __future__ import annotations

import numpy as np

from weighted_sums.exercises import Wrong, call, diagnose, require, require_shape
from weighted_sums.neurons import sigmoid

LEAST = 92  # per cent of the wines that are held out


def standardise(answer) -> str:
    """`standardise(train, test)`: columns of mean 0 and standard deviation 1 where one trains."""
    rng = np.random.default_rng(0)
    for constant in (False, True):
        train, test = rng.normal(5, 3, size=(20, 4)), rng.normal(2, 9, size=(7, 4))
        if constant:
            train[:, 2] = 4.0
        where = "with a constant column" if constant else "for 20 and 7 rows"
        pair = call(answer, where, train, test)
        require(isinstance(pair, tuple | list) and len(pair) == 2, f"{where} return two tables")
        found = [np.asarray(one, dtype=float) for one in pair]
        for name, one, given in zip(("train", "test"), found, (train, test), strict=True):
            require_shape(one, given.shape, f"{where}, {name}")
        mean, std = train.mean(axis=0), train.std(axis=0)
        require(bool(np.isfinite(found[0]).all()), f"{where} you divide 0 by 0; give 0 there")
        safe = np.where(std == 0, 1, std)
        _compare(found, train, test, mean, safe, where)
    return "nothing was learned from the test data"


def _compare(found, train, test, mean, std, where: str) -> None:
    both = np.concatenate([train, test])
    right = (train - mean) / std
    if not np.allclose(found[0], right):
        raise Wrong(f"{where} " + diagnose(found[0], {
            "you use the test data too: the mean is that of both tables":
                (train - both.mean(axis=0)) / both.std(axis=0),
            "you standardise the rows; each column is one measurement":
                (train - train.mean(axis=1, keepdims=True)) / train.std(axis=1, keepdims=True),
            "you use one mean for the whole table": (train - train.mean()) / train.std(),
            "the mean is right; divide by the standard deviation": train - mean,
            "divide by the standard deviation, not by the variance": (train - mean) / std**2,
            "the mean is not subtracted": train / std,
        }, "the columns of train do not have mean 0 and standard deviation 1"))  # fmt: skip
    own = np.where(test.std(axis=0) == 0, 1, test.std(axis=0))
    if not np.allclose(found[1], (test - mean) / std):
        raise Wrong(f"{where} train is right, but " + diagnose(found[1], {
            "test is standardised by its own mean; use that of train":
                (test - test.mean(axis=0)) / own,
            "test is as it was; change it by the same numbers": test,
            "a column that is constant in train is lost in test":
                np.where(train.std(axis=0) == 0, 0, (test - mean) / std),
        }, "test is not changed by the same numbers as train"))  # fmt: skip


def gradient(answer) -> str:
    """`gradient(W, b, x, y, decay)`: a penalised cost and its gradient."""
    rng = np.random.default_rng(0)
    for n, fan_in, fan_out, decay in ((7, 4, 3, 0.1), (1, 2, 5, 0.5), (6, 3, 2, 0.0)):
        W, b = rng.normal(size=(fan_out, fan_in)), rng.normal(size=fan_out)
        x, y = rng.normal(size=(n, fan_in)), rng.uniform(size=(n, fan_out))
        where = f"for {n} examples and a decay of {decay}"
        parts = call(answer, where, W, b, x, y, decay)
        three = isinstance(parts, tuple | list) and len(parts) == 3
        require(three, f"{where} return three things: cost, dW, db")
        found = [np.asarray(part, dtype=float) for part in parts]
        for name, part, shape in zip(("cost", "dW", "db"), found, ((), W.shape, b.shape),
                                     strict=True):  # fmt: skip
            require_shape(part, shape, f"{where}, {name}")
        _compare_gradient(found, (W, b, x, y, decay), where)
    return "the penalty pulls the weights and leaves the biases alone"


def _compare_gradient(found, given, where: str) -> None:
    W, b, x, y, decay = given
    n, a = len(x), sigmoid(x @ W.T + b)
    dz = 2 * (a - y) * a * (1 - a) / n
    loss, penalty = np.square(a - y).sum() / n, decay / 2 * (W * W).sum()
    errors = [
        (found[0], loss + penalty, "the cost", {
            "add up over the outputs and average over the examples only":
                np.square(a - y).mean() + penalty,
            "divide the sum by the number of examples": n * loss + penalty,
            "divide by the number of examples, and add the penalty": n * loss,
            "the penalty is missing": loss,
            "the penalty has a factor one half": loss + 2 * penalty,
            "the penalty is an average of nothing; do not divide it": loss + penalty / n,
            "the biases are not penalised": loss + penalty + decay / 2 * (b * b).sum(),
        }),
        (found[1], dz.T @ x + decay * W, "dW", {
            "divide by the number of examples": n * dz.T @ x + decay * W,
            "divide by the number of examples, and add the penalty's part": n * dz.T @ x,
            "the derivative of the penalty is missing": dz.T @ x,
            "the half in front of the squares cancels the 2": dz.T @ x + 2 * decay * W,
            "the penalty is in the cost with its full weight": dz.T @ x + decay * W / n,
            "the penalty's sign is wrong": dz.T @ x - decay * W,
            "the sigmoid's derivative is missing": (2 * (a - y) / n).T @ x + decay * W,
            "the factor 2 of the square is missing": dz.T @ x / 2 + decay * W,
        }),
        (found[2], dz.sum(axis=0), "db", {
            "the biases are not penalised": dz.sum(axis=0) + decay * b,
            "divide by the number of examples": n * dz.sum(axis=0),
            "you average twice": dz.sum(axis=0) / n,
        }),
    ]  # fmt: skip
    for one, want, name, known in errors:
        if not np.allclose(one, want):
            why = diagnose(one, known, "test it by a small change of one entry")
            raise Wrong(f"{where} {name} is not right: {why}")


def fit(answer) -> str:
    """`fit(train_x, train_y, test_x, rng)` trains on wines and predicts the grower of others."""
    from mlxtend.data import wine_data  # the package does not need it otherwise

    x, y = wine_data()
    scores: list[float] = []
    for seed in range(5):
        order = np.random.default_rng(100 + seed).permutation(len(x))
        learn, held = order[:120], order[120:]
        where = f"in split {seed + 1}"
        rngs = [np.random.default_rng(seed) for _ in range(2 if seed == 0 else 1)]
        found = [np.asarray(call(answer, where, x[learn], y[learn], x[held], rng)) for rng in rngs]
        require_shape(found[0], (len(held),), where)
        require(bool(np.isin(found[0], (0, 1, 2)).all()), f"{where} predict 0, 1 or 2")
        same = np.array_equal(found[0], found[-1])
        require(same, f"{where} two runs with the same rng differ; draw from rng alone")
        scores.append(100 * np.mean(found[0] == y[held]))
    mean, majority = np.mean(scores), 100 * np.bincount(y).max() / len(y)
    if mean < LEAST:
        raise Wrong(f"{mean:.1f} per cent of the held-out wines; {LEAST} are asked for" + (
            f". The most frequent grower alone would give {majority:.0f}: nothing was learned. "
            "Are the inputs standardised, and is the sigmoid saturated?" if mean < majority + 10
            else ". Train longer, or with another learning rate"))  # fmt: skip
    return f"{mean:.1f} per cent of wines that your trainer has never seen"
