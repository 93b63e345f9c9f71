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


def test_no_epoch_returns_a_copy_of_the_network():
    initial = one_weight(4.0)
    after = run(initial, constant_gradient(3.0), epochs=0)
    assert after[0].W[0, 0] == 4.0 and after[0].W is not initial[0].W


@pytest.mark.usefixtures("without_shape_checks")
@pytest.mark.parametrize("epochs", [-1, 1.5, True])
def test_a_number_of_epochs_that_is_none_is_refused(epochs):
    with pytest.raises(ValueError, match="epochs must be a whole number"):
        run(one_weight(0.0), constant_gradient(1.0), epochs=epochs)


@pytest.mark.usefixtures("without_shape_checks")
def test_arguments_that_cannot_be_called_are_refused_by_name():
    with pytest.raises(TypeError, match="gradient must be a function"):
        run(one_weight(0.0), 3.0)
    with pytest.raises(TypeError, match="after_epoch must be a function"):
        run(one_weight(0.0), constant_gradient(1.0), after_epoch=[])
    with pytest.raises(TypeError, match="an optimiser has learning_rate, steps and step.*; float"):
        training.train(
            one_weight(0.0), constant_gradient(1.0), Minibatches(*numbered(1), 1),
            optimizer=0.5, epochs=1, rng=np.random.default_rng(0),
        )  # fmt: skip


class Given:
    """Batches that come as they are given."""

    def __init__(self, *batches):
        self.batches = batches

    def epoch(self, rng):
        yield from self.batches


def train_on(network, *batches):
    def gradient(network, x):
        return float(x.sum() * network[0].W[0, 0]), one_weight(1.0)

    return training.train(
        network, gradient, Given(*batches),
        optimizer=GradientDescent(0.5), epochs=1, rng=np.random.default_rng(0),
    )  # fmt: skip


def test_a_cost_that_is_not_finite_is_blamed_on_what_is_not_finite():
    good, bad = (np.ones(3),), (np.array([1.0, np.inf, 1.0]),)
    with pytest.raises(ValueError, match="cost is inf after step 1: the batch holds nan or an inf"):
        train_on(one_weight(4.0), good, bad)
    with pytest.raises(FloatingPointError, match="first step; the initial parameters are not fin"):
        train_on(one_weight(np.nan), good)
    with pytest.raises(FloatingPointError, match="first step; the initial parameters are finite"):
        train_on(one_weight(1e308), (np.full(3, 1e3),))
    whole = (np.array([1, 2]),)  # whole numbers are finite
    assert train_on(one_weight(1.0), whole)[0].W[0, 0] == 0.5


def test_an_overflow_is_an_error_of_its_own_and_no_warning(recwarn):
    def overflowing(network, x, y):
        return float(np.square(network[0].W * 1e200).sum()), one_weight(1.0)

    with pytest.raises(FloatingPointError, match="cost is inf"):
        run(one_weight(1.0), overflowing)

    def invalid(network, x, y):
        infinite = np.full(2, np.inf)
        return float((infinite - infinite).sum()), one_weight(1.0)

    with pytest.raises(FloatingPointError, match="cost is nan"):
        run(one_weight(1.0), invalid)
    assert not recwarn.list


def test_training_goes_on_from_a_checkpoint_with_the_next_epoch(tmp_path):
    file = tmp_path / "run.npz"
    seen = []
    run(one_weight(0.0), constant_gradient(1.0), epochs=2, checkpoint=file)
    after = run(
        one_weight(0.0), constant_gradient(1.0), epochs=3, checkpoint=file, after_epoch=seen.append
    )
    assert after[0].W[0, 0] == -1.5 and len(seen) == 1


def test_a_batch_may_hold_other_things_than_arrays():
    def words(network, text):
        return float("nan"), one_weight(0.0)

    with pytest.raises(FloatingPointError, match="cost is nan before the first step"):
        training.train(
            one_weight(1.0), words, Given(("words",)),
            optimizer=GradientDescent(0.5), epochs=1, rng=np.random.default_rng(0),
        )  # fmt: skip


def test_the_bar_of_a_resumed_training_begins_where_it_had_stopped(tmp_path, monkeypatch):
    run(one_weight(0.0), constant_gradient(1.0), epochs=2, checkpoint=tmp_path / "run.npz")
    monkeypatch.delenv("TQDM_DISABLE", raising=False)
    monkeypatch.setattr("sys.stderr", stream := Terminal())
    run(one_weight(0.0), constant_gradient(1.0), epochs=3, checkpoint=tmp_path / "run.npz")
    assert "2/3" in stream.getvalue() and "0/3" not in stream.getvalue()
