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
        found = cache.found(opened, chapter)
        if found is None:  # then it runs once more and is kept once more
            cache.keep(opened, chapter, tmp_path / "one.md", 2.5)
            assert cache.found(cache.opened(tmp_path), chapter)[0] == 2.5
        return found

    assert again()[0] == 1.5
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


def test_a_chapter_is_known_to_be_sound_as_long_as_its_results_are_kept(kept):
    folder, _ = kept
    root = folder.parents[1]
    cache.note_sound(root, {"mark": (from_dict(NOTEBOOK), 1.5)})
    assert cache.sound(root) == {"mark": 1.5}
    cache.note_sound(root, {})
    assert cache.sound(root) == {"mark": 1.5}
    next(folder.rglob("base.ipynb")).unlink()
    assert cache.sound(root) == {}


def test_a_mark_changes_with_the_text_the_code_and_the_program(book, monkeypatch):
    text = book.read("chapters/one.md")
    seen = {cache.mark(text, book.root), cache.mark(text + "x", book.root)}
    book.append("code/mini/first.py", "# more\n")
    seen.add(cache.mark(text, book.root))
    monkeypatch.setattr(cache, "_rules", lambda root: "others")
    seen.add(cache.mark(text, book.root))
    assert len(seen) == 4
