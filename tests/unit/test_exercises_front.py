"""The exercise of "How to read this book" accepts what is right and names what is wrong."""

import numpy as np
import pytest

from weighted_sums.exercises import check, names


def by_loop(prices, amounts):
    total = 0
    for i in range(len(prices)):
        total += prices[i] * amounts[i]
    return total


RIGHT = {
    "loop": by_loop,
    "zip": lambda prices, amounts: sum(p * a for p, a in zip(prices, amounts, strict=True)),
    "dot product": lambda prices, amounts: np.dot(prices, amounts),
    "array": lambda prices, amounts: (np.array(prices) * np.array(amounts)).sum(),
}


def no_return(prices, amounts):
    sum(p * a for p, a in zip(prices, amounts, strict=True))


def returns_at_once(prices, amounts):
    for p, a in zip(prices, amounts, strict=True):
        return p * a
    return 0


WRONG = {
    "ignores the amounts": (lambda p, a: sum(p), "whatever the amounts are"),
    "multiplies two sums": (lambda p, a: sum(p) * sum(a), "times the sum of the amounts"),
    "returns within the loop": (returns_at_once, "the first product alone"),
    "forgets to return": (no_return, "did you forget `return`"),
    "returns the products": (
        lambda p, a: [x * y for x, y in zip(p, a, strict=True)],
        "should be one number",
    ),
    "adds instead": (lambda p, a: sum(p) + sum(a), "it should be 3·1 + 2·1 = 5"),
    "fails on two things": (lambda p, a: p[2] * a[2], "stopped with IndexError"),
    "needs something to buy": (
        lambda p, a: p[0] * a[0] + sum(x * y for x, y in zip(p[1:], a[1:], strict=True)),
        "stopped with IndexError",
    ),
    "charges a bag": (
        lambda p, a: sum(x * y for x, y in zip(p, a, strict=True)) + (not p),
        "nothing to pay",
    ),
}


@pytest.mark.parametrize("answer", RIGHT.values(), ids=RIGHT.keys())
def test_a_right_answer_passes(answer):
    assert check("front.first", answer).passed


@pytest.mark.parametrize(("answer", "message"), WRONG.values(), ids=WRONG.keys())
def test_a_wrong_answer_fails_and_is_told_why(answer, message):
    verdict = check("front.first", answer)
    assert not verdict.passed
    assert message in verdict.message


def test_the_first_failure_names_its_input():
    verdict = check("front.first", lambda prices, amounts: sum(prices))
    assert "prices [3.0, 2.0] and amounts [4.0, 0.0]" in verdict.message


def test_a_bill_may_empty_its_own_lists_without_harm():
    def eats_its_input(prices, amounts):
        return sum(prices.pop() * amounts.pop() for _ in range(len(prices)))

    assert check("front.first", eats_its_input).passed


def test_it_is_the_only_exercise_of_the_page():
    assert names("front") == ["front.first"]
