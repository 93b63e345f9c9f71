"""Training takes a step for each batch, stops when told, and reports what diverges."""

import io

import numpy as np
import pytest

from weighted_sums import backprop, losses, networks, training
from weighted_sums.descent import GradientDescent
from weighted_sums.minibatches import Minibatches
from weighted_sums.networks import Layer


def numbered(n):
    x = np.arange(float(n))[:, None]
    return x, 10 * x


def one_weight(w):
    return [Layer(np.array([[w]]), np.array([0.0]))]


def run(network, gradient, epochs=1, learning_rate=0.5, batch_size=1, n=1, **more):
    return training.train(
        network,
        gradient,
        Minibatches(*numbered(n), batch_size),
        optimizer=GradientDescent(learning_rate),
        epochs=epochs,
        rng=np.random.default_rng(0),
        **more,
    )


def constant_gradient(dW):
    return lambda network, x, y: (1.0, one_weight(dW))


def test_a_step_is_minus_learning_rate_times_gradient():
    initial = one_weight(4.0)
    after = run(initial, constant_gradient(3.0))
    assert after[0].W[0, 0] == 4.0 - 0.5 * 3.0
    assert initial[0].W[0, 0] == 4.0


def test_the_last_small_batch_counts_as_a_step():
    after = run(one_weight(0.0), constant_gradient(1.0), batch_size=2, n=5)
    assert after[0].W[0, 0] == -0.5 * 3


def test_a_cost_that_is_not_finite_names_step_and_learning_rate():
    def squared(network, x, y):
        w = float(network[0].W[0, 0])
        return w * w, one_weight(-1e80 * w)

    with pytest.raises(FloatingPointError, match=r"cost is inf after step 2 at learning rate 0\.5"):
        run(one_weight(1.0), squared, epochs=9)


def test_a_last_step_into_infinity_is_reported_too():
    with pytest.raises(FloatingPointError, match="parameter is no longer finite after step 1"):
        run(one_weight(0.0), constant_gradient(-np.inf))


def test_after_epoch_sees_every_epoch_and_can_keep_what_it_saw():
    seen = []
    run(one_weight(0.0), constant_gradient(1.0), epochs=3, after_epoch=seen.append)
    assert [network[0].W[0, 0] for network in seen] == [-0.5, -1.0, -1.5]


@pytest.mark.parametrize("bool_type", [bool, np.bool_])
def test_after_epoch_can_end_training(bool_type):
    after = run(
        one_weight(0.0),
        constant_gradient(1.0),
        epochs=50,
        after_epoch=lambda network: bool_type(network[0].W[0, 0] <= -1),
    )
    assert after[0].W[0, 0] == -1.0


def test_an_accuracy_that_after_epoch_returns_does_not_end_training():
    after = run(one_weight(0.0), constant_gradient(1.0), epochs=3, after_epoch=lambda network: 0.95)
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
        losses.squared_error(networks.feedforward(n, x), y) for n in (network, trained)
    )
    assert after < 0.02 < 0.3 < before


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.mark.parametrize(("stream_type", "drawn"), [(Terminal, True), (io.StringIO, False)])
def test_a_progress_bar_is_drawn_only_where_someone_watches(stream_type, drawn, monkeypatch):
    monkeypatch.delenv("TQDM_DISABLE", raising=False)
    monkeypatch.setattr("sys.stderr", stream := stream_type())
    run(one_weight(0.0), constant_gradient(1.0), epochs=3)
    assert ("0/3" in stream.getvalue()) is drawn


def test_building_the_book_draws_no_bar(monkeypatch):
    monkeypatch.setenv("TQDM_DISABLE", "1")
    monkeypatch.setattr("sys.stderr", stream := Terminal())
    run(one_weight(0.0), constant_gradient(1.0), epochs=3)
    assert stream.getvalue() == ""
