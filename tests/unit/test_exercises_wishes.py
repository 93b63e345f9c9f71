"""The exercises on wishes accept what is right and point at what is wrong."""

import numpy as np
import pytest

from weighted_sums.exercises import check, names
from weighted_sums.neurons import sigmoid, sigmoid_prime, sigmoid_slope_at


def layer_wishes(wish, W, b, before):
    push = wish * sigmoid_slope_at(sigmoid(W @ before + b))
    return np.outer(push, before), push, push @ W


def by_nudges(wish, W, b, before, h=1e-6):
    """The same by trying: by how much does wish · a rise for a nudge of each number?"""

    def score(W, b, before):
        return float(wish @ sigmoid(W @ before + b))

    def slopes(which):
        given = [W, b, before]
        found = np.empty_like(given[which])
        for at in np.ndindex(found.shape):
            up, down = ([part.copy() for part in given] for _ in range(2))
            up[which][at] += h
            down[which][at] -= h
            found[at] = (score(*up) - score(*down)) / (2 * h)
        return found

    return [slopes(which) for which in range(3)]


def loops(images):
    return np.array([not any(image[i] for image in images) for i in range(images.shape[1])])


def label_signs(a, y):
    return np.where(y > a, 1, np.where(y < a, -1, 0))


def turned(*given):
    return [-part for part in layer_wishes(*given)]


def later_squash(wish, W, b, before):
    push = wish * sigmoid_prime(wish)
    return np.outer(push, before), push, push @ W


def early_squash(wish, W, b, before):
    dW, db, da = layer_wishes(wish, W, b, before)
    return dW, db, da * sigmoid_slope_at(before)


def not_handed_through(wish, W, b, before):
    return *layer_wishes(wish, W, b, before)[:2], wish @ W


RIGHT = {
    "signs": ("bias_signs", lambda a, y: np.sign(y - a)),
    "signs, cases": ("bias_signs", label_signs),
    "signs, list": ("bias_signs", lambda a, y: [float(np.sign(q - p)) for p, q in zip(a, y)]),  # noqa: B905
    "left alone": ("left_alone", lambda images: (images == 0).all(axis=0)),
    "left alone, brightest": ("left_alone", lambda images: images.max(axis=0) == 0),
    "left alone, loops": ("left_alone", loops),
    "layer": ("layer_wishes", layer_wishes),
    "layer by nudges": ("layer_wishes", by_nudges),
    "outvoted": ("outvoted", [-0.1, -0.1, -0.1, 0.5]),
    "outvoted, some silent": ("outvoted", np.array([-1, -1, -1, 0, 4])),
    "enough": ("enough", lambda c, g, s: s * s / g / g / (1 / c**2 - 1)),
}

WRONG = {
    "signs of slopes": ("bias_signs", lambda a, y: np.sign(a - y), "all your signs are turned"),
    "signs of labels": ("bias_signs", lambda a, y: 2 * y - 1, "it costs nothing: 0"),
    "signs, only the right one": (
        "bias_signs",
        lambda a, y: np.where(y == 1, 1, 0),
        "its bias should fall: -1; you say 0",
    ),
    "signs, differences": ("bias_signs", lambda a, y: y - a, "for the label 6"),
    "signs, one number": ("bias_signs", lambda a, y: 1, "the shape is ()"),
    "signs, nothing": ("bias_signs", lambda a, y: None, "did you forget `return`"),
    "signs that fail": ("bias_signs", lambda a, y: a[10], "stops with IndexError"),
    "left alone by the first": ("left_alone", lambda i: i[0] == 0, "however faintly"),
    "left alone by any": ("left_alone", lambda i: (i == 0).any(axis=0), "you say True"),
    "left alone, nearly dark": (
        "left_alone",
        lambda i: i.mean(axis=0) < 0.01,
        "however faintly",
    ),
    "left alone, the contrary": (
        "left_alone",
        lambda i: (i > 0).any(axis=0),
        "nothing comes in through its weights",
    ),
    "left alone, by image": ("left_alone", lambda i: (i == 0).all(axis=1), "the shape is (1,)"),
    "left alone, positions": (
        "left_alone",
        lambda i: i.sum(axis=0),
        "True or False for each pixel",
    ),
    "layer without squash": (
        "layer_wishes",
        lambda wish, W, b, before: (np.outer(wish, before), wish, wish @ W),
        "Through the squash of which layer",
    ),
    "layer with slopes": ("layer_wishes", turned, "a wish is minus a slope"),
    "layer with the squash of the wish": ("layer_wishes", later_squash, "Through the squash"),
    "layer with one squash too many": (
        "layer_wishes",
        early_squash,
        "the wishes for the activations: entry",
    ),
    "layer with one squash too few": (
        "layer_wishes",
        not_handed_through,
        "the wishes for the activations: entry",
    ),
    "layer turned over": (
        "layer_wishes",
        lambda *given: (layer_wishes(*given)[0].T, *layer_wishes(*given)[1:]),
        "the wishes for the weights: the shape is (3, 2), should be (2, 3)",
    ),
    "layer by rows": (
        "layer_wishes",
        lambda wish, W, b, before: (*layer_wishes(wish, W, b, before)[:2], W @ wish),
        "stops with ValueError",
    ),
    "layer, two arrays": (
        "layer_wishes",
        lambda *given: layer_wishes(*given)[:2],
        "should return three arrays",
    ),
    "a fair majority": ("outvoted", [-0.2, -0.1, -0.3, 0.1], "who could outvote them"),
    "a minority": ("outvoted", [-0.1, 0.1, 0.5, 0.5], "more than half"),
    "exactly half": ("outvoted", [-0.1, -0.1, 0.5, 0.5], "more than half"),
    "signs turned": ("outvoted", [0.1, 0.1, 0.1, -0.5], "1 wish for a rise"),
    "a draw": ("outvoted", [-1.0, -1.0, 2.0], "and so does the average"),
    "two only": ("outvoted", [-1.0, 2.0], "at least three"),
    "infinite": ("outvoted", [-1.0, -1.0, np.inf], "finite"),
    "no numbers": ("outvoted", ["up", "up", "down"], "expected a list of numbers"),
    "enough, in proportion": (
        "enough",
        lambda c, g, s: c * (s / g) ** 2,
        "by the formula they agree to 0.5774",
    ),
    "enough, without squares": ("enough", lambda c, g, s: s / g * c / (1 - c), "you say 10 exam"),
    "enough, turned over": ("enough", lambda c, g, s: -(s**2) / g**2, "some examples are needed"),
    "enough, a table": ("enough", lambda c, g, s: [c, g], "should be one number"),
}


@pytest.mark.parametrize(("exercise", "answer"), RIGHT.values(), ids=RIGHT.keys())
def test_a_right_answer_passes(exercise, answer):
    verdict = check(f"wishes.{exercise}", answer)
    assert verdict.passed, verdict.message


@pytest.mark.parametrize(("exercise", "answer", "message"), WRONG.values(), ids=WRONG.keys())
def test_a_wrong_answer_fails_and_is_told_why(exercise, answer, message):
    verdict = check(f"wishes.{exercise}", answer)
    assert not verdict.passed
    assert message in verdict.message


def test_every_exercise_is_tried_with_right_and_wrong_answers():
    known = {name.removeprefix("wishes.") for name in names("wishes")}
    assert {exercise for exercise, *_ in RIGHT.values()} == known
    assert {exercise for exercise, *_ in WRONG.values()} == known
