"""What holds for all optimisers, a new one too: bad schedules, gradients and states are refused."""

import inspect
from dataclasses import dataclass, field

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from weighted_sums import backprop, descent, gradient_check, networks, optimizers, training
from weighted_sums.descent import GradientDescent
from weighted_sums.minibatches import Minibatches
from weighted_sums.workshop import checkpoints

OPTIMIZERS = [
    kind
    for module in (descent, optimizers)
    for _, kind in inspect.getmembers(module, inspect.isclass)
    if kind.__module__ == module.__name__ and kind is not descent.Optimizer
    if hasattr(kind, "step")
]
each = pytest.mark.parametrize("kind", OPTIMIZERS)
bare = pytest.mark.usefixtures("without_shape_checks")


def test_the_optimisers_are_found():
    assert {kind.__name__ for kind in OPTIMIZERS} >= {"GradientDescent", "Momentum", "Adam"}


def check_schedule(kind, learning_rate):
    p = np.ones(3)
    with pytest.raises(ValueError, match="schedule returned the learning rate .* for step 1"):
        kind(lambda step: learning_rate).step([p], [np.ones(3)])
    assert (p == 1).all()


@each
@pytest.mark.parametrize("learning_rate", [np.nan, -1.0, np.inf, "0.1", None, np.ones(2)])
@bare
def test_a_schedule_is_checked_as_a_number_is(kind, learning_rate):
    check_schedule(kind, learning_rate)


@each
@bare
def test_gradients_that_do_not_fit_and_float16_are_refused_and_change_nothing(kind):
    for p, dp in (
        (np.ones((2, 3)), np.ones(3)), (np.ones((2, 3)), np.ones((2, 1))), (np.ones(3), np.ones(1)),
        (np.ones(3, np.float16), np.ones(3, np.float16)), (np.ones(3, int), np.ones(3)),
    ):  # fmt: skip
        optimizer = kind(0.1)
        with pytest.raises(ValueError, match="gradients of the shapes|must be float32 or float64"):
            optimizer.step([p], [dp])
        assert (p == 1).all() and optimizer.steps == 0


@each
@bare
def test_moments_of_another_network_are_refused(kind):
    optimizer = kind(0.1)
    if not checkpoints.optimizer_state.moments(optimizer):
        return
    optimizer.step([np.ones(3)], [np.ones(3)])
    with pytest.raises(ValueError, match=r"moments of .* \[\(3,\)\] do not fit .* \[\(2, 3\)\]"):
        optimizer.step([np.ones((2, 3))], [np.ones((2, 3))])


@dataclass
class Trusting:
    """An optimiser that checks nothing: each property must find it."""

    learning_rate: object
    steps: int = 0

    def step(self, parameters, grads):
        for p, dp in zip(parameters, grads, strict=True):
            p -= self.learning_rate(1) * dp


def test_an_optimiser_that_trusts_its_schedule_is_found():
    with pytest.raises(pytest.fail.Exception, match="DID NOT RAISE"):
        check_schedule(Trusting, -1.0)


def train(optimizer, gradient=backprop.cost_and_gradient, x=None, **more):
    rng = np.random.default_rng(0)
    network = networks.init_network([3, 2], rng, np.float64)
    x = np.eye(3) if x is None else x
    settings = {"optimizer": optimizer, "epochs": 2, "rng": rng} | more
    return training.train(network, gradient, Minibatches(x, np.ones((3, 2)), 2), **settings)


@dataclass
class Cooling:
    """A float that training changes: a heat that falls with each step."""

    learning_rate: float
    heat: float = 1.0
    steps: int = 0

    def step(self, parameters, grads):
        self.steps += 1
        self.heat *= 0.9
        for p, dp in zip(parameters, grads, strict=True):
            p -= self.learning_rate * self.heat * dp


def test_a_number_that_training_changes_is_resumed_and_a_setting_may_be_changed(tmp_path):
    whole = train(Cooling(0.1), epochs=5)
    path = tmp_path / "run.npz"
    for epochs in (2, 3, 5):
        found = train(last := Cooling(0.1), epochs=epochs, checkpoint=path)
    np.testing.assert_array_equal(found[0].W, whole[0].W)
    assert last.heat == pytest.approx(0.9**10)
    train(slower := Cooling(0.05), epochs=6, checkpoint=path)
    assert slower.learning_rate == 0.05 and slower.heat == pytest.approx(0.9**12)


@dataclass
class Listing:
    learning_rate: float
    steps: int = 0
    seen: list = field(default_factory=list)

    def step(self, parameters, grads):
        self.seen.append(0.5)


@dataclass
class Keeping:
    learning_rate: float
    kept: np.ndarray = field(default_factory=lambda: np.ones(3))
    steps: int = 0

    def step(self, parameters, grads):
        raise AssertionError("no step is to be taken")


class Plain:
    def __init__(self):
        self.learning_rate, self.steps = 0.1, 0

    def step(self, parameters, grads):
        raise AssertionError("no step is to be taken")


class Schedule:
    """A schedule that changes by being asked."""

    def __init__(self):
        self.asked = 0

    def __call__(self, step):
        self.asked += 1
        return 0.1 / self.asked


@pytest.mark.parametrize(
    ("optimizer", "complaint"),
    [
        (Listing(0.1), r"Listing\.seen cannot be saved"),
        (Keeping(0.1), r"Keeping\.kept cannot be saved"),
        (Plain(), "must be a dataclass, to be saved; Plain is not"),
        (GradientDescent(Schedule()), r"GradientDescent\.learning_rate cannot be saved"),
    ],
)
@bare
def test_an_optimiser_that_could_not_be_resumed_is_refused(optimizer, complaint, tmp_path):
    with pytest.raises(ValueError, match=complaint):
        train(optimizer, checkpoint=tmp_path / "run.npz")
    assert not list(tmp_path.iterdir())


@bare
def test_what_could_not_be_used_is_refused_before_the_first_step(tmp_path):
    def never(network, x, y):
        raise AssertionError("no gradient is to be computed")

    optimizer = GradientDescent(0.1)
    with pytest.raises(FileNotFoundError, match="no folder .*nowhere"):
        train(optimizer, never, checkpoint=tmp_path / "nowhere" / "run.npz")
    rng = np.random.Generator(np.random.MT19937(0))
    with pytest.raises(ValueError, match="MT19937 cannot be saved"):
        train(optimizer, never, checkpoint=tmp_path / "run.npz", rng=rng)
    with pytest.raises(ValueError, match="epochs must be a whole number"):
        train(optimizer, never, epochs=2.5)
    x = np.eye(3)
    x[1, 2] = np.nan
    with pytest.raises(ValueError, match="inputs must be finite, but row 1 holds nan"):
        train(optimizer, never, x)


@bare
def test_arguments_of_the_wrong_kind_are_refused_before_the_first_step():
    optimizer = GradientDescent(0.1)
    with pytest.raises(TypeError, match="gradient must be a function, not NoneType"):
        train(optimizer, None)
    with pytest.raises(TypeError, match="after_epoch must be a function, not list"):
        train(optimizer, after_epoch=[])
    with pytest.raises(TypeError, match="an optimiser has learning_rate, steps and step"):
        train(0.1)
    for lists in ([[1.0], [2.0], [3.0]], np.array(["1", "2", "3"])):
        with pytest.raises(ValueError, match="inputs must be an array of numbers"):
            train(optimizer, x=lists)


def test_a_stop_is_remembered(tmp_path):
    def run(seen, epochs=9):
        def stop(network):
            seen.append(network)
            return len(seen) == 2

        return train(
            GradientDescent(0.1), epochs=epochs, checkpoint=tmp_path / "x.npz", after_epoch=stop
        )

    first, again = run(seen := []), run(unseen := [])
    assert len(seen) == 2 and not unseen
    np.testing.assert_array_equal(first[0].W, again[0].W)
    run(unseen, epochs=20)
    assert not unseen


@pytest.mark.parametrize(
    ("cost", "kind", "complaint"),
    [
        (
            lambda steps: np.nan,
            FloatingPointError,
            "first step; the initial parameters are finite",
        ),
        (lambda steps: [1, np.inf][steps > 0], FloatingPointError, "rate 0.1; try a smaller one"),
    ],
)
def test_a_cost_that_is_not_finite_names_its_cause(cost, kind, complaint):
    optimizer = GradientDescent(0.1)

    def gradient(network, x, y):
        return cost(optimizer.steps), backprop.cost_and_gradient(network, x, y)[1]

    with pytest.raises(kind, match=complaint):
        train(optimizer, gradient)


def test_a_batch_that_is_not_finite_is_blamed_itself():
    class Spoilt:
        def epoch(self, rng):
            yield np.full((2, 3), np.inf), np.ones((2, 2))

    network = networks.init_network([3, 2], np.random.default_rng(0), np.float64)
    with pytest.raises(ValueError, match="the batch holds nan or an infinite number"):
        training.train(
            network, lambda n, x, y: (np.nan, n), Spoilt(), optimizer=GradientDescent(0.1),
            epochs=1, rng=np.random.default_rng(0),
        )  # fmt: skip


@given(st.integers(-12, 30), st.sampled_from([np.float32, np.float64]))
def test_a_difference_steps_relative_to_the_value(power, dtype):
    power = min(power, 12) if dtype == np.float32 else power
    x = np.array([10.0**power, -3 * 10.0**power], dtype)
    near = 0.02 if dtype == np.float32 else 1e-4
    found = gradient_check.central_difference(lambda x: float(np.square(x, dtype=float).sum()), x)
    atol = near * 1e-3
    np.testing.assert_allclose(found, 2 * x.astype(float), rtol=near, atol=atol)


def test_a_training_runs_without_standard_error(monkeypatch):
    monkeypatch.delenv("TQDM_DISABLE", raising=False)
    monkeypatch.setattr("sys.stderr", None)
    train(GradientDescent(0.1))
    closed = open("/dev/null", "w")  # noqa: SIM115
    closed.close()
    monkeypatch.setattr("sys.stderr", closed)
    train(GradientDescent(0.1))
