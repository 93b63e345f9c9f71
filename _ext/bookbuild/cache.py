"""The cache of executed chapters, whatever a build that was killed has left of it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from pathlib import Path

from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn
from jupyter_cache.cache.main import JupyterCacheBase
from nbformat import NotebookNode
from sqlalchemy.exc import DatabaseError

CACHE = Path("_build", "cache")


def opened(root: Path) -> JupyterCacheBase:
    """The cache below `root`; one that cannot be read is begun anew."""
    path = root / CACHE
    try:
        get_cache(path).list_cache_records()
    except (DatabaseError, RuntimeError):  # no database, or one without its tables
        shutil.rmtree(path)
    return get_cache(path)


def seconds(cache: JupyterCacheBase, notebook: NotebookNode) -> float | None:
    """How many seconds a chapter ran whose results are kept; None if it must run."""
    try:
        record = cache.match_cache_notebook(notebook)
    except KeyError:
        return None
    kept = cache.path / "executed" / record.hashkey
    try:
        json.loads((kept / "base.ipynb").read_text("utf-8"))
    except (FileNotFoundError, ValueError):  # the record comes first: the build was killed then
        shutil.rmtree(kept, ignore_errors=True)
        return None
    return record.data["execution_seconds"]


def cell_seconds(root: Path, notebook: NotebookNode) -> list[float]:
    """How many seconds each cell of a chapter took when it ran; nothing where nobody knows."""
    try:
        return opened(root).match_cache_notebook(notebook).data.get("cell_seconds", [])
    except KeyError:
        return []


def keep(
    cache: JupyterCacheBase,
    notebook: NotebookNode,
    path: Path,
    seconds: float,
    cells: Sequence[float] = (),
) -> None:
    """Keep the results of the chapter at `path`, and the seconds that it and its cells took."""
    data = {"execution_seconds": seconds, "cell_seconds": list(cells)}
    bundle = CacheBundleIn(notebook, str(path), data=data)
    cache.cache_notebook_bundle(bundle, check_validity=False, overwrite=True)
