"""Every case of `make bench` runs once at a tiny size, so that the measurement cannot rot."""

import json
from types import SimpleNamespace

import numpy as np
import pytest
import threadpoolctl
import torch

from bench import (
    KEPT,
    autodiff_step,
    epochs,
    goals,
    gpt,
    gradients,
    jobs,
    machine,
    pairs,
    peers,
    step_parts,
    tables,
    workers,
)
from bench.__main__ import child, environment
from bench.cases import CASES
from weighted_sums import transformer
from weighted_sums.experiments import benchmarks
from weighted_sums.workshop import recorded
from weighted_sums.workshop.parameters import leaves, rebuild

pytestmark = pytest.mark.slow

NAMES = [case.name for case in CASES]


@pytest.fixture(autouse=True, scope="module")
def one_thread():
    # nothing here is about time, and threads that wait for each other take much of it
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    with threadpoolctl.threadpool_limits(1):
        yield
    torch.set_num_threads(before)


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_all_programs_of_the_case_do_the_same_work(case):
    rows = pairs.measure(case, case.tiny, threads=1, rounds=1)
    assert rows[0]["program"] == pairs.OURS and rows[0]["ratio"] == 1
    assert len(rows) >= 2 and all(row["milliseconds"] > 0 for row in rows)
    if case.tolerance is not None:
        assert all(row["apart"] <= case.tolerance for row in rows)


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_what_a_case_asks_for_is_among_its_settings(case):
    assert all(setting in case.settings for setting in case.main)
    for growth in case.growth:
        used = [s for s in case.settings if growth.where.items() <= s.items()]
        assert len({s[growth.variable] for s in used if s[growth.variable] >= growth.least}) >= 3


def test_every_goal_is_measured_on_one_thread_and_on_two():
    main = {case.name: case.main for case in CASES}
    assert all(goal.setting in main[goal.case] for goal in goals.GOALS)


@pytest.mark.parametrize("library", ["torch", *peers.PEERS])
def test_every_engine_takes_the_same_steps(library):
    pytest.importorskip(library, reason=f"{library} comes with `make bench`")
    programs = autodiff_step.programs(points=4)
    (name,) = [name for name in programs if library in name.lower()] or ["JAX, compiled"]
    costs = [[programs[each]() for _ in range(3)] for each in (name, pairs.OURS)]
    np.testing.assert_allclose(*costs, rtol=1e-9)
    assert costs[0][0] != costs[0][2]


def test_a_library_that_is_not_installed_is_left_out_and_named(capsys):
    makers = {"numpy": ("there", len), "no_such_library": ("not there", len)}
    assert peers.present("a case", makers) == {"there": len}
    assert capsys.readouterr().err == "a case: no_such_library is not installed and left out\n"


def test_what_is_not_installed_is_said_in_the_record(monkeypatch):
    monkeypatch.setattr(machine, "PACKAGES", ("numpy", "no-such-library"))
    assert machine.about("make bench", 1)["not installed"] == "no-such-library"
    monkeypatch.setattr(machine, "PACKAGES", ("numpy",))
    assert "not installed" not in machine.about("make bench", 1)


def test_the_products_of_an_epoch_are_those_of_our_gradient(monkeypatch):
    shapes = []
    plain = np.matmul
    monkeypatch.setattr(
        epochs.np, "matmul",
        lambda a, b, out: shapes.append((a.shape, b.shape)) or plain(a, b, out=out),
    )  # fmt: skip
    epochs.products(np.ones((25, 784), np.float32), 4, 10)()
    forward = [((10, 784), (784, 4)), ((10, 4), (4, 10))]
    backward = [((10, 10), (10, 4)), ((10, 10), (10, 4)), ((4, 10), (10, 784))]
    assert shapes == 2 * (forward + backward)


@pytest.mark.parametrize("threads", [1, 2])
def test_what_measures_keeps_its_memory_and_its_number_of_threads(monkeypatch, threads):
    monkeypatch.setenv("XLA_FLAGS", "forced outside")
    found = environment(threads)
    assert int(found["MALLOC_TOP_PAD_"]) == 2**26 and found["OMP_NUM_THREADS"] == str(threads)
    assert ("threads=1" in found.get("XLA_FLAGS", "")) == (threads == 1)
    assert "forced" not in found.get("XLA_FLAGS", "")


def test_training_on_several_workers_is_measured_with_the_same_memory(monkeypatch):
    def answer(command, env, **more):
        return SimpleNamespace(stdout=json.dumps({name: env[name] for name in KEPT}))

    monkeypatch.setattr(workers.subprocess, "run", answer)
    assert workers.report(8, 1, 2) == KEPT


def test_an_epoch_learns_in_each_of_our_loops():
    x = np.random.default_rng(0).random((40, 784), dtype=np.float32)
    y = np.eye(10, dtype=np.float32)[np.arange(40) % 10]
    one, all_ = (
        epochs.ours(x, y, 4, 8, gradient)()
        for gradient in (epochs.one_at_a_time, epochs.backprop.cost_and_gradient)
    )
    start = epochs.networks.init_network([784, 4, 10], np.random.default_rng(0))
    for a, b, c in zip(leaves(one), leaves(all_), leaves(start), strict=True):
        np.testing.assert_allclose(a, b, atol=1e-5)
        assert np.abs(a - c).max() > 1e-3


def test_differences_are_asked_for_entries_of_every_layer():
    (setting,) = gradients.GRADIENT.main
    found = gradients.GRADIENT.programs(**setting)[pairs.OURS]()
    assert len(found) == gradients.PART and np.count_nonzero(found) > gradients.PART / 3
    part = gradients.GRADIENT.part(gradients.DIFFERENCES, setting)
    assert part * setting["parameters"] == pytest.approx(gradients.PART)


def test_the_watched_model_computes_what_the_plain_one_does():
    todo = gpt.work(**gpt.STEP.tiny)
    step_parts.Watched.watch = step_parts.Stopwatch()
    model = rebuild((leaf.view(step_parts.Watched) for leaf in leaves(todo.model)), todo.model)
    cost, grads = transformer.cost_and_gradient(model, todo.x, todo.y)
    wanted, expected = transformer.cost_and_gradient(*todo)
    assert cost == wanted
    for a, b in zip(leaves(grads), leaves(expected), strict=True):
        np.testing.assert_array_equal(np.asarray(a), b)
    assert step_parts.Watched.watch.spent[step_parts.PRODUCTS] > 0


def test_both_steps_are_taken_apart_into_parts_that_add_up():
    rows = step_parts.parts(1, gpt.STEP.tiny)
    for program, parts in (
        (
            pairs.OURS,
            {
                step_parts.PRODUCTS,
                step_parts.NORM,
                step_parts.GELU,
                step_parts.SOFTMAX,
                step_parts.ADAM,
            },
        ),
        (
            "PyTorch",
            {
                step_parts.PRODUCTS,
                step_parts.NORM,
                step_parts.GELU,
                step_parts.FUSED,
                step_parts.ADAM,
            },
        ),
    ):
        own = {row["part"]: row for row in rows if row["program"] == program}
        assert parts <= set(own) and all(row["milliseconds"] > 0 for row in own.values())
        assert sum(row["fraction"] for row in own.values()) == pytest.approx(1, abs=1e-3)


def test_a_whole_run_goes_through_processes_of_its_own(monkeypatch):
    monkeypatch.setenv("OPENBLAS_CORETYPE", "Nehalem")
    monkeypatch.setenv("ATEN_CPU_CAPABILITY", "default")
    case = gpt.STEP
    times = [row for n in (1, 2) for row in pairs.measure(case, case.tiny, n, rounds=1)]
    run = child(2, "together", 1, {"times": times, "memory": [], "parts": []})
    assert run["about"]["command"] == "make bench" and run["times"] == json.loads(json.dumps(times))
    assert run["about"]["malloc keeps"] == f"MALLOC_TOP_PAD_={2**26}"
    # whatever is forced outside, each library has chosen its kernels itself
    kernel = run["about"]["NumPy multiplies with"]
    assert "kernel" in kernel and "Nehalem" not in kernel
    assert not run["about"]["PyTorch multiplies with"].endswith("DEFAULT")
    assert benchmarks.TITLES[case.name] in benchmarks.report(run)


def test_every_case_has_a_title():
    assert list(benchmarks.TITLES) == NAMES


def test_only_the_chosen_cases_are_timed(monkeypatch):
    tiny = pairs.Case(
        "other", lambda n: {pairs.OURS: lambda: n}, [{"n": 1}, {"n": 2}], [{"n": 2}], {}
    )
    monkeypatch.setattr(jobs, "CASES", [*CASES, tiny])
    assert [row["setting"] for row in jobs.times(1, 1, ["other"])] == [{"n": 1}, {"n": 2}]
    assert [row["setting"] for row in jobs.times(2, 1, ["other"])] == [{"n": 2}]


def test_what_chapters_and_the_markdown_show_is_what_the_committed_run_holds():
    run = benchmarks.last()
    for name, rows in tables.chapter_tables(run["times"]).items():
        found = recorded.table(name)
        assert found.rows == rows and found.about["date"] == run["about"]["date"]
    assert (recorded.RESULTS / "benchmarks.md").read_text("utf-8") == benchmarks.report(run)


def test_the_committed_run_holds_every_case_in_every_setting():
    run = benchmarks.last()
    for case in CASES:
        for threads, settings in ((1, case.settings), (2, case.main)):
            own = [r for r in run["times"] if (r["case"], r["threads"]) == (case.name, threads)]
            assert [s for s in settings if s not in [r["setting"] for r in own]] == []
    assert len(run["memory"]) == len([row for row in run["times"] if row["threads"] == 2])
