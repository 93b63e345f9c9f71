"""The tasks have the targets that they promise, and a transformer learns them."""

import numpy as np
import pytest

from weighted_sums import optimizers, tasks, training, transformer
from weighted_sums.transformer import IGNORE_INDEX

RNG = np.random.default_rng(0)


def test_the_targets_of_reversal_are_the_symbols_in_reverse():
    x, y = next(tasks.Reversal(batch_size=6, batches=1, length=4, symbols=9).epoch(RNG))
    assert x.shape == y.shape == (6, 8)
    assert (x[:, 4] == 9).all()
    assert (y[:, :4] == IGNORE_INDEX).all()
    np.testing.assert_array_equal(y[:, 4:], x[:, :4][:, ::-1])


def test_the_target_of_induction_followed_the_same_symbol_before():
    task = tasks.Induction(batch_size=50, batches=1, length=20, symbols=12, periods=(3, 7))
    x, y = next(task.epoch(RNG))
    assert x.shape == (50, 20)
    periods = []
    for row, targets in zip(x, y, strict=True):
        counted = np.flatnonzero(targets != IGNORE_INDEX)
        periods.append(counted[0])
        for position in counted:
            earlier = np.flatnonzero(row[:position] == row[position])
            assert earlier.size and row[earlier[-1] + 1] == targets[position]
    assert set(periods) == set(range(3, 8))


def test_an_epoch_has_the_given_number_of_batches():
    assert len(list(tasks.Induction(batch_size=2, batches=3).epoch(RNG))) == 3
    assert len(tasks.Reversal(batch_size=2, batches=5)) == 5


@pytest.mark.parametrize("periods", [(0, 4), (5, 4), (4, 40)])
def test_periods_that_do_not_fit_are_refused(periods):
    with pytest.raises(ValueError, match="periods must lie in"):
        tasks.Induction(batch_size=1, batches=1, periods=periods)


def test_accuracy_does_not_count_ignored_targets():
    logits = np.array([[0.0, 1.0], [0.0, 1.0], [1.0, 0.0]])
    assert tasks.masked_accuracy(logits, np.array([IGNORE_INDEX, 1, 1])) == 0.5


def test_one_head_learns_to_reverse():
    rng = np.random.default_rng(0)
    task = tasks.Reversal(batch_size=32, batches=120, length=5, symbols=6)
    m = training.train(
        transformer.init_transformer(7, task.context_length, 32, 1, 1, rng),
        transformer.cost_and_gradient,
        task,
        optimizer=optimizers.Adam(5e-3),
        epochs=1,
        rng=rng,
    )
    x, y = next(tasks.Reversal(batch_size=200, batches=1, length=5, symbols=6).epoch(rng))
    assert tasks.masked_accuracy(transformer.logits(m, x), y) > 0.97


@pytest.mark.usefixtures("without_shape_checks")
def test_unsigned_symbols_get_targets_that_can_be_ignored():
    x, y = tasks.masked_targets(np.array([[1, 2, 3]], np.uint8), 1)
    assert y.tolist() == [[IGNORE_INDEX, 3]] and x.tolist() == [[1, 2]]
    for wrong in ([[-1, 2]], [[1.0, 2.0]], [1, 2], [[1]]):
        with pytest.raises(ValueError, match="symbols"):
            tasks.masked_targets(np.array(wrong), 1)


@pytest.mark.usefixtures("without_shape_checks")
def test_targets_that_are_all_ignored_or_do_not_fit_are_refused():
    with pytest.raises(ValueError, match="no target counts"):
        tasks.masked_accuracy(np.ones((2, 3, 4)), np.full((2, 3), IGNORE_INDEX))
    with pytest.raises(ValueError, match="do not fit targets"):
        tasks.masked_accuracy(np.ones((2, 3, 4)), np.ones((2, 2), int))


def test_the_tasks_have_the_sizes_of_the_chapter_unless_others_are_given():
    reversal = tasks.Reversal(batch_size=3, batches=1)
    induction = tasks.Induction(batch_size=40, batches=2)
    assert reversal.context_length == 16 and induction.context_length == 32
    assert len(reversal) == 1 and len(induction) == 2
    (x, y), *_ = reversal.epoch(np.random.default_rng(1))
    assert (x[:, 8] == 10).all() and x.shape == y.shape == (3, 16)
    assert np.delete(x, 8, axis=1).max() == 9
    (x, y), *_ = induction.epoch(np.random.default_rng(1))
    assert x.shape == (40, 32) and x.max() == 31 and x.min() == 0
    assert {int(np.flatnonzero(row != IGNORE_INDEX)[0]) for row in y} == set(range(5, 17))


def test_the_symbols_of_a_period_differ_and_every_row_is_drawn_anew():
    task = tasks.Induction(batch_size=30, batches=1, length=20, symbols=7, periods=(7, 7))
    x, _ = next(task.epoch(np.random.default_rng(2)))
    assert all(len(set(row[:7])) == 7 for row in x)
    assert len({tuple(row) for row in x}) > 25


@pytest.mark.parametrize("name", ["batch_size", "batches", "length", "symbols"])
@pytest.mark.parametrize("task", [tasks.Reversal, tasks.Induction])
def test_sizes_of_a_task_are_whole_numbers_from_one_up(task, name):
    with pytest.raises(ValueError, match=f"{name} must be a whole number of at least 1"):
        task(**{"batch_size": 1, "batches": 1, name: 0})


def test_periods_may_reach_from_one_to_all_there_is():
    task = tasks.Induction(batch_size=1, batches=1, length=9, symbols=6, periods=(1, 6))
    assert task.periods == (1, 6)
    with pytest.raises(ValueError, match=r"periods must lie in 1\.\.6"):
        tasks.Induction(batch_size=1, batches=1, length=9, symbols=6, periods=(1, 7))


def test_rows_of_two_symbols_have_one_question():
    x, y = tasks.masked_targets(np.array([[3, 5], [4, 6]]), np.array([[0], [1]]))
    assert x.tolist() == [[3], [4]] and y.tolist() == [[5], [IGNORE_INDEX]]
