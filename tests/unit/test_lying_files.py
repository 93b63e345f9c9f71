"""Files whose headers lie are read right or refused by name; no memory or time is given to them."""

import gzip
import io
import struct
import time
import zipfile

import numpy as np
import pytest
from damage import damaged, many, reading
from hypothesis import given
from hypothesis import strategies as st
from test_weight_files import GOOD, read
from weight_writers import gguf, note

from weighted_sums import checkpoints, networks, optimizers, parameters
from weighted_sums.data import read_idx
from weighted_sums.weight_files import Weights, read_safetensors

IDX = b"\x00\x00\x08\x02" + struct.pack(">2I", 2, 3) + bytes(range(6))
PIXELS = [[0, 1, 2], [3, 4, 5]]


@pytest.mark.parametrize("name", GOOD)
@many
@given(data=st.data())
def test_damaged_weights_are_read_or_refused_by_name(tmp_path, name, data):
    path = tmp_path / name
    path.write_bytes(content := data.draw(damaged(GOOD[name])))
    refusal, found, peak = reading(read, path)
    assert peak < 1_000_000
    if refusal is None:
        # four bits become 32; no byte of the file stands for two numbers
        assert sum(array.nbytes for array in found.values()) <= 8 * len(content)
    else:
        assert str(path) in refusal


@many
@given(data=st.data())
def test_a_damaged_idx_file_is_refused_by_name_or_the_damage_does_not_count(tmp_path, data):
    path = tmp_path / "numbers.gz"
    path.write_bytes(data.draw(damaged(gzip.compress(IDX))))
    refusal, found, peak = reading(read_idx, path)
    assert peak < 1_000_000
    # gzip's own checksum sees to it that nothing else can come out
    assert str(path) in refusal if refusal else found.tolist() == PIXELS


@many
@given(data=st.data())
def test_an_idx_file_that_lies_is_refused_by_name(tmp_path, data):
    path = tmp_path / "numbers.gz"
    path.write_bytes(gzip.compress(content := data.draw(damaged(IDX)), 1))
    refusal, found, peak = reading(read_idx, path)
    assert peak < 1_000_000
    assert str(path) in refusal if refusal else found.tobytes() in content


class Training:
    """What a checkpoint is read into; `state` is all that it could change."""

    def __init__(self):
        self.network = networks.random_network((3, 2), np.random.default_rng(7), np.float32)
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


def json_header(text):
    return struct.pack("<Q", len(text)) + text


def sized(*sizes):
    return bytes([0, 0, 8, len(sizes)]) + struct.pack(f">{len(sizes)}I", *sizes)


ZEROS = gzip.compress(bytes(10_000_000), 6)
COSTLY = {
    "gzip that unpacks to 3 GB": (read_idx, gzip.compress(sized(10)) + ZEROS * 300),
    "3 GB as promised": (read_idx, gzip.compress(sized(3, 1000, 10**6)) + ZEROS * 300),
    "a promise of 90 MB": (read_idx, gzip.compress(sized(90, 1000, 1000))),
    "100,000 nothings": (read_safetensors, json_header(b'{"a":[' + b"{}," * 10**5 + b"{}]}")),
    "a header of 20 MB": (read_safetensors, json_header(b'{"a":"' + b" " * 2 * 10**7 + b'"}')),
    "lists in lists": (read_safetensors, json_header(b'{"a":' + b"[" * 1_000_000)),
    "a number of a million digits": (read_safetensors, json_header(b'{"a":' + b"9" * 10**6 + b"}")),
    "a long list of small numbers": (
        Weights,
        gguf(
            [], [note(b"n", 9, struct.pack("<IQ", 1, 10**6)) + b"\x80" * 10**6, note(b"", 99, b"")]
        ),
    ),
    "a list of 2^60 empty texts": (
        Weights,
        gguf([], [note(b"n", 9, struct.pack("<IQ", 8, 2**60) + bytes(10_000))]),
    ),
    "2^60 arrays": (Weights, gguf([], [], count=2**60) + bytes(100_000)),
    "a zip that unpacks to 100 MB": (
        resumed,
        zipped({"state.npy": npy("<f4", (25_000_000,), bytes(10**8))}, zipfile.ZIP_DEFLATED),
    ),
    "numbers of 2^42 bytes": (resumed, zipped({"state.npy": npy("<f4", (2**40,))})),
    "texts of no length": (resumed, zipped({"state.npy": npy("<U0", (2**62,))})),
    "a text of no characters": (resumed, zipped({"state.npy": npy("<U1", (), b"\xff" * 4)})),
    "an object": (resumed, zipped({"state.npy": npy("|O", (), b"\x80\x04N.")})),
    "a header of brackets": (resumed, zipped({"state.npy": npy("<f4", "(" * 4000 + ")" * 4000)})),
}


@pytest.mark.parametrize(("read", "content"), COSTLY.values(), ids=COSTLY.keys())
def test_a_lie_that_would_cost_memory_or_time_is_refused_before_it_does(tmp_path, read, content):
    path = tmp_path / "lie.bin"
    path.write_bytes(content)
    began = time.process_time()
    refusal, _, peak = reading(read, path)
    assert str(path) in refusal
    assert peak < 30 * len(content) + 3_000_000
    assert time.process_time() - began < 5
