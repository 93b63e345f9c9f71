"""Training steps against the gradient, sees each example once an epoch, and says when it fails."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from weighted_sums import backprop, descent, losses, networks
from weighted_sums.networks import Layer


@given(st.integers(1, 60), st.data())
def test_an_epoch_deals_each_example_once(n, draw):
    size = draw.draw(st.integers(1, n))
    hands = list(descent.minibatches(n, size, np.random.default_rng(0)))
    assert sorted(np.concatenate(hands)) == list(range(n))
    assert all(len(hand) == size for hand in hands[:-1])


@pytest.mark.parametrize("size", [0, 11])
def test_an_impossible_batch_is_refused(size):
    with pytest.raises(ValueError, match=f"a mini-batch of {size} cannot be drawn from 10"):
        next(descent.minibatches(10, size, np.random.default_rng(0)))


def one_weight(w):
    return [Layer(np.array([[w]]), np.array([0.0]))]


def run(network, gradient, epochs=1, rate=0.5, batch_size=1, n=1):
    x = y = np.zeros((n, 1))
    rng = np.random.default_rng(0)
    return descent.train(
        network, gradient, x, y, rate=rate, batch_size=batch_size, epochs=epochs, rng=rng
    )


def test_a_step_is_minus_rate_times_slope():
    start = one_weight(4.0)
    after = run(start, lambda network, x, y: one_weight(3.0))
    assert after[0].W[0, 0] == 4.0 - 0.5 * 3.0
    assert start[0].W[0, 0] == 4.0


def test_the_last_small_batch_counts_as_a_step():
    after = run(one_weight(0.0), lambda network, x, y: one_weight(1.0), batch_size=2, n=5)
    assert after[0].W[0, 0] == -0.5 * 3


def test_divergence_names_epoch_and_rate():
    growing = lambda network, x, y: one_weight(-1e200 * network[0].W[0, 0])  # noqa: E731
    with (
        np.errstate(over="ignore"),
        pytest.raises(FloatingPointError, match="diverged in epoch 2 at rate 0.5"),
    ):
        run(one_weight(1.0), growing, epochs=9)


def test_a_small_network_learns_to_tell_two_corners_apart():
    x, y = np.eye(2), np.eye(2)
    rng = np.random.default_rng(0)
    network = networks.random_network([2, 3, 2], rng, dtype=np.float64)
    trained = descent.train(
        network, backprop.gradient, x, y, rate=2.0, batch_size=2, epochs=500, rng=rng
    )
    before, after = (
        losses.squared_error(networks.feedforward(x, n), y) for n in (network, trained)
    )
    assert after < 0.02 < 0.3 < before
