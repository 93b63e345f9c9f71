"""GGUF and safetensors files give back their numbers, and a damaged one is refused by name."""

import struct

import numpy as np
import pytest
from weight_writers import gguf, note, q4, q8, safetensors, text

from weighted_sums.pretrained.gguf import GGUFFile
from weighted_sums.pretrained.safetensors import read_safetensors

REFUSED = "is damaged or is another kind of file"
WHOLE = np.arange(15, dtype="<f4").reshape(3, 5) / 7
HALVES = np.array([[0.5, -2, 65504]], dtype="<f2")


STEPS = [*range(16), *range(15, -1, -1)]
COUNTS = [*range(-128, 128, 8)]
NOTES = [
    note(b"general.architecture", 8, text(b"llama")),
    note(b"words", 9, struct.pack("<IQ", 8, 2) + text(b"one") + text("zw\u00f6lf".encode())),
    note(b"numbers", 9, struct.pack("<IQ", 5, 3) + struct.pack("<3i", -1, 2, 3)),
    note(b"base", 6, struct.pack("<f", 0.5)),
    note(b"small", 7, b"\x01"),
]
ENTRIES = [
    (b"plain", (5, 3), 0, WHOLE.tobytes()),
    (b"half", (3,), 1, HALVES.tobytes()),
    (b"four", (32, 2), 3, q4(0.5, -2, STEPS) + q4(0.25, 1, STEPS[::-1])),
    (b"eight", (32,), 8, q8(0.125, COUNTS)),
]
GOOD = {
    "weights.safetensors": safetensors({"a": WHOLE, "b": HALVES}),
    "weights.gguf": gguf(ENTRIES, NOTES),
}


def read(path):
    """Everything in the file at `path`, whichever kind it is."""
    if path.suffix == ".safetensors":
        return {name: np.array(array) for name, array in read_safetensors(path).items()}
    file = GGUFFile(path)
    return {name: file[name] for name in file.shapes()}


def write(folder, content, name="weights.gguf"):
    path = folder / name
    path.write_bytes(content)
    return path


def test_a_safetensors_file_gives_back_its_arrays(tmp_path):
    found = read_safetensors(write(tmp_path, GOOD["weights.safetensors"], "x.safetensors"))
    assert found.keys() == {"a", "b"}
    np.testing.assert_array_equal(found["a"], WHOLE)
    np.testing.assert_array_equal(found["b"], HALVES)


def test_a_gguf_file_gives_back_its_metadata(tmp_path):
    metadata = GGUFFile(write(tmp_path, GOOD["weights.gguf"])).metadata
    assert metadata.pop("numbers").tolist() == [-1, 2, 3]
    assert metadata == {
        "general.architecture": "llama",
        "words": ["one", "zw\u00f6lf"],
        "base": 0.5,
        "small": True,
    }


def test_a_gguf_file_gives_back_its_arrays_with_the_axes_in_numpys_order(tmp_path):
    file = GGUFFile(write(tmp_path, GOOD["weights.gguf"]))
    assert file.shapes() == {"plain": (3, 5), "half": (3,), "four": (2, 32), "eight": (32,)}
    np.testing.assert_array_equal(file["plain"], WHOLE)
    np.testing.assert_array_equal(file["half"], HALVES[0])
    assert all(file[name].dtype == np.float32 for name in file.shapes())


def test_q4_1_counts_steps_above_the_minimum_of_each_block(tmp_path):
    found = GGUFFile(write(tmp_path, GOOD["weights.gguf"]))["four"]
    np.testing.assert_array_equal(found[0], 0.5 * np.array(STEPS) - 2)
    np.testing.assert_array_equal(found[1], 0.25 * np.array(STEPS[::-1]) + 1)


def test_q8_0_counts_steps_in_both_directions(tmp_path):
    found = GGUFFile(write(tmp_path, GOOD["weights.gguf"]))["eight"]
    np.testing.assert_array_equal(found, 0.125 * np.array(COUNTS))


SAFE_LIES = {
    "no header": b"",
    "a header longer than the file": struct.pack("<Q", 2**62) + b"{}",
    "a header that is no JSON": struct.pack("<Q", 4) + b"{]{]",
    "a header that is a list": struct.pack("<Q", 2) + b"[]",
    "a header nested without end": struct.pack("<Q", 99_999) + b"[" * 99_999,
    "a shape larger than its bytes": safetensors({"a": WHOLE}, shape=[3, 6]),
    "a shape of astronomical size": safetensors({"a": WHOLE}, shape=[2**62, 2**62]),
    "a negative shape": safetensors({"a": WHOLE}, shape=[-3, -5]),
    "a shape of fractions": safetensors({"a": WHOLE}, shape=[7.5, 2]),
    "an end beyond the file": safetensors({"a": WHOLE}, data_offsets=[4, 64]),
    "an end before the beginning": safetensors({"a": WHOLE}, data_offsets=[60, 0]),
    "a beginning before the content": safetensors({"a": WHOLE}, data_offsets=[-60, 0]),
    "an unknown type": safetensors({"a": WHOLE}, dtype="F8_E4M3"),
    "an end that is no number": safetensors({"a": WHOLE}, data_offsets=[0, "60"]),
    "an end that is true": safetensors({"a": WHOLE[0, :0]}, data_offsets=[0, False]),
    "a shape that is a text": safetensors({"a": WHOLE[0, 0]}, shape=""),
    "nothing times more than there is": safetensors({"a": WHOLE[:0]}, shape=[0, 10**30]),
    "half a million axes": safetensors({"a": WHOLE}, shape=[10**18] * 500_000),
    "two arrays in the same bytes": safetensors({"a": WHOLE, "b": WHOLE}, data_offsets=[60, 120]),
    "one name twice": struct.pack("<Q", 15) + b'{"a":{},"a":{}}',
    "a pickle": b"\x80\x04\x95" + b"x" * 60,
}


@pytest.mark.parametrize("content", SAFE_LIES.values(), ids=SAFE_LIES.keys())
def test_a_lying_safetensors_file_is_refused_by_name(tmp_path, content):
    path = write(tmp_path, content, "lie.safetensors")
    with pytest.raises(ValueError, match=f"lie.safetensors {REFUSED}"):
        read_safetensors(path)


GGUF_LIES = {
    "nothing": b"",
    "another magic": gguf(ENTRIES, NOTES, magic=b"GGML"),
    "another version": gguf(ENTRIES, NOTES, version=2),
    "more arrays than there are": gguf(ENTRIES, NOTES, count=2**60),
    "a name longer than the file": gguf([], [struct.pack("<Q", 2**63) + b"x"]),
    "a name that is no text": gguf([], [note(b"\xff\xfe", 7, b"\x01")]),
    "a list longer than the file": gguf([], [note(b"n", 9, struct.pack("<IQ", 8, 2**60))]),
    "a list of lists": gguf([], [note(b"n", 9, struct.pack("<IQ", 9, 1))]),
    "a note of unknown type": gguf([], [note(b"n", 99, b"")]),
    "an array of unknown type": gguf([(b"x", (32,), 2, bytes(18))]),
    "an array of five axes": gguf([(b"x", (1, 1, 1, 1, 1), 0, bytes(4))]),
    "an empty array": gguf([(b"x", (0, 2**62), 0, b"")]),
    "half a block": gguf([(b"x", (16,), 3, bytes(20))]),
    "astronomical axes": gguf([(b"x", (2**62, 2**62), 0, bytes(32))]),
    "an array of no axes": gguf([(b"x", (), 0, bytes(4))]),
    "more notes than there are": gguf([], []).replace(bytes(8), struct.pack("<Q", 2**60), 1),
    "the same note twice": gguf([], [NOTES[0], NOTES[0]]),
    "a Boolean of 2": gguf([], [note(b"n", 7, b"\x02")]),
    "a beginning beyond the end": gguf(ENTRIES).replace(
        struct.pack("<IQ", 8, 160), struct.pack("<IQ", 8, 2**62)
    ),
    "the same name twice": gguf([ENTRIES[0], ENTRIES[0]]),
    "an alignment beyond the file": gguf(
        ENTRIES, [note(b"general.alignment", 10, struct.pack("<Q", 2**40))]
    ),
    "an alignment in words": gguf(ENTRIES, [note(b"general.alignment", 8, text(b"32"))]),
    "no alignment": gguf(ENTRIES, [note(b"general.alignment", 4, struct.pack("<I", 0))]),
}


@pytest.mark.parametrize("content", GGUF_LIES.values(), ids=GGUF_LIES.keys())
def test_a_lying_gguf_file_is_refused_by_name(tmp_path, content):
    with pytest.raises(ValueError, match=f"lie.gguf {REFUSED}"):
        GGUFFile(write(tmp_path, content, "lie.gguf"))


@pytest.mark.parametrize("name", GOOD)
def test_a_file_cut_off_anywhere_is_refused(tmp_path, name):
    for length in range(len(GOOD[name])):
        with pytest.raises(ValueError, match=f"{name} {REFUSED}"):
            read(write(tmp_path, GOOD[name][:length], name))


def test_a_file_with_another_hash_is_not_read(tmp_path):
    path = write(tmp_path, GOOD["weights.gguf"])
    with pytest.raises(ValueError, match=r"weights\.gguf.*SHA-256"):
        GGUFFile(path, sha256="0" * 64)
    with pytest.raises(ValueError, match=r"weights\.gguf.*SHA-256"):
        read_safetensors(path, sha256="0" * 64)


def test_an_array_of_an_unknown_type_is_named_with_the_names_of_types(tmp_path):
    path = write(tmp_path, gguf([(b"heavy", (32,), 2, bytes(18))]))
    known = "the known types are F32, F16, Q4_1, Q8_0"
    with pytest.raises(ValueError, match=rf"its array 'heavy' has type 2 \(Q4_0\); {known}"):
        GGUFFile(path)


def test_a_big_endian_file_says_so(tmp_path):
    path = write(tmp_path, gguf(ENTRIES, NOTES, version=3 << 24))
    with pytest.raises(ValueError, match="version 3 in the wrong byte order"):
        GGUFFile(path)


def test_an_array_that_is_not_there_is_named_beside_those_that_are(tmp_path):
    with pytest.raises(ValueError, match=r"weights\.gguf holds no array 'x', only plain, half"):
        GGUFFile(write(tmp_path, GOOD["weights.gguf"]))["x"]


def test_bytes_between_arrays_that_belong_to_none_are_refused(tmp_path):
    good = gguf(ENTRIES, NOTES)
    padding = good.index(WHOLE.tobytes()) + WHOLE.nbytes  # the first of the zeros after an array
    path = write(tmp_path, good[:padding] + b"x" + good[padding + 1 :])
    with pytest.raises(ValueError, match="the bytes 60 to 64 of its content belong to no array"):
        GGUFFile(path)
