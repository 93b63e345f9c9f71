"""The cache of executed chapters, whatever a build that was killed has left of it."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn
from jupyter_cache.cache.db import DB_NAME
from jupyter_cache.cache.main import JupyterCacheBase
from nbformat import NotebookNode

CACHE = Path("_build", "cache")


def opened(root: Path) -> JupyterCacheBase:
    """The cache below `root`; results that were not kept to the end are taken away."""
    path = root / CACHE
    if (path / DB_NAME).exists() and not _is_whole(path / DB_NAME):
        shutil.rmtree(path)
    for folder in (path / "executed").glob("*"):
        if not (folder / "base.ipynb").is_file():
            shutil.rmtree(folder)
    return get_cache(path)


def _is_whole(database: Path) -> bool:
    """Whether SQLite can read the table of results, which a new file does not have at once."""
    connection = sqlite3.connect(database)
    try:
        (verdict,) = connection.execute("PRAGMA quick_check").fetchone()
        connection.execute("SELECT count(*) FROM nbcache").fetchone()
        connection.execute("SELECT count(*) FROM settings").fetchone()
    except sqlite3.DatabaseError:
        return False
    finally:
        connection.close()
    return verdict == "ok"


def found(cache: JupyterCacheBase, notebook: NotebookNode) -> tuple[float, NotebookNode] | None:
    """How many seconds a chapter ran, and the chapter with its results; None if it must run."""
    try:
        record = cache.match_cache_notebook(notebook)
        _, merged = cache.merge_match_into_notebook(notebook)
    except (KeyError, ValueError):  # unknown, or its file is no whole notebook
        return None
    return record.data["execution_seconds"], merged


def keep(cache: JupyterCacheBase, notebook: NotebookNode, path: Path, seconds: float) -> None:
    """Keep the results of the chapter at `path`."""
    bundle = CacheBundleIn(notebook, str(path), data={"execution_seconds": seconds})
    cache.cache_notebook_bundle(bundle, check_validity=False, overwrite=True)
