"""Running chapters: all stale ones in parallel, each in a kernel of its own, into jupyter-cache.

Sphinx then finds every chapter in the cache and runs none. A chapter that fails is named with its
cell before any page is written, so the last good book stays as it was.
"""

from __future__ import annotations

import multiprocessing
import os
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from traitlets.config import Config

from bookbuild import cache, chapters, verdicts
from bookbuild.dependencies import stamped
from bookbuild.safety import BuildError
from bookbuild.sources import settings

# one thread a kernel: chapters run side by side, and sums come out in the same order each time
KERNEL_ENVIRONMENT = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "PYTHONHASHSEED": "0",
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",
    "TQDM_DISABLE": "1",
    # glibc would give memory back after each step of training, and ask for it again
    "MALLOC_TOP_PAD_": str(2**26),
}
# 4.0 and not np.float64(4.0); the first cell of a reader's notebook says the same
PLAIN = "__import__('numpy').set_printoptions(legacy='1.25')"


@dataclass(frozen=True)
class Run:
    """What became of a chapter: `error` says what failed where, `notebook` holds new results.

    `cells` are the seconds of each cell of the notebook, text included.
    """

    path: Path
    seconds: float
    notebook: NotebookNode | None = None
    error: str | None = None
    cells: tuple[float, ...] = ()


def run_chapters(root: Path, paths: list[Path], jobs: int = 2) -> Iterator[Run]:
    """Run the chapters in `paths` whose results are not in the cache; yield each as it ends.

    Only results that keep the rules of `verdicts` go into the cache.
    """
    results, stale = cache.opened(root), []
    for path in paths:
        notebook = read(path, root)
        if (seconds := cache.seconds(results, notebook)) is None:
            stale.append((path, notebook))
        else:
            yield Run(path, seconds)
    # the largest networks come last in the book: begun first, they let no core wait at the end
    limit = settings(root / "_config.yml")["execute"]["timeout"]
    for run in _side_by_side(stale[::-1], jobs, limit):
        if run.error is None:
            cache.keep(results, run.notebook, run.path, run.seconds, run.cells)
        yield run


def read(path: Path, root: Path) -> NotebookNode:
    """The chapter as a notebook without results, with the hash of what it depends on."""
    return chapters.notebook(stamped(chapters.read(path), root)[0])


def _side_by_side(stale: list[tuple], jobs: int, limit: int) -> Iterator[Run]:
    os.environ.update(KERNEL_ENVIRONMENT)
    if stale:  # the search for fonts, once on a machine, is told here and not in a chapter
        import matplotlib.font_manager  # noqa: F401
    with ProcessPoolExecutor(jobs, initializer=_end_with_the_build) as pool:
        waiting = {pool.submit(_run, *job, limit): job[0].name for job in stale}
        try:
            for done in as_completed(waiting):
                yield done.result()
                del waiting[done]
        except BrokenProcessPool:
            chapter = " or ".join([*waiting.values()][:jobs])
            told = f"the process that ran {chapter} was killed: is there enough memory?"
            raise BuildError(told) from None


def _end_with_the_build() -> None:
    def watch() -> None:
        multiprocessing.parent_process().join()
        for process in psutil.Process().children(recursive=True):
            with suppress(psutil.NoSuchProcess):
                process.kill()
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def _run(path: Path, notebook: NotebookNode, limit: int) -> Run:
    clock = Clock()
    start = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        error = _fault(_client(Path(folder), notebook, limit, clock))
    seconds = time.perf_counter() - start
    if error is None:
        error = "\n".join(f"{path}:{problem}" for problem in verdicts.broken(notebook)) or None
    elif clock.begun:
        error = chapters.failure_report(path, notebook, [*clock.begun][-1], error)
    else:
        error = f"{path}: {error}"
    took = tuple(clock.took.get(number, 0.0) for number in range(len(notebook.cells)))
    return Run(path, seconds, notebook, error, took)


@dataclass
class Clock:
    """When each cell began, by its number, and how many seconds it took."""

    begun: dict[int, float] = field(default_factory=dict)
    took: dict[int, float] = field(default_factory=dict)

    def start(self, cell: NotebookNode, cell_index: int) -> None:
        """Hear that a cell begins."""
        self.begun[cell_index] = time.perf_counter()

    def stop(self, cell: NotebookNode, cell_index: int, execute_reply: dict) -> None:
        """Hear that it has ended."""
        self.took[cell_index] = round(time.perf_counter() - self.begun[cell_index], 3)


def _client(folder: Path, notebook: NotebookNode, limit: int, clock: Clock) -> NotebookClient:
    # two kernels that start at the same moment could choose the same port; a file is each one's own
    sockets = {"transport": "ipc", "connection_file": str(folder / "kernel.json")}
    # a reader's notebook finds nothing beside it, so a chapter must not either
    empty = folder / "empty"
    empty.mkdir()
    return NotebookClient(
        notebook,
        timeout=limit,
        kernel_name="python3",
        config=Config(KernelManager=sockets),
        extra_arguments=["--log-level=ERROR", f"--IPKernelApp.exec_lines={PLAIN}"],
        record_timing=False,
        resources={"metadata": {"path": str(empty)}},
        on_cell_start=clock.start,
        on_cell_executed=clock.stop,
    )


def _fault(client: NotebookClient) -> str | None:
    try:
        client.execute()
    except CellExecutionError as failure:
        return f"{failure.ename}: {failure.evalue}"
    except CellTimeoutError:
        return f"the cell took longer than {client.timeout} seconds"
    except DeadKernelError:
        return "the kernel died"
    except RuntimeError as failure:
        return f"the kernel did not start: {failure}"
    return None
