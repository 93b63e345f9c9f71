"""Where the checkout lies, and things that are made once for all processes of a test run."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock

ROOT = Path(__file__).resolve().parents[1]


def once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """Return a folder that `make(folder)` has filled, once a run however many processes test.

    Tests only read it: pytest-xdist may hand the tests of one module to several processes.
    """
    base = factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / name
    done = folder.with_name(f"{name}.done")
    with FileLock(folder.with_name(f"{name}.lock")):
        if not done.exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            make(folder)
            done.touch()
    return folder


def leads_on(page: Path) -> bool:
    """Whether a page of the site only leads on to where another one has moved."""
    return "<title>This page has moved</title>" in page.read_text("utf-8")
