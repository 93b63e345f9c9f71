"""The record of a build is kept, chapter by chapter."""

import json

from bookbuild import record


def test_times_are_kept_chapter_by_chapter(tmp_path):
    record.write(tmp_path, {"chapters/one": 1.0, "chapters/two": 2.0})
    record.write(tmp_path, {"chapters/two": 3.0})
    times = json.loads((tmp_path / record.RECORD).read_text())
    assert times == {"chapters/one": 1.0, "chapters/two": 3.0}


def test_a_folder_that_is_no_repository_has_no_last_change(tmp_path):
    assert record.last_change(tmp_path) is None


def test_the_tables_name_every_chapter_and_the_sum(tmp_path):
    record.write(tmp_path, {"chapters/one": 1.0, "chapters/two": 2.25})
    versions, times = record.tables(tmp_path).split("```{table} ")[1:]
    assert "\n| numpy | " in versions and "last change" not in versions
    assert times.endswith("\n| one | 1.0 |\n| two | 2.2 |\n| together | 3.2 |\n```\n\n")
