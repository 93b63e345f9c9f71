"""Answers to the exercises of the chapter on the ablation and the search."""

import numpy as np
import torch

from banks import Bank

DIFFERENCE = Bank(
    wrong={
        "a deviation": ((1.0, 0.816), "the standard deviation of one method"),
        "n": ((1.0, 0.5), "divide by n − 1 in the variances"),
        "one method": ((1.0, 0.408), "both methods vary"),
        "not divided": ((1.0, 1.155), "by the number of seeds"),
        "no root": ((1.0, 1 / 3), "take the root"),
        "the difference": ((0.5, 0.577), "the means are 96 and 95"),
        "something": ((1.0, 0.7), "the standard error should not be 0.7"),
        "one number": (1.0, "expected 2 numbers"),
    },
    unusual={"rounded": [1, 0.58], "torch": torch.tensor([1.0, 3**-0.5])},
)


def finite(found):
    return {rate: value for rate, value in found.items() if value == value}


def best_of(found):
    return max(finite(found), key=found.get)


BEST_RATE = Bank(
    wrong={
        "always inside": (lambda found: (best_of(found), False), "but it is at an end"),
        "always at an end": (lambda found: (best_of(found), True), "but it is not at an end"),
        "nan wins": (
            lambda found: (
                (best := next((r for r, v in found.items() if v != v), best_of(found))),
                best in (min(found), max(found)),
            ),
            "is it `nan` that wins",
        ),
        "the ends of what did not diverge": (
            lambda found: (
                (best := best_of(found)),
                best in (min(finite(found)), max(finite(found))),
            ),
            "belong to the grid",
        ),
        "first and last of the dictionary": (
            lambda found: ((best := best_of(found)), best in ([*found][:1] + [*found][-1:])),
            "compare with the smallest and the largest rate",
        ),
        "the accuracy": (
            lambda found: (max(finite(found).values()), False),
            "that is an accuracy",
        ),
        "the worst": (
            lambda found: (min(finite(found), key=found.get), False),
            "that is the worst",
        ),
        "the rate alone": (best_of, "you should return a pair"),
        "no return": (lambda found: None, "did you forget `return`"),
    },
    unusual={
        "sorted": lambda found: (
            (best := best_of(found)),
            sorted(found).index(best) in (0, len(found) - 1),
        ),
        "by arrays": lambda found: [
            (rates := np.array(sorted(found)))[
                k := int(np.nanargmax([found[rate] for rate in rates]))
            ],
            k in (0, len(rates) - 1),
        ],
    },
)


def independent(one, other):
    return one.mean() - other.mean(), np.sqrt((one.var(ddof=1) + other.var(ddof=1)) / len(one))


def pair(one, other):
    d = one - other
    return d.mean(), d.std(ddof=1) / np.sqrt(len(d))


PAIRED = Bank(
    wrong={
        "independent": (independent, "these are independent samples"),
        "no root of n": (
            lambda one, other: ((one - other).mean(), (one - other).std(ddof=1)),
            "of the differences, not of their mean",
        ),
        "n": (
            lambda one, other: ((one - other).mean(), (one - other).std() / np.sqrt(len(one))),
            "divide by n − 1",
        ),
        "the variance": (
            lambda one, other: ((one - other).mean(), (one - other).var(ddof=1) / len(one)),
            "take the root",
        ),
        "by n": (
            lambda one, other: ((one - other).mean(), (one - other).std(ddof=1) / len(one)),
            "divide by the root of n",
        ),
        "reversed": (lambda one, other: pair(other, one), "not the reverse"),
        "a median": (
            lambda one, other: (np.median(one - other), pair(one, other)[1]),
            "the mean is not that of the differences",
        ),
        "one number": (lambda one, other: (one - other).mean(), "the shape is ()"),
        "no return": (lambda one, other: None, "did you forget `return`"),
    },
    unusual={
        "torch": lambda one, other: torch.stack(
            [(d := torch.tensor(one - other)).mean(), d.std() / len(d) ** 0.5]
        ),
        "a covariance": lambda one, other: [
            one.mean() - other.mean(),
            float(np.sqrt(np.array([1, -1]) @ np.cov(one, other) @ [1, -1] / len(one))),
        ],
        "a pair": pair,
    },
)


def log_uniform(low, high, size, rng):
    return np.exp(rng.uniform(np.log(low), np.log(high), size))


LOG_UNIFORM = Bank(
    wrong={
        "uniform": (lambda low, high, size, rng: rng.uniform(low, high, size), "ordinary scale"),
        "base ten, natural root": (
            lambda low, high, size, rng: np.exp(rng.uniform(np.log10(low), np.log10(high), size)),
            "hold [0.0, 0.0, 0.43, 0.57]",
        ),
        "not exponentiated": (
            lambda low, high, size, rng: rng.uniform(np.log(low), np.log(high), size),
            "some numbers are outside",
        ),
        "a grid": (
            lambda low, high, size, rng: rng.choice(np.geomspace(low, high, 9)[:8], size),
            "few different numbers",
        ),
        "a root": (
            lambda low, high, size, rng: rng.uniform(low**0.5, high**0.5, size) ** 2,
            "the four quarters of the logarithmic range",
        ),
        "one number": (
            lambda low, high, size, rng: log_uniform(low, high, None, rng),
            "the shape is (), should be (20000,)",
        ),
        "a generator of its own": (
            lambda low, high, size, rng: log_uniform(low, high, size, np.random.default_rng()),
            "draw from the `rng`",
        ),
        "the same seed": (
            lambda low, high, size, rng: log_uniform(low, high, size, np.random.default_rng(0)),
            "the same numbers in every call",
        ),
        "no return": (lambda low, high, size, rng: None, "did you forget `return`"),
    },
    unusual={
        "a power": lambda low, high, size, rng: low * (high / low) ** rng.random(size),
        "base ten": lambda low, high, size, rng: (
            10 ** rng.uniform(np.log10(low), np.log10(high), size)
        ),
        "a list": lambda low, high, size, rng: [
            float(log_uniform(low, high, 1, rng)[0]) for _ in range(size)
        ],
    },
)


def draw(values, rng, pair=log_uniform):
    if isinstance(values, tuple):
        return pair(*values, 1, rng)[0]
    return values[rng.integers(len(values))]


def settings_of(space, count, rng, pair=log_uniform):
    return [{k: draw(v, rng, pair) for k, v in space.items()} for _ in range(count)]


def one_part(space, count, rng):
    found = []
    for part in rng.random(count):
        pairs = {k: v[0] * (v[1] / v[0]) ** part for k, v in space.items() if isinstance(v, tuple)}
        lists = {k: v[int(part * len(v))] for k, v in space.items() if isinstance(v, list)}
        found.append(pairs | lists)
    return found


RANDOM_SETTINGS = Bank(
    wrong={
        "repeated": (lambda space, n, rng: n * settings_of(space, 1, rng), "settings repeat"),
        "a uniform rate": (
            lambda space, n, rng: settings_of(
                space, n, rng, lambda low, high, size, rng: rng.uniform(low, high, size)
            ),
            "draw them with `log_uniform`",
        ),
        "the ends": (
            lambda space, n, rng: [
                {k: v[rng.integers(len(v))] for k, v in space.items()} for _ in range(n)
            ],
            "settings repeat; draw each on its own",
        ),
        "never the last": (
            lambda space, n, rng: [
                {k: draw(v if isinstance(v, tuple) else v[:-1], rng) for k, v in space.items()}
                for _ in range(n)
            ],
            "some choices are never drawn",
        ),
        "one draw for all names": (one_part, "the choices hang together"),
        "one setting": (
            lambda space, n, rng: settings_of(space, 1, rng)[0],
            "expected a list of 600",
        ),
        "values only": (
            lambda space, n, rng: [list(s.values()) for s in settings_of(space, n, rng)],
            "should be a dictionary",
        ),
        "the whole list": (
            lambda space, n, rng: [
                {k: draw(v, rng) if k == "rate" else v for k, v in space.items()} for _ in range(n)
            ],
            "no such reach",
        ),
        "no return": (lambda space, n, rng: None, "did you forget `return`"),
    },
    unusual={
        "by name": settings_of,
        "columns first": lambda space, n, rng: [
            dict(zip(space, row, strict=True))
            for row in zip(
                *(
                    log_uniform(*v, n, rng)
                    if isinstance(v, tuple)
                    else [v[i] for i in rng.integers(len(v), size=n)]
                    for v in space.values()
                ),
                strict=True,
            )
        ],
    },
)


def halving(settings, score, epochs, *, keep=lambda n: (n + 1) // 2, grow=2, worst=False):
    while len(settings) > 1:
        ranked = sorted(settings, key=lambda s: score(s, epochs), reverse=not worst)
        settings = ranked[: keep(len(ranked))]
        epochs *= grow
    return settings[0]


def by_recursion(settings, score, epochs):
    if len(settings) == 1:
        return settings[0]
    scores = np.array([score(s, epochs) for s in settings])
    kept = np.argsort(-scores)[: len(settings) - len(settings) // 2]
    return by_recursion([settings[i] for i in kept], score, 2 * epochs)


def dropped_one_by_one(settings, score, epochs):
    left = list(settings)
    while len(left) > 1:
        scores = [(score(s, epochs), i) for i, s in enumerate(left)]
        gone = {i for _, i in sorted(scores)[: len(left) // 2]}
        left = [s for i, s in enumerate(left) if i not in gone]
        epochs += epochs
    return left[0]


def twice_each_round(settings, score, epochs):
    for s in settings:
        score(s, epochs)
    return halving(settings, score, epochs)


HALVING = Bank(
    wrong={
        "one round": (
            lambda settings, score, epochs: max(settings, key=lambda s: score(s, epochs)),
            "your rounds (epochs, settings) are [(1, 8)]",
        ),
        "no doubling": (
            lambda settings, score, epochs: halving(settings, score, epochs, grow=1),
            "twice in one round",
        ),
        "the smaller half": (
            lambda settings, score, epochs: halving(settings, score, epochs, keep=lambda n: n // 2),
            "for 7 settings your rounds (epochs, settings) are [(1, 7), (2, 3)]",
        ),
        "one less": (
            lambda settings, score, epochs: halving(settings, score, epochs, keep=lambda n: n - 1),
            "your rounds (epochs, settings)",
        ),
        "the worst": (
            lambda settings, score, epochs: halving(settings, score, epochs, worst=True),
            "the last setting should be the best",
        ),
        "trained twice": (twice_each_round, "you train a setting twice in one round"),
        "a list": (
            lambda settings, score, epochs: [halving(settings, score, epochs)],
            "you should return one setting",
        ),
        "no return": (lambda settings, score, epochs: None, "did you forget `return`"),
    },
    unusual={
        "sorted": halving,
        "recursion": by_recursion,
        "the worse half dropped": dropped_one_by_one,
    },
)

BANK = {
    "difference_and_error": DIFFERENCE,
    "best_rate": BEST_RATE,
    "paired": PAIRED,
    "log_uniform": LOG_UNIFORM,
    "random_settings": RANDOM_SETTINGS,
    "halving": HALVING,
}
