"""A recorded table comes back with its numbers, its date and its versions."""

import datetime

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from weighted_sums.workshop import recorded


@pytest.fixture
def results(tmp_path, monkeypatch):
    monkeypatch.setattr(recorded, "RESULTS", tmp_path)
    return tmp_path


def test_what_was_recorded_is_read_again(results):
    rows = [{"start": "N(0, 1)", "seed": 3, "accuracy": 0.9542}, {"start": "a, b", "seed": 4}]
    recorded.record(results / "runs.csv", [rows[0], rows[1] | {"accuracy": ""}], command="make x")
    found = recorded.table("runs")
    assert found.rows == [rows[0], rows[1] | {"accuracy": ""}]
    assert isinstance(found.rows[0]["seed"], int)
    assert found.about["command"] == "make x"
    assert found.about["date"] == datetime.date.today().isoformat()
    assert found.about["numpy"] == np.__version__


def test_a_table_shows_itself_in_columns_below_what_is_known_of_it(results):
    rows = [{"start": "N(0, 1)", "seed": 10}, {"start": "other", "seed": 4}]
    recorded.record(results / "runs.csv", rows, command="make x")
    shown = repr(recorded.table("runs")).splitlines()
    assert shown[0] == "command: make x"
    assert shown[-3:] == ["start    seed", "N(0, 1)  10", "other    4"]
    assert "\n".join(shown) in recorded.table("runs")._repr_markdown_()


def test_a_table_that_is_not_there_is_named_beside_those_that_are(results):
    recorded.record(results / "runs.csv", [{"seed": 1}], command="make x")
    with pytest.raises(ValueError, match=r"no recorded table 'ruins', only \['runs'\]"):
        recorded.table("ruins")


def test_every_committed_table_says_when_and_with_what_it_was_made():
    names = sorted(path.stem for path in recorded.RESULTS.glob("*.csv"))
    assert names
    for name in names:
        found = recorded.table(name)
        assert {"command", "date", "python", "numpy", "machine"} <= set(found.about)
        datetime.date.fromisoformat(found.about["date"])
        assert found.rows


def test_a_column_with_a_word_in_it_holds_words_alone(results):
    rows = [{"token": " 7", "p": 0.5}, {"token": "nan", "p": 1}, {"token": "a", "p": 2}]
    recorded.record(results / "tokens.csv", rows, command="make x")
    assert recorded.table("tokens").rows == rows


def test_a_table_says_more_about_itself_when_it_is_told_to(results):
    about = {"model": "a small one", "sha256": "0123"}
    recorded.record(results / "runs.csv", [{"seed": 1}], command="make x", about=about)
    found = recorded.table("runs").about
    assert about.items() <= found.items() and found["command"] == "make x"


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: content[:-2],
        lambda content: content + b"1,2,3\n",
        lambda content: content + b'"a\n',
        lambda content: content.replace(b": ", b" "),
        lambda content: content.replace(b"word", b"\xff\xfe"),
        lambda content: b"",
    ],
)
def test_a_damaged_table_is_refused_by_name(results, damage):
    path = results / "runs.csv"
    recorded.record(path, [{"seed": 1, "text": "word"}, {"seed": 2, "text": ""}], command="make x")
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(ValueError, match=r"runs\.csv is damaged or is not a recorded table"):
        recorded.table("runs")


def test_a_table_that_cannot_be_written_leaves_the_last_one(results):
    path = results / "runs.csv"
    recorded.record(path, [{"seed": 1}], command="make x")
    with pytest.raises(ValueError, match="seeds"):
        recorded.record(path, [{"seed": 2}, {"seeds": 3}], command="make x")
    assert recorded.table("runs").rows == [{"seed": 1}]
    assert list(results.iterdir()) == [path]


CELLS = st.one_of(
    st.integers(), st.floats(), st.text(st.characters(exclude_categories=["Cs"])),
    st.sampled_from(["007", "1_000", "a\nb", "a\rb", "\r\n", "\u2028", "# a", '"', " 7", "+1"]),
)  # fmt: skip


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(CELLS, min_size=3, max_size=3), min_size=1, max_size=5))
def test_every_cell_comes_back_as_it_was_beside_a_word(results, cells):
    """Texts alone in a column may be numbers: a table does not say which it meant."""
    names = ("first", "# second", "th\nird")
    rows = [dict(zip(names, row, strict=True)) for row in cells] + [dict.fromkeys(names, "word")]
    recorded.record(results / "cells.csv", rows, command="make x")
    found = recorded.table("cells").rows
    assert found == [{name: str(cell) for name, cell in row.items()} for row in rows]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.one_of(st.integers(), st.floats()), min_size=1))
def test_numbers_come_back_to_the_bit(results, numbers):
    recorded.record(results / "numbers.csv", [{"n": n} for n in numbers], command="make x")
    found = [row["n"] for row in recorded.table("numbers").rows]
    assert [(type(n), repr(n)) for n in found] == [(type(n), repr(n)) for n in numbers]


@pytest.mark.parametrize("word", ["007", "1_000", " 7", "+7", "0x10", "٣", "1e", "Infinity", "1."])
def test_what_only_python_calls_a_number_stays_a_text(results, word):
    recorded.record(results / "words.csv", [{"word": word}], command="make x")
    assert recorded.table("words").rows == [{"word": word}]


def test_what_could_not_be_read_again_is_not_written(results):
    for rows, complaint in (
        ([], "a table needs rows"), ([{"# a": 1}], "a table needs rows, and columns with names"),
        ([{"a": 1}, {"b": 2}], r"has the columns \['b'\], the first one \['a'\]"),
    ):  # fmt: skip
        with pytest.raises(ValueError, match=complaint):
            recorded.record(results / "x.csv", rows, command="make x")
    for about in ({"a": "b\nc"}, {"a: b": "c"}, {"a\u2028": "b"}):
        with pytest.raises(ValueError, match="a note must be on one line"):
            recorded.record(results / "x.csv", [{"a": 1}], command="make x", about=about)
    assert not list(results.iterdir())


def test_a_file_with_a_column_or_a_note_twice_is_refused(results):
    for text in ("# a: 1\nb,b\n1,2\n", "# a: 1\n# a: 2\nb\n1\n"):
        (results / "x.csv").write_text(text)
        with pytest.raises(ValueError, match=r"x\.csv is damaged"):
            recorded.table("x")
