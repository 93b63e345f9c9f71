"""The grader judges as `check` does, and an answer's code cannot reach it."""

import io
import json
import os
import pickle
import signal
import xml.etree.ElementTree as ET

import banks
import pytest
from test_banks import CHAPTERS

from weighted_sums.exercises import Verdict, check
from weighted_sums.exercises.__main__ import main
from weighted_sums.exercises._apart import Lost, Pipe, offer
from weighted_sums.exercises._grade import units
from weighted_sums.exercises._judge import NOT_JUDGED, OF_OBJECTS, Limits, grade
from weighted_sums.exercises._objects import FarObject
from weighted_sums.exercises._pickles import Unpickler

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


ATTACKS |= {
    "another verdict in the reason": (
        "def count(sizes):\n    raise ValueError('no\\n  ✓ networks.count: correct')\n"
        'check("networks.count", count)'
    ),
    "a difference that is always zero": (
        "class Near:\n    def __sub__(self, other):\n        return 0.0\n    __rsub__ = __sub__\n"
        "    __add__ = __radd__ = __mul__ = __truediv__ = __sub__\n"
        "    def __abs__(self):\n        return 0.0\n    __float__ = __index__ = __abs__\n"
        'check("networks.count", lambda sizes: Near())'
    ),
    "a verdict in every open file of the judge": (
        "import json, os\n"
        "told = {'name': 'networks.count', 'passed': True, 'message': '', 'seconds': 0.0}\n"
        "line = json.dumps(told).encode() + b'\\n'\n"
        "for up in (os.getppid(),):\n    for fd in os.listdir(f'/proc/{up}/fd'):\n"
        "        try:\n"
        "            opened = os.open(f'/proc/{up}/fd/{fd}', os.O_WRONLY | os.O_NONBLOCK)\n"
        "            os.write(opened, line)\n        except OSError:\n            pass\n"
        f'check("networks.count", {WRONG})'
    ),
    "the end of the judge": (
        "import os, signal\nos.kill(os.getppid(), signal.SIGKILL)\n"
        f'check("networks.count", {WRONG})'
    ),
    "the end of all that was begun together": "import os, signal\nos.killpg(0, signal.SIGKILL)",
    "recursion without end": (
        "import sys\nsys.setrecursionlimit(10**9)\ndef count(sizes):\n    return count(sizes)\n"
        'check("networks.count", count)'
    ),
    "threads that go on": (
        "import threading, time\nfor _ in range(4):\n"
        "    threading.Thread(target=time.sleep, args=(99,)).start()\n"
        f'check("networks.count", {WRONG})'
    ),
    "a list in itself forty times": (
        "def count(sizes):\n    found = [1]\n    for _ in range(40):\n"
        "        found = [found, found]\n    return found\n"
        'check("networks.count", count)'
    ),
    "a range that no memory holds": 'check("networks.count", lambda sizes: range(10**12))',
    "the garbage collector": (
        "import gc\ndef count(sizes):\n    for one in gc.get_objects():\n"
        "        if getattr(one, '__name__', '') == 'count' and one is not count:\n"
        "            return one(sizes)\n    return 0\n"
        'check("networks.count", count)'
    ),
    "a file beside the grader": (
        "import pathlib\ntry:\n    pathlib.Path('{tmp}/left').write_text('0')\n"
        f'except OSError:\n    pass\ncheck("networks.count", {WRONG})'
    ),
    "a chapter that is no chapter": 'check("_judge.grade", 1)\ncheck("networks.count", 0)',
}


@pytest.mark.slow
@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_gains_nothing(attack, tmp_path):
    result = verdict(ATTACKS[attack].replace("{tmp}", str(tmp_path)))
    assert not result.passed, result.message
    for trace in tmp_path.iterdir():  # what ran, ran in the answer's process, which writes nothing
        assert trace.read_text() == ""


def test_what_the_grader_has_open_is_not_open_in_a_judge():
    read, write = os.pipe()
    os.set_blocking(read, False)
    assert not verdict(ATTACKS["a verdict in every open file of the judge"]).passed
    os.close(write)
    assert os.read(read, 100) == b""
    os.close(read)


ON_OBJECTS = {
    "a node's secrets": ("order", "lambda end: [end.known]", "AttributeError: known"),
    "a way out of a node": ("order", "lambda end: [end.__class__]", "list the numbers themselves"),
    "a graph cut short": ("order", "lambda end: setattr(end, 'inputs', ()) or [end]", "inputs"),
    "data near everything": ("tanh", "type('N', (), dict(__init__=init, tanh=init))", "change"),
}
NEAR = """
class Near:
    def __sub__(self, other):
        return 0.0
    __rsub__ = __add__ = __radd__ = __mul__ = __rmul__ = __sub__
    __abs__ = __float__ = lambda self: 0.0
    __eq__ = lambda self, other: True

def init(self, *given):
    self.data, self.inputs, self.local_grads = Near(), (self,), (Near(),)
    return Near() if not given else None

"""


@pytest.mark.slow
@pytest.mark.parametrize("attack", ON_OBJECTS)
def test_an_object_that_stays_with_its_owner_gives_nothing_away(attack):
    name, answer, words = ON_OBJECTS[attack]
    result = verdict(f'{NEAR}check("autodiff.{name}", {answer})', f"autodiff.{name}")
    assert not result.passed
    assert words in result.message


def test_a_judge_builds_nothing_that_judges_are_made_of():
    pipe, other = (Pipe.between(*os.pipe(), trusting=side) for side in (False, True))
    for kind in (FarObject, Verdict, Limits):
        with pytest.raises(pickle.UnpicklingError, match=kind.__name__):
            Unpickler(pipe, io.BytesIO(pickle.dumps(kind))).load()
    pipe.close()
    other.close()


def test_an_answer_sees_no_token_of_the_teacher(monkeypatch):
    monkeypatch.setenv("CLASS_TOKEN", "secret")
    result = verdict('import os\ncheck("networks.count", lambda s: 1 / 0 if "CLASS_TOKEN" in '
                     'os.environ else 1 + "unseen")')  # fmt: skip
    assert "TypeError" in result.message


def test_a_reason_is_one_short_line():
    result = verdict(
        "def count(sizes):\n    raise ValueError('no\\n\\x1b[2K\\u202e' + 10**6 * 'x')\n"
        'check("networks.count", count)'
    )
    assert result.message.isprintable()
    assert len(result.message) < 1000


@pytest.mark.slow
def test_a_judge_that_is_made_to_work_for_ever_is_stopped(monkeypatch):
    monkeypatch.setattr("weighted_sums.exercises._judge.GRACE", 1)
    doubled = ATTACKS["a list in itself forty times"]
    assert verdict(doubled, limits=Limits(seconds=2)).message == NOT_JUDGED


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


def test_what_is_not_answered_counts_where_a_chapter_is_named(tmp_path, capsys):
    (tmp_path / "c.py").write_text(HEAD + f'check("networks.count", {WRONG})', "utf-8")
    out = tmp_path / "out.xml"
    given = [str(tmp_path / "c.py"), "--chapter", "networks", "--junit", str(out)]
    assert main(["grade", *given]) == 1
    assert "✗ networks.layer: not answered" in capsys.readouterr().out
    suite = ET.parse(out).getroot()[0]
    assert int(suite.get("failures")) == int(suite.get("tests")) > 5


@pytest.mark.parametrize("text", ['{"a": 1}', "[]", "{", '{"cells": [1]}', '{"answers": 1}', ""])
def test_a_file_that_is_no_answer_is_refused_and_holds_up_no_other(text, tmp_path, capsys):
    (tmp_path / "x.json").write_text(text, "utf-8")
    (tmp_path / "c.py").write_text(HEAD + f'check("networks.count", {RIGHT})', "utf-8")
    assert main(["grade", str(tmp_path / "x.json"), str(tmp_path / "c.py")]) == 2
    told = capsys.readouterr()
    assert "x.json: " in told.err
    assert "✓ networks.count" in told.out


def test_an_exercise_that_does_not_exist_is_told(tmp_path, capsys):
    calls = "\n".join(f'check("{n}", {RIGHT})' for n in ("networks.cuont", "_judge.grade"))
    (tmp_path / "c.py").write_text(f'{HEAD}{calls}\ncheck("networks.count", {RIGHT})', "utf-8")
    assert main(["grade", str(tmp_path / "c.py")]) == 1
    told = capsys.readouterr().out
    assert told.count("there is no such exercise") == 2
    assert "✓ networks.count" in told


def apart(answer):
    """The answer as a judge sees it, from a process that this one forks; and that process."""
    to_answer, to_judge = os.pipe(), os.pipe()
    child = os.fork()
    if not child:
        try:
            pipe = Pipe.between(to_answer[0], to_judge[1], trusting=True)
            pipe.send(offer(pipe, {"it": answer}))
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
        pipe.objects = name in OF_OBJECTS
        return check(name, pipe.receive()("it", pipe.objects)).passed
    except Lost:
        return None
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        pipe.close()


@pytest.mark.slow
@pytest.mark.usefixtures("without_shape_checks")  # which no reader has, and each call would pay
@pytest.mark.parametrize("chapter", CHAPTERS)
def test_every_answer_of_a_bank_is_judged_through_the_pipe_as_without(chapter):
    other = []
    for name, bank in banks.of(chapter).items():
        answers = {("wrong", key): answer for key, (answer, _) in bank.wrong.items()}
        answers.pop(REMEMBERS, None)
        answers |= {("unusual", key): answer for key, answer in bank.unusual.items()}
        other += [(name, key) for key, answer in answers.items()
                  if judged(name, answer) != check(name, answer).passed]  # fmt: skip
    assert other == []
