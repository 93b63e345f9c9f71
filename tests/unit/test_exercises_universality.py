"""Right answers pass; each wrong one fails with a word about the mistake it makes."""

import numpy as np
import pytest

from weighted_sums.exercises import check
from weighted_sums.neurons import sigmoid


def stairs(f, low, high, pieces, at=0.5):
    edges = np.linspace(low, high, pieces + 1)
    heights = f(edges[:-1] + at * (edges[1:] - edges[:-1]))
    return edges[1:-1], np.diff(heights), heights[0]


def votes(x1, x2):
    s = 200
    return (
        sigmoid(s * (x1 - 0.2)) - sigmoid(s * (x1 - 0.6))
        + sigmoid(s * (x2 - 0.5)) - sigmoid(s * (x2 - 0.9))
    )  # fmt: skip


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("bump", [(200, -60, 2), (200, -120, -2)]),
        ("enough", lambda slope, length, error: max(1, int(np.ceil(slope * length / 2 / error)))),
        ("fit", stairs),
        ("tower", lambda x1, x2: sigmoid(200 * (votes(x1, x2) - 1.5))),
    ],
)
def test_a_right_answer_passes(name, answer):
    verdict = check(f"universality.{name}", answer)
    assert verdict.passed, verdict


@pytest.mark.parametrize(
    ("name", "answer", "word"),
    [
        ("bump", [(200, -60, 2)], "use two neurons"),
        ("bump", [(200, -60, 2), (200, -120, 2)], "it should be near 0"),
        ("bump", [(200, -60, 1), (200, -120, -1)], "it should be near 2"),
        ("bump", [(5, -1.5, 2), (5, -3, -2)], "it should be near 2"),
        ("bump", [(200, -0.3, 2), (200, -0.6, -2)], "it should be near 2"),
        ("enough", lambda s, w, e: max(1, int(np.ceil(s * w / e))), "half a stair to its edge"),
        ("enough", lambda s, w, e: 1, "it takes 5 stairs"),
        ("fit", lambda f, a, b, n: stairs(f, a, b, n, at=0.0), "the height of their middle"),
        ("fit", lambda f, a, b, n: stairs(f, a, b, n + 1), "steps between them"),
        ("tower", votes, "at (0.4, 0.7) your tower is 2.00"),
        ("tower", lambda a, b: sigmoid(200 * (votes(a, b) - 0.5)), "it should be 0"),
        ("tower", lambda a, b: sigmoid(200 * (votes(a - 0.1, b) - 1.5)), "it should be 1"),
        ("tower", lambda a, b: sigmoid(200 * (votes(a * 0.9, b) - 1.5)), "at (0.65, 0.7)"),
    ],
)
def test_a_wrong_answer_is_told_its_mistake(name, answer, word):
    verdict = check(f"universality.{name}", answer)
    assert not verdict.passed
    assert word in verdict.message
