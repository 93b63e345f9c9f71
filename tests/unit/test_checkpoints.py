"""A stopped training goes on to the same result, to the bit; a wrong file changes nothing."""

import os
from dataclasses import dataclass, field

import numpy as np
import pytest

from weighted_sums import backprop, descent, minibatches, networks, optimizers, training
from weighted_sums.workshop import checkpoints, parameters


def setting(dtype=np.float32, sizes=(6, 4, 3)):
    rng = np.random.default_rng(7)
    x = rng.random((23, 6)).astype(dtype)
    y = np.eye(3, dtype=dtype)[rng.integers(3, size=23)]
    return networks.init_network(sizes, rng, dtype), minibatches.Minibatches(x, y, 5), rng


def run(epochs, optimizer, checkpoint=None, **more):
    network, batches, rng = setting()
    trained = training.train(
        network,
        backprop.cost_and_gradient,
        batches,
        optimizer=optimizer,
        epochs=epochs,
        rng=rng,
        checkpoint=checkpoint,
        **more,
    )
    return parameters.flatten(trained), rng.random()


@pytest.mark.parametrize(
    "optimizer",
    [
        lambda: descent.GradientDescent(0.5),
        lambda: descent.GradientDescent(lambda step: 1 / step),
        lambda: optimizers.Momentum(0.1),
        lambda: optimizers.RMSprop(0.01),
        lambda: optimizers.Adam(0.01, weight_decay=0.1),
    ],
)
def test_stopped_and_resumed_equals_uninterrupted_to_the_bit(optimizer, tmp_path):
    whole, drawn = run(7, optimizer())
    run(3, optimizer(), tmp_path / "run.npz")
    resumed, drawn_after = run(7, optimizer(), tmp_path / "run.npz")
    assert np.array_equal(whole, resumed)
    assert drawn == drawn_after


def test_a_setting_may_be_changed_on_the_way(tmp_path):
    run(2, descent.GradientDescent(1.0), tmp_path / "run.npz")
    slower = descent.GradientDescent(0.25)
    run(3, slower, tmp_path / "run.npz")
    assert slower.learning_rate == 0.25
    assert slower.steps == 3 * 5


def test_an_interruption_loses_at_most_the_epoch_it_fell_into(tmp_path):
    whole, _ = run(6, optimizers.Adam(0.01))
    epochs = []

    def pull_the_plug(network):
        epochs.append(network)
        if len(epochs) == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(6, optimizers.Adam(0.01), tmp_path / "run.npz", after_epoch=pull_the_plug)
    seen = []
    resumed, _ = run(6, optimizers.Adam(0.01), tmp_path / "run.npz", after_epoch=seen.append)
    assert len(seen) == 2
    assert np.array_equal(whole, resumed)


def test_a_finished_training_is_not_run_again(tmp_path):
    first, _ = run(3, descent.GradientDescent(0.5), tmp_path / "run.npz")
    again, _ = run(3, descent.GradientDescent(0.5), tmp_path / "run.npz")
    assert np.array_equal(first, again)


def test_nothing_in_the_file_is_pickled(tmp_path):
    run(1, optimizers.Adam(0.01), tmp_path / "run.npz")
    with np.load(tmp_path / "run.npz", allow_pickle=False) as file:
        assert all(file[name].dtype != object for name in file.files)


def test_a_write_that_fails_leaves_the_last_good_file(tmp_path, monkeypatch):
    run(2, descent.GradientDescent(0.5), tmp_path / "run.npz")
    good = (tmp_path / "run.npz").read_bytes()

    def full(*args, **arrays):
        args[0].write(b"half of a file")
        raise OSError("No space left on device")

    monkeypatch.setattr(np, "savez", full)
    with pytest.raises(OSError, match="No space left"):
        run(4, descent.GradientDescent(0.5), tmp_path / "run.npz")
    assert (tmp_path / "run.npz").read_bytes() == good
    assert list(tmp_path.iterdir()) == [tmp_path / "run.npz"]


def resume(path, network=None, optimizer=None, rng=None):
    fresh, _, generator = setting()
    return checkpoints.resume(
        path, network or fresh, optimizer or descent.GradientDescent(0.5), rng or generator
    )


@pytest.mark.parametrize("keep", [0, 100, -40])
def test_a_damaged_file_is_refused_by_name(keep, tmp_path):
    run(1, descent.GradientDescent(0.5), path := tmp_path / "run.npz")
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(ValueError, match=r"run\.npz is not a complete checkpoint"):
        resume(path)


def test_a_flipped_byte_is_noticed(tmp_path):
    run(1, descent.GradientDescent(0.5), path := tmp_path / "run.npz")
    content = bytearray(path.read_bytes())
    content[400] ^= 255
    path.write_bytes(content)
    with pytest.raises(ValueError, match=r"run\.npz is not a complete checkpoint"):
        resume(path)


def test_another_kind_of_npz_is_refused(tmp_path):
    np.savez(tmp_path / "run.npz", state=np.array('{"kind": "a diary"}'))
    with pytest.raises(ValueError, match="its kind is 'a diary'"):
        resume(tmp_path / "run.npz")


@pytest.mark.parametrize(
    ("other", "complaint"),
    [
        ({"network": networks.init_network([6, 5, 3], np.random.default_rng(0))}, "shapes"),
        (
            {"network": networks.init_network([6, 4, 3], np.random.default_rng(0), np.float64)},
            "float32",
        ),
        ({"optimizer": optimizers.Adam(0.01)}, "optimiser: GradientDescent there, Adam here"),
        ({"rng": np.random.Generator(np.random.MT19937(0))}, "generator: PCG64 there, MT19937"),
    ],
)
def test_the_file_of_another_training_is_refused_and_changes_nothing(other, complaint, tmp_path):
    run(1, descent.GradientDescent(0.5), path := tmp_path / "run.npz")
    network, _, rng = setting()
    given = {"network": network, "rng": rng} | other
    before = parameters.flatten(given["network"]), str(given["rng"].bit_generator.state)
    with pytest.raises(ValueError, match=complaint):
        resume(path, **given)
    assert np.array_equal(before[0], parameters.flatten(given["network"]))
    assert before[1] == str(given["rng"].bit_generator.state)


@dataclass
class Forgetful:
    learning_rate: float
    steps: int = 0
    seen: list = field(default_factory=list)

    def step(self, parameters, grads):
        self.seen = [np.abs(dp) for dp in grads]


def test_any_optimiser_that_is_a_dataclass_can_be_saved(tmp_path):
    run(1, Forgetful(0.1), tmp_path / "run.npz")
    again = Forgetful(0.1)
    assert resume(tmp_path / "run.npz", optimizer=again) == 1
    assert [moment.shape for moment in again.seen] == [(4, 6), (4,), (3, 4), (3,)]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written_is_named(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(PermissionError, match="run"):
        run(1, descent.GradientDescent(0.5), tmp_path / "run.npz")
