"""Answers to the exercises of the chapter on learning better."""

import numpy as np
import torch

from banks import Bank


def measured_gain(activation, rng, n=200_000):
    return 1 / np.square(activation(rng.standard_normal(n))).mean()


def by_a_layer(activation, rng, n=500, examples=60):
    """Two real layers with gain 1: by how much does the mean square change in the second?"""
    x = rng.standard_normal((examples, n))
    before = activation(x @ rng.normal(0, n**-0.5, (n, n)))
    after = activation(before @ rng.normal(0, n**-0.5, (n, n)))
    return np.square(before).mean() / np.square(after).mean()


def by_integration(activation, rng):
    z = np.linspace(-8, 8, 10_001)
    weights = np.exp(-z * z / 2)
    return [weights.sum() / (np.square(activation(z)) * weights).sum()]


GAIN = Bank(
    wrong={
        "1 for all": (
            lambda activation, rng: 1.0,
            "for ReLU your gain is 1; it should be near 2",
        ),
        "2 for all": (lambda activation, rng: 2.0, "for an activation function that does nothing"),
        "what is left": (
            lambda activation, rng: 1 / measured_gain(activation, rng),
            "the gain is its reciprocal",
        ),
        "a standard deviation": (
            lambda activation, rng: measured_gain(activation, rng) ** 0.5,
            "belongs to the variance",
        ),
        "the variance": (
            lambda activation, rng: 1 / activation(rng.standard_normal(200_000)).var(),
            "you take the variance; the mean square also counts the mean",
        ),
        "the mean absolute value": (
            lambda activation, rng: 1 / np.abs(activation(rng.standard_normal(200_000))).mean(),
            "you take the mean absolute value; take the mean square",
        ),
        "positive numbers only": (
            lambda activation, rng: 1 / np.square(activation(rng.random(200_000))).mean(),
            "for ReLU your gain is 3",
        ),
        "few numbers": (
            lambda activation, rng: measured_gain(activation, rng, n=4),
            "measure with many numbers",
        ),
        "an array": (
            lambda activation, rng: np.square(activation(rng.standard_normal(10))),
            "the gain should be one number",
        ),
        "no return": (lambda activation, rng: None, "did you forget `return`"),
    },
    unusual={
        "a measurement": measured_gain,
        "a real layer": by_a_layer,
        "an integral": by_integration,
    },
)


def inverted(a, drop_rate, rng):
    return np.where(rng.random(a.shape) < drop_rate, 0, a / (1 - drop_rate))


def dropout_in_place(a, drop_rate, rng):
    a[rng.random(a.shape) < drop_rate] = 0
    a /= 1 - drop_rate
    return a


def one_by_one(a, drop_rate, rng):
    return [[0.0 if r < drop_rate else x / (1 - drop_rate) for x, r in zip(*rows, strict=True)]
            for rows in zip(a.tolist(), rng.random(a.shape).tolist(), strict=True)]  # fmt: skip


DROPOUT = Bank(
    wrong={
        "not scaled up": (
            lambda a, drop_rate, rng: np.where(rng.random(a.shape) < drop_rate, 0, a),
            "scale up the activations that are left",
        ),
        "the other rate": (
            lambda a, drop_rate, rng: inverted(a, 1 - drop_rate, rng),
            "at drop_rate 0.2 you drop a fraction of 0.80",
        ),
        "multiplied": (
            lambda a, drop_rate, rng: inverted(a, drop_rate, rng) * (1 - drop_rate) ** 2,
            "divide by 1 − drop_rate, do not multiply",
        ),
        "divided by the rate": (
            lambda a, drop_rate, rng: np.where(
                rng.random(a.shape) < drop_rate, 0, a / (drop_rate or 1)
            ),
            "divide by 1 − drop_rate, not by drop_rate",
        ),
        "nothing": (lambda a, drop_rate, rng: a, "you drop a fraction of 0.00"),
        "whole examples": (
            lambda a, drop_rate, rng: a * inverted(np.ones((len(a), 1)), drop_rate, rng),
            "drop all neurons of an example together",
        ),
        "one mask": (
            lambda a, drop_rate, rng: a * inverted(np.ones(a.shape[1]), drop_rate, rng),
            "all examples have the same mask",
        ),
        "scaled at random": (
            lambda a, drop_rate, rng: (
                inverted(a, drop_rate, rng) * rng.choice([0.5, 1.5], size=a.shape)
            ),
            "not all activations that are left get the same factor",
        ),
        "a generator of its own": (
            lambda a, drop_rate, rng: inverted(a, drop_rate, np.random.default_rng()),
            "draw from the `rng` that you are given",
        ),
        "the same seed in each call": (
            lambda a, drop_rate, rng: inverted(a, drop_rate, np.random.default_rng(0)),
            "you drop the same neurons in every call",
        ),
        "the first row": (
            lambda a, drop_rate, rng: inverted(a, drop_rate, rng)[0],
            "the shape is (4,)",
        ),
        "in place": (dropout_in_place, "you change an input in place"),
    },
    unusual={
        "where": inverted,
        "a binomial": lambda a, drop_rate, rng: (
            a * rng.binomial(1, 1 - drop_rate, a.shape) / (1 - drop_rate)
        ),
        "one by one": one_by_one,
        "single precision": lambda a, drop_rate, rng: (
            a * (rng.random(a.shape) >= drop_rate) / (1 - drop_rate)
        ).astype(np.float32),
    },
)


def best_epoch(costs, patience, *, first=0, ties=False, previous=False, stop=False):
    best = 0
    for epoch, cost in enumerate(costs):
        other = costs[max(epoch - 1, 0)] if previous else costs[best]
        if cost < other or (ties and cost == other):
            best = epoch
        if epoch - best >= patience:
            break
    return (epoch if stop else best) + first


def stop_at_the_first_rise(costs, patience):
    rises = np.flatnonzero(np.diff(costs) > 0)
    return int(rises[0]) if len(rises) else len(costs) - 1


def by_recursion(costs, patience, best=0, epoch=0):
    if epoch == len(costs) or epoch - best > patience:
        return best
    ahead = costs[epoch] < costs[best] and epoch - best <= patience
    if epoch - best == patience and not ahead:
        return best
    return by_recursion(costs, patience, epoch if ahead else best, epoch + 1)


def by_records(costs, patience):
    lowest = np.minimum.accumulate(costs)
    records = [0, *(np.flatnonzero(np.diff(lowest) < 0) + 1)]
    gaps = np.diff([*records, len(costs) + patience])
    return records[int(np.argmax(gaps > patience))]


BEST_EPOCH = Bank(
    wrong={
        "the lowest of all": (
            lambda costs, patience: int(np.argmin(costs)),
            "look into the future",
        ),
        "counted from 1": (
            lambda costs, patience: best_epoch(costs, patience, first=1),
            "expected 2: that counts from 1",
        ),
        "too early": (
            lambda costs, patience: best_epoch(costs, patience - 1),
            "you give up an epoch too early",
        ),
        "too late": (
            lambda costs, patience: best_epoch(costs, patience + 1),
            "you return 4, expected 1",
        ),
        "at the first rise": (stop_at_the_first_rise, "you return 1, expected 5"),
        "against the previous epoch": (
            lambda costs, patience: best_epoch(costs, patience, previous=True),
            "compare with the lowest cost until then",
        ),
        "an equal cost is new": (
            lambda costs, patience: best_epoch(costs, patience, ties=True),
            "for costs [2.0, 2.0, 2.0, 2.0, 1.0] and patience 3 you return 4, expected 0",
        ),
        "the last epoch": (lambda costs, patience: len(costs) - 1, "you return 4, expected 1"),
        "where it stops": (
            lambda costs, patience: best_epoch(costs, patience, stop=True),
            "that is the epoch at which you stop",
        ),
        "the cost": (
            lambda costs, patience: costs[best_epoch(costs, patience)],
            "that is the lowest cost, not its epoch",
        ),
        "both": (
            lambda costs, patience: (best_epoch(costs, patience), costs.min()),
            "the number of one epoch",
        ),
        "no return after the loop": (
            lambda costs, patience: (
                best_epoch(costs, patience) if best_epoch(costs, patience) == 1 else None
            ),
            "did you forget `return`",
        ),
    },
    unusual={
        "a loop": best_epoch,
        "by the gaps between records": by_records,
        "recursion": by_recursion,
    },
)


def norm_of(grads):
    return np.sqrt(sum(np.square(g).sum() for g in grads))


def scaled(factor):
    return lambda grads, limit: [factor(norm_of(grads), limit) * g for g in grads]


def clip_by_torch(grads, limit):
    parts = [torch.tensor(np.zeros_like(g), requires_grad=True) for g in grads]
    for part, g in zip(parts, grads, strict=True):
        part.grad = torch.tensor(g)
    norm = norm_of(grads)
    if norm > limit:
        for part in parts:
            part.grad *= limit / norm
    return [part.grad.numpy() for part in parts]


CLIP = Bank(
    wrong={
        "entries": (
            lambda grads, limit: [np.clip(g, -limit, limit) for g in grads],
            "each entry is clipped",
        ),
        "each array": (
            lambda grads, limit: [g * min(1, limit / np.linalg.norm(g)) for g in grads],
            "each array has a norm of its own",
        ),
        "always": (scaled(lambda norm, limit: limit / norm), "short enough stays as it is"),
        "never": (lambda grads, limit: grads, "you leave it as it is"),
        "the squared norm": (
            scaled(lambda norm, limit: limit / norm**2 if norm > limit else 1),
            "you divide by the squared norm",
        ),
        "half": (scaled(lambda norm, limit: limit / norm / 2), "times the common factor"),
        "one array": (lambda grads, limit: grads[0], "you should return a list of 2 arrays"),
        "no return": (lambda grads, limit: None, "did you forget `return`"),
    },
    unusual={
        "a minimum": scaled(lambda norm, limit: min(1, limit / norm)),
        "a maximum below": lambda grads, limit: tuple(
            g * limit / max(limit, norm_of(grads)) for g in grads
        ),
        "torch": clip_by_torch,
    },
)

BATCH_NORM = Bank(
    wrong={
        "rows": (
            lambda x, eps: (
                (x - x.mean(axis=1, keepdims=True)) / np.sqrt(x.var(axis=1, keepdims=True) + eps)
            ),
            "that normalises rows",
        ),
        "the whole table": (
            lambda x, eps: (x - x.mean()) / np.sqrt(x.var() + eps),
            "those of the whole table",
        ),
        "no root": (lambda x, eps: (x - x.mean(axis=0)) / (x.var(axis=0) + eps), "the root of"),
        "no mean": (lambda x, eps: x / np.sqrt(x.var(axis=0) + eps), "the mean is not subtracted"),
        "no division": (lambda x, eps: x - x.mean(axis=0), "not divided by anything"),
        "ε outside": (
            lambda x, eps: (x - x.mean(axis=0)) / (x.std(axis=0) + eps),
            "under the root",
        ),
        "the other variance": (
            lambda x, eps: (x - x.mean(axis=0)) / np.sqrt(x.var(axis=0, ddof=1) + eps),
            "is not normalised over the examples",
        ),
        "no return": (lambda x, eps: None, "did you forget `return`"),
    },
    unusual={
        "transposed": lambda x, eps: (
            (
                (x.T - x.T.mean(axis=1, keepdims=True))
                / np.sqrt(x.T.var(axis=1, keepdims=True) + eps)
            ).T
        ),
        "torch": lambda x, eps: (
            torch.nn.functional.batch_norm(torch.tensor(x), None, None, training=True, eps=eps)
            if len(x) > 1
            else torch.zeros(x.shape, dtype=torch.float64)
        ),
    },
)

BANK = {
    "clip": CLIP,
    "batch_norm": BATCH_NORM,
    "gain": GAIN,
    "dropout": DROPOUT,
    "best_epoch": BEST_EPOCH,
}
