"""Running chapters: all stale ones in parallel, each in a kernel of its own, into jupyter-cache.

Sphinx then finds every chapter in the cache and runs none. A chapter that fails is named with its
cell before any page is written, so the last good book stays as it was.
"""

from __future__ import annotations

import os
import re
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn
from myst_nb.core.read import read_myst_markdown_notebook
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode

from bookbuild.chapters import code_cells, is_executable
from bookbuild.dependencies import stamped

CACHE = Path("_build", "cache")
TIMEOUT = 300  # seconds a cell may take; a chapter is meant to take 60
STARTS = 3  # times that a kernel may fail to start
ANSI = re.compile(r"\x1b\[[0-9;]*m")

# one thread a kernel: chapters run side by side, and sums come out in the same order each time
KERNEL_ENVIRONMENT = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "PYTHONHASHSEED": "0",
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",
    "TQDM_DISABLE": "1",
}


@dataclass(frozen=True)
class Run:
    """What became of one chapter; `error` says what failed where, `notebook` holds the results."""

    path: Path
    seconds: float
    cached: bool
    notebook: NotebookNode | None = None
    error: str | None = None


def run_chapters(
    root: Path, paths: list[Path], jobs: int = 2, timeout: int = TIMEOUT
) -> Iterator[Run]:
    """Run the chapters in `paths` whose results are not in the cache; yield each as it ends."""
    cache = get_cache(root / CACHE)
    stale = []
    for path in paths:
        text = path.read_text("utf-8")
        if not is_executable(text):
            continue
        notebook = read(path, root)
        try:
            record = cache.match_cache_notebook(notebook)
        except KeyError:
            stale.append((path, notebook))
        else:
            _, merged = cache.merge_match_into_notebook(notebook)
            yield Run(path, record.data["execution_seconds"], True, merged)
    os.environ.update(KERNEL_ENVIRONMENT)
    with ProcessPoolExecutor(jobs) as pool:
        for done in as_completed([pool.submit(_run, *job, timeout) for job in stale]):
            run = done.result()
            if run.error is None:
                _keep(cache, run)
            yield run


def read(path: Path, root: Path) -> NotebookNode:
    """The chapter as a notebook without results, with the hash of what it depends on."""
    text, _ = stamped(path.read_text("utf-8"), root)
    return read_myst_markdown_notebook(text, path=path)


def _keep(cache, run: Run) -> None:
    data = {"execution_seconds": run.seconds}
    bundle = CacheBundleIn(run.notebook, str(run.path), data=data)
    cache.cache_notebook_bundle(bundle, check_validity=False, overwrite=True)


def _run(path: Path, notebook: NotebookNode, timeout: int) -> Run:
    begun: list[int] = []
    client = NotebookClient(
        notebook,
        timeout=timeout,
        kernel_name="python3",
        extra_arguments=["--log-level=ERROR"],
        record_timing=False,
        resources={"metadata": {"path": str(path.parent)}},
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
    seconds = time.perf_counter() - start
    if error is None:
        return Run(path, seconds, False, notebook)
    return Run(path, seconds, False, None, failure_report(path, notebook, begun[-1], error))


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


def failure_report(path: Path, notebook: NotebookNode, index: int, error: str) -> str:
    """Name the chapter, the cell that failed and its line, and quote both cell and error."""
    number = sum(cell.cell_type == "code" for cell in notebook.cells[:index])
    cell = code_cells(path.read_text("utf-8"))[number]
    source = "\n".join(f"    {line}" for line in cell.source.strip().splitlines())
    return f"{path}:{cell.line}: cell {number + 1} failed\n{source}\n{ANSI.sub('', error)}"


def progress(run: Run, root: Path, done: int, total: int) -> str:
    """One line that says what became of a chapter."""
    state = "FAILED" if run.error else "cached" if run.cached else "ran"
    return f"[{done}/{total}] {state:6} {run.seconds:6.1f} s  {run.path.relative_to(root)}"


def run_all(root: Path, paths: list[Path], out=sys.stdout) -> list[Run]:
    """Run chapters with a progress line each; the failures, if any, are told at the end."""
    paths = [path for path in paths if is_executable(path.read_text("utf-8"))]
    runs = []
    for run in run_chapters(root, paths):
        runs.append(run)
        print(progress(run, root, len(runs), len(paths)), file=out, flush=True)
    for run in runs:
        if run.error:
            print(f"\n{run.error}", file=sys.stderr, flush=True)
    return runs
