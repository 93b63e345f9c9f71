"""Answers to the project of a learning-rate finder."""

import math

import numpy as np

from banks import Bank


def range_test(step, rates, factor=4.0, check_finite=True, keep_last=True):
    costs = []
    for rate in rates:
        cost = step(rate)
        if check_finite and not math.isfinite(cost):
            break
        costs.append(cost)
        if cost > factor * min(costs):
            return costs if keep_last else costs[:-1]
    return costs


def by_the_last(step, rates):
    """Compare with the cost before, not with the lowest."""
    costs = []
    for rate in rates:
        cost = step(rate)
        if not math.isfinite(cost):
            break
        costs.append(cost)
        if len(costs) > 1 and cost > 4 * costs[-2]:
            break
    return costs


def at_four(step, rates):
    costs = []
    for rate in rates:
        cost = step(rate)
        if not math.isfinite(cost):
            break
        costs.append(cost)
        if len(costs) > 1 and cost >= 4 * min(costs):
            break
    return costs


def keeps_nan(step, rates):
    costs = []
    for rate in rates:
        costs.append(step(rate))
        if not costs[-1] <= 4 * min(costs):
            break
    return costs


def recursive(step, rates, lowest=math.inf):
    if not len(rates):
        return []
    cost = step(rates[0])
    if not math.isfinite(cost):
        return []
    lowest = min(lowest, cost)
    return [cost] if cost > 4 * lowest else [cost, *recursive(step, rates[1:], lowest)]


def smooth(costs, beta=0.9, corrected=True):
    m, found = 0.0, []
    for t, cost in enumerate(costs, start=1):
        m = beta * m + (1 - beta) * cost
        found.append(m / (1 - beta**t) if corrected else m)
    return np.array(found)


def by_convolution(rates, costs):
    weights = 0.9 ** np.arange(len(costs))
    average = np.convolve(costs, weights)[: len(costs)] / np.cumsum(weights)
    return rates[average.argmin()] / 3


BANK = {
    "rising": Bank(
        wrong={
            "equal differences": (np.linspace, "equal factors are asked for"),
            "one factor too many": (
                lambda a, b, n: a * (b / a) ** (np.arange(n) / n),
                "there are steps - 1 factors",
            ),
            "the first missing": (
                lambda a, b, n: a * (b / a) ** (np.arange(1, n + 1) / n),
                "the first is missing",
            ),
            "logarithms": (
                lambda a, b, n: np.linspace(np.log(a), np.log(b), n),
                "these are the logarithms",
            ),
            "base ten": (lambda a, b, n: np.linspace(np.log10(a), np.log10(b), n), "to base ten"),
            "falling": (lambda a, b, n: np.geomspace(b, a, n), "they fall"),
            "from one": (lambda a, b, n: np.geomspace(1, b / a, n), "the first should be `low`"),
            "one more": (lambda a, b, n: np.geomspace(a, b, n + 1), "the shape is (6,)"),
            "no return": (lambda a, b, n: None, "forget `return`"),
        },
        unusual={
            "NumPy's": np.geomspace,
            "by exponentials": lambda a, b, n: np.exp(np.linspace(np.log(a), np.log(b), n)),
            "a list": lambda a, b, n: [a * (b / a) ** (k / (n - 1)) for k in range(n)],
        },
    ),
    "range_test": Bank(
        wrong={
            "never stops": (lambda step, rates: [step(r) for r in rates], "you go on for"),
            "nan unnoticed": (
                lambda step, rates: range_test(step, rates, check_finite=False),
                "one is nan",
            ),
            "nan kept": (keeps_nan, "a cost that is not finite is not kept"),
            "the last dropped": (
                lambda step, rates: range_test(step, rates, keep_last=False),
                "the last cost belongs to the list",
            ),
            "twice the lowest": (
                lambda step, rates: range_test(step, rates, factor=2.0),
                "you stop after",
            ),
            "the cost before": (by_the_last, "you go on for"),
            "at exactly four times": (at_four, "exactly four times the lowest"),
            "each rate twice": (
                lambda step, rates: [min(step(r), step(r)) for r in rates],
                "stops with IndexError",
            ),
            "backwards": (
                lambda step, rates: range_test(step, rates[::-1]),
                "not used in their order",
            ),
            "no return": (lambda step, rates: None, "forget `return`"),
        },
        unusual={
            "the plain way": range_test,
            "recursion": recursive,
            "an array": lambda step, rates: np.array(range_test(step, rates)),
        },
    ),
    "suggest": Bank(
        wrong={
            "not smoothed": (lambda r, c: r[np.argmin(c)] / 3, "a single lucky mini-batch"),
            "not corrected": (
                lambda r, c: r[smooth(c, corrected=False).argmin()] / 3,
                "correction is missing",
            ),
            "the minimum": (lambda r, c: r[smooth(c).argmin()], "a third of it is asked for"),
            "a tenth": (lambda r, c: r[smooth(c).argmin()] / 10, "that is a tenth"),
            "three times": (lambda r, c: 3 * r[smooth(c).argmin()], "three times the rate"),
            "the index": (lambda r, c: smooth(c).argmin(), "the index, not the rate"),
            "the cost": (lambda r, c: smooth(c).min(), "the lowest smoothed cost"),
            "the highest": (lambda r, c: r[smooth(c).argmax()] / 3, "where the cost is highest"),
            "a long memory": (
                lambda r, c: r[smooth(c, beta=0.98).argmin()] / 3,
                "the smoothed cost is lowest at",
            ),
            "a pair": (lambda r, c: (1.0, 2.0), "give one rate"),
            "no return": (lambda r, c: None, "forget `return`"),
        },
        unusual={
            "the plain way": lambda r, c: r[smooth(c).argmin()] / 3,
            "a convolution": by_convolution,
            "an array of one": lambda r, c: np.array([r[smooth(c).argmin()] / 3]),
        },
    ),
}
