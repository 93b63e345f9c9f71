"""Checks for the exercise of "How to read this book"."""

from __future__ import annotations

import numpy as np

from weighted_sums.exercises import Wrong, require

BY_HAND = (
    ([3.0, 2.0], [1.0, 1.0]),
    ([3.0, 2.0], [4.0, 0.0]),
    ([5.0], [3.0]),
    ([1.0, 2.0, 3.0], [2.0, 0.0, 1.0]),
)


def first(bill) -> str:
    """`bill(prices, amounts)` adds up each price times its amount, for any number of things."""
    rng = np.random.default_rng(0)
    random = [(_whole(rng, n), _whole(rng, n)) for n in range(2, 8)]
    for prices, amounts in [*BY_HAND, *random]:
        _agrees(bill, prices, amounts)
    require(bill([], []) == 0, "for two empty lists there is nothing to pay: the bill should be 0")
    return "each amount weighs its price"


def _whole(rng: np.random.Generator, n: int) -> list[float]:
    return rng.integers(0, 10, size=n).astype(float).tolist()


def _agrees(bill, prices: list[float], amounts: list[float]) -> None:
    expected = sum(p * a for p, a in zip(prices, amounts, strict=True))
    found = bill(list(prices), list(amounts))
    where = f"for prices {prices} and amounts {amounts}"
    if found is None:
        raise Wrong(f"{where} your bill returns nothing; did you forget `return`?")
    require(
        np.ndim(found) == 0 and np.isreal(found),
        f"{where} your bill should be one number, but it is {found!r}",
    )
    if not np.isclose(found, expected):
        raise Wrong(f"{where} your bill is {found:g}; {_reading(found, prices, amounts, expected)}")


def _reading(found: float, prices: list[float], amounts: list[float], expected: float) -> str:
    # say what the number looks like when a common slip would give just this one
    slips = {
        sum(prices): "that is the sum of the prices, whatever the amounts are",
        sum(prices) * sum(amounts): "that is the sum of the prices times the sum of the amounts",
        prices[0] * amounts[0]: "that is the first product alone",
    }
    hint = next((words for value, words in slips.items() if np.isclose(found, value)), None)
    products = " + ".join(f"{p:g}·{a:g}" for p, a in zip(prices, amounts, strict=True))
    return f"{hint + '; ' if hint else ''}it should be {products} = {expected:g}"
