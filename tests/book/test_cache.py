"""A cache that a kill left in any state gives whole results or none."""

import sqlite3

import pytest
from nbformat import from_dict

from bookbuild import cache

NOTEBOOK = {
    "nbformat": 4,
    "nbformat_minor": 5,
    "metadata": {"kernelspec": {"name": "python3"}},
    "cells": [],
}


@pytest.fixture
def kept(tmp_path):
    """A cache with one chapter in it: its folder, the chapter, and a way to look it up again."""
    chapter = from_dict(NOTEBOOK)
    cache.keep(cache.opened(tmp_path), chapter, tmp_path / "one.md", 1.5)

    def again():
        opened = cache.opened(tmp_path)
        seconds = cache.seconds(opened, chapter)
        if seconds is None:  # then it runs once more and is kept once more
            cache.keep(opened, chapter, tmp_path / "one.md", 2.5)
            assert cache.seconds(cache.opened(tmp_path), chapter) == 2.5
        return seconds

    assert again() == 1.5
    return tmp_path / cache.CACHE, again


@pytest.mark.parametrize("half", ["", '{"cells": [', None])
def test_half_a_result_counts_as_none(kept, half):
    folder, again = kept
    (path,) = folder.rglob("base.ipynb")
    path.unlink() if half is None else path.write_text(half)
    assert again() is None


def test_a_result_without_its_record_counts_as_none(kept):
    folder, again = kept
    with sqlite3.connect(folder / "global.db") as database:
        database.execute("DELETE FROM nbcache")
    assert again() is None


@pytest.mark.parametrize("content", [b"", b"no database at all" * 99])
def test_a_cache_that_was_never_finished_is_begun_anew(kept, content):
    folder, again = kept
    (folder / "global.db").write_bytes(content)
    assert again() is None


def test_the_seconds_of_each_cell_are_kept_where_they_are_known(kept, tmp_path):
    chapter = from_dict(NOTEBOOK)
    assert cache.cell_seconds(tmp_path, chapter) == []
    cache.keep(cache.opened(tmp_path), chapter, tmp_path / "one.md", 1.5, (0.0, 1.25))
    assert cache.cell_seconds(tmp_path, chapter) == [0.0, 1.25]
    other = from_dict({**NOTEBOOK, "metadata": {"kernelspec": {"name": "another"}}})
    assert cache.cell_seconds(tmp_path, other) == []
