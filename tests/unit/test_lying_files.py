"""Files whose headers lie are read correctly or refused by name, without memory or time lost."""

import gzip
import struct

import pytest
from damage import damaged, many, reading, refuses_cheaply
from hypothesis import given
from hypothesis import strategies as st
from test_gguf import GOOD, read
from weight_writers import gguf, note

from weighted_sums.data import read_idx
from weighted_sums.pretrained.gguf import GGUFFile
from weighted_sums.pretrained.safetensors import read_safetensors

pytestmark = pytest.mark.slow

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
    path.write_bytes(data.draw(damaged(gzip.compress(IDX, mtime=0))))
    refusal, found, peak = reading(read_idx, path)
    assert peak < 1_000_000
    # gzip's own checksum sees to it that nothing else can come out
    assert str(path) in refusal if refusal else found.tolist() == PIXELS


@many
@given(data=st.data())
def test_an_idx_file_that_lies_is_refused_by_name(tmp_path, data):
    path = tmp_path / "numbers.gz"
    path.write_bytes(gzip.compress(content := data.draw(damaged(IDX)), 1, mtime=0))
    refusal, found, peak = reading(read_idx, path)
    assert peak < 1_000_000
    assert str(path) in refusal if refusal else found.tobytes() in content


def json_header(text):
    return struct.pack("<Q", len(text)) + text


def sized(*sizes):
    return bytes([0, 0, 8, len(sizes)]) + struct.pack(f">{len(sizes)}I", *sizes)


ZEROS = gzip.compress(bytes(10_000_000), 6, mtime=0)
COSTLY = {
    "gzip that unpacks to 3 GB": (read_idx, gzip.compress(sized(10), mtime=0) + ZEROS * 300),
    "3 GB as promised": (read_idx, gzip.compress(sized(3, 1000, 10**6)) + ZEROS * 300),
    "a promise of 90 MB": (read_idx, gzip.compress(sized(90, 1000, 1000))),
    "100,000 nothings": (read_safetensors, json_header(b'{"a":[' + b"[]," * 10**5 + b"[]]}")),
    "a header of 20 MB": (read_safetensors, json_header(b'{"a":"' + b" " * 2 * 10**7 + b'"}')),
    "lists in lists": (read_safetensors, json_header(b'{"a":' + b"[" * 1_000_000)),
    "a number of a million digits": (read_safetensors, json_header(b'{"a":' + b"9" * 10**6 + b"}")),
    "a long list of small numbers": (
        GGUFFile,
        gguf(
            [], [note(b"n", 9, struct.pack("<IQ", 1, 10**6)) + b"\x80" * 10**6, note(b"", 99, b"")]
        ),
    ),
    "a list of 2^60 empty texts": (
        GGUFFile,
        gguf([], [note(b"n", 9, struct.pack("<IQ", 8, 2**60) + bytes(10_000))]),
    ),
    "2^60 arrays": (GGUFFile, gguf([], [], count=2**60) + bytes(100_000)),
}


@pytest.mark.parametrize(("read", "content"), COSTLY.values(), ids=COSTLY.keys())
def test_a_lie_that_would_cost_memory_or_time_is_refused_before_it_does(tmp_path, read, content):
    refuses_cheaply(read, tmp_path / "lie.bin", content)
