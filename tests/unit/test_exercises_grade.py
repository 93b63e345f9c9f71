"""The grader judges as `check` does, and an answer's code cannot reach it."""

import json
import os
import signal
import xml.etree.ElementTree as ET

import banks
import pytest
from test_banks import CHAPTERS

from weighted_sums.exercises import check
from weighted_sums.exercises.__main__ import main
from weighted_sums.exercises._apart import Lost, Pipe
from weighted_sums.exercises._grade import BY_HAND, NOT_JUDGED, Limits, grade, units

REMEMBERS = ("wrong", "a table that stays")  # another answer at its second call
HEAD = "from weighted_sums.exercises import check\n"
RIGHT = "lambda sizes: sum(n * (m + 1) for m, n in zip(sizes, sizes[1:]))"
WRONG = "lambda sizes: 0"
LIMITS = Limits(seconds=20, megabytes=4096)


def verdict(source, name="networks.count", limits=LIMITS):
    (result,) = grade(HEAD + source, [name], limits)
    return result


def test_a_right_answer_passes_and_a_wrong_one_is_told_why():
    assert verdict(f'check("networks.count", {RIGHT})').passed
    result = verdict(f'check("networks.count", {WRONG})')
    assert not result.passed
    assert "your count is 0" in result.message


ATTACKS = {
    "another check": f"check = lambda name, answer: True\ncheck('networks.count', {WRONG})",
    "the checks' own module replaced": (
        "import weighted_sums.exercises as e\ne.check = e.require = lambda *a: True\n"
        f'check("networks.count", {WRONG})'
    ),
    "NumPy that finds all alike": (
        "import numpy as np\nnp.allclose = np.isclose = np.array_equal = lambda *a, **k: True\n"
        f'check("networks.count", {WRONG})'
    ),
    "NumPy replaced when it is called": (
        "def count(sizes):\n    import numpy as np\n    np.ndim = lambda x: 0\n"
        "    np.allclose = lambda *a: True\n    return 0\n"
        'check("networks.count", count)'
    ),
    "the judge's variables": (
        "def count(sizes):\n    import sys\n    frame = sys._getframe()\n"
        "    while frame:\n        if 'weights' in frame.f_locals:\n"
        "            return frame.f_locals['weights'] + frame.f_locals['biases']\n"
        "        frame = frame.f_back\n    return 0\n"
        'check("networks.count", count)'
    ),
    "an answer equal to everything": (
        "class Any(int):\n    def __eq__(self, other):\n        return True\n    __hash__ = None\n"
        'check("networks.count", lambda sizes: Any())'
    ),
    "a check that knows the result": (
        'from weighted_sums.exercises import networks\ncheck("networks.count", networks.count)'
    ),
    "the package unloaded and loaded again": (
        "import sys\nfor name in list(sys.modules):\n"
        "    if name.startswith('weighted_sums'):\n        del sys.modules[name]\n"
        "import weighted_sums.exercises as e\nimport weighted_sums.exercises.networks as n\n"
        "n.count = lambda answer: 'fine'\n"
        f'check("networks.count", {WRONG})'
    ),
    "no call of check": "print('✓ networks.count: correct')",
    "a pickle that runs code": (
        "class Evil:\n    def __reduce__(self):\n        import os\n"
        "        return os.system, ('echo $PPID > {tmp}/attack',)\n"
        'check("networks.count", lambda sizes: Evil())'
    ),
    "the end of the process": 'import os\ncheck("networks.count", lambda sizes: os._exit(0))',
    "noise in the pipe": (
        "import os, sys\nfor fd in range(3, 64):\n    try:\n        os.write(fd, b'x' * 4096)\n"
        "    except OSError:\n        pass\n"
        f'check("networks.count", {WRONG})'
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_gains_nothing(attack, tmp_path):
    result = verdict(ATTACKS[attack].replace("{tmp}", str(tmp_path)))
    assert not result.passed, result.message
    for trace in tmp_path.iterdir():  # what ran, ran in the answer's process
        assert int(trace.read_text()) != os.getpid()


@pytest.mark.slow
def test_time_and_memory_are_bounded():
    endless = verdict("while True:\n    pass", limits=Limits(seconds=2))
    assert (endless.passed, endless.seconds < 10) == (False, True)
    sleeping = 'import time\ncheck("networks.count", lambda sizes: time.sleep(99))'
    assert verdict(sleeping, limits=Limits(seconds=2)).message == "it took too long"
    greedy = 'import numpy as np\ncheck("networks.count", lambda sizes: np.ones(10**10))'
    assert "Memory" in verdict(greedy, limits=Limits(seconds=20, megabytes=2048)).message


def cell(source, *tags):
    return {"cell_type": "code", "source": [source], "metadata": {"tags": list(tags)}}


def test_a_notebook_a_module_and_a_page_are_read(tmp_path, capsys):
    right = f'check("networks.count", {RIGHT})'
    notebook = {
        "cells": [
            {"cell_type": "markdown", "source": ["words"], "metadata": {}},
            cell("from weighted_sums.exercises import check\nunused = undefined_name"),
            cell(right, "starter"),
            cell(right.replace("count", "layer"), "solution"),
        ]
    }
    page = {
        "format": "Weighted Sums: answers",
        "answers": [{"name": "networks.count", "setup": HEAD, "source": right, "passed": False}],
    }
    files = {"a.ipynb": json.dumps(notebook), "b.json": json.dumps(page), "c.py": HEAD + right}
    for name, text in files.items():
        (tmp_path / name).write_text(text, "utf-8")
        assert [exercises for _, exercises in units(tmp_path / name)] == [["networks.count"]]
    told = ["--json", str(tmp_path / "out.json"), "--junit", str(tmp_path / "out.xml")]
    paths = [str(tmp_path / name) for name in files]
    assert main(["grade", *paths, *told]) == 0
    assert capsys.readouterr().out.count("✓ networks.count") == 3
    found = json.loads((tmp_path / "out.json").read_text("utf-8"))
    assert [result["passed"] for (result,) in found.values()] == [True] * 3
    suites = ET.parse(tmp_path / "out.xml").getroot()
    assert [suite.get("failures") for suite in suites] == ["0"] * 3


def test_what_cannot_leave_its_process_is_said_to_be_judged_by_hand():
    assert verdict('check("autodiff.tanh", 1)', "autodiff.tanh").message == NOT_JUDGED
    assert all(name in banks.of("autodiff") for name in BY_HAND)


def test_what_is_not_answered_counts_where_a_chapter_is_named(tmp_path, capsys):
    (tmp_path / "c.py").write_text(HEAD + f'check("networks.count", {WRONG})', "utf-8")
    out = tmp_path / "out.xml"
    given = [str(tmp_path / "c.py"), "--chapter", "networks", "--junit", str(out)]
    assert main(["grade", *given]) == 1
    assert "✗ networks.layer: not answered" in capsys.readouterr().out
    suite = ET.parse(out).getroot()[0]
    assert int(suite.get("failures")) == int(suite.get("tests")) > 5


def test_a_file_that_is_no_answer_is_refused(tmp_path, capsys):
    (tmp_path / "x.json").write_text('{"a": 1}', "utf-8")
    assert main(["grade", str(tmp_path / "x.json")]) == 2
    assert "no notebook, no module" in capsys.readouterr().err


def apart(answer):
    """The answer as a judge sees it, from a process that this one forks; and that process."""
    to_answer, to_judge = os.pipe(), os.pipe()
    child = os.fork()
    if not child:
        try:
            pipe = Pipe.between(to_answer[0], to_judge[1], trusting=True)
            pipe.send(answer)
            while True:
                pipe.answer(*pipe.receive()[1:])
        finally:
            os._exit(0)
    os.close(to_answer[0])
    os.close(to_judge[1])
    pipe = Pipe.between(to_judge[0], to_answer[1], trusting=False)
    return pipe, child


def judged(name, answer):
    pipe, child = apart(answer)
    try:
        return check(name, pipe.receive()).passed
    except Lost:
        return None
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        pipe.close()


@pytest.mark.slow
@pytest.mark.parametrize("chapter", CHAPTERS)
def test_every_answer_of_a_bank_is_judged_through_the_pipe_as_without(chapter):
    other = []
    for name, bank in banks.of(chapter).items():
        if name in BY_HAND:
            continue
        answers = {("wrong", key): answer for key, (answer, _) in bank.wrong.items()}
        answers.pop(REMEMBERS, None)
        answers |= {("unusual", key): answer for key, answer in bank.unusual.items()}
        other += [(name, key) for key, answer in answers.items()
                  if judged(name, answer) != check(name, answer).passed]  # fmt: skip
    assert other == []
