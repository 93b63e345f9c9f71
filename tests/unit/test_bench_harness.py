"""The harness of `make bench`: turns, ranges, fits, goals and memory, on trivial programs."""

import gc
import itertools
import sys
import weakref

import numpy as np
import pytest

from bench import goals, growth, memory, pairs, step_parts


@pytest.fixture
def log():
    return []


def case(programs, **more):
    settings = {"settings": [{"n": 3}], "main": [{"n": 3}], "tiny": {"n": 1}}
    return pairs.Case("trivial", lambda n: programs, **settings, **more)


def test_programs_take_turns_and_every_other_round_runs_backwards(log):
    programs = {name: lambda name=name: log.append(name) for name in "abc"}
    ticks = itertools.count()
    found = pairs.take_turns(programs, {"a": 1, "b": 1, "c": 2}, 2, lambda: next(ticks))
    assert "".join(log) == "abcc" + "ccba"
    assert found == {"a": [1, 1], "b": [1, 1], "c": [0.5, 0.5]}  # a tick a turn, by its calls


def test_no_program_takes_out_the_garbage_of_another():
    class Node:
        pass

    left, alive = [], []

    def wasteful():
        node = Node()
        node.itself = node  # only the collector frees a cycle
        left.append(weakref.ref(node))

    def tidy():
        alive.append(sum(node() is not None for node in left))

    gc.disable()  # so that nothing is collected by chance
    try:
        pairs.take_turns({"wasteful": wasteful, "tidy": tidy}, {"wasteful": 5, "tidy": 1}, 3, int)
    finally:
        gc.enable()
    assert len(left) == 15 and alive == [0, 0, 0]


def test_a_ratio_is_taken_within_its_round_before_the_median():
    # the machine is ten times as slow in the second round, for both alike
    found = pairs.summary([0.002, 0.030, 0.005], [0.001, 0.010, 0.001])
    assert (found["ratio"], found["ratio_low"], found["ratio_high"]) == (3, 2, 5)
    assert (found["milliseconds"], found["milliseconds_high"]) == (5, 30)


def test_a_turn_is_filled_with_calls_but_a_long_program_gets_one():
    def lasting(seconds):
        times = iter([0.0, seconds])
        return pairs.calls_of(lambda: None, lambda: next(times))

    assert lasting(pairs.TURN / 7) == 7
    assert lasting(2.0) == 1
    assert lasting(0.0) == pairs.MOST_CALLS


def test_time_of_a_part_is_counted_for_the_whole():
    programs = {pairs.OURS: lambda: 1.0, "a tenth": lambda: 1.0}
    whole = pairs.measure(case(programs, part=lambda name, of: 1.0), {"n": 3}, 1, 5)
    tenth = case(programs, part=lambda name, of: 0.1 if name == "a tenth" else 1.0)
    counted = pairs.measure(tenth, {"n": 3}, 1, 5)
    assert [row["program"] for row in counted] == list(programs)
    assert counted[1]["ratio"] > 3 * whole[1]["ratio"]


def test_programs_that_compute_something_else_are_refused():
    programs = {pairs.OURS: lambda: np.ones(3), "other": lambda: np.array([1, 1, 1.01])}
    assert pairs.measure(case(programs, tolerance=0.1), {"n": 3}, 1, 1)[1]["apart"] > 1e-3
    with pytest.raises(ValueError, match="trivial: the programs do not compute the same.*other"):
        pairs.measure(case(programs, tolerance=1e-4), {"n": 3}, 1, 1)
    broken = {pairs.OURS: lambda: np.ones(3), "other": lambda: np.full(3, np.nan)}
    with pytest.raises(ValueError, match="do not compute the same"):
        pairs.measure(case(broken, tolerance=0.1), {"n": 3}, 1, 1)


def test_a_power_law_is_found_again_and_noise_shows_in_its_error():
    x = np.array([16, 32, 64, 128, 256])
    law = growth.fit(x, 3 * x**1.7)
    np.testing.assert_allclose(law, (1.7, 0, 3), atol=1e-9)
    noise = np.exp(np.random.default_rng(0).normal(0, 0.1, x.size))
    noisy = growth.fit(x, 3 * x**1.7 * noise)
    assert 0.01 < noisy.error < 0.2 and abs(noisy.exponent - 1.7) < 3 * noisy.error


def test_two_points_give_no_error_and_are_refused():
    with pytest.raises(ValueError, match="need three different x"):
        growth.fit([1, 2, 2], [1, 2, 2])


def test_a_growth_is_fitted_to_its_own_settings_alone():
    def row(n, width, program="a", threads=1):
        spent = n**2 * width * (5 if n < 4 else 1)
        setting = {"n": n, "width": width}
        return {"case": "trivial", "program": program, "threads": threads, "setting": setting,
                "milliseconds": spent}  # fmt: skip

    asked = case({}, growth=(pairs.Growth("n", {"width": 2}, least=4),))
    rows = [row(n, 2) for n in (2, 4, 8, 16)] + [row(4, 3), row(4, 2, "b"), row(8, 2, threads=2)]
    (found,) = growth.fits([asked], rows)
    assert (found["exponent"], found["error"], found["points"]) == (2, 0, 3)
    assert (found["program"], found["from"], found["to"]) == ("a", 4, 16)


def test_a_goal_to_be_fast_and_a_goal_not_to_be_slow_are_read_the_right_way():
    def row(ratio):
        found = {"ratio": ratio, "ratio_low": ratio / 2, "ratio_high": ratio * 2}
        return {"case": "x", "setting": {"n": 1}, "program": "other", "threads": 1, **found}

    least = goals.Goal("x", {"n": 1}, "other", least=4.0)
    most = goals.Goal("x", {"n": 1}, "other", most=2.0)
    assert [goals.reached([least], [row(r)])[0]["holds"] for r in (5, 3)] == [True, False]
    assert [goals.reached([most], [row(r)])[0]["holds"] for r in (1, 0.4)] == [True, False]
    (found,) = goals.reached([most], [row(0.5)])
    assert (found["ratio_low"], found["ratio"], found["ratio_high"]) == (1, 2, 4)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Linux keeps the peak")
@pytest.mark.slow
def test_peak_memory_is_what_the_call_holds_and_not_what_was_there_before():
    before = np.ones(4_000_000)  # 32 MB
    programs = {pairs.OURS: lambda: float(np.ones(5_000_000).sum() + before[0])}
    (found,) = memory.peaks([(case(programs), {"n": 3}, pairs.OURS)])
    assert 38 < found["megabytes"] < 44
    assert found["program"] == pairs.OURS and found["setting"] == {"n": 3}


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Linux keeps the peak")
def test_a_program_that_fails_alone_is_named():
    def fail():
        raise MemoryError

    with pytest.raises(RuntimeError, match="trivial: this book failed when it ran alone"):
        memory.peaks([(case({pairs.OURS: fail}), {"n": 3}, pairs.OURS)])


def test_the_stopwatch_stands_still_for_a_part_inside_another(monkeypatch):
    now = [0.0]
    monkeypatch.setattr(step_parts.time, "process_time", lambda: now[0])
    watch = step_parts.Stopwatch()

    def spend(seconds):
        now[0] += seconds

    inner = watch.timed("inner", spend)
    with watch.part("outer"):
        spend(1)
        inner(2)
        spend(4)
    spend(8)
    assert watch.spent == {"outer": 5, "inner": 2}
