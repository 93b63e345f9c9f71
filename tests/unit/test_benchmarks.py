"""What the page on benchmarks shows of a run, by name and in tables."""

import json

import pytest

from weighted_sums.experiments import benchmarks


def timed(program, threads, ratio, milliseconds=12.345):
    limits = {"ratio_low": ratio / 2, "ratio_high": ratio * 2}
    own = {"milliseconds": milliseconds, "milliseconds_low": 10, "milliseconds_high": 1234.5}
    return {"case": "epoch", "setting": {"batch": 10}, "program": program, "threads": threads,
            "ratio": ratio, **limits, **own}  # fmt: skip


@pytest.fixture
def run():
    goal = {"case": "epoch", "setting": {"batch": 10}, "program": "PyTorch", "aim": None}
    held = {"ratio": 4.5, "ratio_low": 4, "ratio_high": 5}
    return {
        "about": {"date": "2026-01-02", "processor": "one"},
        "goals": [
            goal | held | {"least": 4.0, "most": None, "threads": 1, "holds": True},
            goal | held | {"least": 4.0, "most": None, "threads": 2, "holds": False},
        ],
        "times": [timed("PyTorch", 1, 4.5), timed("PyTorch", 2, 3.0)],
        "memory": [
            {"case": "epoch", "setting": {"batch": 10}, "program": "PyTorch", "megabytes": 7.25}
        ],
        "growth": [
            {"case": "epoch", "program": "scikit-learn", "against": "batch",
             "where": {"hidden": 30}, "from": 10, "to": 1000, "points": 5,
             "exponent": -0.712, "error": 0.034}
        ],
        "parts": [
            {"program": "this book", "part": "Adam", "milliseconds": 7.123, "fraction": 0.0512}
        ],
    }  # fmt: skip


def test_a_row_shows_both_threads_and_the_memory(run):
    head, _, row = benchmarks.times(run, "epoch").text.splitlines()
    assert head == "| batch | program | ms | one thread | two threads | MB |"
    assert row == "| 10 | PyTorch | 12.3 | 4.5 (2.2–9) | 3 (1.5–6) | 7.25 |"


def test_a_goal_stands_beside_what_was_measured_on_one_thread_and_on_two(run):
    *_, row = benchmarks.goals(run).text.splitlines()
    assert row.endswith("| their time / ours ≥ 4 | 4.5 (4–5) | 4.5 (4–5), missed |")


def test_an_exponent_has_its_error_and_its_range(run):
    *_, row = benchmarks.growth(run).text.splitlines()
    wanted = "| epoch, hidden 30 | batch, 10 to 1,000 | scikit-learn −0.71 ± 0.03 |"
    assert row.replace("\u00a0", " ") == wanted


def test_the_report_holds_every_table(run):
    text = benchmarks.report(run)
    tables = [benchmarks.about, benchmarks.goals, benchmarks.growth, benchmarks.parts]
    assert all(table(run).text in text for table in tables)
    assert benchmarks.all_times(run, "epoch").text in text and "(10–1,200)" in text


def test_a_run_goes_to_json_and_back_with_a_row_a_line(run):
    text = benchmarks.as_json(run)
    assert json.loads(text) == run
    assert sum('"program": "PyTorch"' in line for line in text.splitlines()) == 5


def test_numbers_are_found_by_name_and_missing_ones_refused(run):
    assert benchmarks.timed(run, "epoch", "PyTorch", batch=10)["ratio"] == 4.5
    assert benchmarks.timed(run, "epoch", "PyTorch", threads=2, batch=10)["ratio"] == 3.0
    assert benchmarks.part(run, "this book", "Adam")["fraction"] == 0.0512
    assert benchmarks.exponent(run, "epoch", "scikit-learn", "batch", hidden=30) == -0.712
    with pytest.raises(ValueError, match="0 rows with {'case': 'epoch'.*'batch': 11"):
        benchmarks.timed(run, "epoch", "PyTorch", batch=11)
    with pytest.raises(ValueError, match="0 rows with.*'against': 'width'"):
        benchmarks.exponent(run, "epoch", "PyTorch", "width")


@pytest.mark.parametrize(
    ("x", "shown"),
    [(0.012345, "0.0123"), (1.0, "1"), (99.96, "100"), (1234.5, "1,230"), (None, "–"), (0, "0")],
)
def test_numbers_are_shown_with_three_digits_that_count(x, shown):
    assert benchmarks.number(x) == shown
