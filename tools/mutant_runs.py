"""Runs the mutants of a module, each in a copy of a process that has loaded what they all need."""

from __future__ import annotations

import ast
import gc
import importlib
import multiprocessing
import os
import resource
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from tools.mutations import Mutant, Place, mutants

KILLED, SURVIVED, TIMED_OUT, EQUIVALENT = "killed", "survived", "timed out", "equivalent"
LIBRARIES = ("hypothesis.extra.numpy", "jaxtyping", "beartype", "pytest", "scipy.special", "torch")
ARGUMENTS = ["-q", "-x", "-o", "addopts=", "-p", "no:cacheprovider", "--hypothesis-profile=mutants"]
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


class Choice:
    """A pytest plugin that runs the tests of these names alone, in their order."""

    def __init__(self, names: list[str]) -> None:  # noqa: D107
        self.rank = {name: i for i, name in enumerate(names)}

    def pytest_collection_modifyitems(self, items: list[Any]) -> None:
        """Leave out the others."""
        chosen = [item for item in items if item.nodeid in self.rank]
        items[:] = sorted(chosen, key=lambda item: self.rank[item.nodeid])


def verdicts(module: Module, root: Path, limits: Limits) -> list[tuple[Mutant, str]]:
    """Every mutant of a module, and what became of it."""
    for name in LIBRARIES:
        _load(name)
    with tempfile.TemporaryDirectory() as sys.pycache_prefix:  # tests are compiled once
        sys.dont_write_bytecode = False
        return _answer(lambda: list(_tried(module, root, limits)))


def _load(name: str) -> None:
    with suppress(ImportError):
        importlib.import_module(name)


def _answer(work: Callable[[], Any]) -> Any:
    """What `work` returns in a process of its own; SystemExit when it fails there."""
    receiver, sender = COPIES.Pipe(duplex=False)
    process = COPIES.Process(target=lambda: sender.send(work()))
    process.start()
    sender.close()
    with suppress(EOFError):
        return receiver.recv()
    raise SystemExit(1)


def _tried(module: Module, root: Path, limits: Limits) -> Iterator[tuple[Mutant, str]]:
    _prepare(module, root)
    began = time.perf_counter()
    watch = _answer(lambda: _watched(module))
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    limits = limits._replace(
        processor=limits.processor + limits.times * (spent.ru_utime + spent.ru_stime),
        clock=limits.clock + limits.times * (time.perf_counter() - began),
    )
    source = module.path.read_text("utf-8")
    for mutant in mutants(source):
        names = watch.choice(mutant.place)
        code = _run(module, mutant.applied(source), names, limits) if names else 0
        yield mutant, {0: SURVIVED, None: TIMED_OUT, -signal.SIGXCPU: TIMED_OUT}.get(code, KILLED)


def _prepare(module: Module, root: Path) -> None:
    """Load what the module imports, with shapes checked, but not the module: mutants load it."""
    from hypothesis import Phase, given, settings
    from hypothesis.strategies import none
    from jaxtyping import install_import_hook

    os.chdir(root)
    sys.path[:0] = [str(root / "code")]
    # one failure is enough, it need not be the smallest
    same = {"derandomize": True, "database": None, "phases": (Phase.explicit, Phase.generate)}
    settings.register_profile("mutants", deadline=None, **same)
    given(none())(lambda nothing: None)()  # Hypothesis loads much for its first test
    package = module.name.partition(".")[0]
    install_import_hook(package, "beartype.beartype")
    for node in ast.walk(ast.parse(module.path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and f"{node.module}.".startswith(f"{package}."):
            _load(f"{node.module}")
            for name in node.names:
                _load(f"{node.module}.{name.name}")
    gc.freeze()  # a copy need not look through what is there already


def _watched(module: Module) -> Watch:
    import pytest

    watch, shown = Watch(module.path), os.dup(2)
    with tempfile.TemporaryFile() as said:
        _say_into(said.fileno())
        sys.setprofile(watch.look)
        failed = pytest.main([*ARGUMENTS, *map(str, module.tests)], plugins=[watch])
        sys.setprofile(None)
        if failed:
            said.seek(0)
            os.write(shown, said.read() + f"{module.name}: its tests fail unchanged\n".encode())
            raise SystemExit
    return watch


def _say_into(file: int) -> None:
    for stream in (1, 2):
        os.dup2(file, stream)


def _run(module: Module, source: str, names: list[str], limits: Limits) -> int | None:
    """The exit code of pytest with a changed source, or None when the clock ran out."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, module.path.name).write_text(source, "utf-8")
        process = COPIES.Process(target=_mutant, args=(module, folder, names, limits.processor))
        process.start()
        process.join(limits.clock)
        hangs = process.is_alive()
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)  # with whatever its tests have started
        process.join()
        return None if hangs else process.exitcode


def _mutant(module: Module, folder: str, names: list[str], processor: float) -> None:
    import pytest

    os.setpgid(0, 0)
    resource.setrlimit(resource.RLIMIT_CPU, (int(processor) + 1, int(processor) + 2))
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
    _say_into(os.open(os.devnull, os.O_WRONLY))
    package = importlib.import_module(module.name.rpartition(".")[0])
    package.__path__.insert(0, folder)  # the changed file is found before the real one
    files = dict.fromkeys(name.partition("::")[0] for name in names)
    sys.exit(pytest.main([*ARGUMENTS, *files], plugins=[Choice(names)]))
