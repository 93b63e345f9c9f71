"""A running softmax gives what the whole one does, in blocks of any size."""

import tracemalloc

import numpy as np
import pytest

from weighted_sums.dot_product import dot_product_attention, dot_product_attention_backward
from weighted_sums.running_softmax import running_attention, running_attention_backward

N, DIM = 23, 5


def drawn(scale=1.0):
    q, k, v, dy = np.random.default_rng(0).standard_normal((4, N, DIM))
    return scale * q, k, v, dy


@pytest.mark.parametrize("block", [1, 4, 23, 64])
def test_outputs_are_those_of_the_whole_softmax(block):
    q, k, v, _ = drawn()
    wanted, _ = dot_product_attention(q, k, v)
    y, log_sum = running_attention(q, k, v, block)
    np.testing.assert_allclose(y, wanted, rtol=1e-12)
    scores = np.where(np.tri(N, dtype=bool), q @ k.T / np.sqrt(DIM), -np.inf)
    np.testing.assert_allclose(log_sum[:, 0], np.log(np.exp(scores).sum(axis=1)), rtol=1e-12)


@pytest.mark.parametrize("block", [1, 4, 23, 64])
def test_gradients_are_those_of_the_whole_softmax(block):
    q, k, v, dy = drawn()
    _, weights = dot_product_attention(q, k, v)
    y, log_sum = running_attention(q, k, v, block)
    found = running_attention_backward(dy, q, k, v, y, log_sum, block)
    for ours, wanted in zip(
        found, dot_product_attention_backward(dy, q, k, v, weights), strict=True
    ):
        np.testing.assert_allclose(ours, wanted, rtol=1e-9, atol=1e-12)


def test_scores_of_any_size_neither_overflow_nor_vanish():
    q, k, v, _ = drawn(scale=2000.0)
    with np.errstate(over="raise", invalid="raise"):
        y, _ = running_attention(q, k, v, 4)
    np.testing.assert_allclose(y, dot_product_attention(q, k, v)[0], rtol=1e-9)


def test_single_precision_stays():
    q, k, v, dy = (a.astype(np.float32) for a in drawn())
    y, log_sum = running_attention(q, k, v, 4)
    found = running_attention_backward(dy, q, k, v, y, log_sum, 4)
    assert {a.dtype for a in (y, log_sum, *found)} == {np.dtype(np.float32)}


def peak(function, *arguments):
    tracemalloc.start()
    function(*arguments)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return most


def test_in_single_precision_half_the_memory_is_enough():
    forward, backward = [], []
    for dtype in (np.float32, np.float64):
        q, k, v, dy = np.random.default_rng(0).standard_normal((4, 256, DIM)).astype(dtype)
        y, log_sum = running_attention(q, k, v)
        forward.append(peak(running_attention, q, k, v, 256))
        backward.append(peak(running_attention_backward, dy, q, k, v, y, log_sum, 256))
    assert forward[0] < 0.6 * forward[1] and backward[0] < 0.6 * backward[1]


def test_a_block_of_nothing_and_arrays_that_do_not_fit_are_refused():
    q, k, v, dy = drawn()
    with pytest.raises(ValueError, match="block must be a whole number of at least 1"):
        running_attention(q, k, v, 0)
    with pytest.raises((ValueError, TypeError)):
        running_attention(q, k[:-1], v)
    y, log_sum = running_attention(q, k, v)
    with pytest.raises((ValueError, TypeError)):
        running_attention_backward(dy[:-1], q, k, v, y, log_sum)
