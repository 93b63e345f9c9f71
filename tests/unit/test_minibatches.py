"""An epoch yields each example once, with its target, in random order."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from weighted_sums.minibatches import Minibatches


def numbered(n):
    x = np.arange(float(n))[:, None]
    return x, 10 * x


@given(st.integers(1, 60), st.data())
def test_an_epoch_has_each_example_once_beside_its_target(n, draw):
    batch_size = draw.draw(st.integers(1, n))
    batches = Minibatches(*numbered(n), batch_size)
    epoch = list(batches.epoch(np.random.default_rng(0)))
    assert sorted(np.concatenate([x for x, _ in epoch])[:, 0]) == list(range(n))
    assert all(np.array_equal(y, 10 * x) for x, y in epoch)
    assert all(len(x) == batch_size for x, _ in epoch[:-1])
    assert len(epoch) == len(batches)


def test_every_epoch_is_shuffled_anew():
    rng = np.random.default_rng(0)
    batches = Minibatches(*numbered(30), 30)
    [(first, _)], [(second, _)] = batches.epoch(rng), batches.epoch(rng)
    assert not np.array_equal(first, second)


@pytest.mark.parametrize("batch_size", [0, 11])
def test_an_impossible_batch_size_is_refused(batch_size):
    with pytest.raises(ValueError, match=f"mini-batch of {batch_size} cannot be drawn from 10"):
        Minibatches(*numbered(10), batch_size)


def test_inputs_without_targets_are_refused():
    with pytest.raises(ValueError, match="4 inputs do not fit 3 targets"):
        Minibatches(np.zeros((4, 2)), np.zeros((3, 1)), 2)


@pytest.mark.usefixtures("without_shape_checks")
@pytest.mark.parametrize("x", [[[1.0], [2.0]], np.float64(3), np.array(3.0), np.array(["a", "b"])])
def test_inputs_that_are_no_rows_of_numbers_are_refused(x):
    with pytest.raises(ValueError, match="inputs must be an array of numbers, with a row for each"):
        Minibatches(x, np.zeros((2, 1)), 1)
    with pytest.raises(ValueError, match="targets must be an array of numbers"):
        Minibatches(np.zeros((2, 1)), x, 1)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_the_first_row_that_is_not_finite_is_named(value):
    x = np.zeros((5, 3))
    x[2, 1] = x[4, 0] = value
    with pytest.raises(ValueError, match="inputs must be finite, but row 2 holds"):
        Minibatches(x, np.zeros((5, 1)), 1)


@pytest.mark.parametrize("x", [np.zeros((2, 3), np.uint8), np.ones((2, 3), bool), np.zeros((2, 0))])
def test_whole_numbers_truth_values_and_empty_rows_are_numbers_too(x):
    assert len(Minibatches(x, np.zeros((2, 1)), 1)) == 2


@pytest.mark.usefixtures("without_shape_checks")
def test_a_batch_size_is_a_whole_number():
    with pytest.raises(ValueError, match="batch_size must be a whole number"):
        Minibatches(*numbered(10), 2.5)
