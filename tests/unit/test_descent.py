"""Steps against the gradient, epochs that deal each example once, trainings that fail loudly."""

import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from weighted_sums import backprop, descent, gradient_check, losses, networks, training
from weighted_sums.descent import GradientDescent
from weighted_sums.minibatches import Minibatches
from weighted_sums.networks import Layer


def numbered(n):
    positions = np.arange(float(n))[:, None]
    return positions, 10 * positions


@given(st.integers(1, 60), st.data())
def test_an_epoch_deals_each_example_once_beside_its_wish(n, draw):
    size = draw.draw(st.integers(1, n))
    batches = Minibatches(*numbered(n), size)
    hands = list(batches.epoch(np.random.default_rng(0)))
    assert sorted(np.concatenate([x for x, _ in hands])[:, 0]) == list(range(n))
    assert all(np.array_equal(y, 10 * x) for x, y in hands)
    assert all(len(x) == size for x, _ in hands[:-1])
    assert len(hands) == len(batches)


def test_no_two_epochs_are_dealt_alike():
    rng = np.random.default_rng(0)
    batches = Minibatches(*numbered(30), 30)
    [(first, _)], [(second, _)] = batches.epoch(rng), batches.epoch(rng)
    assert not np.array_equal(first, second)


@pytest.mark.parametrize("size", [0, 11])
def test_an_impossible_batch_is_refused(size):
    with pytest.raises(ValueError, match=f"a mini-batch of {size} cannot be drawn from 10"):
        Minibatches(*numbered(10), size)


def test_inputs_without_wishes_are_refused():
    with pytest.raises(ValueError, match="4 inputs do not fit 3 targets"):
        Minibatches(np.zeros((4, 2)), np.zeros((3, 1)), 2)


@pytest.mark.parametrize("learning_rate", [0.0, -1.0, np.nan, np.inf])
def test_a_rate_that_is_no_rate_is_refused(learning_rate):
    with pytest.raises(ValueError, match="positive and finite"):
        GradientDescent(learning_rate)


def test_descent_on_a_parabola_multiplies_the_distance_by_one_minus_rate_times_curvature():
    path = descent.descend(lambda x: 3.0 * x, np.array([2.0]), GradientDescent(0.1), steps=4)
    np.testing.assert_allclose(path[:, 0], 2 * 0.7 ** np.arange(5), rtol=1e-15)


def test_descend_leaves_its_start_alone():
    start = np.array([1.0, 2.0])
    descent.descend(lambda x: x, start, GradientDescent(0.5), steps=3)
    assert np.array_equal(start, [1.0, 2.0])


def test_a_schedule_sets_the_rate_of_each_step():
    path = descent.descend(
        lambda x: np.ones_like(x), np.array([0.0]), GradientDescent(lambda step: 1 / step), steps=3
    )
    np.testing.assert_allclose(path[:, 0], [0, -1, -3 / 2, -11 / 6])


@given(st.integers(0, 2**32 - 1))
def test_differences_find_the_gradient_of_a_cubic(seed):
    a, b, x = np.random.default_rng(seed).normal(size=(3, 4))
    found = gradient_check.central_difference(lambda x: float((a * x * x * x + b * x).sum()), x)
    np.testing.assert_allclose(found, 3 * a * x * x + b, rtol=1e-6, atol=1e-7)


def test_differences_of_coarse_numbers_take_a_larger_nudge():
    x = np.array([0.5, 2.0], np.float32)
    found = gradient_check.central_difference(lambda x: float((x * x * x).sum()), x)
    np.testing.assert_allclose(found, 3 * x * x, rtol=1e-3)


def one_weight(w):
    return [Layer(np.array([[w]]), np.array([0.0]))]


def run(network, gradient, epochs=1, learning_rate=0.5, size=1, n=1, **more):
    return training.train(
        network,
        gradient,
        Minibatches(*numbered(n), size),
        optimizer=GradientDescent(learning_rate),
        epochs=epochs,
        rng=np.random.default_rng(0),
        **more,
    )


def constant_slope(slope):
    return lambda network, x, y: (1.0, one_weight(slope))


def test_a_step_is_minus_rate_times_slope():
    start = one_weight(4.0)
    after = run(start, constant_slope(3.0))
    assert after[0].W[0, 0] == 4.0 - 0.5 * 3.0
    assert start[0].W[0, 0] == 4.0


def test_the_last_small_batch_counts_as_a_step():
    after = run(one_weight(0.0), constant_slope(1.0), size=2, n=5)
    assert after[0].W[0, 0] == -0.5 * 3


def test_a_cost_that_is_not_finite_names_step_and_rate():
    def squared(network, x, y):
        w = float(network[0].W[0, 0])
        return w * w, one_weight(-1e80 * w)

    with pytest.raises(FloatingPointError, match=r"cost is inf after step 2 at learning rate 0\.5"):
        run(one_weight(1.0), squared, epochs=9)


def test_a_last_step_into_infinity_is_noticed_too():
    with pytest.raises(FloatingPointError, match="parameter is no longer finite after step 1"):
        run(one_weight(0.0), constant_slope(-np.inf))


def test_after_epoch_sees_every_epoch_and_can_keep_what_it_saw():
    kept = []
    run(one_weight(0.0), constant_slope(1.0), epochs=3, after_epoch=kept.append)
    assert [network[0].W[0, 0] for network in kept] == [-0.5, -1.0, -1.5]


@pytest.mark.parametrize("kind", [bool, np.bool_])
def test_after_epoch_can_end_the_training(kind):
    after = run(
        one_weight(0.0),
        constant_slope(1.0),
        epochs=50,
        after_epoch=lambda network: kind(network[0].W[0, 0] <= -1),
    )
    assert after[0].W[0, 0] == -1.0


def test_what_after_epoch_returns_by_the_way_does_not_end_the_training():
    after = run(one_weight(0.0), constant_slope(1.0), epochs=3, after_epoch=lambda network: 0.95)
    assert after[0].W[0, 0] == -1.5


def test_a_small_network_learns_to_tell_two_corners_apart():
    rng = np.random.default_rng(0)
    network = networks.init_network([2, 3, 2], rng, dtype=np.float64)
    x = y = np.eye(2)
    trained = training.train(
        network,
        backprop.cost_and_gradient,
        Minibatches(x, y, 2),
        optimizer=GradientDescent(2.0),
        epochs=500,
        rng=rng,
    )
    before, after = (
        losses.squared_error(networks.feedforward(x, n), y) for n in (network, trained)
    )
    assert after < 0.02 < 0.3 < before


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.mark.parametrize(("where", "seen"), [(Terminal, True), (io.StringIO, False)])
def test_a_bar_is_drawn_only_where_somebody_watches(where, seen, monkeypatch):
    monkeypatch.delenv("TQDM_DISABLE", raising=False)
    monkeypatch.setattr("sys.stderr", stream := where())
    run(one_weight(0.0), constant_slope(1.0), epochs=3)
    assert ("0/3" in stream.getvalue()) is seen


def test_the_building_of_the_book_keeps_the_bar_away(monkeypatch):
    monkeypatch.setenv("TQDM_DISABLE", "1")
    monkeypatch.setattr("sys.stderr", stream := Terminal())
    run(one_weight(0.0), constant_slope(1.0), epochs=3)
    assert stream.getvalue() == ""
