"""What holds for all readers of files, a new one too: bytes after the end are refused by name."""

import gzip
import inspect
import struct

import numpy as np
import pytest
from doors import every_module
from test_gguf import GOOD
from weight_writers import safetensors

from weighted_sums import data, networks, optimizers
from weighted_sums.pretrained import gguf
from weighted_sums.pretrained import safetensors as format_
from weighted_sums.workshop import archives, checkpoints

IDX = gzip.compress(b"\x00\x00\x08\x01" + struct.pack(">I", 3) + b"abc", mtime=0)


def a_checkpoint(folder):
    network = networks.init_network([3, 2], np.random.default_rng(0))
    rng = np.random.default_rng(0)
    checkpoints.save(folder / "good", network, optimizers.Momentum(0.1), rng, 1)
    return (folder / "good").read_bytes()


def resume(path):
    network = networks.init_network([3, 2], np.random.default_rng(0))
    return checkpoints.resume(path, network, optimizers.Momentum(0.1), np.random.default_rng(0))


READERS = {
    "data.read_idx": (data.read_idx, lambda folder: IDX),
    "safetensors.read_safetensors": (
        format_.read_safetensors, lambda folder: GOOD["weights.safetensors"]
    ),
    "gguf.GGUFFile": (gguf.GGUFFile, lambda folder: GOOD["weights.gguf"]),
    "archives.read_arrays": (archives.read_arrays, a_checkpoint),
    "checkpoints.resume": (resume, a_checkpoint),
}  # fmt: skip
# what takes a path and reads no format of its own
NO_READERS = {
    "files.atomic_write", "downloads.verified", "headers.map_file", "headers.unreadable",
    "recorded.record", "checkpoints.save", "checkpoints.begin", "checkpoints.stop",
}  # fmt: skip


def test_the_readers_are_these_and_no_others():
    found = set()
    for module in every_module():
        name = module.__name__.split(".")[-1]
        for own, thing in inspect.getmembers(module, callable):
            if getattr(thing, "__module__", "") != module.__name__ or own[0] == "_":
                continue
            parameters = inspect.signature(thing).parameters if own != "main" else {}
            if "path" in parameters and "Path" in str(parameters["path"].annotation):
                found.add(f"{name}.{own}")
    records = {name for name in found if name.startswith(("downloads.RemoteFile", "models."))}
    assert found - records - NO_READERS == READERS.keys()


def check_the_end(read, content, path):
    path.write_bytes(content)
    read(path)
    for more in (b"\0", b"\n", b"x", bytes(64), content):
        path.write_bytes(content + more)
        with pytest.raises(
            ValueError,
            match=path.name if read is not archives.read_arrays else "holds bytes|announces",
        ):
            read(path)


@pytest.mark.parametrize("name", READERS)
def test_bytes_after_the_end_of_a_file_are_refused(name, tmp_path):
    read, good = READERS[name]
    check_the_end(read, good(tmp_path), tmp_path / "file.bin")


def test_a_reader_that_takes_what_it_needs_and_no_more_is_found(tmp_path):
    with pytest.raises(pytest.fail.Exception, match="DID NOT RAISE"):
        check_the_end(lambda path: path.read_bytes()[:3], b"abc", tmp_path / "file.bin")


def test_bytes_before_a_checkpoint_are_refused(tmp_path):
    path = tmp_path / "run.npz"
    path.write_bytes(b"#!/bin/sh\n" + a_checkpoint(tmp_path))
    with pytest.raises(ValueError, match=r"run\.npz is not a complete checkpoint"):
        resume(path)


def header(text, content=b""):
    return struct.pack("<Q", len(text)) + text + content


ONE = b'"dtype":"U8","shape":[1],"data_offsets"'
POLYGLOTS = {
    "a hole at the beginning": header(b'{"a":{%s:[1,2]}}' % ONE, b"xy"),
    "a hole in the middle": header(b'{"a":{%s:[0,1]},"b":{%s:[2,3]}}' % (ONE, ONE), b"xyz"),
    "no arrays but bytes": header(b"{}", b"x"),
    "notes that are no texts": header(b'{"__metadata__":{"a":1}}'),
    "notes that are a list": header(b'{"__metadata__":["a"]}'),
    "NaN": header(b'{"__metadata__":NaN}'),
    "half a character in a note": header(b'{"__metadata__":{"a":"\\ud800"}}'),
    "half a character in a name": header(b'{"\\udfff":{%s:[0,1]}}' % ONE, b"x"),
    "a space before the header": header(b" {}"),
    "a truth value of 2": header(b'{"a":{"dtype":"BOOL","shape":[1],"data_offsets":[0,1]}}', b"\2"),
}


@pytest.mark.parametrize("content", POLYGLOTS.values(), ids=POLYGLOTS.keys())
def test_a_safetensors_file_that_is_two_things_is_refused(content, tmp_path):
    (path := tmp_path / "two.safetensors").write_bytes(content)
    with pytest.raises(ValueError, match=r"two\.safetensors is damaged"):
        format_.read_safetensors(path)


def test_an_unknown_type_is_named_with_its_array_and_the_known_ones(tmp_path):
    content = safetensors({"a": np.ones(1, "<f4")}, dtype="F8_E4M3")
    (path := tmp_path / "x.safetensors").write_bytes(content)
    with pytest.raises(ValueError, match=r"'F8_E4M3'; the known types are \['F64', 'F32'"):
        format_.read_safetensors(path)


@pytest.mark.parametrize("name", sorted(set(format_.TYPES) - {"BF16"}))
def test_each_type_of_numpy_s_is_read(name, tmp_path):
    wanted = np.array([0, 1, 1, 0], format_.TYPES[name])
    fields = b'"shape":[2,2],"data_offsets":[0,%d]' % wanted.nbytes
    text = b'{"a":{"dtype":"%s",%s}}' % (name.encode(), fields)
    (path := tmp_path / "x.safetensors").write_bytes(header(text, wanted.tobytes()))
    found = format_.read_safetensors(path)["a"]
    assert found.dtype == wanted.dtype
    np.testing.assert_array_equal(found, wanted.reshape(2, 2))


def test_bf16_becomes_float32(tmp_path):
    torch = pytest.importorskip("torch")
    wanted = torch.tensor([1.5, -3.1415926, 1e30, float("inf")], dtype=torch.bfloat16)
    content = wanted.view(torch.int16).numpy().tobytes()
    text = b'{"a":{"dtype":"BF16","shape":[4],"data_offsets":[0,8]}}'
    (path := tmp_path / "x.safetensors").write_bytes(header(text, content))
    found = format_.read_safetensors(path)["a"]
    assert found.dtype == np.float32
    np.testing.assert_array_equal(found, wanted.float().numpy())
