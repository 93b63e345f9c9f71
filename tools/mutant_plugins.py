"""Plugins of pytest: one sees what each test calls, the other plants mutants before tests load."""

from __future__ import annotations

import gc
import importlib
import multiprocessing
import os
import resource
import signal
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from tools.mutations import Mutant, Place, mutants

KILLED, SURVIVED, TIMED_OUT, EQUIVALENT = "killed", "survived", "timed out", "equivalent"
COPIES = multiprocessing.get_context("fork")
MEMORY = 8 << 30  # bytes: a mutant may ask for an array that no machine holds


class Limits(NamedTuple):
    """Seconds that a mutant may take beyond `times` what all tests of the unchanged module took.

    The processor's time ends what computes for ever, the clock what waits for ever.
    """

    processor: float = 5.0
    clock: float = 60.0
    times: float = 3.0


class Module(NamedTuple):
    """A module by its dotted name and its file, with the files of its own tests."""

    name: str
    path: Path
    tests: list[Path]


class Watch:
    """A pytest plugin that notes the functions of a file that a test calls, by their first lines.

    Calls from elsewhere, from fixtures too, have the empty name: every test may need them.
    """

    def __init__(self, path: Path) -> None:  # noqa: D107
        self.path, self.now = str(path), ""
        self.lines: dict[str, set[int]] = {"": set()}
        self.seconds: dict[str, float] = {}

    def look(self, frame: Any, event: str, argument: Any) -> None:
        """Note a call; for `sys.setprofile`."""
        if event == "call" and frame.f_code.co_filename == self.path:
            self.lines[self.now].add(frame.f_code.co_firstlineno)

    def pytest_runtest_call(self, item: Any) -> None:
        """From here on the test itself runs."""
        self.now = item.nodeid
        self.lines[self.now] = set()

    def pytest_runtest_logreport(self, report: Any) -> None:
        """Here one of its phases has ended."""
        self.now = ""
        self.seconds[report.nodeid] = self.seconds.get(report.nodeid, 0.0) + report.duration

    def choice(self, place: Place) -> list[str]:
        """The tests that call a function, the fastest first; all for what runs outside of tests."""
        called = {
            name: not place.last or any(place.first <= line <= place.last for line in lines)
            for name, lines in self.lines.items()
        }
        chosen = self.seconds if called.pop("") else [name for name in called if called[name]]
        return sorted(chosen, key=self.seconds.__getitem__)


class Plant:
    """A pytest plugin that plants each mutant in a copy of the session, before tests are loaded."""

    def __init__(self, module: Module, watch: Watch, limits: Limits) -> None:  # noqa: D107
        self.module, self.watch, self.limits = module, watch, limits
        self.found: list[tuple[Mutant, str]] = []
        self.rank: dict[str, int] = {}

    def pytest_collection(self, session: Any) -> bool:
        """Run all mutants; this session itself loads and runs no tests."""
        from hypothesis import given
        from hypothesis.strategies import none

        if self.module.name in sys.modules:
            raise SystemExit(f"a conftest loads {self.module.name}: no mutant can take its place")
        given(none())(lambda nothing: None)()  # Hypothesis loads much for its first test
        gc.freeze()  # a copy need not look through what is there already
        source = self.module.path.read_text("utf-8")
        for mutant in mutants(source):
            names = self.watch.choice(mutant.place)
            code = self._run(session, mutant.applied(source), names) if names else 0
            verdict = {0: SURVIVED, None: TIMED_OUT, -signal.SIGXCPU: TIMED_OUT}.get(code, KILLED)
            self.found.append((mutant, verdict))
        return True

    def _run(self, session: Any, source: str, names: list[str]) -> int | None:
        """The exit code of a copy with this source, or None when the clock ran out."""
        with tempfile.TemporaryDirectory() as folder:
            Path(folder, self.module.path.name).write_text(source, "utf-8")
            copy = COPIES.Process(target=self._copy, args=(session, folder, names))
            copy.start()
            copy.join(self.limits.clock)
            hangs = copy.is_alive()
            with suppress(ProcessLookupError):
                os.killpg(copy.pid, signal.SIGKILL)  # with whatever its tests have started
            copy.join()
            return None if hangs else copy.exitcode

    def _copy(self, session: Any, folder: str, names: list[str]) -> None:
        os.setpgid(0, 0)
        seconds = int(self.limits.processor) + 1
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
        resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
        package = importlib.import_module(self.module.name.rpartition(".")[0])
        package.__path__.insert(0, folder)  # the changed file is found before the real one
        self.rank = {name: i for i, name in enumerate(names)}
        try:
            session.perform_collect()
            session.config.hook.pytest_runtestloop(session=session)
        except BaseException:  # a test has failed, or could not even be loaded
            os._exit(1)
        os._exit(int(session.testsfailed > 0))

    def pytest_collection_modifyitems(self, items: list[Any]) -> None:
        """Leave out the tests that were not chosen."""
        chosen = [item for item in items if item.nodeid in self.rank]
        items[:] = sorted(chosen, key=lambda item: self.rank[item.nodeid])
