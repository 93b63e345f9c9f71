"""Checks for the exercise of "How to read this book"."""

from __future__ import annotations

from typing import Any

import numpy as np

from weighted_sums.exercises import Wrong, diagnose, require, returned

BY_HAND = (
    ([3.0, 2.0, 5.0, 4.0], [2.0, 1.0, 0.0, 6.0]),  # each common error gives a number of its own
    ([5.0], [3.0]),
    ([1.5, 0.25, 2.5, 0.25], [2.0, 3.0, 1.0, 4.0]),  # neither whole prices nor different ones
)


def bill(answer) -> str:
    """`bill(prices, amounts)` adds up each price times its amount, for any number of things."""
    rng = np.random.default_rng(0)
    random = [(_whole(rng, n), _whole(rng, n)) for n in range(2, 8)]
    for prices, amounts in [*BY_HAND, *random]:
        _agrees(answer, prices, amounts)
    require(
        answer([], []) == 0, "for two empty lists there is nothing to pay: the bill should be 0"
    )
    return "each amount weighs its price"


def _whole(rng: np.random.Generator, n: int) -> list[float]:
    return rng.integers(0, 10, size=n).astype(float).tolist()


def _agrees(answer, prices: list[float], amounts: list[float]) -> None:
    where = f"for prices {prices} and amounts {amounts}"
    found = returned(answer(list(prices), list(amounts)), where)
    require(
        np.ndim(found) == 0 and not isinstance(found, str) and np.isreal(found),
        f"{where} your bill should be one number, but it is {found!r}",
    )
    products = [p * a for p, a in zip(prices, amounts, strict=True)]
    if not np.isclose(found, sum(products)):
        written = " + ".join(f"{p:g}·{a:g}" for p, a in zip(prices, amounts, strict=True))
        hint = _hint(found, prices, amounts, products)
        raise Wrong(
            f"{where} your bill is {found:g}; {hint}it should be {written} = {sum(products):g}"
        )


def _hint(found: Any, prices: list[float], amounts: list[float], products: list[float]) -> str:
    sorted_pairs = zip(sorted(prices), sorted(amounts), strict=True)
    errors = {
        "the sum of the prices, whatever the amounts are": sum(prices),
        "the sum of the prices times the sum of the amounts": sum(prices) * sum(amounts),
        "the sum of all prices and amounts; they should be multiplied": sum(prices + amounts),
        "the first product alone; does `return` stand inside the loop?": products[0],
        "the last product alone; `total = …` forgets the ones before, `+=` adds": products[-1],
        "the sum without the last product; does your sum run to the end of the lists?": sum(
            products[:-1]
        ),
        "the sum without the first product; Python counts from 0": sum(products[1:]),
        "what sorted lists would cost; the order says which belong together": sum(
            p * a for p, a in sorted_pairs
        ),
        "the bill if a price that comes twice counts once": sum(
            p * a for p, a in dict(zip(prices, amounts, strict=True)).items()
        ),
        "the bill rounded to a whole number": round(sum(products)),
        "the bill cut to a whole number": int(sum(products)),
    }
    words = diagnose(found, errors)
    return f"that is {words}; " if words else ""
