"""The cache of executed chapters, whatever a build that was killed has left of it."""

from __future__ import annotations

import functools
import hashlib
import json
import shutil
import sqlite3
from pathlib import Path

from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn
from jupyter_cache.cache.db import DB_NAME
from jupyter_cache.cache.main import JupyterCacheBase
from nbformat import NotebookNode

from bookbuild.dependencies import stamped
from bookbuild.freshness import program
from bookbuild.safety import write_whole

CACHE = Path("_build", "cache")
SOUND = "sound.json"
_rules = functools.cache(program)  # they stay the same while a build runs


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


def mark(text: str, root: Path) -> str:
    """A name for the text of a chapter, the code that it runs and the rules that it must keep."""
    return hashlib.sha256((_rules(root) + stamped(text, root)[0]).encode()).hexdigest()


def sound(root: Path) -> dict[str, float]:
    """By their marks, the seconds of chapters whose kept results were found to keep the rules."""
    cache = opened(root)
    path = cache.path / SOUND
    noted = json.loads(path.read_text("utf-8")) if path.is_file() else {}
    keys = {record.hashkey for record in cache.list_cache_records()}
    there = {key for key in keys if (cache.path / "executed" / key / "base.ipynb").is_file()}
    return {mark: seconds for mark, (key, seconds) in noted.items() if key in there}


def note_sound(root: Path, found: dict[str, tuple[NotebookNode, float]]) -> None:
    """Note, by their marks, that the results of chapters keep the rules."""
    cache = opened(root)
    path = cache.path / SOUND
    noted = json.loads(path.read_text("utf-8")) if path.is_file() else {}
    for mark, (notebook, seconds) in found.items():
        noted[mark] = (cache.create_hashed_notebook(notebook)[1], seconds)
    write_whole(path, json.dumps(noted, indent=0))
