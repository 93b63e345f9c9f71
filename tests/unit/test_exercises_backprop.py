"""Right answers pass; each plausible slip fails, and the message points at it."""

import numpy as np
import pytest

from weighted_sums.exercises import check


def passes(name, answer):
    verdict = check(f"backprop.{name}", answer)
    assert verdict.passed, verdict


def fails(name, answer, words):
    verdict = check(f"backprop.{name}", answer)
    assert not verdict.passed
    assert words in verdict.message, verdict


def test_weight_slopes_accepts_an_outer_product():
    passes("weight_slopes", np.outer)
    passes("weight_slopes", lambda dz, a: dz[:, None] @ a[None, :])


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda dz, a: np.outer(a, dz), "row for each listener"),
        (lambda dz, a: dz, "shape is (2,)"),
        (lambda dz, a: -np.outer(dz, a), "should be the error of neuron 0 times activation 0"),
        (lambda dz, a: dz[:, None] + a, "should be the error of neuron"),
    ],
)
def test_weight_slopes_finds_a_slip(answer, words):
    fails("weight_slopes", answer, words)


def test_batch_slopes_accepts_product_and_loop():
    passes("batch_slopes", lambda dz, a: (dz.T @ a, dz.sum(axis=0)))
    passes("batch_slopes", lambda dz, a: (sum(map(np.outer, dz, a)), sum(dz)))


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda dz, a: (dz.T @ a, dz.mean(axis=0)), "already holds the 1/n"),
        (lambda dz, a: (a.T @ dz, dz.sum(axis=0)), "dW: the shape is (3, 2), should be (2, 3)"),
        (
            lambda dz, a: (np.outer(dz.sum(axis=0), a.sum(axis=0)), dz.sum(axis=0)),
            "the input of its own example",
        ),
        (lambda dz, a: (dz.T @ a / len(a), dz.sum(axis=0)), "dW is not the sum"),
        (lambda dz, a: dz.T @ a, "expected a pair"),
        (lambda dz, a: (dz.T @ a, dz.sum(axis=1)), "db: the shape"),
    ],
)
def test_batch_slopes_finds_a_slip(answer, words):
    fails("batch_slopes", answer, words)


def backward(mean=True, bp1=1, bp2=1, transpose=False, db=np.sum, dW=1):
    """The solution, with a place for each bug."""

    def answer(network, a, y):
        dz = 2 * (a[-1] - y) / (len(y) if mean else 1)
        dz = dz * (a[-1] * (1 - a[-1])) ** bp1
        found = []
        for l in reversed(range(len(network))):
            found.append((dW * dz.T @ a[l], db(dz, axis=0)))
            W = network[l].W.T if transpose else network[l].W
            dz = dz @ W * (a[l] * (1 - a[l])) ** bp2
        return found[::-1]

    return answer


def test_backward_accepts_the_four_equations():
    passes("backward", backward())


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (backward(mean=False), "(the last) dW is 6 times too large"),
        (backward(bp1=0), "look at BP1"),
        (backward(bp2=0), "layer 2 is right: the error is lost between them, look at BP2"),
        (backward(db=np.mean), "look at BP3"),
        (backward(dW=-1), "look at BP4"),
        (lambda network, a, y: backward()(network, a, y)[:1], "you should return 2 pairs"),
        (lambda network, a, y: [layer.W for layer in network], "expected a pair"),
    ],
)
def test_backward_names_the_equation_that_is_wrong(answer, words):
    fails("backward", answer, words)


def test_backward_notices_a_transposed_matrix_even_where_it_is_square():
    def square_only(network, a, y):
        same = all(layer.W.shape[0] == layer.W.shape[1] for layer in network)
        return backward(transpose=same)(network, a, y)

    fails("backward", square_only, "look at BP2")


def test_bound_accepts_the_quarter():
    passes("bound", lambda depth, w: (abs(w) / 4) ** (depth - 1))


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda depth, w: abs(w) ** (depth - 1), "no error can be larger"),
        (lambda depth, w: (abs(w) / 4) ** depth, "there are"),
        (lambda depth, w: (w / 4) ** (depth - 1), "no sign"),
        (lambda depth, w: (abs(w) / 5) ** (depth - 1), "with every z at 0"),
    ],
)
def test_bound_finds_a_slip(answer, words):
    fails("bound", answer, words)
