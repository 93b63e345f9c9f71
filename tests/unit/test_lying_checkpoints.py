"""A checkpoint that is damaged or lies is refused by name, and nothing is changed by it."""

import io
import json
import struct
import zipfile

import numpy as np
import pytest
from damage import damaged, many, reading, refuses_cheaply
from hypothesis import given
from hypothesis import strategies as st

from weighted_sums import networks, optimizers
from weighted_sums.workshop import checkpoints, parameters


class Training:
    """What a checkpoint is read into; `state` is all that it could change."""

    def __init__(self):
        self.network = networks.init_network((3, 2), np.random.default_rng(7), np.float32)
        self.optimizer, self.rng = optimizers.Momentum(0.1), np.random.default_rng(1)

    def step(self):
        arrays = parameters.leaves(self.network)
        self.optimizer.step(arrays, [array + 1 for array in arrays])

    def state(self):
        numbers = [array.tobytes() for array in parameters.leaves(self.network)]
        return numbers, str(vars(self.optimizer)), str(self.rng.bit_generator.state)


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory):
    """The bytes of a right checkpoint."""
    training, path = Training(), tmp_path_factory.mktemp("right") / "run.npz"
    training.step()
    checkpoints.save(path, training.network, training.optimizer, training.rng, 5)
    return path.read_bytes()


def resumed(path):
    """What comes out of the checkpoint at `path`; a refusal must leave all as it was."""
    training = Training()
    before = training.state()
    try:
        done = checkpoints.resume(path, training.network, training.optimizer, training.rng)
    except ValueError:
        assert training.state() == before
        raise
    state = training.state()
    training.step()
    training.rng.random()
    assert type(done) is int and done >= 0
    return done, state


@pytest.mark.slow
@many
@given(data=st.data())
def test_a_damaged_checkpoint_is_refused_by_name_or_the_damage_does_not_count(
    tmp_path, data, checkpoint
):
    path = tmp_path / "run.npz"
    path.write_bytes(checkpoint)
    right = resumed(path)
    path.write_bytes(data.draw(damaged(checkpoint)))
    refusal, found, peak = reading(resumed, path)
    assert peak < 1_000_000
    assert str(path) in refusal if refusal else found == right


def unzipped(content):
    archive = zipfile.ZipFile(io.BytesIO(content))
    return {name: archive.read(name) for name in archive.namelist()}


def zipped(members, method=zipfile.ZIP_STORED):
    with zipfile.ZipFile(file := io.BytesIO(), "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return file.getvalue()


def as_npy(text):
    np.save(file := io.BytesIO(), np.array(text))
    return file.getvalue()


def npy(kind, shape, content=b""):
    head = f"{{'descr': '{kind}', 'fortran_order': False, 'shape': {shape}}}\n".encode()
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(head)) + head + content


@pytest.mark.slow
@many
@given(data=st.data())
def test_a_checkpoint_that_lies_is_refused_by_name_and_changes_nothing(tmp_path, data, checkpoint):
    members = unzipped(checkpoint)
    name = data.draw(st.sampled_from(["state.npy", *members]))
    if name == "state.npy" and data.draw(st.booleans()):
        state = str(np.load(io.BytesIO(members[name]))).encode()
        text = data.draw(damaged(state)).decode(errors="replace")
        members[name] = as_npy(text)
    else:
        members[name] = data.draw(damaged(members[name]))
    path = tmp_path / "run.npz"
    path.write_bytes(zipped(members))
    refusal, _, peak = reading(resumed, path)
    assert peak < 1_000_000
    assert refusal is None or str(path) in refusal


def keep_a_step(state):
    state["moments"]["step"] = 0


def forget_the_steps(state):
    del state["steps"]


def go_back(state):
    state["done"] = -1


def lose_the_dice(state):
    state["rng"]["state"]["state"] = 2**128


@pytest.mark.parametrize(
    ("lie", "complaint"),
    [
        (
            keep_a_step,
            r"belongs to .*moments: \['step', 'velocities'\] there, \['velocities'\] here",
        ),
        (forget_the_steps, "is not a complete checkpoint: KeyError\\('steps'"),
        (go_back, "it does not say how many epochs and steps were done"),
        (lose_the_dice, "the state of its random generator is impossible"),
    ],
)
def test_a_state_that_lies_is_refused_and_changes_nothing(lie, complaint, tmp_path, checkpoint):
    members = unzipped(checkpoint)
    lie(state := json.loads(str(np.load(io.BytesIO(members["state.npy"])))))
    members["state.npy"] = as_npy(json.dumps(state))
    path = tmp_path / "run.npz"
    path.write_bytes(zipped(members))
    with pytest.raises(ValueError, match=f"run.npz.*{complaint}"):
        resumed(path)


COSTLY = {
    "a zip that unpacks to 100 MB": zipped(
        {"state.npy": npy("<f4", (25_000_000,), bytes(10**8))}, zipfile.ZIP_DEFLATED
    ),
    "numbers of 2^42 bytes": zipped({"state.npy": npy("<f4", (2**40,))}),
    "texts of no length": zipped({"state.npy": npy("<U0", (2**62,))}),
    "a text of no characters": zipped({"state.npy": npy("<U1", (), b"\xff" * 4)}),
    "an object": zipped({"state.npy": npy("|O", (), b"\x80\x04N.")}),
    "a header of brackets": zipped({"state.npy": npy("<f4", "(" * 4000 + ")" * 4000)}),
}


@pytest.mark.parametrize("content", COSTLY.values(), ids=COSTLY.keys())
def test_a_lie_that_would_cost_memory_or_time_is_refused_before_it_does(tmp_path, content):
    refuses_cheaply(resumed, tmp_path / "lie.npz", content)
