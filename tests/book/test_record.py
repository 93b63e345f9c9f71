"""The record of a build is kept, and written only when something changed."""

import json
import os
from types import SimpleNamespace

from bookbuild import record


def test_times_are_kept_chapter_by_chapter(tmp_path):
    record.write(tmp_path, {"chapters/one": 1.0, "chapters/two": 2.0})
    record.write(tmp_path, {"chapters/two": 3.0})
    times = json.loads((tmp_path / record.RECORD).read_text())
    assert times == {"chapters/one": 1.0, "chapters/two": 3.0}


def test_the_same_times_do_not_touch_the_file(tmp_path):
    record.write(tmp_path, {"chapters/one": 1.0})
    os.utime(tmp_path / record.RECORD, (1, 1))
    record.write(tmp_path, {"chapters/one": 1.0})
    assert (tmp_path / record.RECORD).stat().st_mtime == 1


def test_a_page_that_shows_the_day_of_an_older_commit_is_read_again(tmp_path, monkeypatch):
    monkeypatch.setattr(record, "last_change", lambda root: "2026-01-02")
    app, env = SimpleNamespace(srcdir=tmp_path), SimpleNamespace(book_days={})
    env.book_days = {"old": "2026-01-01", "new": "2026-01-02", "none": None}
    assert record.of_another_day(app, env, set(), set(), set()) == ["old", "none"]


def test_a_folder_that_is_no_repository_has_no_last_change(tmp_path):
    assert record.last_change(tmp_path) is None
