"""The wheel of the book's package, and one zip of it and all the notebooks."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

ZIP = "weighted-sums-notebooks.zip"
DAY = (2020, 1, 1, 0, 0, 0)  # the same zip twice has the same bytes
DESCRIBING = ("pyproject.toml", "README.md", "LICENSE")
EPOCH = "1577836800"  # the same day for the wheel, where the build has no date of its own


def pack(root: Path, folder: Path) -> Path:
    """Put the wheel into `folder`/wheel and everything in `folder` into one zip there."""
    build_wheel(root, folder / "wheel")
    target = folder / ZIP
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted([*folder.rglob("*.ipynb"), *folder.glob("wheel/*.whl")]):
            name = f"weighted-sums/{path.relative_to(folder)}"
            archive.writestr(zipfile.ZipInfo(name, DAY), path.read_bytes(), zipfile.ZIP_DEFLATED)
    return target


def build_wheel(root: Path, folder: Path) -> None:
    """Build the wheel of the package in `root` into `folder`, without asking any network.

    RuntimeError, with what setuptools said, where it cannot be built.
    """
    with tempfile.TemporaryDirectory() as copy:
        # setuptools leaves its own folders beside what it builds: let it work on a copy
        left_by_tools = shutil.ignore_patterns("__pycache__", "*.egg-info")
        shutil.copytree(root / "code", Path(copy, "code"), ignore=left_by_tools)
        for path in filter(Path.is_file, map(root.joinpath, DESCRIBING)):
            shutil.copy(path, copy)
        script = "import sys, setuptools.build_meta as backend; backend.build_wheel(sys.argv[1])"
        line = [sys.executable, "-c", script, str(folder)]
        dated = {"SOURCE_DATE_EPOCH": EPOCH, **os.environ}
        run = subprocess.run(line, cwd=copy, env=dated, capture_output=True)
    if run.returncode:
        raise RuntimeError(f"the wheel could not be built:\n{run.stderr.decode(errors='replace')}")
