"""Answers to the steps of the project in which a head is found, ablated and explained."""

import statistics

import numpy as np

from banks import Bank


def scores(patterns, period, shift=None, of=np.mean, first=None):
    shift = period - 1 if shift is None else shift
    found = []
    for p in patterns:
        at = np.arange(max(period if first is None else first, shift), p.shape[-1])
        found.append(of(p[:, at, at - shift], axis=1))
    return np.array(found)


def by_diagonals(patterns, period):
    return [
        np.diagonal(p, 1 - period, axis1=1, axis2=2)[:, 1:].mean(axis=1).tolist() for p in patterns
    ]


def by_loops(patterns, period):
    found = np.zeros((len(patterns), len(patterns[0])))
    for layer, p in enumerate(patterns):
        for head in range(len(p)):
            T = p.shape[1]
            row = [p[head, t, t - period + 1] for t in range(period, T)]
            found[layer, head] = sum(row) / (T - period)
    return found


def effects(loss_without, pairs, seeds, average=np.mean):
    found = {}
    for pair in pairs:
        found[pair] = average([loss_without([pair], s) - loss_without([], s) for s in seeds])
    return found


def baseline_first(loss_without, pairs, seeds):
    before = np.mean([loss_without([], seed) for seed in seeds])
    return {
        pair: statistics.mean(float(loss_without([pair], s)) for s in seeds) - before
        for pair in pairs
    }


def one_baseline(loss_without, pairs, seeds):
    before = loss_without([], seeds[0])
    return {p: np.mean([loss_without([p], s) for s in seeds]) - before for p in pairs}


BANK = {
    "scores": Bank(
        wrong={
            "the copy": (lambda p, n: scores(p, n, n), "the token after it is asked for"),
            "before": (lambda p, n: scores(p, n, n + 1), "the token before the copy"),
            "previous": (lambda p, n: scores(p, n, 1), "you look at the previous position"),
            "first copy": (
                lambda p, n: scores(p, n, first=n - 1),
                "you also average over the first copy",
            ),
            "exchanged": (
                lambda p, n: scores([w.swapaxes(1, 2) for w in p], n),
                "rows are queries",
            ),
            "largest": (lambda p, n: scores(p, n, of=np.max), "you take the largest weight"),
            "sum": (lambda p, n: scores(p, n, of=np.sum), "you add up the weights"),
            "transposed": (lambda p, n: scores(p, n).T, "heads and layers are exchanged"),
        },
        unusual={"indices": scores, "diagonals": by_diagonals, "loops": by_loops},
    ),
    "effects": Bank(
        wrong={
            "no baseline": (
                lambda f, p, s: {q: np.mean([f([q], i) for i in s]) for q in p},
                "subtract that with it",
            ),
            "sign": (
                lambda f, p, s: {q: -v for q, v in effects(f, p, s).items()},
                "an increase is positive",
            ),
            "one seed": (lambda f, p, s: effects(f, p, s[:1]), "you use one seed only"),
            "one baseline": (one_baseline, "each seed has its own"),
            "all heads": (
                lambda f, p, s: {q: np.mean([f(p, i) - f([], i) for i in s]) for q in p},
                "you ablate all heads at once",
            ),
            "largest": (lambda f, p, s: effects(f, p, s, np.max), "yours is the largest increase"),
            "sum": (lambda f, p, s: effects(f, p, s, np.sum), "the sum over the seeds"),
            "a list": (lambda f, p, s: list(effects(f, p, s).values()), "a dictionary is asked"),
            "other seeds": (lambda f, p, s: effects(f, p, range(4)), "you ask for the seed 0"),
        },
        unusual={
            "paired": effects,
            "baseline first": baseline_first,
            "statistics": lambda f, p, s: effects(
                f, p, s, lambda v: statistics.mean(map(float, v))
            ),
        },
    ),
    "p_value": Bank(
        wrong={
            "zero": (lambda e, c: (c >= e).mean(), "count the effect itself as one of the draws"),
            "strict": (lambda e, c: (1 + (c > e).sum()) / (1 + len(c)), "exactly as much counts"),
            "less": (lambda e, c: (c < e).mean(), "that do less"),
            "above only": (lambda e, c: (1 + (c >= e).sum()) / len(c), "above the line only"),
            "below only": (lambda e, c: (c >= e).sum() / (1 + len(c)), "below the line only"),
            "z": (lambda e, c: (e - c.mean()) / max(c.std(), 1e-9), "a number of standard"),
            "a constant": (lambda e, c: 0.05, "it should be 0.8333"),
        },
        unusual={
            "counting": lambda e, c: (1 + (c >= e).sum()) / (1 + len(c)),
            "all draws": lambda e, c: np.mean(np.append(c, e) >= e),
            "a loop": lambda e, c: sum(x >= e for x in [e, *c.tolist()]) / (len(c) + 1),
        },
    ),
}
