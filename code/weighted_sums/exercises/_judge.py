"""Judging: an answer runs in one process, is judged in another, and its verdicts are read here."""

from __future__ import annotations

import ctypes
import importlib.util
import io
import json
import os
import re
import resource
import secrets
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass

from weighted_sums.exercises import check, names
from weighted_sums.exercises._apart import Lost, Pipe
from weighted_sums.exercises._pickles import Far

SERVE = """import sys
from weighted_sums.exercises._apart import serve
read, write, *limits = map(int, sys.argv[1:])
serve(read, write, sys.stdin.read(), *limits)
"""
# what an answer's process sees of its surroundings: no tokens of the teacher's
SEEN = ("PATH", "HOME", "LANG", "LC_ALL", "PYTHONPATH", "PYTHONHASHSEED", "WEIGHTED_SUMS_DATA")
QUIET = {"OPENBLAS_NUM_THREADS": "1", "MPLBACKEND": "agg", "TQDM_DISABLE": "1"}
GRACE = 10  # seconds that a judge may take longer than an answer
LONGEST = 600  # characters of a reason
NOT_JUDGED = "the judge was stopped, or took too long: judge it by hand"
# what these take or give has its meaning by being the same object on both sides
OF_OBJECTS = frozenset(
    f"autodiff.{name}" for name in ("curvature", "order", "tanh", "output", "cost", "update")
)


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


def grade(source: str, exercises: list[str], limits: Limits) -> Iterator[Result]:
    """Run one piece apart and judge the exercises that it answers.

    The judge is a process too, with the same limits: an answer can make it work for ever, or end
    it, and the verdict is then that nothing could be judged.
    """
    read, write = os.pipe()
    seal = secrets.token_hex(16)  # which the answer's process cannot know
    judge = os.fork()
    if not judge:
        os.setsid()  # of one group with what it begins
        _close_all_but(write)
        with suppress(BaseException), os.fdopen(write, "w") as told:
            hide()
            nowhere = os.open(os.devnull, os.O_RDWR)
            for shown in (0, 1, 2):  # what an answer finds open in its judge leads nowhere
                os.dup2(nowhere, shown)
            _limit(limits)
            for result in _verdicts(source, exercises, limits):
                print(seal, json.dumps(asdict(result)), file=told, flush=True)
        os._exit(0)
    os.close(write)
    with os.fdopen(read, "rb", 0) as told:
        lines = _lines(told, time.monotonic() + limits.seconds + GRACE)
    with suppress(ProcessLookupError):
        os.killpg(judge, signal.SIGKILL)
    os.waitpid(judge, 0)
    found = [Result(**json.loads(line[len(seal) :])) for line in lines if line.startswith(seal)]
    yield from found
    for name in exercises[len(found) :]:
        yield Result(name, False, NOT_JUDGED, 0.0)


def hide() -> None:
    """Let no other process of this user read this one's memory or open its files, where that is so.

    Linux asks for it; the superuser's processes see everything all the same.
    """
    with suppress(AttributeError, OSError):
        ctypes.CDLL(None).prctl(4, 0, 0, 0, 0)  # PR_SET_DUMPABLE


def _close_all_but(kept: int) -> None:
    # a fork has all that its parent has open; what an answer writes there would reach the parent
    os.closerange(3, kept)
    os.closerange(kept + 1, os.sysconf("SC_OPEN_MAX"))


def _limit(limits: Limits) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (limits.seconds + GRACE,) * 2)
    resource.setrlimit(resource.RLIMIT_AS, (limits.megabytes * 2**20,) * 2)


def _lines(told: io.RawIOBase, deadline: float) -> list[str]:
    # the whole lines that come until the deadline
    found = b""
    while (left := deadline - time.monotonic()) > 0 and select.select([told], [], [], left)[0]:
        if not (more := told.read(2**16)):
            break
        found += more
    return found.decode(errors="replace").split("\n")[:-1]


def _verdicts(source: str, exercises: list[str], limits: Limits) -> Iterator[Result]:
    with Answer(source, limits) as answer:
        for name in exercises:
            begun = time.monotonic()
            try:
                passed, message = answer.judged(name)
            except Lost as reason:
                passed, message = False, str(reason)
            yield Result(name, passed, _line(message), round(time.monotonic() - begun, 3))


def _line(message: str) -> str:
    # a reason that an answer has written must not look like another verdict, or go on for ever
    shown = "".join(c if c.isprintable() else " " for c in message[: 2 * LONGEST])
    line = " ".join(shown.split())
    return line if len(line) <= LONGEST else f"{line[:LONGEST]} …"


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
            env={name: os.environ[name] for name in SEEN if name in os.environ} | QUIET,
        )
        os.close(to_answer[0])
        os.close(to_judge[1])
        self.pipe = Pipe.between(to_judge[0], to_answer[1], trusting=False)
        self.pipe.deadline = time.monotonic() + limits.seconds
        self.found: list | None = None
        if self.process.stdin:
            self.process.stdin.write(source.encode())
            self.process.stdin.close()

    def judged(self, name: str) -> tuple[bool, str]:
        """The verdict on what the process handed to `check`."""
        if self.found is None:
            told = self.pipe.receive()
            match told:
                case list() as found, str() as error, Far() as fetch:
                    self.found, self.error, self.fetch = found, error, fetch
                case _:
                    raise Lost("its process did not keep to the protocol")
        if name not in _known(name.partition(".")[0]):
            return False, "there is no such exercise"
        if name not in self.found:
            return False, self.error or f'it never calls check("{name}", …)'
        self.pipe.objects = name in OF_OBJECTS
        verdict = check(name, self.fetch(name, self.pipe.objects))
        return verdict.passed, verdict.message

    def __enter__(self) -> Answer:
        """Begin."""
        return self

    def __exit__(self, *error: object) -> None:
        """End the process, whatever it does."""
        self.process.kill()
        self.process.wait()
        self.pipe.close()


def _known(chapter: str) -> list[str]:
    # the chapter comes from what was handed in, and none of these modules begins with an underscore
    there = re.fullmatch("[a-z][a-z_0-9]*", chapter) and importlib.util.find_spec(
        f"weighted_sums.exercises.{chapter}"
    )
    return names(chapter) if there else []
