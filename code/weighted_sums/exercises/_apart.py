"""Answers in a process of their own, while `check` judges them from another.

The judge sees an answer only through a pipe: it calls the answer's functions and gets numbers,
arrays and the book's named tuples back. So nothing that the answer's code replaces in its own
process, such as `check` or parts of NumPy, reaches the judge, and nothing of the judge's is there
for it to read.
"""

from __future__ import annotations

import builtins
import io
import os
import resource
import select
import struct
import sys
import time
import types
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from weighted_sums.exercises import Wrong
from weighted_sums.exercises._objects import doors
from weighted_sums.exercises._pickles import Pickler, Unpickler

LARGEST = 2**28  # bytes of one message


class Lost(BaseException):
    """The other process ended, took too long, or said what it must not."""


class Pipe:
    """One end of a conversation: calls and their results, each a pickle of plain values."""

    def __init__(self, read: io.RawIOBase, write: io.RawIOBase, trusting: bool):
        self.read, self.write, self.trusting = read, write, trusting
        self.own = doors(trusting)  # functions that the other side may call, by number, and objects
        self.at: dict[int, int] = {}  # their numbers
        self.others: dict[tuple[str, int], Any] = {}  # stand-ins for those of the other side
        self.objects = False  # whether objects may stay where they are
        self.answering = 0  # how many calls of the other side are being answered
        self.deadline = float("inf")

    @classmethod
    def between(cls, read: int, write: int, trusting: bool) -> Pipe:
        """Make one from the numbers of two open files."""
        return cls(os.fdopen(read, "rb", 0), os.fdopen(write, "wb", 0), trusting)

    def close(self) -> None:
        """Close both directions."""
        self.read.close()
        self.write.close()

    def number(self, value: Any) -> int:
        """The number by which the other side may name a function or an object of this one."""
        if id(value) not in self.at:
            self.at[id(value)] = len(self.own)
            self.own.append(value)  # kept, so that no other takes its id
        return self.at[id(value)]

    def send(self, message: Any) -> None:
        """Send a message."""
        file = io.BytesIO()
        Pickler(self, file).dump(message)
        self.write.write(struct.pack("<Q", file.tell()) + file.getvalue())
        self.write.flush()

    def receive(self) -> Any:
        """Wait for a message; Lost where none comes in time, or one that is not allowed."""
        (size,) = struct.unpack("<Q", self._bytes(8))
        if size > LARGEST:
            raise Lost("it returned too much")
        content = self._bytes(size)
        try:
            return Unpickler(self, io.BytesIO(content)).load()
        except Exception as error:
            raise Lost(f"it returned what cannot be judged: {error}") from error

    def _bytes(self, size: int) -> bytes:
        found = b""
        while len(found) < size:
            left = min(self.deadline - time.monotonic(), 1e6)
            if left <= 0 or not select.select([self.read], [], [], left)[0]:
                raise Lost("it took too long")
            if not (more := self.read.read(size - len(found))):
                raise Lost("its process ended; did it need too much memory?")
            found += more
        return found

    def call(self, number: int, *given: Any, **named: Any) -> Any:
        """Call a function of the other side; what it does to its arguments is done to `given`."""
        self.send(("call", number, given, named))
        while True:
            kind, *rest = self.receive()
            if kind == "call":
                self.answer(*rest)
                continue
            if kind == "raised":
                raise _error(*rest)
            value, after, told = rest
            _take_back(given, after)
            for words in told:
                warnings.warn(str(words), RuntimeWarning, stacklevel=2)
            return value

    def answer(self, number: int, given: tuple, named: dict) -> None:
        """Call an own function for the other side, and send what became of it."""
        self.answering += 1
        try:
            with warnings.catch_warnings(record=True) as told:
                warnings.simplefilter("always")
                value = self.own[number](*given, **named)
            self.send(("value", value, _state(given), [str(one.message) for one in told]))
        except Lost:
            raise
        except Exception as error:
            self.send(("raised", type(error).__name__, str(error)))
        finally:
            self.answering -= 1


def _error(name: str, words: str) -> Exception:
    if name == "Wrong":  # a judge's own, which its input raised; forged, it only refuses
        return Wrong(words)
    kind = getattr(builtins, str(name), None)
    made: type[Exception] = type(str(name), (Exception,), {})
    if isinstance(kind, type) and issubclass(kind, Exception):
        made = kind
    try:
        return made(words)
    except TypeError:  # such as UnicodeDecodeError, which wants more
        return Exception(words)


def _state(given: Any) -> Any:
    # what a function may have changed in what it was given
    if isinstance(given, np.random.Generator):
        return given.bit_generator.state
    if isinstance(given, tuple | list):
        return [_state(one) for one in given]
    if isinstance(given, dict):
        return {key: _state(one) for key, one in given.items()}
    return given if isinstance(given, np.ndarray | int | float | str | bool) else None


def _take_back(given: Any, after: Any) -> None:
    if isinstance(given, np.random.Generator):
        given.bit_generator.state = after
    elif isinstance(given, np.ndarray) and given.flags.writeable:
        if given.shape == np.shape(after) and given.dtype != object:
            given[...] = after
    elif isinstance(given, tuple | list) and isinstance(after, list):
        for one, other in zip(given, after, strict=False):
            _take_back(one, other)
        simple = isinstance(given, list) and not any(isinstance(x, list | dict) for x in given)
        if simple and len(given) != len(after):
            given[:] = after
        elif isinstance(given, list):
            given[:] = [b if isinstance(a, int | float | str) else a
                        for a, b in zip(given, after, strict=False)]  # fmt: skip
    elif isinstance(given, dict) and isinstance(after, dict):
        for key in given.keys() & after.keys():
            _take_back(given[key], after[key])


def serve(read: int, write: int, source: str, megabytes: int, seconds: int) -> None:
    """Run `source` in this process, which is the answer's; offer what it gives to `check`."""
    resource.setrlimit(resource.RLIMIT_AS, (megabytes * 2**20,) * 2)
    resource.setrlimit(resource.RLIMIT_CPU, (seconds,) * 2)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))  # an answer leaves nothing in a file
    pipe = Pipe.between(read, write, trusting=True)
    answers: dict[str, Any] = {}
    # the checks, which know the results, are not there
    stand_in = types.ModuleType("weighted_sums.exercises")
    stand_in.check = lambda name, answer: answers.update({name: answer})  # type: ignore[attr-defined]
    for name in [n for n in sys.modules if n.startswith("weighted_sums.exercises")]:
        del sys.modules[name]
    sys.modules["weighted_sums.exercises"] = stand_in
    error = ""
    try:
        exec(compile(source, "<answer>", "exec"), {"__name__": "__main__"})
    except BaseException as problem:
        error = f"{type(problem).__name__}: {problem}"
    pipe.send((list(answers), error, offer(pipe, answers)))
    while True:
        kind, *rest = pipe.receive()
        if kind != "call":
            return
        pipe.answer(*rest)


def offer(pipe: Pipe, answers: dict[str, Any]) -> Callable[[str, bool], Any]:
    """What a judge calls for an answer, saying whether objects may stay in this process."""

    def answer(name: str, objects: bool) -> Any:
        pipe.objects = objects
        return answers[name]

    return answer
