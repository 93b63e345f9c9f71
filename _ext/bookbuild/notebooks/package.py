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
EPOCH = "1577836800"  # the same day for the wheel, where the build has no date of its own


def pack(root: Path, folder: Path) -> Path:
    """Put the wheel into `folder`/wheel and everything in `folder` into one zip there."""
    wheels = folder / "wheel"
    wheels.mkdir(parents=True, exist_ok=True)
    for old in wheels.glob("*.whl"):
        old.unlink()
    build_wheel(root, wheels)
    target = folder / ZIP
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted([*folder.rglob("*.ipynb"), *wheels.glob("*.whl")]):
            name = f"weighted-sums/{path.relative_to(folder)}"
            archive.writestr(zipfile.ZipInfo(name, DAY), path.read_bytes(), zipfile.ZIP_DEFLATED)
    return target


def build_wheel(root: Path, folder: Path) -> None:
    """Build the wheel of the package in `root` into `folder`, without asking any network."""
    with tempfile.TemporaryDirectory() as copy:
        # setuptools leaves its own folders beside what it builds: let it work on a copy
        shutil.copytree(root / "code", Path(copy, "code"))
        for name in ("pyproject.toml", "README.md", "LICENSE"):
            if (root / name).exists():
                shutil.copy(root / name, copy)
        pip = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps"]
        options = ["--no-build-isolation", "--no-index", "--wheel-dir", str(folder)]
        dated = {"SOURCE_DATE_EPOCH": EPOCH, **os.environ}
        run = subprocess.run([*pip, *options, copy], env=dated, capture_output=True, text=True)
    if run.returncode:
        raise RuntimeError(f"the wheel could not be built:\n{run.stderr}")
