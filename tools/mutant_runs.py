"""Runs the mutants of a module, each in a copy of a process that has loaded what they all need."""

from __future__ import annotations

import ast
import importlib
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from tools.mutant_plugins import COPIES, Limits, Module, Plant, Watch
from tools.mutations import Mutant

LIBRARIES = ("hypothesis.extra.numpy", "jaxtyping", "beartype", "pytest", "scipy.special", "torch")
ARGUMENTS = ["-q", "-x", "-o", "addopts=", "-p", "no:cacheprovider", "--hypothesis-profile=mutants"]


def verdicts(module: Module, root: Path, limits: Limits) -> list[tuple[Mutant, str]]:
    """Every mutant of a module, and what became of it."""
    for name in LIBRARIES:
        _load(name)
    with tempfile.TemporaryDirectory() as sys.pycache_prefix:  # tests are compiled once
        sys.dont_write_bytecode = False
        return _answer(lambda: _tried(module, root, limits))


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


def _tried(module: Module, root: Path, limits: Limits) -> list[tuple[Mutant, str]]:
    _prepare(module, root)
    began = time.perf_counter()
    watch = _answer(lambda: _watched(module))
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    limits = limits._replace(
        processor=limits.processor + limits.times * (spent.ru_utime + spent.ru_stime),
        clock=limits.clock + limits.times * (time.perf_counter() - began),
    )
    plant = Plant(module, watch, limits)
    _pytest(module, plant)
    return plant.found


def _prepare(module: Module, root: Path) -> None:
    """Load what the module imports, with shapes checked, but not the module: mutants load it."""
    from hypothesis import Phase, settings
    from jaxtyping import install_import_hook

    os.chdir(root)
    sys.path[:0] = [str(root / "code")]
    # one failure is enough, it need not be the smallest
    same = {"derandomize": True, "database": None, "phases": (Phase.explicit, Phase.generate)}
    settings.register_profile("mutants", deadline=None, **same)
    package = module.name.partition(".")[0]
    install_import_hook(package, "beartype.beartype")
    for node in ast.walk(ast.parse(module.path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and f"{node.module}.".startswith(f"{package}."):
            _load(f"{node.module}")
            for name in node.names:
                _load(f"{node.module}.{name.name}")


def _watched(module: Module) -> Watch:
    watch, shown = Watch(module.path), os.dup(2)
    sys.setprofile(watch.look)
    failed, said = _pytest(module, watch)
    sys.setprofile(None)
    if failed:
        os.write(shown, said + f"{module.name}: its tests fail unchanged\n".encode())
        raise SystemExit
    return watch


def _pytest(module: Module, plugin: Watch | Plant) -> tuple[int, bytes]:
    """The exit code and the output of a module's tests."""
    import pytest

    with tempfile.TemporaryFile() as said:
        os.dup2(said.fileno(), 1)
        os.dup2(said.fileno(), 2)
        code = pytest.main([*ARGUMENTS, *map(str, module.tests)], plugins=[plugin])
        said.seek(0)
        return code, said.read()
