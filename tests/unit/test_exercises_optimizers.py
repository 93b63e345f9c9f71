"""The exercises on optimisers accept what is right and point at what is wrong."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from weighted_sums.exercises import check, names
from weighted_sums.exercises.optimizers import _comes_to_rest


def walk(rate, momentum, curvature, steps=2000):
    """How far the ball is from the bottom at the end, from a start at one."""
    x, v, worst = 1.0, 0.0, 0.0
    for step in range(steps):
        v = momentum * v + curvature * x
        x -= rate * v
        if abs(x) > 1e6:
            return np.inf
        worst = max(worst, abs(x)) if step > steps - 50 else 0.0
    return worst


def settles(rate, momentum, curvature):
    return 0 <= momentum < 1 and rate * curvature < 2 * (1 + momentum)


def first_by_hand(slopes, rate, beta1, beta2):
    m, s = (1 - beta1) * slopes, (1 - beta2) * slopes * slopes
    return -rate * (m / (1 - beta1)) / np.sqrt(s / (1 - beta2))


def corrected(slopes, beta, start):
    m = start
    for slope in slopes:
        m = beta * m + (1 - beta) * slope
    n = len(slopes)
    return (m - beta**n * start) / (1 - beta**n)


def average(slopes, beta, start):
    m = start
    for slope in slopes:
        m = beta * m + (1 - beta) * slope
    return m


def nesterov(p, dp, v, rate, momentum):
    v = momentum * v + dp
    return p - rate * (dp + momentum * v), v


RIGHT = {
    "settles": ("settles", settles),
    "settles by trying": ("settles", lambda r, m, c: walk(r, m, c) < 1e-3),
    "first step": ("first_step", lambda slopes, rate, b1, b2: -rate * np.sign(slopes)),
    "first step by hand": ("first_step", first_by_hand),
    "corrected": ("corrected", corrected),
    "corrected by weights": (
        "corrected",
        lambda g, beta, start: np.average(g, weights=beta ** np.arange(len(g))[::-1]),
    ),
    "noise floor": ("noise_floor", lambda r, c, s: r * s * s / (c * (2 - r * c))),
    "noise floor unsimplified": (
        "noise_floor",
        lambda r, c, s: r**2 * s**2 / (1 - (1 - r * c) ** 2),
    ),
    "nesterov": ("nesterov", nesterov),
    "nesterov, list": ("nesterov", lambda *given: list(nesterov(*given))),
}

WRONG = {
    "settles like plain descent": (
        "settles",
        lambda r, m, c: r < 2 / c,
        "with rate 0.1, momentum 1.05 and curvature 1 the ball swings wider",
    ),
    "settles by the rate alone": ("settles", lambda r, m, c: r * c < 2 * (1 + m), "swings wider"),
    "settles without friction": (
        "settles",
        lambda r, m, c: m <= 1 and settles(r, min(m, 0.999999), c),
        "swings for ever; you say True",
    ),
    "settles by the momentum alone": (
        "settles",
        lambda r, m, c: m < 1,
        "jumps from side to side, farther each time; you say True",
    ),
    "settles by the effective rate": (
        "settles",
        lambda r, m, c: m < 1 and r / (1 - m) < 2 / c,
        "comes to rest; you say False",
    ),
    "settles never": ("settles", lambda r, m, c: None, "did you forget `return`"),
    "settles as a pair": ("settles", lambda r, m, c: (True, False), "single True or False"),
    "first step like plain descent": (
        "first_step",
        lambda slopes, rate, b1, b2: -rate * slopes,
        "the corrected averages after a single slope",
    ),
    "first step uphill": (
        "first_step",
        lambda slopes, rate, b1, b2: rate * np.sign(slopes),
        "goes uphill",
    ),
    "first step without correction": (
        "first_step",
        lambda g, rate, b1, b2: -rate * (1 - b1) * g / np.sqrt((1 - b2) * g * g),
        "uncorrected averages",
    ),
    "first step of one parameter": (
        "first_step",
        lambda slopes, rate, b1, b2: -rate * np.sign(slopes[0]),
        "the shape is ()",
    ),
    "first step that fails": (
        "first_step",
        lambda slopes, rate, b1, b2: slopes[99],
        "your function stops with IndexError",
    ),
    "corrected not at all": ("corrected", average, "uncorrected"),
    "corrected for a start at zero": (
        "corrected",
        lambda g, beta, start: average(g, beta, start) / (1 - beta ** len(g)),
        "how much of the start is left",
    ),
    "corrected by the plain mean": (
        "corrected",
        lambda g, beta, start: g.mean(),
        "the latest should count most",
    ),
    "corrected turned round": (
        "corrected",
        lambda g, beta, start: np.average(g, weights=beta ** np.arange(len(g))),
        "the average without its start is",
    ),
    "corrected at every step": (
        "corrected",
        lambda g, beta, start: g * np.ones(3) if len(g) == 1 else g,
        "should be one number",
    ),
    "floor for small rates": (
        "noise_floor",
        lambda r, c, s: r * s * s / (2 * c),
        "holds for small rates only",
    ),
    "floor without the square": (
        "noise_floor",
        lambda r, c, s: np.sqrt(r * s * s / (c * (2 - r * c))),
        "its square is asked for",
    ),
    "floor of the step": ("noise_floor", lambda r, c, s: r * s * s, "a step changes that"),
    "nesterov as a plain ball": (
        "nesterov",
        lambda p, dp, v, r, m: (p - r * (m * v + dp), m * v + dp),
        "does not look on",
    ),
    "nesterov with the old velocity": (
        "nesterov",
        lambda p, dp, v, r, m: (p - r * (dp + m * v), m * v + dp),
        "does not look on",
    ),
    "nesterov without friction": (
        "nesterov",
        lambda p, dp, v, r, m: (p, v + dp),
        "velocity is not μv plus",
    ),
    "nesterov uphill": (
        "nesterov",
        lambda p, dp, v, r, m: (2 * p - nesterov(p, dp, v, r, m)[0], m * v + dp),
        "p should be",
    ),
    "nesterov of p alone": (
        "nesterov",
        lambda p, dp, v, r, m: nesterov(p, dp, v, r, m)[0],
        "should return two things",
    ),
    "nesterov of another shape": (
        "nesterov",
        lambda p, dp, v, r, m: (p.sum(), v[:, None]),
        "the shape is",
    ),
}


@pytest.mark.parametrize(("exercise", "answer"), RIGHT.values(), ids=RIGHT.keys())
def test_a_right_answer_passes(exercise, answer):
    verdict = check(f"optimizers.{exercise}", answer)
    assert verdict.passed, verdict.message


@pytest.mark.parametrize(("exercise", "answer", "message"), WRONG.values(), ids=WRONG.keys())
def test_a_wrong_answer_fails_and_is_told_why(exercise, answer, message):
    verdict = check(f"optimizers.{exercise}", answer)
    assert not verdict.passed
    assert message in verdict.message


def test_every_exercise_is_tried_with_right_and_wrong_answers():
    known = {name.removeprefix("optimizers.") for name in names("optimizers")}
    assert {exercise for exercise, *_ in RIGHT.values()} == known
    assert {exercise for exercise, *_ in WRONG.values()} == known


@given(st.floats(0, 0.97) | st.floats(1.02, 1.2), st.floats(0.05, 0.97) | st.floats(1.03, 1.5))
def test_the_ball_rests_where_the_check_says_so(momentum, part):
    rate = part * 2 * (1 + momentum)
    assert (walk(rate, momentum, 1.0) < 1e-3) == _comes_to_rest(rate, momentum, 1.0)


@pytest.mark.slow
def test_the_solution_for_nesterov_takes_torchs_steps():
    rng = np.random.default_rng(0)
    p, v = rng.normal(size=3), np.zeros(3)
    twin = torch.tensor(p, requires_grad=True)
    witness = torch.optim.SGD([twin], lr=0.1, momentum=0.8, nesterov=True)
    for _ in range(20):
        dp = rng.normal(size=3)
        p, v = nesterov(p, dp, v, 0.1, 0.8)
        twin.grad = torch.tensor(dp)
        witness.step()
    np.testing.assert_allclose(p, twin.detach().numpy(), atol=1e-12)
