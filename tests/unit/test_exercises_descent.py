"""The exercises on descent accept what is right and point at what is wrong."""

import numpy as np
import pytest

from weighted_sums.descent import GradientDescent, central_difference, descend
from weighted_sums.exercises import check, names


def directions(degrees):
    return np.stack([np.cos(np.radians(degrees)), np.sin(np.radians(degrees))], axis=-1)


def steepest(f, place, degrees=range(360), h=1e-5):
    return degrees[int(np.argmax([f(place + h * directions(d)) for d in degrees]))]


def steepest_by_gradient(f, place):
    across, along = central_difference(lambda p: float(f(p)), place)
    return np.degrees(np.arctan2(along, across)) % 360


def converges(gradient, start, rate):
    end = descend(gradient, start, GradientDescent(rate), 500)[-1]
    return np.abs(end).max() < np.abs(start).max()


def by_halving(gradient, start):
    low, high = 0.0, 1.0
    while converges(gradient, start, high):
        low, high = high, 2 * high
    for _ in range(12):
        middle = (low + high) / 2
        low, high = (middle, high) if converges(gradient, start, middle) else (low, middle)
    return low


def by_curvatures(gradient, start):
    curvatures = np.linalg.eigvalsh([gradient(e) for e in np.eye(len(start))])
    return 2 / curvatures.max()


def by_one_slope(gradient, start):
    return 2 / (np.linalg.norm(gradient(start)) / np.linalg.norm(start))


def kind(f, place, degrees=range(360)):
    rises = [f(place + 0.01 * directions(d)) - f(place) for d in degrees]
    if min(rises) > 0:
        return "minimum"
    return "maximum" if max(rises) < 0 else "saddle"


def kind_by_curvatures(f, place):
    slopes = [central_difference(f, place + e) - central_difference(f, place) for e in np.eye(2)]
    curvatures = np.linalg.eigvalsh(slopes)
    return ("maximum", "saddle", "minimum")[int((curvatures > 0).sum())]


def kind_without_saddles(f, place):
    return "minimum" if f(place + 0.01 * directions(45)) > f(place) else "maximum"


def no_return(*given):
    kind(lambda p: 0.0, np.zeros(2))


def slopes(p, factor=1.0):
    x, y = p
    return np.array([2 * x * y - 4, x * x + 6 * factor * y])


RIGHT = {
    "gradient": ("gradient", slopes),
    "gradient, a list": ("gradient", lambda p: slopes(p).tolist()),
    "pays most": ("pays_most", lambda dC: (np.abs(dC).argmax(), -np.sign(dC[np.abs(dC).argmax()]))),
    "pays most, sorted": (
        "pays_most",
        lambda dC: max(
            ((i, -int(np.sign(d))) for i, d in enumerate(dC)), key=lambda k: abs(dC[k[0]])
        ),
    ),
    "steepest, all tried": ("steepest", steepest),
    "steepest by the gradient": ("steepest", steepest_by_gradient),
    "largest rate by halving": ("largest_rate", by_halving),
    "largest rate from curvatures": ("largest_rate", by_curvatures),
    "kind, all round": ("kind", kind),
    "kind by curvatures": ("kind", kind_by_curvatures),
}

WRONG = {
    "gradient without the factor": (
        "gradient",
        lambda p: np.array([2 * p[0] - 4, p[0] ** 2 + 6 * p[1]]),
        "at (x, y) = (1, 0) your slope along x is -2; a nudge of x alone changes f by -4.000",
    ),
    "gradient with a wrong y": ("gradient", lambda p: slopes(p, 0.5), "your slope along y is"),
    "gradient of one number": ("gradient", lambda p: slopes(p)[0], "expected 2 numbers"),
    "gradient downhill": ("gradient", lambda p: -slopes(p), "your slope along x is 4"),
    "gradient that fails": ("gradient", lambda p: p[7], "stops with IndexError"),
    "pays most, the largest": (
        "pays_most",
        lambda dC: (int(dC.argmax()), -1),
        "you choose position 2, with the slope 1.000; position 1 has -2.000",
    ),
    "pays most, uphill": (
        "pays_most",
        lambda dC: (np.abs(dC).argmax(), np.sign(dC[np.abs(dC).argmax()])),
        "your way makes the cost larger",
    ),
    "pays most, always up": (
        "pays_most",
        lambda dC: (np.abs(dC).argmax(), 1),
        "for dC = [0.5, 2.0, -1.0] position 1 is right, but",
    ),
    "pays most, the slope itself": (
        "pays_most",
        lambda dC: (np.abs(dC).argmax(), -dC[np.abs(dC).argmax()]),
        "should be 1 or -1",
    ),
    "pays most, a position only": ("pays_most", lambda dC: dC.argmax(), "return two things"),
    "pays most, a word": ("pays_most", lambda dC: ("first", 1), "a whole number from 0 to 2"),
    "pays most, counted from one": ("pays_most", lambda dC: (3, 1), "a whole number from 0 to 2"),
    "steepest of the axes": (
        "steepest",
        lambda f, place: steepest(f, place, range(0, 360, 90)),
        "you say 90 degrees: the slope there is 10.000",
    ),
    "steepest downhill": (
        "steepest",
        lambda f, place: steepest(lambda p: -f(p), place),
        "is that down instead of up",
    ),
    "steepest with giant steps": (
        "steepest",
        lambda f, place: steepest(f, place, h=3.0),
        "another direction has",
    ),
    "steepest in radians": (
        "steepest",
        lambda f, place: np.radians(steepest(f, place)),
        "another direction has",
    ),
    "steepest as a vector": (
        "steepest",
        lambda f, place: directions(steepest(f, place)),
        "expected one number",
    ),
    "largest rate by doubling": (
        "largest_rate",
        lambda g, start: 1.024 * 2 if converges(g, start, 1.024) else 1.024,
        "you say 1.024: from there descent runs away; the limit is 1",
    ),
    "largest rate of the parabola": ("largest_rate", lambda g, s: 1.0, "larger rates still"),
    "largest rate halved": (
        "largest_rate",
        lambda g, s: by_curvatures(g, s) / 2,
        "larger rates still converge",
    ),
    "largest rate from one slope": (
        "largest_rate",
        by_one_slope,
        "for a bowl of curvatures [1.0, 4.0]",
    ),
    "largest rate below zero": ("largest_rate", lambda g, s: -1.0, "should be positive"),
    "largest rate not a number": ("largest_rate", lambda g, s: np.nan, "should be positive"),
    "kind from the axes": (
        "kind",
        lambda f, place: kind(f, place, range(0, 360, 90)),
        "for x² + 4xy + y², moved to (0, 0), you say minimum; it is a saddle: look in more",
    ),
    "kind without saddles": ("kind", kind_without_saddles, "it is a saddle"),
    "kind at the origin": (
        "kind",
        lambda f, place: kind(f, np.zeros(2)),
        "moved to (3, -1), you say",
    ),
    "kind of everything is a saddle": (
        "kind",
        lambda f, place: "saddle",
        "it is a minimum: no direction disagrees",
    ),
    "kind in other words": ("kind", lambda f, place: "pass", "say minimum, maximum or saddle"),
    "kind of nothing": ("kind", no_return, "did you forget `return`"),
}


@pytest.mark.parametrize(("exercise", "answer"), RIGHT.values(), ids=RIGHT.keys())
def test_a_right_answer_passes(exercise, answer):
    verdict = check(f"descent.{exercise}", answer)
    assert verdict.passed, verdict.message


@pytest.mark.parametrize(("exercise", "answer", "message"), WRONG.values(), ids=WRONG.keys())
def test_a_wrong_answer_fails_and_is_told_why(exercise, answer, message):
    verdict = check(f"descent.{exercise}", answer)
    assert not verdict.passed
    assert message in verdict.message


def test_every_exercise_is_tried_with_right_and_wrong_answers():
    known = {name.removeprefix("descent.") for name in names("descent")}
    assert {exercise for exercise, *_ in RIGHT.values()} == known
    assert {exercise for exercise, *_ in WRONG.values()} == known
