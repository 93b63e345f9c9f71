"""Running chapters: all stale ones in parallel, each in a kernel of its own, into jupyter-cache.

Sphinx then finds every chapter in the cache and runs none. A chapter that fails is named with its
cell before any page is written, so the last good book stays as it was.
"""

from __future__ import annotations

import importlib
import multiprocessing
import os
import sys
import tempfile
import threading
import time
import tomllib
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

import psutil
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode

from bookbuild import cache, chapters, verdicts
from bookbuild.chapters import chapter, failure_report
from bookbuild.dependencies import stamped
from bookbuild.safety import BuildError
from bookbuild.sources import settings

STARTS = 3  # times that a kernel may fail to start

# one thread a kernel: chapters run side by side, and sums come out in the same order each time
KERNEL_ENVIRONMENT = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "PYTHONHASHSEED": "0",
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",
    "TQDM_DISABLE": "1",
    # glibc gives memory back after each step of training and asks for it again: a fifth of the time
    "MALLOC_TOP_PAD_": str(2**26),
}


@dataclass(frozen=True)
class Run:
    """What became of a chapter; `error` says what failed where, `notebook` holds new results."""

    path: Path
    seconds: float
    cached: bool
    notebook: NotebookNode | None = None
    error: str | None = None


def run_chapters(root: Path, paths: list[Path], jobs: int = 2) -> Iterator[Run]:
    """Run the chapters in `paths` whose results are not in the cache; yield each as it ends.

    Only results that keep the rules of `verdicts` go into the cache.
    """
    results = cache.opened(root)
    stale = []
    for path in paths:
        notebook = read(path, root)
        if (seconds := cache.seconds(results, notebook)) is None:
            stale.append((path, notebook))
        else:
            yield Run(path, seconds, True)
    for run in _side_by_side(_longest_first(root, stale), jobs, cell_limit(root)):
        run = _judged(run, root)
        if run.error is None:
            cache.keep(results, run.notebook, run.path, run.seconds)
        yield run


def _judged(run: Run, root: Path) -> Run:
    # before anything is kept: what breaks the book's word is no result
    if run.error is None and (broken := list(verdicts.broken(run.notebook))):
        name = run.path.relative_to(root)
        return replace(run, error="\n".join(f"{name}:{problem}" for problem in broken))
    return run


def cell_limit(root: Path) -> int:
    """How many seconds a cell may take; a chapter is meant to take 60."""
    return settings(root / "_config.yml")["execute"]["timeout"]


def _longest_first(root: Path, jobs: list[tuple]) -> list[tuple]:
    """Begin with what takes longest, so that no core waits at the end for the other."""
    tool = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["tool"]["bookbuild"]
    slow = tool.get("slow-chapters", [])
    rank = {root / "chapters" / f"{name}.md": i for i, name in enumerate(slow)}
    return sorted(jobs, key=lambda job: rank.get(job[0], len(slow)))


def _side_by_side(stale: list[tuple], jobs: int, limit: int) -> Iterator[Run]:
    os.environ.update(KERNEL_ENVIRONMENT)
    if stale:  # the search for fonts, once on a machine, is told here and not in a chapter
        importlib.import_module("matplotlib.font_manager")
    with ProcessPoolExecutor(jobs, initializer=end_with_the_build) as pool:
        waiting = {pool.submit(_run, *job, limit): job[0].name for job in stale}
        try:
            for done in as_completed(waiting):
                yield done.result()
                del waiting[done]
        except BrokenProcessPool:
            first = " or ".join(list(waiting.values())[:jobs])
            killed = f"a process that ran a chapter, {first}, was killed"
            raise BuildError(f"{killed}: is there enough memory?") from None


def end_with_the_build() -> None:
    """In a process that runs chapters: end it and its kernel as soon as the build is gone."""
    threading.Thread(target=_watch, daemon=True).start()


def _watch() -> None:
    multiprocessing.parent_process().join()
    for process in psutil.Process().children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            process.kill()
    os._exit(1)


def read(path: Path, root: Path) -> NotebookNode:
    """The chapter as a notebook without results, with the hash of what it depends on."""
    return chapters.notebook(stamped(chapters.read(path), root)[0])


def _run(path: Path, notebook: NotebookNode, timeout: int) -> Run:
    # a reader's notebook finds nothing beside it, so a chapter must not either
    with tempfile.TemporaryDirectory() as empty:
        return _run_in(empty, path, notebook, timeout)


def _run_in(folder: str, path: Path, notebook: NotebookNode, timeout: int) -> Run:
    begun: list[int] = []
    client = NotebookClient(
        notebook,
        timeout=timeout,
        kernel_name="python3",
        extra_arguments=["--log-level=ERROR"],
        record_timing=False,
        resources={"metadata": {"path": folder}},
        on_cell_start=lambda cell, cell_index: begun.append(cell_index),
    )
    start = time.perf_counter()
    error = None
    try:
        _execute(client, begun)
    except CellExecutionError as failure:
        error = f"{failure.ename}: {failure.evalue}"
    except CellTimeoutError:
        error = f"the cell took longer than {timeout} seconds"
    except DeadKernelError:
        error = "the kernel died"
    except RuntimeError as failure:
        error = f"the kernel did not start: {failure}"
    seconds = time.perf_counter() - start
    if error is None:
        return Run(path, seconds, False, notebook)
    report = failure_report(path, notebook, begun[-1], error) if begun else f"{path}: {error}"
    return Run(path, seconds, False, error=report)


def _execute(client: NotebookClient, begun: list[int]) -> None:
    # two kernels that start at the same moment may pick the same port, and one of them dies
    for tries_left in reversed(range(STARTS)):
        try:
            client.execute()
        except RuntimeError:
            if begun or not tries_left:
                raise
        else:
            return


def progress(run: Run, root: Path, done: int, total: int) -> str:
    """One line that says what became of a chapter."""
    state = "FAILED" if run.error else "cached" if run.cached else "ran"
    return f"[{done}/{total}] {state:6} {run.seconds:6.1f} s  {run.path.relative_to(root)}"


def run_all(root: Path, paths: list[Path], out=sys.stdout) -> list[Run]:
    """Run chapters with a progress line each; the failures, if any, are told at the end."""
    paths = [path for path in paths if chapter(chapters.read(path)).runs]
    runs = []
    for run in run_chapters(root, paths):
        runs.append(run)
        print(progress(run, root, len(runs), len(paths)), file=out, flush=True)
    for run in runs:
        if run.error:
            print(f"\n{run.error}", file=sys.stderr, flush=True)
    return runs
