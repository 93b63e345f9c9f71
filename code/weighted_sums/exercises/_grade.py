"""Grading: read what a reader handed in, run each answer apart, and report the verdicts."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from weighted_sums.exercises import check, names
from weighted_sums.exercises._apart import Lost, Pipe
from weighted_sums.exercises._cells import earlier, needed

CHECK = re.compile(r"""\bcheck\(\s*["']([a-z_]+\.[a-z_0-9]+)["']""")
FORMAT = "Weighted Sums: answers"
SERVE = """import sys
from weighted_sums.exercises._apart import serve
read, write, *limits = map(int, sys.argv[1:])
serve(read, write, sys.stdin.read(), *limits)
"""
QUIET = {"OPENBLAS_NUM_THREADS": "1", "MPLBACKEND": "agg", "TQDM_DISABLE": "1"}


# what these take or give has its meaning by being the same object on both sides
BY_HAND = frozenset(
    f"autodiff.{name}" for name in ("curvature", "order", "tanh", "output", "cost", "update")
)
NOT_JUDGED = "the grader cannot take these objects out of their process: judge it by hand"


@dataclass(frozen=True)
class Limits:
    """What an answer may take: seconds, on the clock and of the processor, and memory."""

    seconds: int = 60
    megabytes: int = 4096


@dataclass(frozen=True)
class Result:
    """The verdict on one exercise of one file."""

    name: str
    passed: bool
    message: str
    seconds: float


def units(path: Path) -> Iterator[tuple[str, list[str]]]:
    """The pieces of a file that run apart, each with the exercises that it answers.

    A notebook's cells and a page's answers run with what they need of the cells above; a module
    runs whole. ValueError for a file that is none of these.
    """
    text = path.read_text("utf-8")
    if path.suffix == ".py":
        yield text, sorted(set(CHECK.findall(text)))
        return
    data = json.loads(text)
    if data.get("format") == FORMAT:
        for one in data["answers"]:
            yield f"{one.get('setup', '')}\n{one['source']}", [str(one["name"])]
    elif "cells" in data:
        yield from _of_notebook(data["cells"])
    else:
        raise ValueError(f"{path} is no notebook, no module, and no file of answers from a page")


def _of_notebook(found: list[dict]) -> Iterator[tuple[str, list[str]]]:
    code = [cell for cell in found if cell["cell_type"] == "code"]
    cells = [("".join(c["source"]), c["metadata"].get("tags", [])) for c in code]
    for number, (source, tags) in enumerate(cells):
        if CHECK.search(source) and "solution" not in tags:
            above = earlier(cells, number)
            setup = [above[index].text for index in needed(source, above)]
            yield "\n".join([*setup, source]), CHECK.findall(source)


def grade(source: str, exercises: list[str], limits: Limits) -> Iterator[Result]:
    """Run one piece apart and judge the exercises that it answers."""
    with Answer(source, limits) as answer:
        for name in exercises:
            begun = time.monotonic()
            try:
                passed, message = answer.judged(name)
            except Lost as reason:
                passed, message = False, str(reason)
            yield Result(name, passed, message, round(time.monotonic() - begun, 3))


class Answer:
    """A process that runs an answer, and the judge's end of the pipe to it."""

    def __init__(self, source: str, limits: Limits):
        to_answer, to_judge = os.pipe(), os.pipe()
        line = [sys.executable, "-c", SERVE, str(to_answer[0]), str(to_judge[1])]
        self.process = subprocess.Popen(
            [*line, str(limits.megabytes), str(limits.seconds)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            pass_fds=(to_answer[0], to_judge[1]),
            start_new_session=True,
            env={**os.environ, **QUIET},
        )
        os.close(to_answer[0])
        os.close(to_judge[1])
        self.pipe = Pipe.between(to_judge[0], to_answer[1], trusting=False)
        self.pipe.deadline = time.monotonic() + limits.seconds
        self.found: dict | None = None
        if self.process.stdin:
            self.process.stdin.write(source.encode())
            self.process.stdin.close()

    def judged(self, name: str) -> tuple[bool, str]:
        """The verdict on what the process handed to `check`."""
        if self.found is None:
            told = self.pipe.receive()
            if not (isinstance(told, tuple) and len(told) == 2 and isinstance(told[0], dict)):
                raise Lost("its process did not keep to the protocol")
            self.found, self.error = told
        if name in BY_HAND:
            return False, NOT_JUDGED
        if name not in self.found:
            return False, str(self.error) or f'it never calls check("{name}", …)'
        verdict = check(name, self.found[name])
        return verdict.passed, verdict.message

    def __enter__(self) -> Answer:
        """Begin."""
        return self

    def __exit__(self, *error: object) -> None:
        """End the process, whatever it does."""
        self.process.kill()
        self.process.wait()
        self.pipe.close()


def of_file(path: Path, limits: Limits, chapters: list[str]) -> list[Result]:
    """All verdicts on a file; exercises of `chapters` that it does not answer count as open."""
    found = {r.name: r for unit, wanted in units(path) for r in grade(unit, wanted, limits)}
    wanted = [name for chapter in chapters for name in names(chapter)]
    missing = {name: Result(name, False, "not answered", 0.0) for name in wanted}
    return [*(missing | found).values()]


def as_json(reports: dict[str, list[Result]]) -> str:
    """The verdicts on several files as JSON."""
    told = {file: [asdict(result) for result in results] for file, results in reports.items()}
    return json.dumps(told, indent=1, ensure_ascii=False)


def as_junit(reports: dict[str, list[Result]]) -> str:
    """The same as JUnit XML: a suite for each file, a case for each exercise."""
    suites = ET.Element("testsuites")
    for file, results in reports.items():
        failures = sum(not result.passed for result in results)
        counted = {"name": file, "tests": str(len(results)), "failures": str(failures)}
        suite = ET.SubElement(suites, "testsuite", counted)
        for result in results:
            chapter, _, name = result.name.partition(".")
            about = {"classname": chapter, "name": name, "time": str(result.seconds)}
            case = ET.SubElement(suite, "testcase", about)
            if not result.passed:
                ET.SubElement(case, "failure", {"message": _legal(result.message)})
    return ET.tostring(suites, encoding="unicode", xml_declaration=True)


def _legal(text: str) -> str:
    # XML has no words for most control characters
    return re.sub("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "�", text)
