"""The runner of mutants, on a small package whose tests are known to be good or bad."""

import subprocess
import sys

import pytest
from checkout import ROOT, once

from tools import mutate
from tools.mutant_plugins import EQUIVALENT, KILLED, SURVIVED, TIMED_OUT
from tools.mutations import mutants

MODULE = '''"""A message with 1 + 1 in it."""
import threading
from planted.parts import double

__all__ = ["twice" + "x"]
Number = int | float


def twice(x: Number) -> Number:
    """Is not 1 + 1."""
    if x < 0:
        raise ValueError(f"{x} is below {1 - 1}" + str(2 + 2))
    return double(x)


def larger(a, b):
    return a if a > b else b


def scaled(x, factor=2):
    return x * factor


def down(n):
    while n:
        n -= 1


def waited(event):
    return event.wait(timeout=0.01)


def uncalled(x):
    return x - 5
'''
TESTS = """import threading
import pytest
from hypothesis import given, strategies as st
from planted import sums


@given(st.integers(0, 9))
def test_twice(x):
    assert sums.twice(x) == 2 * x


def test_below_zero():
    with pytest.raises(ValueError):
        sums.twice(-1)


def test_larger():
    assert sums.larger(1, 2) == sums.larger(2, 1) == 2


def test_scaled():
    assert sums.scaled(3, 5) == 15


def test_down():
    sums.down(3)


def test_waited():
    assert sums.waited(threading.Event()) is False
"""
LISTED = """[[equivalent]]
module = "sums"
function = "larger"
now = "return a if a >= b else b"
reason = "of two equal numbers either is the larger"

[[equivalent]]
module = "sums"
function = "scaled"
now = "return x / factor"
reason = "a wrong one: a test kills it"

[[equivalent]]
module = "sums"
function = "scaled"
now = "return x ** factor"
reason = "there is no such mutant"
"""


def plant_files(folder, tests):
    files = {
        "code/planted/__init__.py": "",
        "code/planted/parts.py": "def double(x):\n    return 2 * x\n",
        "code/planted/sums.py": MODULE,
        "tests/unit/test_sums.py": tests,
        "tests/mutants.toml": LISTED,
    }
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)


def run(folder):
    command = [sys.executable, "-m", "tools.mutate", "sums", "--root", str(folder)]
    command += ["--package", "planted", "--limits", "1", "5", "1"]
    return subprocess.run(command, capture_output=True, text=True, cwd=ROOT)


def plant(folder):
    plant_files(folder, TESTS)
    done = run(folder)
    (folder / "printed").write_text(done.stdout)
    (folder / "ended").write_text(f"{done.returncode} {done.stderr}")


@pytest.fixture(scope="module")
def planted(tmp_path_factory):
    return once(tmp_path_factory, "planted", plant)


def survivors(planted):
    lines = (planted / "printed").read_text().splitlines()
    changes = zip(lines, lines[2:], strict=False)
    return {(first.split()[-1], now[4:]) for first, now in changes if now[:4] == "  + "}


@pytest.mark.slow
def test_survivors_are_shown_with_their_place_and_their_change(planted):
    assert survivors(planted) == {
        ("scaled", "def scaled(x, factor=3):"),
        ("waited", "return event.wait(timeout=0.02)"),
        *(("uncalled", f"return {value}") for value in ("None", "x + 5", "x - 6")),
    }
    assert (
        "code/planted/sums.py:20: scaled\n  - def scaled(x, factor=2):\n"
        in (planted / "printed").read_text()
    )


@pytest.mark.slow
def test_each_end_of_a_mutant_is_counted(planted):
    # two loops that do not end and one wait; eight that a test notices; one that is listed
    row = "| sums | 18 | 9 | 3 | 1 | 5 | 70.6% |"
    printed = (planted / "printed").read_text()
    assert row in printed and row.replace("sums", "all") in printed
    assert (planted / "_build" / "mutants.md").read_text() in printed


@pytest.mark.slow
def test_a_list_that_is_no_longer_true_is_an_error(planted):
    assert (planted / "ended").read_text() == "1 "
    printed = (planted / "printed").read_text()
    assert "larger" not in printed.partition("| all |")[2]
    for now, why in (("x / factor", "a test kills it"), ("x ** factor", "there is no such mutant")):
        assert f"scaled: return {now}\n    is listed as a survivor, but {why}" in printed


@pytest.mark.slow
def test_tests_that_fail_without_a_mutant_are_shown_and_end_the_run(tmp_path):
    plant_files(tmp_path, TESTS.replace("== 15", "== 14"))
    done = run(tmp_path)
    assert done.returncode == 1 and "| all |" not in done.stdout
    assert "assert 15 == 14" in done.stderr and "planted.sums: its tests fail" in done.stderr


def found(*verdicts):
    changes = [m for m in mutants(MODULE) if m.place.function == "larger"]
    return list(zip(changes, verdicts, strict=True))


STAYS = {mutate.Listed("sums", "larger", "return a if a >= b else b"): "of equals either"}


def test_a_survivor_with_a_reason_counts_neither_way():
    rows, wrong = mutate.judged("sums", found(KILLED, SURVIVED, SURVIVED), STAYS)
    assert [verdict for _, verdict in rows] == [KILLED, SURVIVED, EQUIVALENT] and not wrong
    assert mutate.score("sums", rows).part == 0.5


@pytest.mark.parametrize("verdict", [KILLED, TIMED_OUT])
def test_a_listed_survivor_that_is_killed_now_is_an_error(verdict):
    _, wrong = mutate.judged("sums", found(KILLED, SURVIVED, verdict), STAYS)
    assert "a test kills it" in wrong[0]
    assert not mutate.judged("other", found(KILLED, SURVIVED, verdict), STAYS)[1]


def test_a_listed_survivor_needs_a_reason():
    with pytest.raises(SystemExit, match="larger.*no reason"):
        mutate.listed({"equivalent": [{"module": "sums", "function": "larger", "now": "x"}]})


def changes(source):
    return {mutant.now for mutant in mutants(source)}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("x = a + b * c", {"x = a - b * c", "x = a + b / c"}),
        ("x = a if b <= c else d", {"x = a if b < c else d", "x = a if b > c else d"}),
        ("x = a == b and c is d",
         {"x = a != b and c is d", "x = a == b or c is d", "x = a == b and c is not d"}),
        ("x = not a in b", {"x = a in b", "x = not a not in b"}),
        ("x -= y % 2", {"x += y % 2", "x -= y // 2", "x -= y % 3"}),
        ("x = [0.0, 1e-3, True]",
         {"x = [1.0, 1e-3, True]", "x = [0.0, 0.002, True]", "x = [0.0, 1e-3, False]"}),
        ("x = -(a + b)", {"x = a + b", "x = -(a - b)"}),
        ("x = f(a, axis=b, **c)", {"x = f(a, **c)"}),
        ("x = (a - b) @ c", {"x = (a + b) @ c"}),
        ("x = é[0] + b", {"x = é[1] + b", "x = é[0] - b"}),
        ("def f(x=1):\n    return x", {"def f(x=2):", "return None"}),
        ("x = a | b & c", {"x = a & (b & c)", "x = a | (b | c)"}),
    ],
)  # fmt: skip
def test_what_may_change_does(source, expected):
    assert changes(source) == expected


@pytest.mark.parametrize(
    "source",
    [
        '"""1 + 1."""',
        "def f(x: Float[a, 1 + 1] = None) -> int | None: ...",
        "x: tuple[1] = a",
        "raise ValueError(str(1 + 1)) from not_this",
        'x = f"{1 + 1}"',
        '__all__ = ["a" + "b"]',
        'Mask = Float[np.ndarray, "1 2"] | Int[np.ndarray, "3"]',
        "x = isinstance(y, int | float)",
        "Number = int | np.integer",
        'if __name__ == "__main__":\n    f(1)',
        "x = zip(a, b, strict=True)",
        "@cache(1)\ndef f(): ...",
        "def f():\n    return",
        "x = y.reshape(-1, z)",
    ],
)
def test_what_says_nothing_to_a_test_stays(source):
    assert changes(source) == set()


def test_a_change_of_several_lines_is_one_line_of_the_report():
    source = "y = f(\n    a,  # first\n    axis=b,\n)\n"
    (mutant,) = mutants(source)
    assert mutant.applied(source) == "y = f(a)\n" and mutant.now == "y = f(a)"


def test_a_method_is_named_with_its_class_and_begins_with_its_decorators():
    source = "class A:\n    @property\n    def f(self):\n        return lambda: 1\n"
    assert {m.place for m in mutants(source)} == {("A.f", 2, 4)}
