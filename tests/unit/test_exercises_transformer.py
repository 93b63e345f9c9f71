"""Right answers pass; each plausible slip fails, and the message points at it."""

import numpy as np
import pytest

from weighted_sums import blocks
from weighted_sums.attention import attend_backward
from weighted_sums.exercises import check
from weighted_sums.networks import Layer


def passes(name, answer):
    verdict = check(f"transformer.{name}", answer)
    assert verdict.passed, verdict


def fails(name, answer, words):
    verdict = check(f"transformer.{name}", answer)
    assert not verdict.passed
    assert words in verdict.message, verdict


def gate(weights, biases, answers, loud=4.0):
    """Questions that weigh both names equally, and how much basketball each writes."""
    rows = [[loud * w, loud * w, 0] for w in weights]
    up = Layer(np.array(rows), loud * np.array(biases, float))
    column = np.zeros((3, len(rows)))
    column[2] = np.array(answers) / loud
    return up, Layer(column, np.zeros(3))


COUNT, BOTH = 0, -1  # biases: "how many names?", "both?"


def test_either_accepts_two_questions_and_other_ways():
    passes("either", gate([1, 1], [COUNT, BOTH], [1, -1]))
    passes("either", gate([1, 1], [COUNT, BOTH], [1, -1], loud=20.0))
    up = Layer(np.array([[8.0, -8.0, 0.0], [0.0, 8.0, 0.0]]), np.zeros(2))
    passes("either", (up, Layer(np.array([[0, 0], [0, 0], [0.125, 0.125]]), np.zeros(3))))


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (gate([1], [COUNT], [1]), "for Michael Jordan your MLP writes 2.00"),
        (gate([1], [BOTH], [1]), "for a Michael your MLP writes 0.00"),
        (gate([1, 1], [COUNT, BOTH], [1, -1], loud=0.5), "for nobody"),
        (gate([1, 1], [0.5, BOTH], [1, -1]), "for nobody your MLP writes"),
        (gate([1, 1], [COUNT, BOTH], [1, -1])[0], "down.W (3, questions)"),
        ([1.0], "expected a pair"),
    ],
)
def test_either_finds_a_slip(answer, words):
    fails("either", answer, words)


def test_either_refuses_answers_along_the_names():
    up, down = gate([1, 1], [COUNT, BOTH], [1, -1])
    down.W[0] = [0.25, -0.25]
    fails("either", (up, down), "also writes")


def test_exclusive_accepts_the_double_and_minus():
    passes("exclusive", gate([1, 1], [COUNT, BOTH], [1, -2]))
    up = Layer(np.array([[8.0, -8.0, 0.0], [-8.0, 8.0, 0.0]]), np.zeros(2))
    passes("exclusive", (up, Layer(np.array([[0, 0], [0, 0], [0.125, 0.125]]), np.zeros(3))))


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (gate([1, 1], [COUNT, BOTH], [1, -1]), "for Michael Jordan your MLP writes 1.00"),
        (gate([1], [BOTH], [1]), "for a Michael"),
        (gate([-1], [1], [1]), "for nobody"),
    ],
)
def test_exclusive_finds_a_slip(answer, words):
    fails("exclusive", answer, words)


def rms(direct=1, along=1, mean=0, divide=1, gained=1):
    """The solution, with a place for each slip."""

    def answer(dy, x, gain):
        r = np.sqrt((x * x).mean(axis=-1, keepdims=True))
        d, standard = dy * gain**gained, x / r
        found = direct * d - along * standard * (d * standard).mean(axis=-1, keepdims=True)
        return (found - mean * d.mean(axis=-1, keepdims=True)) / r**divide

    return answer


def test_rms_backward_accepts_the_formula_and_the_jacobian():
    def by_jacobian(dy, x, gain):
        out = []
        for row, d in zip(x, dy * gain, strict=True):
            n, r = len(row), np.sqrt(np.mean(row * row))
            out.append((np.eye(n) / r - np.outer(row, row) / (n * r * r * r)) @ d)
        return np.array(out)

    passes("rms_backward", rms())
    passes("rms_backward", by_jacobian)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (rms(along=0), "treat the rms as a fixed number"),
        (rms(mean=1), "still take the mean"),
        (rms(divide=0), "divide by the rms"),
        (rms(gained=0), "row 0 should be"),
        (rms(along=-1), "should be"),
        (lambda dy, x, gain: rms()(dy, x, gain)[0], "the shape is (3,), should be (1, 3)"),
    ],
)
def test_rms_backward_finds_a_slip(answer, words):
    fails("rms_backward", answer, words)


def tie(slopes, scale=1.0):
    both = scale * (slopes.embedding + slopes.unembedding)
    return slopes._replace(embedding=both, unembedding=both)


def test_tie_accepts_the_sum():
    passes("tie", tie)
    passes("tie", lambda s: s._replace(**dict.fromkeys(("embedding", "unembedding"), tie(s)[0])))


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda s: s._replace(embedding=s.unembedding), "stands only the slope of one job"),
        (lambda s: s._replace(unembedding=s.embedding), "stands only the slope of one job"),
        (lambda s: tie(s)._replace(unembedding=s.unembedding), "in unembedding stands only"),
        (lambda s: tie(s, 0.5), "holds the mean of both"),
        (lambda s: tie(s, -1.0), "of the shared matrix says"),
        (lambda s: tie(s)._replace(positions=0 * s.positions), "must stay as they were"),
        (lambda s: s.embedding + s.unembedding, "expected slopes as a Transformer"),
    ],
)
def test_tie_finds_a_slip(answer, words):
    fails("tie", answer, words)


def plain(stream=0, inner=0, swapped=False, forget=False):
    """The solution, with a place for each slip."""

    def answer(dy, saved):
        saved_1, attended, saved_2, saved_mlp = saved
        d, up, down = blocks.mlp_backward(dy, saved_mlp)
        d, norm_2 = blocks.layer_norm_backward(d, saved_2)
        d = middle = d + inner * dy
        d, heads = attend_backward(d, attended)
        if not forget:
            d, norm_1 = blocks.layer_norm_backward(d, saved_1)
        else:
            norm_1 = norm_2
        if swapped:
            norm_1, norm_2 = norm_2, norm_1
        return d + stream * (middle if inner else dy), blocks.Block(norm_1, heads, norm_2, up, down)

    return answer


@pytest.mark.slow
def test_plain_backward_accepts_four_in_a_row():
    passes("plain_backward", plain())


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (blocks.block_backward, "still travels along the stream"),
        (plain(stream=1), "still holds dy itself"),
        (plain(inner=1), "dx should be"),
        (plain(forget=True), "dx should be"),
        (plain(swapped=True), "the slopes of norm_1 are not"),
        (lambda dy, saved: plain()(dy, saved)[0], "expected a pair"),
    ],
)
def test_plain_backward_finds_a_slip(answer, words):
    fails("plain_backward", answer, words)
