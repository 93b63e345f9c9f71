"""A file is replaced by a whole one or stays as it was."""

import os
import time

import pytest

from weighted_sums.workshop.files import ABANDONED, atomic_write


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_the_new_file_is_there_when_the_block_ends_and_not_before(tmp_path):
    path = tmp_path / "run.npz"
    path.write_bytes(b"old")
    with atomic_write(path) as file:
        file.write(b"new")
        file.flush()
        assert path.read_bytes() == b"old"
    assert path.read_bytes() == b"new"
    assert names(tmp_path) == ["run.npz"]


@pytest.mark.parametrize("error", [OSError, KeyboardInterrupt])
def test_a_block_that_fails_leaves_the_old_file_and_no_other(tmp_path, error):
    path = tmp_path / "run.npz"
    path.write_bytes(b"old")

    def write_half():
        with atomic_write(path) as file:
            file.write(b"half")
            raise error

    with pytest.raises(error):
        write_half()
    assert path.read_bytes() == b"old"
    assert names(tmp_path) == ["run.npz"]


def test_two_may_write_the_same_path_at_once_and_the_last_to_end_stays(tmp_path):
    path = tmp_path / "run.npz"
    with atomic_write(path) as one:
        with atomic_write(path) as other:
            one.write(b"one")
            other.write(b"other")
        assert path.read_bytes() == b"other"
    assert path.read_bytes() == b"one"
    assert names(tmp_path) == ["run.npz"]


def test_what_a_killed_process_left_is_removed_after_an_hour(tmp_path):
    path = tmp_path / "run[1].npz"
    old, young = (tmp_path / f"run[1].npz.{n}.part" for n in ("01234567", "89abcdef"))
    other = tmp_path / "run1.npz.01234567.part"
    for part in (old, young, other):
        part.write_bytes(b"half")
    for part in (old, other):
        os.utime(part, (time.time() - ABANDONED - 60,) * 2)
    with atomic_write(path) as file:
        file.write(b"new")
    assert names(tmp_path) == sorted([path.name, young.name, other.name])


def test_the_new_file_may_be_read_by_whom_the_umask_lets(tmp_path):
    before = os.umask(0o022)
    try:
        with atomic_write(tmp_path / "table.csv", "x", encoding="utf-8") as file:
            file.write("words")
    finally:
        os.umask(before)
    assert (tmp_path / "table.csv").stat().st_mode & 0o777 == 0o644
