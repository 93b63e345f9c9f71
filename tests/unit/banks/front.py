"""Bills that are wrong, and bills that are right in an unusual way."""

import functools
import operator

import numpy as np

from banks import Bank


def bill(prices, amounts):
    return sum(p * a for p, a in zip(prices, amounts, strict=True))


def no_return(prices, amounts):
    bill(prices, amounts)


def returns_at_once(prices, amounts):
    for p, a in zip(prices, amounts, strict=True):
        return p * a
    return 0


def overwrites(prices, amounts):
    total = 0
    for p, a in zip(prices, amounts, strict=True):
        total = p * a
    return total


def by_loop(prices, amounts):
    total = 0
    for i in range(len(prices)):
        total += prices[i] * amounts[i]
    return total


def eats_its_input(prices, amounts):
    return sum(prices.pop() * amounts.pop() for _ in range(len(prices)))


def recursive(prices, amounts):
    return prices[0] * amounts[0] + recursive(prices[1:], amounts[1:]) if prices else 0


class Till:
    def __call__(self, prices, amounts):
        return functools.reduce(operator.add, map(operator.mul, prices, amounts), 0)


BANK = {
    "bill": Bank(
        wrong={
            "ignores the amounts": (
                lambda p, a: sum(p),
                "for prices [3.0, 2.0, 5.0, 4.0] and amounts [2.0, 1.0, 0.0, 6.0] your bill is "
                "14; that is the sum of the prices, whatever the amounts are",
            ),
            "multiplies two sums": (lambda p, a: sum(p) * sum(a), "times the sum of the amounts"),
            "adds instead": (lambda p, a: sum(p) + sum(a), "they should be multiplied"),
            "returns within the loop": (returns_at_once, "does `return` stand inside the loop?"),
            "keeps the last product": (overwrites, "`+=` adds"),
            "stops before the last": (
                lambda p, a: bill(p[:-1], a[:-1]),
                "does your sum run to the end",
            ),
            "starts at 1": (lambda p, a: bill(p[1:], a[1:]), "Python counts from 0"),
            "sorts first": (lambda p, a: bill(sorted(p), sorted(a)), "which belong together"),
            "forgets a price that comes twice": (
                lambda p, a: bill(*zip(*dict(zip(p, a, strict=True)).items(), strict=True)),
                "a price that comes twice counts once",
            ),
            "rounds the bill": (lambda p, a: round(bill(p, a)), "rounded to a whole number"),
            "whole prices only": (
                lambda p, a: bill(map(int, p), a),
                "and amounts [2.0, 3.0, 1.0, 4.0] your bill is 4; it should be",
            ),
            "prints in place of returning": (no_return, "did you forget `return`"),
            "returns the products": (
                lambda p, a: [x * y for x, y in zip(p, a, strict=True)],
                "should be one number, but it is [6.0, 2.0, 0.0, 24.0]",
            ),
            "returns text": (
                lambda p, a: f"{bill(p, a)}",
                "should be one number, but it is '32.0'",
            ),
            "for two things only": (
                lambda p, a: p[0] * a[0] + p[1] * a[1],
                "does your sum run to the end",
            ),
            "for six things only": (lambda p, a: p[5] * a[5], "stopped with IndexError"),
            "needs something to buy": (
                lambda p, a: p[0] * a[0] + bill(p[1:], a[1:]),
                "stopped with IndexError",
            ),
            "charges a bag": (lambda p, a: bill(p, a) + (not p), "nothing to pay"),
        },
        unusual={
            "a loop over positions": by_loop,
            "a dot product": np.dot,
            "arrays": lambda p, a: (np.array(p) * np.array(a)).sum(),
            "float32": lambda p, a: np.einsum("i,i", np.float32(p), np.float32(a)),
            "empties its own lists": eats_its_input,
            "recursion": recursive,
            "a callable object": Till(),
            "an array without axes": lambda p, a: np.array(bill(p, a)),
        },
    ),
}
